import type { Account } from "../access/accounts";
import type { JetStreamLimits } from "../access/limits";
import type { ConsumerModel, EntryModel, ResourceModel, Settings } from "../access/models";
import { grouped } from "../collections/groups";
import type { Problem } from "../problems/fault";

/** What a program declares in one account. */
interface Declared {
  readonly resources: readonly ResourceModel[];
  readonly consumers: readonly ConsumerModel[];
  readonly entries: readonly EntryModel[];
}

/** What a program needs of an account's limit, and why. */
interface Need {
  readonly limit: string;
  readonly value: number | undefined;
  readonly atLeast: number;
  readonly why: string;
  readonly instead: string;
}

/** What is wrong with limits that are below what the program itself declares, of which an apply would make a part. */
export function limitProblems(
  accounts: readonly Account[],
  resources: readonly ResourceModel[],
  consumers: readonly ConsumerModel[],
  entries: ReadonlyMap<string, readonly EntryModel[]>,
): Problem[] {
  const limited = accounts.filter(isLimited);
  const resourcesOf = grouped(limited.length === 0 ? [] : resources, ({ account }) => account);
  const consumersOf = grouped(limited.length === 0 ? [] : consumers, ({ account }) => account);
  return [
    ...limited.flatMap((account) => {
      const declared: Declared = {
        resources: resourcesOf.get(account.name) ?? [],
        consumers: consumersOf.get(account.name) ?? [],
        entries: entries.get(account.name) ?? [],
      };
      return needsOf(account, declared).flatMap((need) => problemOf(account, need));
    }),
    ...bucketProblems(resources, entries),
  ];
}

const isLimited = ({ jetStream, limits }: Account) =>
  [jetStream ?? {}, limits].some((each) => Object.values(each).some((value) => value !== undefined));

function problemOf({ source }: Account, { limit, value, atLeast, why, instead }: Need): Problem[] {
  if (value === undefined || !Number.isInteger(value) || value < 1 || value >= atLeast) return [];
  return [
    {
      path: source,
      what: `${limit} is below what the program needs`,
      value,
      allowed: `${atLeast} or more: ${why}`,
      fix: `Raise ${limit}, or ${instead}`,
    },
  ];
}

function needsOf({ jetStream, limits }: Account, declared: Declared): Need[] {
  if (!jetStream) return [];
  return [
    ...storageNeeds(jetStream, declared),
    connectionNeed(limits.maxConnections, declared),
    payloadNeed(limits.maxPayloadBytes, declared),
  ];
}

function storageNeeds(limits: JetStreamLimits, declared: Declared): Need[] {
  const { resources, consumers } = declared;
  const most = mostConsumers(consumers);
  const allowed = Math.max(0, ...resources.map(({ maxConsumers = 0 }) => maxConsumers));
  return [
    {
      limit: "maxStreams",
      value: limits.maxStreams,
      atLeast: resources.length,
      why: "the streams and buckets that the program declares in the account",
      instead: "declare fewer",
    },
    {
      limit: "maxConsumers",
      value: limits.maxConsumers,
      atLeast: Math.max(most, allowed),
      why:
        most >= allowed
          ? "the consumers that the program declares of one stream"
          : "the maxConsumers of a stream of the account",
      instead: most >= allowed ? "declare fewer" : "lower the maxConsumers of the stream",
    },
    bytesNeed("maxFileBytes", limits, declared),
    bytesNeed("maxMemoryBytes", limits, declared),
  ];
}

function mostConsumers(consumers: readonly ConsumerModel[]): number {
  const byStream = grouped(consumers, ({ stream }) => stream);
  return Math.max(0, ...[...byStream.values()].map((own) => own.length));
}

/**
 * The server sets `maxBytes` aside on each replica, and wants a byte to be left on each for a stream without
 * (`checkBytesLimits`). Apart from that it counts what is stored, where Terraform writes entries.
 */
function bytesNeed(
  limit: "maxFileBytes" | "maxMemoryBytes",
  { [limit]: value }: JetStreamLimits,
  { resources, entries }: Declared,
): Need {
  const here = resources.filter(({ inMemory }) => inMemory === (limit === "maxMemoryBytes"));
  const written = grouped(value === undefined ? [] : entries, ({ bucket }) => bucket);
  let sum = 0;
  let open = 0;
  let used = 0;
  for (const { kind, name, maxBytes, replicas = 1 } of here) {
    if (maxBytes === undefined) open = Math.max(open, replicas);
    else sum += maxBytes * replicas;
    if (kind === "keyValue") used += storedBytes(written.get(name) ?? []) * replicas;
  }
  return {
    limit,
    value,
    atLeast: Math.max(sum + open, used),
    why:
      used > sum + open
        ? "the entries that Terraform writes into the buckets of the account, for each replica"
        : "the maxBytes of all streams and buckets of the account, for each replica, and room for those without",
    instead: used > sum + open ? "shorten their values" : "lower maxBytes",
  };
}

/** How many resources Terraform works on at a time, unless it is told otherwise (`-parallelism`). */
const PARALLEL = 10;

/**
 * The provider connects anew for each step, and the server may still count the connection before: twice as many as there
 * are operations. What fails between two steps leaves a tainted stream behind.
 */
function connectionNeed(value: number | undefined, { resources, consumers, entries }: Declared): Need {
  const operations = Math.min(PARALLEL, resources.length + consumers.length + entries.length);
  return {
    limit: "maxConnections",
    value,
    atLeast: 2 * operations,
    why: `Terraform works on ${operations} resources at a time, and connects twice for each`,
    instead: "leave it out",
  };
}

/** What a request that makes a stream or consumer needs, without its description and metadata. */
const REQUEST_BYTES = 2048;

/** How many bytes the texts of a resource have. */
function textBytes({ settings: { description, metadata } }: { readonly settings: Settings }): number {
  return description === undefined && metadata === undefined
    ? 0
    : Buffer.byteLength(JSON.stringify([description, metadata]));
}

/** The largest message that Terraform sends. */
function payloadNeed(value: number | undefined, { resources, consumers, entries }: Declared): Need {
  const need = { limit: "maxPayloadBytes", value };
  if (value === undefined) return { ...need, atLeast: 0, why: "", instead: "" };
  const texts = [...resources, ...consumers].reduce((most, each) => Math.max(most, textBytes(each)), 0);
  const request = REQUEST_BYTES + texts;
  const { bytes, entry } = largestOf(entries);
  if (!entry || bytes <= request) {
    return {
      ...need,
      atLeast: request,
      why: "the requests by which Terraform makes streams and consumers",
      instead: "leave it out",
    };
  }
  return {
    ...need,
    atLeast: bytes,
    why: `the entry ${entry.key} that Terraform writes`,
    instead: "shorten its value",
  };
}

const bytesOf = ({ value }: EntryModel) => Buffer.byteLength(value() ?? "");

function largestOf(entries: readonly EntryModel[]): { readonly bytes: number; readonly entry?: EntryModel } {
  let found: { bytes: number; entry?: EntryModel } = { bytes: 0 };
  for (const entry of entries) {
    const bytes = bytesOf(entry);
    if (bytes > found.bytes) found = { bytes, entry };
  }
  return found;
}

/** What the server stores of a message beside its subject and content. */
const RECORD_BYTES = 30;

/** How much room entries take in their bucket. */
const storedBytes = (entries: readonly EntryModel[]) =>
  entries.reduce((sum, entry) => sum + bytesOf(entry) + `$KV.${entry.bucket}.${entry.key}`.length + RECORD_BYTES, 0);

/** Buckets that are too small for the entries that the program writes into them. */
function bucketProblems(
  resources: readonly ResourceModel[],
  entries: ReadonlyMap<string, readonly EntryModel[]>,
): Problem[] {
  const written = grouped([...entries.values()].flat(), ({ bucket }) => bucket);
  return resources.flatMap(({ kind, name, maxMessageBytes, maxBytes, source }) => {
    if (kind !== "keyValue" || (maxMessageBytes === undefined && maxBytes === undefined)) return [];
    const own = written.get(name) ?? [];
    const { bytes: largest, entry: longest } = largestOf(own);
    const all = storedBytes(own);
    const fault = (limit: string, value: number, atLeast: number, why: string): Problem => ({
      path: source,
      what: `${limit} is below what the program writes into the bucket`,
      value,
      allowed: `${atLeast} or more: ${why}`,
      fix: `Raise ${limit} or leave it out`,
    });
    return [
      ...(maxMessageBytes !== undefined && maxMessageBytes < largest
        ? [fault("maxValueBytes", maxMessageBytes, largest, `the entry ${longest?.key}`)]
        : []),
      ...(maxBytes !== undefined && maxBytes < all
        ? [fault("maxBytes", maxBytes, all, `the ${own.length} entries that Terraform writes`)]
        : []),
    ];
  });
}
