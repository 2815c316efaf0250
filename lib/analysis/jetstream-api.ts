import { SubjectIndex } from "../subjects/subject-index";
import { intersection, isLiteral } from "../subjects/subject-pattern";

/**
 * What somebody does with a stream or bucket: look at its configuration and the names of its subjects, read messages
 * (making, using and removing consumers for it), write or remove messages, or change the stream itself.
 */
export type Act = "look" | "read" | "write" | "manage";

/** What an answer is, and thus what it does where it is made to go to an API or a stream (`nats-server` 2.15.2). */
export type Answer =
  /** A stored message, so that it can be anything, or nothing: requests that the sender has written before. */
  | "content"
  /** Nothing, which some requests are satisfied with, those that delete and purge streams among them. */
  | "empty"
  /** A text of the server: stored as it is, and not accepted by any request. */
  | "text";

interface Request {
  readonly pattern: string;
  readonly act: Act;
  /** Which token names the stream, or -1 for none. */
  readonly stream: number;
  /** Which token names a consumer that it uses and does not make. */
  readonly consumer?: number;
  /** From which token on the subject is that of the messages. */
  readonly filter?: number;
  readonly answer: Answer;
}

const on = (act: Act, answer: Answer, ...patterns: readonly string[]): Request[] =>
  patterns.map((pattern) => {
    const stream = pattern.split(".").indexOf("*");
    return { pattern, act, answer, stream };
  });

const onConsumer = (act: Act, answer: Answer, ...patterns: readonly string[]): Request[] =>
  on(act, answer, ...patterns).map((request) => ({ ...request, consumer: request.stream + 1 }));

/** The requests that JetStream answers (`jetstream_api.go`), and those of each account that the server does. */
const REQUESTS: readonly Request[] = [
  ...on("look", "text", "$JS.API.STREAM.INFO.*", "$JS.API.CONSUMER.NAMES.*", "$JS.API.CONSUMER.LIST.*"),
  ...on("look", "text", "$JS.API.CONSUMER.INFO.*.*"),
  ...on("read", "text", "$JS.API.STREAM.MSG.GET.*", "$JS.API.STREAM.SNAPSHOT.*"),
  ...on("read", "content", "$JS.API.DIRECT.GET.*"),
  { pattern: "$JS.API.DIRECT.GET.*.>", act: "read", answer: "content", stream: 4, filter: 5 },
  ...on("read", "text", "$JS.API.CONSUMER.CREATE.*", "$JS.API.CONSUMER.CREATE.*.*"),
  { pattern: "$JS.API.CONSUMER.CREATE.*.*.>", act: "read", answer: "text", stream: 4, filter: 6 },
  ...on("read", "text", "$JS.API.CONSUMER.DURABLE.CREATE.*.*"),
  ...onConsumer("read", "text", "$JS.API.CONSUMER.DELETE.*.*", "$JS.API.CONSUMER.PAUSE.*.*"),
  ...onConsumer("read", "text", "$JS.API.CONSUMER.RESET.*.*", "$JS.API.CONSUMER.UNPIN.*.*"),
  ...onConsumer("read", "empty", "$JS.API.CONSUMER.MSG.NEXT.*.*", "$JS.ACK.*.*.>"),
  ...on("write", "text", "$JS.API.STREAM.PURGE.*", "$JS.API.STREAM.MSG.DELETE.*"),
  ...on("manage", "text", "$JS.API.STREAM.CREATE.*", "$JS.API.STREAM.UPDATE.*", "$JS.API.STREAM.DELETE.*"),
  ...on("manage", "text", "$JS.API.STREAM.RESTORE.*", "$JS.API.STREAM.CANCEL_MOVE.*"),
  ...on("manage", "text", "$JS.API.STREAM.LEADER.STEPDOWN.*", "$JS.API.CONSUMER.LEADER.STEPDOWN.*.*"),
  ...on("manage", "text", "$JS.API.STREAM.PEER.REMOVE.*", "$JS.API.STREAM.PEER.EVACUATE.*"),
  ...on("manage", "text", "$JS.API.CONSUMER.PEER.REMOVE.*.*", "$JS.API.CONSUMER.PEER.EVACUATE.*.*"),
  ...on("look", "text", "$JS.API.INFO", "$JS.API.STREAM.NAMES", "$JS.API.STREAM.LIST"),
  ...on("look", "text", "$SYS.REQ.USER.INFO", "$SYS.REQ.SERVER.PING.CONNZ"),
  ...on("look", "text", "$SYS.REQ.ACCOUNT.PING.CONNZ", "$SYS.REQ.ACCOUNT.PING.STATZ"),
];

const index = new SubjectIndex<Request>();
for (const request of REQUESTS) index.add(request.pattern, request);

/** What can be asked of JetStream or the server by publishing something of a pattern. */
export interface Asked {
  readonly act: Act;
  readonly answer: Answer;
  /** The subjects by which it is asked. */
  readonly pattern: string;
  /** The stream that is asked about: one by its name, any one of the account, or none. */
  readonly stream: { readonly name: string } | "any" | "none";
  /** The subjects of the stream's messages that it is about, where that is part of the request. */
  readonly filter?: string;
  /** The one consumer that it uses and does not make. */
  readonly consumer?: string;
}

/** Everything that can be asked by publishing something of a pattern. */
export function askedBy(pattern: string): Asked[] {
  if (!/^(\$[JS]|[*>])/.test(pattern)) return [];
  const literal = !/[*>]/.test(pattern);
  return index.overlapping(pattern).map(({ pattern: request, act, answer, stream, filter, consumer }) => {
    const common = literal ? pattern : (intersection(request, pattern) ?? "");
    const tokens = common.split(".");
    const name = tokens[stream];
    const used = tokens[consumer ?? -1];
    return {
      act,
      answer,
      pattern: common,
      stream: name === undefined ? "none" : name === "*" ? "any" : { name },
      ...(filter !== undefined && { filter: tokens.slice(filter).join(".") }),
      ...(used !== undefined && isLiteral(used) && { consumer: used }),
    };
  });
}
