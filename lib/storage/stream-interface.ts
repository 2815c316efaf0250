import type { IConstruct } from "constructs";

/** A stream of a platform or an app, as other constructs need to know it. */
export interface IStream extends IConstruct {
  /** The stream's name: `prod_convex_wal`. */
  readonly streamName: string;

  /** The subjects that the stream stores, as patterns: `prod.convex.wal.>`; none for a mirror. */
  readonly subjects: string[];

  /** The NATS account that the stream is in: `PROD`. */
  readonly accountName: string;
}
