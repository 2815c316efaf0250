import { AppConstruct, PlatformConstruct } from "cdktf-nats-platform";

/** The platform as a program that uses this library declares it. */
export function declare(stack, { platform, nodes, servers, apps }) {
  const prod = new PlatformConstruct(stack, platform, { platform, nodes, servers });
  for (const app of apps) {
    new AppConstruct(prod, app, { app, wal: {}, snapshots: {} });
  }
}
