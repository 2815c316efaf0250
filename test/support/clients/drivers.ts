import type { Driver } from "./client";
import { DriverProcess } from "./remote";

/** The programs that `scripts/drivers.mjs` has built, by the driver's name: `{"go": ["/…/driver"]}`. */
const commands: { readonly [driver in Driver]?: readonly string[] } = JSON.parse(process.env.NATS_DRIVERS ?? "{}");

const running = new Map<Driver, DriverProcess>();

/** Whether a driver was built. */
export const hasDriver = (driver: string): driver is Driver => driver in commands;

/** The running program of a driver, started on first use. */
export function driverProcess(driver: Driver): DriverProcess {
  let found = running.get(driver);
  if (!found) {
    const command = commands[driver];
    if (!command) throw new Error(`the driver ${driver} is not built: run this by \`npm run test:clients\``);
    found = new DriverProcess(command);
    running.set(driver, found);
  }
  return found;
}

/** Ends all drivers. */
export function stopDrivers(): void {
  for (const driver of running.values()) driver.stop();
  running.clear();
}
