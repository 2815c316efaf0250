import { spawnSync } from "node:child_process";
import { overlaps } from "../../../lib/subjects/subject-pattern";
import type { StackJson } from "../../support/synth";

/** A release of nats-server, as a number that can be compared: 2.15 is 215. */
type Release = number;

/** What only newer servers take, as the documentation of the options says, and the first release that does. */
const NEWER: readonly (readonly [part: RegExp, since: Release])[] = [
  [/\{\{(random|partition)\(\d+\)\}\}/i, 212],
  [/\{\{(left|right)\(/i, 215],
];

/** Whether a stream collects from others without looking for duplicates. */
const takesDuplicates = ({ resource }: StackJson) =>
  Object.values(resource?.jetstream_stream ?? {}).some((each) => each.source && each.duplicate_window === 0);

function filtersOverlap({ resource }: StackJson): boolean {
  return Object.values(resource?.jetstream_consumer ?? {}).some(({ filter_subjects }) => {
    const filters = (filter_subjects ?? []) as string[];
    return filters.some((one, index) => filters.slice(index + 1).some((other) => overlaps(one, other)));
  });
}

/** The oldest release that takes everything of some stacks. */
export function releaseFor(stacks: readonly StackJson[]): Release {
  const text = JSON.stringify(stacks);
  const parts = NEWER.flatMap(([part, since]) => (part.test(text) ? [since] : []));
  return Math.max(211, ...parts, stacks.some(filtersOverlap) ? 212 : 0, stacks.some(takesDuplicates) ? 214 : 0);
}

/** The release of a server. */
export function releaseOf(program: string): Release {
  const { stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  const [, major, minor] = /v(\d+)\.(\d+)/.exec(stdout ?? "") ?? [];
  if (major === undefined) throw new Error(`${program} is no nats-server`);
  return Number(major) * 100 + Number(minor);
}
