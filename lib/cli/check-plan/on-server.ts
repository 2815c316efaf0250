import type { StreamInfo } from "@nats-io/jetstream";
import { OWNER_KEY } from "../../naming/names";
import { withoutMarks, withTicks } from "../../wording/code-marks";
import { counted } from "../../wording/lists";
import { Refusal } from "../refusal";
import type { ManagedServer } from "../server";
import { elsewhereFor } from "./elsewhere";
import { type Existing, existingConsumer, existingStream, existingValue } from "./existing";
import { isAccessDocument, type Loss, lossBy } from "./loss";
import { asMade } from "./overwritten";
import type { PlannedChange } from "./plan";
import { type PlannedResource, resourceOf } from "./planned-resource";

/** The server's codes for a stream and a consumer that are not there. */
const ABSENT = new Set<unknown>([10059, 10014]);

/** What a server answers, or undefined where there is nothing of that name. */
async function orNothing<T>(asked: () => Promise<T>): Promise<T | undefined> {
  try {
    return await asked();
  } catch (error) {
    if (!ABSENT.has((error as { readonly code?: unknown }).code)) throw error;
    return undefined;
  }
}

/** Whether a server can have something of a name; it can have nothing of an address that stands for one. */
const canBe = (name: string) => name !== "" && !/[\s.*>/\\]/.test(name);

const NO_VALUE: readonly unknown[] = ["DEL", "PURGE"];

/** Asks a server for what it has of the resources of a plan. */
class ServerContents {
  private readonly infos = new Map<string, Promise<StreamInfo | undefined>>();

  public constructor(private readonly server: ManagedServer) {}

  /**
   * What the server has of a resource; null for nothing.
   *
   * @throws a refusal where it does not say that
   */
  public async of(change: PlannedChange): Promise<Existing | null> {
    const resource = resourceOf(change);
    try {
      return await this.found(change, resource);
    } catch (error) {
      const reason = error instanceof Error ? error.message : error;
      throw new Refusal(`the server does not say what it has of ${withTicks(resource.name)}: ${reason}`, [
        "Connect as a user who may look at it, as a node can.",
      ]);
    }
  }

  private async found(change: PlannedChange, resource: PlannedResource): Promise<Existing | null> {
    const info = await this.stream(resource.stream);
    if (!info) return null;
    if (resource.kind === "consumer") return this.consumer(resource, info);
    if (resource.kind === "entry") return this.value(resource, info);
    return withoutMarks(existingStream(change.type, info));
  }

  private stream(marked: string): Promise<StreamInfo | undefined> {
    const name = withTicks(marked);
    const asked = this.infos.get(name);
    if (asked) return asked;
    const info = canBe(name) ? orNothing(() => this.server.streams.info(name)) : Promise.resolve(undefined);
    this.infos.set(name, info);
    return info;
  }

  private async consumer({ name }: PlannedResource, stream: StreamInfo): Promise<Existing | null> {
    const own = withTicks(name.slice(name.indexOf("/") + 1));
    if (!canBe(own)) return null;
    const info = await orNothing(() => this.server.manager.consumers.info(stream.config.name, own));
    return info ? withoutMarks(existingConsumer(info, stream)) : null;
  }

  private async value({ name, stream }: PlannedResource, { config }: StreamInfo): Promise<Existing | null> {
    const { direct, streams } = this.server.manager;
    const key = withTicks(name.slice(name.indexOf("/") + 1));
    const query = { last_by_subj: `$KV.${stream.replace(/^KV_/, "")}.${key}` };
    const message = await (config.allow_direct ? direct : streams).getMessage(config.name, query);
    if (!message || message.header.has("Nats-Marker-Reason")) return null;
    return NO_VALUE.includes(message.header.get("KV-Operation")) ? null : withoutMarks(existingValue(message.string()));
  }
}

const isIdle = ({ actions }: PlannedChange) => actions.every((each) => each === "no-op" || each === "read");

/**
 * The changes of a plan with what a server has of each before it is applied. What is in another account than that of the
 * user who asks is not asked for.
 */
export async function askedAbout(server: ManagedServer, changes: readonly PlannedChange[]): Promise<PlannedChange[]> {
  const contents = new ServerContents(server);
  const isElsewhere = elsewhereFor(server.user, changes);
  const asked: PlannedChange[] = [];
  for (const change of changes) {
    const isLeft = isIdle(change) || isAccessDocument(change);
    const named = change.type === "jetstream_kv_entry" ? asMade(change) : change;
    const existing = isLeft ? undefined : await contents.of(named);
    if (isElsewhere(change)) asked.push(existing ? { ...change, namesake: existing } : change);
    else asked.push(existing === undefined ? change : { ...change, existing });
  }
  return asked;
}

/** Losses with how many messages the server has of each. */
export function withMessages(losses: readonly Loss[], changes: readonly PlannedChange[]): Loss[] {
  const existing = new Map(changes.map((change) => [change.address, change.existing]));
  return losses.map((loss) => {
    const found = existing.get(loss.address);
    const { kind } = loss.resource;
    if (kind === "consumer" || kind === "entry" || !found) return loss;
    return { ...loss, details: [`the server has ${counted(found.messages, "message")} in it`, ...loss.details] };
  });
}

/** What the plan makes and the server has already, of another program: it refuses that. */
export function takenStreams(changes: readonly PlannedChange[]): Loss[] {
  return changes.flatMap((change) => {
    const { existing, actions, after, type } = change;
    const isMade = actions.includes("create") && !actions.includes("delete");
    const isInside = type === "jetstream_consumer" || type === "jetstream_kv_entry";
    const own = (after.metadata as { readonly [key: string]: unknown } | null | undefined)?.[OWNER_KEY];
    if (!isMade || isInside || existing?.owner === undefined || existing.owner === own) return [];
    return [lossBy(change, "refused", ` is on the server already, and belongs to \`${existing.owner}\``)];
  });
}
