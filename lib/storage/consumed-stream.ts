import type { Construct } from "constructs";
import * as names from "../naming/names";
import type { Fault } from "../problems/fault";
import { RetentionPolicy } from "./stream-options";

/** What a consumer needs to know of its stream, which may be another program's. */
export interface ConsumedStream {
  readonly streamName: string;
  /** The account that the stream is in. */
  readonly account: string;
  readonly subjects: readonly string[];
  /** Whether messages of other subjects come in too, by a mirror, a source or a transform. */
  readonly storesOtherSubjects: boolean;
  readonly retention: RetentionPolicy;
  /** On how many servers the stream lies, or undefined where another program says. */
  readonly replicas: number | undefined;
  /** The provider's id of the stream, as a resource of `construct` is to give it. */
  streamId(construct: Construct): string;
  /** What is wrong with one more consumer that has these filters. */
  take(filters: readonly string[]): (Fault | undefined)[];
}

/** A stream of which no more is known than what its name says: another program makes it. */
export const unknownStream = (account: string, streamName: string, subjects: readonly string[]): ConsumedStream => ({
  account,
  streamName,
  subjects,
  storesOtherSubjects: true,
  retention: RetentionPolicy.LIMITS,
  replicas: undefined,
  streamId: () => names.importId.stream(streamName),
  take: () => [],
});
