import type { IConstruct } from "constructs";
import type { Fault, Faults } from "../problems/fault";
import { Program } from "../problems/program";
import { farOriginFault } from "../program/stream-origins";
import type { ConsumedStream } from "./consumed-stream";
import type { NamedOptions } from "./named-source";
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
  allowed: "a stream of a platform or an app: app.wal, platform.events, app.addStream(…), Stream.fromStreamName(…)",
  fix: "Give such a stream",
});

/** Whether another program declares a stream. */
const isReference = ({ _consumed: { declaredBy } }: OwnStream) => declaredBy === undefined;

/** What is wrong with a stream of another owner, where a consumer is to read it. */
export const foreignOwnerFault = (stream: OwnStream): Fault => {
  const { construct, platform, app } = stream._owner;
  const owner = app === undefined ? `platform ${platform}` : `app ${app} of platform ${platform}`;
  return {
    what: isReference(stream)
      ? `stream belongs to ${owner} in another program`
      : `stream belongs to [${construct.node.path}]`,
    value: stream.streamName,
    allowed: "streams of the same owner; for an app also those of its platform",
    fix: "Add the consumer to the stream's owner, or let the two apps share the messages through platform events",
  };
};

/** What is wrong with a stream that is a construct of another cdktf App. */
export const otherProgramFault = (reader: IConstruct, stream: IStream): Fault | undefined =>
  ownStream(stream) && Program.of(stream) !== Program.of(reader)
    ? {
        what: "stream is a construct of another cdktf App",
        value: stream.streamName,
        allowed: "a stream of the same App, or a reference to one of another",
        fix: "Use Stream.fromStreamName for it",
      }
    : undefined;

/** What is wrong with the streams of other programs that a stream copies. */
export function foreignOriginFaults(copy: IConstruct, { mirror, sources = [] }: NamedOptions, account: string): Faults {
  return [mirror ?? [], sources].flat().flatMap(({ stream, externalApiPrefix }) => {
    const origin = ownStream(stream);
    if (!origin) return [];
    const isFar = isReference(origin) && origin.accountName !== account && externalApiPrefix === undefined;
    const { streamName, accountName, node } = origin;
    const far = { stream: streamName, account: accountName, source: node.path };
    return [otherProgramFault(copy, origin), isFar && farOriginFault(far, account)];
  });
}
