import { run } from "../../lib/cli/run";

/** What came of a command. */
export interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command in a folder, and waits for what it asks a server. */
export async function commandIn(cwd: string, ...argv: readonly string[]): Promise<Outcome> {
  const { outcome, status: ended } = started(cwd, argv);
  const status = await ended;
  return { ...outcome, status };
}

/** Runs a command that asks no server. */
export function commandAtOnce(cwd: string, ...argv: readonly string[]): Outcome {
  const { outcome, status } = started(cwd, argv);
  if (typeof status !== "number") throw new Error(`${argv[0]} asks a server`);
  return { ...outcome, status };
}

function started(cwd: string, argv: readonly string[]) {
  const outcome = { out: "", err: "" };
  const status = run(argv, {
    cwd,
    out: (text) => {
      outcome.out += text;
    },
    err: (text) => {
      outcome.err += text;
    },
  });
  return { outcome, status };
}
