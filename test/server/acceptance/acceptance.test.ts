import { delimiter } from "node:path";
import * as fc from "fast-check";
import { render } from "../render";
import { declareProgram } from "./declare-program";
import { type ProgramDraw, programDraw } from "./draw-program";
import { releaseFor, releaseOf } from "./server-versions";
import { randomFrom, tryProgram } from "./trial";

/** How many programs that synth accepts are tried. */
const PROGRAMS = Number(process.env.ACCEPTED_PROGRAMS ?? 40);
const SEED = Number(process.env.ACCEPTED_SEED ?? Date.now() % 2 ** 31);
const SERVERS = process.env.NATS_SERVERS?.split(delimiter) ?? [process.env.NATS_SERVER ?? ""];

const runs = new Map<string, number>();
const refusals = new Map<string, number>();

function accepted(draw: ProgramDraw) {
  try {
    return render((app) => declareProgram(app, draw));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (!message.startsWith("NATS platform: ")) throw error;
    const reasons = message.split(/\n {2}\[/).slice(1);
    for (const reason of new Set(
      reasons.map((each) => (/\] ([^:\n]*)/.exec(each)?.[1] ?? "").replace(/\[.*?\]|through [\w-]+/g, "[…]")),
    )) {
      refusals.set(reason, (refusals.get(reason) ?? 0) + 1);
    }
    return undefined;
  }
}

test(
  "the servers accept what synth accepts, in whatever order Terraform makes it",
  async () => {
    let drawn = 0;
    let tried = 0;
    const random = randomFrom(SEED);
    const draws = fc.sample(programDraw, { seed: SEED, numRuns: PROGRAMS * 4 });
    const failures: string[] = [];
    for (const draw of draws) {
      if (tried >= PROGRAMS) break;
      drawn++;
      const files = accepted(draw);
      if (!files) continue;
      tried++;
      const since = releaseFor(Object.values(files.stacks));
      for (const program of SERVERS) {
        if (releaseOf(program) < since) continue;
        runs.set(program, (runs.get(program) ?? 0) + 1);
        process.env.NATS_SERVER = program;
        try {
          await tryProgram(files, random);
        } catch (error) {
          failures.push(`${program}: ${error instanceof Error ? error.message : error}`);
        }
      }
    }
    const reasons = [...refusals]
      .sort(([, one], [, other]) => other - one)
      .map(([what, count]) => `  ${count} ${what}`);
    const tries = SERVERS.map((program) => `${runs.get(program) ?? 0} tried on ${program}`).join(", ");
    process.stdout.write(`${tried} of ${drawn} programs accepted, ${tries}, ACCEPTED_SEED=${SEED}\n`);
    if (process.env.ACCEPTED_PROGRAMS) process.stdout.write(`${reasons.join("\n")}\n`);
    expect(failures).toEqual([]);
    expect(tried).toBe(PROGRAMS);
  },
  Math.max(60_000, PROGRAMS * SERVERS.length * 4000),
);
