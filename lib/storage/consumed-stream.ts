import type { Construct, IConstruct } from "constructs";
import type { RetiredData } from "./storage-options";

/** What a consumer needs to know of its stream, which may be another program's. */
export interface ConsumedStream {
  readonly streamName: string;
  /** The account that the stream is in. */
  readonly account: string;
  /** What becomes of its data, and so of its consumers, if it is retired. */
  readonly retired?: RetiredData;
  /** What declares it; left out where another program does. */
  readonly declaredBy?: IConstruct;
  /** The addresses of what Terraform makes before a consumer that the construct has: none of another stack. */
  before(construct: Construct): string[];
}

/** A stream of which no more is known than its name: another program makes it. */
export const unknownStream = (account: string, streamName: string): ConsumedStream => ({
  account,
  streamName,
  before: () => [],
});
