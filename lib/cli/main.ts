import { run } from "./run";

/** Whoever reads the output may stop doing so (`| head`), which is no fault. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit();
}

/** How long the program waits for what is still open when it has said all, in milliseconds: a socket of a server that is silent. */
const END_MILLIS = 1_000;

/** Ends the program, if it does not end by itself; not before all is written. */
function endSoon(): void {
  setTimeout(() => (process.stdout.writableLength > 0 ? endSoon() : process.exit()), END_MILLIS).unref();
}

/** The program: carries out its command line. */
export async function main(): Promise<void> {
  process.stdout.on("error", ignoreClosedPipe);
  process.stderr.on("error", ignoreClosedPipe);
  process.exitCode = await run(process.argv.slice(2), {
    cwd: process.cwd(),
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  });
  endSoon();
}
