import { Token } from "cdktf";
import { OWNER_KEY } from "../naming/names";
import type { Fault } from "../problems/fault";
import { numberFault, rule, textFault } from "../problems/value-rules";
import type { StorageOptions } from "./storage-options";

/** The server's limit for the description of a stream or consumer, in bytes. */
export const MAX_DESCRIPTION_BYTES = 4096;

function placementFaults(placement: StorageOptions["placement"]): (Fault | undefined)[] {
  const names = placement ? [placement.cluster, ...(placement.tags ?? [])] : [];
  return names
    .filter((name) => !Token.isUnresolved(name) && !/^\S+$/.test(name ?? ""))
    .map((value) => ({
      what: "placement has a name that is missing or has white space",
      value,
      allowed: "the name of a cluster, and beside it tags of its servers, as the servers' configuration has them",
      fix: "Correct the cluster or tag, or leave placement out",
    }));
}

/** What is wrong with options of streams and buckets that their owner always has: they go with it, and not by themselves. */
export const lastingFaults = (options: {
  readonly [option: string]: StorageOptions | undefined;
}): (Fault | undefined)[] =>
  Object.entries(options).map(([option, given]) =>
    given?.retired
      ? {
          what: `${option} is retired, which its owner always has`,
          allowed: "retired for the owner itself, or for streams and buckets that it may be without",
          fix: `Remove retired from ${option}, or retire the owner`,
        }
      : undefined,
  );

/** What is wrong with the options that all streams and buckets share. */
export function storageFaults(options: StorageOptions): (Fault | undefined)[] {
  return [
    numberFault("replicas", options.replicas, rule.replicas),
    textFault("description", options.description, MAX_DESCRIPTION_BYTES),
    options.retired && options.adopt
      ? {
          what: "both retired and adopt are given",
          allowed: "one of the two",
          fix: "Remove adopt: what is retired leaves Terraform's state",
        }
      : undefined,
    ...placementFaults(options.placement),
  ];
}

/** What is wrong with the name of an owner, which stands in the metadata of streams. */
export function ownerFault(owner: string | undefined): Fault | undefined {
  if (owner === undefined || /^[^\p{C}]{1,200}$/u.test(owner)) return undefined;
  return {
    what: "owner is not the name of one",
    value: owner,
    allowed: "1 to 200 characters without control and format characters: github.com/acme/shop",
    fix: "Name the repository or team that declares this",
  };
}

/** The limit for all keys and values of the metadata of a stream or consumer: 128 KiB less 16 bytes of the server's own. */
const MAX_METADATA_BYTES = 131_056;

/** What is wrong with the size of the metadata of a stream or consumer. */
export const metadataSizeFault = (metadata: { readonly [key: string]: string }): Fault | undefined =>
  textFault("metadata", Object.entries(metadata).flat().join(""), MAX_METADATA_BYTES);

/** Whether a key of metadata is not free: the server has those of `_nats.`, and under `%` the provider keeps a count, and loses a value. */
export const isReservedKey = (key: string): boolean => key === "" || key === "%" || key.startsWith("_nats.");

/** What is wrong with a key of metadata that is not free; nothing without one. */
export const reservedKeyFault = (key: string | undefined): Fault | undefined =>
  key === undefined
    ? undefined
    : {
        what: "metadata key is reserved",
        value: key,
        allowed: `keys that are not empty, do not begin with \`_nats.\`, and are not \`%\` or \`${OWNER_KEY}\``,
        fix: "Rename the key",
      };

/** What is wrong with the metadata of a stream or consumer. */
export const metadataFaults = (metadata: { [key: string]: string } = {}): (Fault | undefined)[] => [
  metadataSizeFault(metadata),
  ...Object.keys(metadata)
    .filter((key) => isReservedKey(key) || key === OWNER_KEY)
    .map(reservedKeyFault),
];
