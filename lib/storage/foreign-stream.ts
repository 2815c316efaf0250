import type { Fault } from "../problems/fault";
import type { ConsumedStream } from "./consumed-stream";
import type { Ownership } from "./ownership";
import type { IStream } from "./stream-interface";

/** A stream that this library made, or knows of another program. */
export interface OwnStream extends IStream {
  readonly _owner: Pick<Ownership, "construct" | "platform" | "app">;
  readonly _consumed: ConsumedStream;
}

/** The stream behind the interface, or undefined for what this library did not make. */
export const ownStream = (stream: IStream | undefined): OwnStream | undefined =>
  (stream as Partial<OwnStream> | undefined)?._owner ? (stream as OwnStream) : undefined;

/** What is wrong with a stream that this library did not make, where something is to read it. */
export const foreignStreamFault = (reader: string, stream: IStream): Fault => ({
  what: `${reader} is given a stream that this library did not make`,
  value: stream.streamName,
  allowed: "a stream of a platform or an app: app.wal, platform.events, app.addStream(…)",
  fix: "Give such a stream",
});
