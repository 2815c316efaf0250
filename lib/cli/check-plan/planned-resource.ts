import type { CatalogResource } from "../../catalog/catalog";
import { streamKind } from "../../naming/names";
import { clientName, consumerText, resourceText } from "../../wording/resources";
import type { PlannedChange } from "./plan";

/** What a resource of a plan is on the server. */
export interface PlannedResource {
  readonly kind: CatalogResource["kind"] | "consumer" | "entry";
  /** The name by which its loss is allowed: `prod_cache`, `prod_jobs/worker`, `prod_platform/config.flags`. */
  readonly name: string;
  /** The stream on the server that it is or is in. */
  readonly stream: string;
  /** The module that declares it; another one may have another stream of the name, in another account. */
  readonly module: string;
  /** In words: ``key-value bucket `prod_cache` ``. */
  readonly text: string;
}

/** Whether something is in a stream or bucket: a consumer or a key. */
export const isInside = ({ kind }: Pick<PlannedResource, "kind">): boolean => kind === "consumer" || kind === "entry";

/** The name of a consumer or a key without that of its stream or bucket. */
export const nameInside = ({ name }: Pick<PlannedResource, "name">): string => name.slice(name.indexOf("/") + 1);

/** Whether a change is about a key of a bucket. */
export const isEntry = ({ type }: Pick<PlannedChange, "type">): boolean => type === "jetstream_kv_entry";

const textOf = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

type Named = Omit<PlannedResource, "module">;

function stored(stream: string): Named {
  const resource = { stream, kind: streamKind(stream) };
  return { ...resource, name: clientName(resource), text: resourceText(resource) };
}

/** A stream by its name on the server. */
export const storedIn = (stream: string, module: string): PlannedResource => ({ ...stored(stream), module });

function consumer(stream: string, name: string): Named {
  return { kind: "consumer", name: `${stream}/${name}`, stream, text: consumerText({ name, stream }) };
}

function entry(bucket: string, key: string): Named {
  const text = `key \`${key}\` of key-value bucket \`${bucket}\``;
  return { kind: "entry", name: `${bucket}/${key}`, stream: `KV_${bucket}`, text };
}

function namedBy({ address, type, before, after }: PlannedChange): Named {
  const attribute = (name: string) => textOf(before[name]) ?? textOf(after[name]) ?? address;
  switch (type) {
    case "jetstream_kv_bucket":
      return stored(`KV_${attribute("name")}`);
    case "jetstream_obj_bucket":
      return stored(`OBJ_${attribute("name")}`);
    case "jetstream_consumer":
      return consumer(attribute("stream_id").replace(/^JETSTREAM_STREAM_/, ""), attribute("durable_name"));
    case "jetstream_kv_entry":
      return entry(attribute("bucket"), attribute("key"));
    default:
      return stored(attribute("name"));
  }
}

/** What a change of a plan is about: as it is before, or as it will be. An address stands for a name that is not known. */
export function resourceOf(change: PlannedChange): PlannedResource {
  return { ...namedBy(change), module: change.module };
}
