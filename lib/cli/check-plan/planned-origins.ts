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

/** What a stream of a plan newly copies. */
export function newCopiesOf({ type, actions, before, after }: PlannedChange): Copied[] {
  if (type !== "jetstream_stream" || !actions.some((each) => each === "create" || each === "update")) return [];
  return newlyCopied(copiesOf(before), copiesOf(after));
}

/** The streams of its own account among what a stream copies. */
export const ownOrigins = (copies: readonly Copied[]): string[] =>
  copies.flatMap(({ stream, api }) => (api === undefined ? (stream ?? []) : []));
