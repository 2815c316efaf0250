import { UNKNOWN, type Values } from "../attribute-effects";
import { type Copied, newlyCopied } from "../new-copies";
import type { PlannedChange } from "./plan";

const list = (value: unknown): readonly Values[] => (Array.isArray(value) ? value : []);

function copiedOf(origin: Values): Copied {
  const { name, filter_subject: filter, subject_transform: transforms, external, start_seq, start_time } = origin;
  const sources = list(transforms).map(({ source }) => String(source || ">"));
  const [api] = list(external).map((one) => String(one.api ?? ""));
  return {
    stream: String(name),
    api,
    filters: sources.length > 0 ? sources : filter ? [String(filter)] : [],
    startsLater: Number(start_seq ?? 0) > 1 || Boolean(start_time),
  };
}

/** What a stream copies, by its attributes. */
export function copiesOf({ mirror, source }: Values): Copied[] {
  return [mirror, source].flatMap((given): Copied[] =>
    given === UNKNOWN ? [{ stream: undefined, api: undefined, filters: [] }] : list(given).map(copiedOf),
  );
}

/** What a stream copies, or did once, by the plan and by the server. */
export const copiesSoFar = ({ before, existing }: PlannedChange): Copied[] => [
  ...copiesOf(before),
  ...copiesOf(existing?.origins ?? {}),
];

/** What a stream of a plan newly copies: compared with what the server has, where it was asked. */
export function newCopiesOf({ type, actions, before, after, existing }: PlannedChange): Copied[] {
  if (type !== "jetstream_stream" || !actions.some((each) => each === "create" || each === "update")) return [];
  const old = actions.includes("delete") ? before : { ...before, ...existing?.origins };
  return newlyCopied(copiesOf(old), copiesOf(after));
}

/** The streams of its own account among what a stream copies. */
export const ownOrigins = (copies: readonly Copied[]): string[] =>
  copies.flatMap(({ stream, api }) => (api === undefined ? (stream ?? []) : []));
