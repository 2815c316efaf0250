import type { CatalogResource } from "../../catalog/catalog";
import { grouped } from "../../collections/groups";
import { clientName, consumerText, resourceText } from "../../wording/resources";
import { UNKNOWN } from "../attribute-effects";
import type { PlannedChange } from "./plan";

type Kind = CatalogResource["kind"];

/** What a resource of a plan is on the server. */
export interface PlannedResource {
  readonly kind: Kind | "consumer" | "entry";
  /** The name by which its loss is allowed: `prod_cache`, `prod_jobs/worker`, `prod_platform/config.flags`. */
  readonly name: string;
  /** The stream on the server that it is or is in. */
  readonly stream: string;
  /** The module that declares it; another one may have another stream of the name, in another account. */
  readonly module: string;
  /** In words: ``key-value bucket `prod_cache` ``. */
  readonly text: string;
}

const textOf = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

/** The kind of a stream, which its name on the server says. */
function kindOf(stream: string): Kind {
  if (stream.startsWith("KV_")) return "keyValue";
  return stream.startsWith("OBJ_") ? "objectStore" : "stream";
}

type Named = Omit<PlannedResource, "module">;

function stored(stream: string): Named {
  const resource = { stream, kind: kindOf(stream) };
  return { ...resource, name: clientName(resource), text: resourceText(resource) };
}

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

/** A stream of a plan, as it will be. */
interface KnownStream {
  readonly stream: string;
  readonly module: string;
  readonly retention: unknown;
  readonly isNew: boolean;
}

/** How long streams keep messages, as far as a plan says it. */
export class Retentions {
  private readonly byStream: ReadonlyMap<string, readonly KnownStream[]>;

  public constructor(changes: readonly PlannedChange[]) {
    const streams = changes.filter(({ type }) => type === "jetstream_stream");
    const known = streams.map((change) => {
      const { stream, module } = resourceOf(change);
      const { actions, before, after, existing } = change;
      const isMade = actions.includes("create") && Object.keys(before).length === 0;
      const isNew = isMade && (existing?.messages ?? 0) === 0;
      return { stream, module, retention: after.retention ?? before.retention, isNew };
    });
    this.byStream = grouped(known, ({ stream }) => stream);
  }

  /** Whether the plan makes a stream, and the server has no messages of it, as far as it was asked. */
  public isNew({ stream, module }: Pick<PlannedResource, "stream" | "module">): boolean {
    return this.near(stream, module).some(({ isNew }) => isNew);
  }

  /** How long a stream keeps messages: that of the module, or otherwise those of its name, if they are alike. */
  public of({ stream, module }: Pick<PlannedResource, "stream" | "module">): unknown {
    const kept = new Set(this.near(stream, module).map(({ retention }) => retention));
    return kept.size === 1 ? [...kept][0] : UNKNOWN;
  }

  private near(stream: string, module: string): readonly KnownStream[] {
    const all = this.byStream.get(stream) ?? [];
    const near = all.filter((each) => each.module === module);
    return near.length > 0 ? near : all;
  }
}
