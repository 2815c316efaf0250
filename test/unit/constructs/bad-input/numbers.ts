import type { Program } from "../../../support/synth";
import { at, convexOf, jobs, keyValueStore, prodOf, type Row, row, snapshots, worker } from "./programs";

const SECONDS = "a whole number of seconds from 1 to 9223372036";
const SECONDS_OR_NONE = "a whole number of seconds from 0 to 9223372036";
const BYTES = "a whole number of bytes from 1 to 9007199254740991";
const MESSAGE_BYTES = "a whole number of bytes from 1 to 2147483647";
const MESSAGES = "a whole number of messages from 1 to 9007199254740991";
const REPLICAS = "a whole number of servers from 1 to 5";
const SEQUENCE = "a whole number from 1 to 9007199254740991";
const count = (unit: string) => `a whole number of ${unit} from 1 to 9007199254740991`;

type Numbers = { readonly [option: string]: number };

/** Where each number option is, what it allows, and what to do about one that is too small. */
const options: [of: string, path: string, make: (options: Numbers) => Program, table: [string, string, string][]][] = [
  [
    "a key-value bucket",
    at.keyValueStore,
    keyValueStore,
    [
      ["history", "a whole number of revisions of each key from 1 to 64", "Set history to a number in this range"],
      ["ttlSeconds", SECONDS, "Leave it out for no limit"],
      ["maxBytes", BYTES, "Leave it out for no limit"],
      ["maxValueBytes", MESSAGE_BYTES, "Leave it out for no limit"],
      ["limitMarkerTtlSeconds", SECONDS_OR_NONE, "Use 0 to switch the time to live of keys off"],
      ["replicas", REPLICAS, "Set replicas to a number in this range"],
    ],
  ],
  [
    "an object store",
    at.snapshots,
    snapshots,
    [
      ["ttlSeconds", SECONDS, "Leave it out for no limit"],
      ["maxBytes", BYTES, "Leave it out for no limit"],
      ["replicas", REPLICAS, "Set replicas to a number in this range"],
    ],
  ],
  [
    "a stream",
    at.jobs,
    jobs,
    [
      ["maxAgeSeconds", SECONDS, "Leave it out for no limit"],
      ["maxBytes", BYTES, "Leave it out for no limit"],
      ["maxMessages", MESSAGES, "Leave it out for no limit"],
      ["maxMessagesPerSubject", MESSAGES, "Leave it out for no limit"],
      ["maxMessageBytes", MESSAGE_BYTES, "Leave it out for no limit"],
      ["maxConsumers", count("consumers"), "Leave it out for no limit"],
      ["duplicateWindowSeconds", SECONDS, "Leave it out for the default"],
      ["replicas", REPLICAS, "Set replicas to a number in this range"],
    ],
  ],
  [
    "a consumer",
    at.worker,
    worker,
    [
      ["startSequence", SEQUENCE, "Leave it out to begin with the first message"],
      ["ackWaitSeconds", SECONDS, "Leave it out for 30 seconds"],
      ["maxDeliver", count("deliveries"), "Leave it out for no limit"],
      ["maxAckPending", MESSAGES, "Leave it out for no limit"],
      ["maxWaiting", count("pull requests"), "Leave it out for no limit"],
      ["maxRequestBatch", MESSAGES, "Leave it out for no limit"],
      ["replicas", REPLICAS, "Set replicas to a number in this range"],
    ],
  ],
  [
    "a source",
    at.jobs,
    (source) => jobs({ sources: [{ name: "prod_events", ...source }] }),
    [["startSequence", SEQUENCE, ""]],
  ],
  [
    "a step",
    at.worker,
    ({ backoffSeconds = 0 }) => worker({ backoffSeconds: [backoffSeconds] }),
    [["backoffSeconds", SECONDS, ""]],
  ],
];

const everyNumber = options.flatMap(([of, path, make, table]) =>
  table.flatMap(([option, allowed, whenTooSmall]) => [
    row(`refuses a negative ${option} of ${of}`, make({ [option]: -1 }), [
      path,
      `${option} is out of range: -1`,
      allowed,
      whenTooSmall,
    ]),
    row(`refuses a fraction for ${option} of ${of}`, make({ [option]: 1.5 }), [
      path,
      `${option} is not a whole number: 1.5`,
      allowed,
      `to a whole number`,
    ]),
  ]),
);

const outOfRange = (name: string, program: Program, path: string, what: string, allowed: string) =>
  row(`refuses ${name}`, program, [path, what, allowed, ""], name === "replicas 6 of a consumer");

export const numberRows: readonly Row[] = [
  ...everyNumber,
  outOfRange(
    "history 0",
    keyValueStore({ history: 0 }),
    at.keyValueStore,
    "history is out of range: 0",
    "from 1 to 64",
  ),
  outOfRange(
    "history 65",
    keyValueStore({ history: 65 }),
    at.keyValueStore,
    "history is out of range: 65",
    "from 1 to 64",
  ),
  outOfRange("replicas 0 of a stream", jobs({ replicas: 0 }), at.jobs, "replicas is out of range: 0", REPLICAS),
  outOfRange("replicas 6 of a stream", jobs({ replicas: 6 }), at.jobs, "replicas is out of range: 6", REPLICAS),
  outOfRange("replicas 6 of a consumer", worker({ replicas: 6 }), at.worker, "replicas is out of range: 6", REPLICAS),
  outOfRange("an age limit of 0", jobs({ maxAgeSeconds: 0 }), at.jobs, "maxAgeSeconds is out of range: 0", SECONDS),
  outOfRange(
    "an age limit of more than 292 years",
    jobs({ maxAgeSeconds: 9_223_372_037 }),
    at.jobs,
    "maxAgeSeconds is out of range: 9223372037",
    SECONDS,
  ),
  outOfRange(
    "a message size that does not fit 32 bits",
    jobs({ maxMessageBytes: 2 ** 31 }),
    at.jobs,
    "maxMessageBytes is out of range: 2147483648",
    MESSAGE_BYTES,
  ),
  outOfRange("NaN", jobs({ maxBytes: Number.NaN }), at.jobs, "maxBytes is not a whole number: NaN", BYTES),
  outOfRange(
    "infinity",
    jobs({ maxBytes: Number.POSITIVE_INFINITY }),
    at.jobs,
    "maxBytes is not a whole number: Infinity",
    BYTES,
  ),
  outOfRange(
    "text for a number",
    jobs({ maxBytes: "5" as never }),
    at.jobs,
    'maxBytes is not a whole number: "5"',
    BYTES,
  ),
  outOfRange("null for a number", jobs({ maxBytes: null as never }), at.jobs, "maxBytes is null", "a number"),
];

/** A value that an owner gives to several resources is a problem of each, and of the owner. */
export const inheritedRows: readonly Row[] = [
  row("refuses replicas 6 of a platform", (stack) => prodOf(stack, { replicas: 6 }), [
    at.prod,
    "replicas is out of range: 6",
    REPLICAS,
    "Set replicas to a number in this range",
  ]),
  row("refuses replicas 0 of an app", (stack) => convexOf(stack, { replicas: 0 }), [
    at.convex,
    "replicas is out of range: 0",
    REPLICAS,
    "Set replicas to a number in this range",
  ]),
];
