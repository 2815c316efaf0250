import type { Construct } from "constructs";
import * as names from "../naming/names";

/** What a consumer needs to know of its stream, which may be another program's. */
export interface ConsumedStream {
  readonly streamName: string;
  /** The account that the stream is in. */
  readonly account: string;
  /** The provider's id of the stream, as a resource of `construct` is to give it. */
  streamId(construct: Construct): string;
}

/** A stream of which no more is known than its name: another program makes it. */
export const unknownStream = (account: string, streamName: string): ConsumedStream => ({
  account,
  streamName,
  streamId: () => names.importId.stream(streamName),
});
