import { delimiter } from "node:path";
import * as fc from "fast-check";
import { randomNumbers } from "../../support/random";
import { type Rendered, render } from "../render";
import { declareProgram } from "./declare-program";
import { type ProgramDraw, programDraw } from "./draw-program";
import { releaseFor, releaseOf } from "./server-versions";
import { tryOnCluster, tryProgram } from "./trial";

/** How many programs that synth accepts are tried. */
const PROGRAMS = Number(process.env.ACCEPTED_PROGRAMS ?? 40);
/** How many of others are tried on a cluster. */
const CLUSTERED = Number(process.env.ACCEPTED_CLUSTERED ?? 1);
/** In how many orders the resources of an account are made. */
const ORDERS = process.env.ACCEPTED_PROGRAMS ? 3 : 1;
const SEED = Number(process.env.ACCEPTED_SEED ?? Date.now() % 2 ** 31);
const SERVERS = process.env.NATS_SERVERS?.split(delimiter) ?? [process.env.NATS_SERVER ?? ""];

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

/** The first so many of drawn programs that synth accepts, and how many were drawn for them. */
function* acceptedOf(draws: readonly ProgramDraw[], count: number): Generator<Rendered> {
  let found = 0;
  for (const draw of draws) {
    if (found >= count) return;
    drawn++;
    const files = accepted(draw);
    if (!files) continue;
    found++;
    yield files;
  }
}

let drawn = 0;

/** Tries programs on all servers; says how many were tried, and what failed. */
async function tryAll(
  programs: Iterable<Rendered>,
  attempt: (files: Rendered) => Promise<void>,
): Promise<{ tried: number; failures: string[] }> {
  const runs = new Map<string, number>();
  const failures: string[] = [];
  let tried = 0;
  drawn = 0;
  for (const files of programs) {
    tried++;
    const since = releaseFor(Object.values(files.stacks));
    for (const program of SERVERS) {
      if (releaseOf(program) < since) continue;
      runs.set(program, (runs.get(program) ?? 0) + 1);
      process.env.NATS_SERVER = program;
      try {
        await attempt(files);
      } catch (error) {
        failures.push(`${program}: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
  const tries = SERVERS.map((program) => `${runs.get(program) ?? 0} tried on ${program}`).join(", ");
  process.stdout.write(`${tried} of ${drawn} programs accepted, ${tries}, ACCEPTED_SEED=${SEED}\n`);
  return { tried, failures };
}

const sampled = (draws: fc.Arbitrary<ProgramDraw>, count: number) =>
  fc.sample(draws, { seed: SEED, numRuns: count * 6 });

test(
  "the servers accept what synth accepts, in whatever order Terraform makes it",
  async () => {
    const random = randomNumbers(SEED);
    const programs = acceptedOf(sampled(programDraw, PROGRAMS), PROGRAMS);
    const { tried, failures } = await tryAll(programs, (files) => tryProgram(files, random, ORDERS));
    const reasons = [...refusals]
      .sort(([, one], [, other]) => other - one)
      .map(([what, count]) => `  ${count} ${what}`);
    if (process.env.ACCEPTED_PROGRAMS) process.stdout.write(`${reasons.join("\n")}\n`);
    expect(failures).toEqual([]);
    expect(tried).toBe(PROGRAMS);
  },
  Math.max(60_000, PROGRAMS * SERVERS.length * 4000),
);

test(
  "a cluster accepts what synth accepts, with replicas and placement",
  async () => {
    const random = randomNumbers(SEED);
    const clustered = programDraw.map((draw): ProgramDraw => ({ ...draw, clustered: true }));
    const { tried, failures } = await tryAll(acceptedOf(sampled(clustered, CLUSTERED), CLUSTERED), (files) =>
      tryOnCluster(files, random),
    );
    expect(failures).toEqual([]);
    expect(tried).toBe(CLUSTERED);
  },
  Math.max(60_000, CLUSTERED * SERVERS.length * 60_000),
);
