import type { Fault } from "../problems/fault";
import type { IStream, Stream } from "./stream";

/** The stream behind the interface, or undefined for what this library did not make. */
export const ownStream = (stream: IStream | undefined): Stream | undefined =>
  (stream as Partial<Stream> | undefined)?._owner ? (stream as Stream) : undefined;

/** What is wrong with a stream that this library did not make, where something is to read it. */
export const foreignStreamFault = (reader: string, stream: IStream): Fault => ({
  what: `${reader} is given a stream that this library did not make`,
  value: stream.streamName,
  allowed: "a stream of a platform or an app: app.wal, platform.events, app.addStream(…)",
  fix: "Give such a stream",
});
