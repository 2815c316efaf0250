import type { StreamInfo } from "@nats-io/jetstream";
import { withoutMarks, withTicks } from "../../wording/code-marks";
import { Refusal } from "../refusal";
import type { ManagedServer } from "../server";
import { type Existing, existingConsumer, existingStream, existingValue } from "./existing";
import type { PlannedChange } from "./plan";
import { isInside, nameInside, type PlannedResource, resourceOf } from "./planned-resource";

/** A stream as a server has it. */
interface ServerStream {
  readonly messages: number;
  readonly retention: string;
}

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

/** The operations of messages that say that a key is gone. */
const NO_VALUE: readonly unknown[] = ["DEL", "PURGE"];

const ownName = (resource: PlannedResource) => withTicks(nameInside(resource));

/** What a server has in the account of the user who asks. It is asked for each stream, consumer and key once. */
export class AskedServer {
  private readonly streams = new Map<string, StreamInfo | undefined>();
  private readonly parts = new Map<string, Existing | null>();

  public constructor(private readonly server: ManagedServer) {}

  /**
   * What the server has of a resource; null for nothing.
   *
   * @throws a refusal where it does not say that
   */
  public async existing(change: PlannedChange): Promise<Existing | null> {
    const resource = resourceOf(change);
    await this.ask(resource.stream);
    const info = this.streams.get(resource.stream);
    if (!info) return null;
    const { kind, name } = resource;
    if (!isInside(resource)) return withoutMarks(existingStream(change.type, info));
    const known = this.parts.get(`${kind} ${name}`);
    if (known !== undefined) return known;
    const part = await this.answer(name, () =>
      kind === "consumer" ? this.consumer(resource, info) : this.value(resource, info),
    );
    this.parts.set(`${kind} ${name}`, part);
    return part;
  }

  /**
   * Asks for a stream, so that it is found.
   *
   * @throws a refusal where the server does not say what it has
   */
  public async ask(stream: string): Promise<void> {
    if (this.streams.has(stream)) return;
    const name = withTicks(stream);
    const found = () => orNothing(() => this.server.streams.info(name));
    this.streams.set(stream, canBe(name) ? await this.answer(stream, found) : undefined);
  }

  /** A stream that was asked for; undefined where there is none. */
  public find(stream: string): ServerStream | undefined {
    const info = this.streams.get(stream);
    return info && { messages: info.state.messages, retention: info.config.retention };
  }

  private async answer<T>(name: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      const reason = error instanceof Error ? error.message : error;
      throw new Refusal(`the server does not say what it has of ${withTicks(name)}: ${reason}`, [
        "Connect as a user who may look at it, as a node can.",
      ]);
    }
  }

  private async consumer(resource: PlannedResource, stream: StreamInfo): Promise<Existing | null> {
    const name = ownName(resource);
    if (!canBe(name)) return null;
    const info = await orNothing(() => this.server.manager.consumers.info(stream.config.name, name));
    return info ? withoutMarks(existingConsumer(info, stream)) : null;
  }

  private async value(resource: PlannedResource, { config }: StreamInfo): Promise<Existing | null> {
    const { direct, streams } = this.server.manager;
    const query = { last_by_subj: `$KV.${config.name.replace(/^KV_/, "")}.${ownName(resource)}` };
    const message = await (config.allow_direct ? direct : streams).getMessage(config.name, query);
    if (!message || message.header.has("Nats-Marker-Reason")) return null;
    return NO_VALUE.includes(message.header.get("KV-Operation")) ? null : withoutMarks(existingValue(message.string()));
  }
}
