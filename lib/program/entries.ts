import { TerraformElement, Token } from "cdktf";
import type { EntryModel, ResourceModel, RetiredModel } from "../access/models";
import { addTo } from "../collections/groups";
import type { KvEntry } from "../jetstream";
import { keyFault } from "../naming/key-rules";
import type { Fault, Problem } from "../problems/fault";
import { type Overrides, overridesOf, stackOverridesOf } from "../tokens/overrides";
import { resolved } from "../tokens/resolved";
import { DEFAULT_PROVIDER, ProviderAccounts } from "./provider-accounts";

/** An entry of a key-value bucket as a program declares it, and its value where that is made at synth. */
export type DeclaredEntry = readonly [entry: KvEntry, document: (() => string) | undefined];

/** The entries of a program's buckets by account, and what is wrong with them. */
export interface Entries {
  readonly byAccount: ReadonlyMap<string, readonly EntryModel[]>;
  readonly problems: readonly Problem[];
}

/** Reads the entries of the buckets that a program declares; a bucket of another program is not known here. */
export function entriesOf(
  declared: readonly DeclaredEntry[],
  resources: readonly ResourceModel[],
  retired: readonly RetiredModel[],
): Entries {
  const byAccount = new Map<string, EntryModel[]>();
  const problems: Problem[] = [];
  const buckets = new Map<string, ResourceModel>();
  const streams = new Map<string, ResourceModel>();
  if (declared.length > 0) {
    for (const each of resources) {
      if (each.kind !== "keyValue") continue;
      buckets.set(each.name, each);
      const nameOfResource = `\${${each.address}.name}`;
      if (each.address.startsWith(NATIVE)) buckets.set(nameOfResource, each);
      else for (const name of [each.stream, nameOfResource]) streams.set(name, each);
    }
  }
  const holders = new Map<string, DeclaredEntry>();
  const providers = new ProviderAccounts();
  const expiring = new Set<ResourceModel>();
  for (const [entry, document] of declared) {
    const { path } = entry.node;
    const { bucket: given, key, value, provider, dependsOn } = writtenOf(entry, document !== undefined);
    const stream = streams.get(given);
    if (stream) problems.push(streamForBucket(path, given, stream.name));
    const gone = document ? undefined : retiredOf(given, dependsOn, retired);
    if (gone) problems.push({ path, ...gone });
    const bucket = buckets.get(given);
    if (!bucket) continue;
    const foreign = document
      ? undefined
      : foreignFault(bucket, provider, providers.accountsOf(entry.cdktfStack, provider));
    if (foreign) problems.push({ path, ...foreign });
    const expires = secondsToLive(bucket);
    if (expires !== undefined && !document) problems.push({ path, ...expiringEntry(bucket, expires) });
    else if (expires !== undefined && !expiring.has(bucket)) {
      expiring.add(bucket);
      problems.push({ path: bucket.source, ...expiringDocuments(expires) });
    }
    const fault = Token.isUnresolved(key) ? LATE_KEY : keyFault(key);
    if (fault) {
      problems.push({ path, ...fault });
      continue;
    }
    const holder = holders.get(`${bucket.name} ${key}`);
    if (holder && !(holder[1] && document)) problems.push(repeated(path, holder[0].node.path, key));
    holders.set(`${bucket.name} ${key}`, [entry, document]);
    addTo(byAccount, bucket.account, {
      bucket: bucket.name,
      key,
      generated: document !== undefined,
      value: document ?? (() => value),
      source: path,
    });
  }
  return { byAccount, problems };
}

/** After how many seconds a bucket deletes what is in it; undefined if it does not, or if that is known only at apply. */
function secondsToLive({ settings }: ResourceModel): number | undefined {
  const seconds = Number(settings.max_age ?? settings.ttl);
  return seconds > 0 ? seconds : undefined;
}

const expiringDocuments = (seconds: number): Fault => ({
  what: "access documents expire with the keys of their bucket",
  value: seconds,
  allowed:
    "an accessStore without ttlSeconds: each later plan would make all documents anew, and show no change of access",
  fix: "Leave ttlSeconds of accessStore out, or set accessEntries to false",
});

const expiringEntry = ({ source }: ResourceModel, seconds: number): Fault => ({
  what: `entry expires with the keys of its bucket [${source}]`,
  value: seconds,
  allowed: "an entry of a bucket without ttlSeconds: each later plan would make it anew",
  fix: "Give the entry another bucket, or leave ttlSeconds of this one out",
});

/** What is wrong with an entry of a bucket that is retired, or that is made after what is. */
function retiredOf(bucket: string, before: readonly string[], retired: readonly RetiredModel[]): Fault | undefined {
  // Without the entry, the accounts file no longer lets the Terraform user read and delete the key.
  const fix =
    "Remove the entry before you retire the bucket, and apply that before the server has the new accounts file. " +
    "If another bucket copies this one (formerly), remove formerly and apply that first: the deletion of a key is copied too";
  const own = retired.find(({ name, address }) => [name, `KV_${name}`, `\${${address}.name}`].includes(bucket));
  if (own) {
    const what = `bucket of an entry is retired [${own.source}]`;
    return { what, value: own.name, allowed: "a bucket that stays", fix };
  }
  const other = retired.find(({ address }) => before.includes(address));
  if (!other) return undefined;
  const what = `entry depends on what is retired [${other.source}], of which Terraform has no resource any more`;
  return { what, value: other.address, allowed: "dependsOn of what stays", fix: "Take it out of dependsOn" };
}

/** An entry as it will be written, whatever an Aspect or an override sets. */
export interface WrittenEntry {
  readonly path: string;
  readonly bucket: string;
  readonly key: string;
  /** The value; undefined where Terraform decides, and where it is made at synth. */
  readonly value: string | undefined;
  /** The provider as Terraform has it: `jetstream.prod`, and `jetstream` for the one of the stack without alias. */
  readonly provider: string;
  /** The addresses of what Terraform makes before it. */
  readonly dependsOn: readonly string[];
}

/**
 * Reads an entry.
 *
 * @param generated whether its value is made at synth
 */
export function writtenOf(entry: KvEntry, generated: boolean): WrittenEntry {
  const { bucketInput, keyInput, valueInput, provider } = entry;
  const set = setOf(entry);
  const { bucket, key, value } = { bucket: bucketInput, key: keyInput, value: valueInput, ...set };
  const before = generated ? [] : resolved(entry, entry.dependsOn ?? []);
  return {
    path: entry.node.path,
    bucket: resolved(entry, String(bucket ?? "")),
    key: String(key ?? ""),
    value: generated || typeof value !== "string" || Token.isUnresolved(value) ? undefined : value,
    provider: String(set.provider ?? provider?.fqn ?? DEFAULT_PROVIDER),
    dependsOn: before.map((each) => each.replace(/^\$\{(.*)\}$/, "$1")),
  };
}

/** What overrides of it or of its stack set of an entry. */
function setOf(entry: KvEntry): Overrides {
  const entries = Object(Object(stackOverridesOf(entry).resource)[entry.terraformResourceType]);
  return { ...overridesOf(entry), ...entries[entry.friendlyUniqueId] };
}

/** What is wrong with a provider of another account than that of the bucket. */
function foreignFault(bucket: ResourceModel, provider: string, accounts: ReadonlySet<string> | undefined) {
  const { account, source } = bucket;
  if (!accounts || accounts.has(account)) return undefined;
  return {
    what: `entry has a provider of the account ${[...accounts].join(" or ")}, and its bucket is in another one [${source}]`,
    value: provider,
    allowed: `a provider of the account ${account}: in another one there is no such bucket`,
    fix: "Give it the provider of its bucket: provider: keyValueStore.resource.provider",
  };
}

/** What the address of a bucket begins with that is not a stream to Terraform. */
const NATIVE = "jetstream_kv_bucket.";

const streamForBucket = (path: string, value: string, bucket: string): Problem => ({
  path,
  what: "bucket of an entry is the name of the bucket's stream",
  value,
  allowed: `the bucket's own name: ${bucket}`,
  fix: "Give the bucketName of the key-value store, and dependsOn: [keyValueStore.resource]",
});

const LATE_KEY = {
  what: "key of an entry is known only at apply",
  allowed: "a key that is known at synth: the Terraform user is permitted to write this key and no other",
  fix: "Give the key itself",
};

const repeated = (path: string, holder: string, key: string): Problem => ({
  path,
  what: `key is written by [${holder}] too`,
  value: key,
  allowed: "each key of a bucket in one entry",
  fix: "Remove one of the two",
});

/** Whether a construct is an entry of a bucket, as this or another copy of the library makes it. */
export const isEntry = (construct: unknown): construct is KvEntry =>
  TerraformElement.isTerraformElement(construct) &&
  (construct as Partial<KvEntry>).terraformResourceType === "jetstream_kv_entry";
