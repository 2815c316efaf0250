import { setTimeout as sleep } from "node:timers/promises";
import { connect, type NatsConnection } from "nats";
import { isDeclared } from "../../../lib/analysis/referred-streams";
import type { ServerAccount } from "../../../lib/analysis/server-model";
import type { CatalogConsumer, CatalogResource, CatalogTransform } from "../../../lib/catalog/catalog";
import { withHeldSubjects } from "../../../lib/catalog/held-subjects";
import { CONSUMERS, emptiedBy, vagueStreams } from "./draw-streams";

/** A message that a stream of the server has. */
export interface Kept {
  readonly stream: string;
  readonly sequence: number;
  readonly subject: string;
  readonly payload: string;
  /** The message that this one is a copy of. */
  readonly copyOf?: { readonly stream: string; readonly sequence: number };
}

/** How many messages a stream has. */
export interface Count {
  readonly least: number;
  readonly most: number;
}

/** How a stream is linked to one that it copies, as the server reports it. */
interface Link {
  readonly external?: object;
  /** When it last heard of it; -1 for never. */
  readonly active: number;
}

/** What answers of administrators begin with: more tokens than any drawn subject has. */
const INBOX = "_INBOX.agree.admin.of.streams";

const MOST_TRIES = 150;

/** For how many rounds streams must stay as they are where it is not known how many messages they get. */
const STILL = 5;

const transformOf = ({ source, destination }: CatalogTransform) => ({ src: source, dest: destination });

function configOf({ stream, subjects, transform, republish, retention, origins = [] }: CatalogResource): object {
  const sources = origins.map((origin) => ({
    name: origin.stream,
    ...(origin.filter !== undefined && { filter_subject: origin.filter }),
    ...(origin.externalApiPrefix !== undefined && { external: { api: origin.externalApiPrefix, deliver: "" } }),
    ...(origin.transforms && { subject_transforms: origin.transforms.map(transformOf) }),
  }));
  const mirrors = origins.some(({ mirror }) => mirror);
  return {
    name: stream,
    storage: "memory",
    retention: retention ?? "limits",
    discard: "old",
    num_replicas: 1,
    allow_direct: true,
    ...(subjects.length > 0 && { subjects }),
    ...(mirrors ? { mirror: sources[0] } : { sources }),
    ...(transform && { subject_transform: transformOf(transform) }),
    ...(republish && { republish: { src: republish.source, dest: republish.destination } }),
  };
}

const keyOf = ({ stream, name }: CatalogConsumer) => `${stream} ${name}`;

/** A consumer that some program makes, of which nothing is known. */
const undeclared = (account: string, stream: string, name: string): CatalogConsumer => ({
  name,
  stream,
  account,
  filters: [],
  acknowledges: false,
  source: "",
});

const consumerOf = ({ name, filters }: CatalogConsumer, keeps: boolean) => ({
  durable_name: name,
  ack_policy: keeps ? "none" : "explicit",
  deliver_policy: "all",
  ...(filters.length === 1 && { filter_subject: filters[0] }),
  ...(filters.length > 1 && { filter_subjects: filters }),
});

/** The header by which a message of a source says where it is from. */
function sourceIn(headers: string): Kept["copyOf"] {
  const [, stream, sequence] = /^Nats-Stream-Source: ([^\s:]+)\S* (\d+)/m.exec(headers) ?? [];
  return stream === undefined ? undefined : { stream, sequence: Number(sequence) };
}

/** The streams of some accounts on a server, made and read by users that may do all. */
export class ServerStreams {
  /** Connects as these users; accounts without streams need none. */
  public static async open(url: string, admins: ReadonlyMap<string, string>): Promise<ServerStreams> {
    const connections = new Map<string, NatsConnection>();
    for (const [account, user] of admins) {
      connections.set(account, await connect({ servers: url, user, pass: "pw", inboxPrefix: INBOX }));
    }
    return new ServerStreams(connections);
  }

  /** The durable consumers, also those that the accounts do not have. */
  public readonly consumers: CatalogConsumer[] = [];
  /** Those of them that the server does not have, since others take the messages of a work queue. */
  private readonly imagined = new Set<CatalogConsumer>();
  private readonly made = new Map<string, CatalogResource>();

  private constructor(private readonly connections: ReadonlyMap<string, NatsConnection>) {}

  /** Makes streams and consumers; the accounts without those that the server refuses and what copies them. */
  public async make(accounts: readonly ServerAccount[]): Promise<ServerAccount[]> {
    const accepted: ServerAccount[] = [];
    for (const account of accounts) {
      const resources: CatalogResource[] = [];
      for (const { holds: _, mayHold: __, ...each } of account.resources.filter(isDeclared)) {
        const known = each.copies.every((name) => resources.some(({ stream }) => stream === name));
        if (!known || (await this.ask(account.name, `STREAM.CREATE.${each.stream}`, configOf(each))).error) continue;
        resources.push(each);
        this.made.set(each.stream, each);
      }
      const known = await this.consumersOf(account.consumers);
      const emptied = emptiedBy(resources);
      const refused = account.consumers.filter(({ stream }) => resources.some((each) => each.stream === stream));
      const free = resources.flatMap(({ stream }) =>
        [...CONSUMERS, "c2"].map((name) => undeclared(account.name, stream, name)),
      );
      const names = new Map(
        [...refused, ...free].map(({ stream, name }) => {
          const each = undeclared(account.name, stream, name);
          return [keyOf(each), each];
        }),
      );
      for (const each of known) names.delete(keyOf(each));
      const others = [...names.values()];
      const made = await this.consumersOf(others.filter(({ stream }) => !emptied.has(stream)));
      const imagined = others.filter((each) => !made.includes(each));
      this.consumers.push(...imagined);
      for (const each of imagined) this.imagined.add(each);
      await this.linked(resources);
      accepted.push({ ...account, resources: withHeldSubjects(resources), consumers: known });
    }
    return accepted;
  }

  private async consumersOf(consumers: readonly CatalogConsumer[]): Promise<CatalogConsumer[]> {
    const made: CatalogConsumer[] = [];
    for (const each of consumers.filter(({ stream }) => this.made.has(stream))) {
      const { account, stream, name } = each;
      const keeps = this.made.get(stream)?.retention === undefined;
      const request = { stream_name: stream, config: consumerOf(each, keeps) };
      const answer = await this.ask(account, `CONSUMER.DURABLE.CREATE.${stream}.${name}`, request);
      if (!answer.error) made.push(each);
    }
    this.consumers.push(...made);
    return made;
  }

  /**
   * Waits until streams have as many messages as they must, and for how many more of those that they may; returns when
   * they do, or when they do not in time.
   */
  public async settle(counts: ReadonlyMap<string, Count>): Promise<void> {
    const exact = [...counts.values()].every(({ least, most }) => least === most);
    let before = "";
    let still = 0;
    for (let round = 0; round < MOST_TRIES; round++) {
      const sizes = await Promise.all([...this.made.values()].map((each) => this.sizeOf(each)));
      const fits = [...this.made.keys()].every((name, index) => {
        const { least, most } = counts.get(name) ?? { least: 0, most: 0 };
        return least <= (sizes[index] ?? 0) && (sizes[index] ?? 0) <= most;
      });
      still = String(sizes) === before ? still + 1 : 0;
      before = String(sizes);
      if (fits && (exact || still >= STILL)) return;
      await sleep(20);
    }
  }

  /** Waits until streams copy others that let go of what nobody waits for, or of which only the server knows what they store. */
  private async linked(resources: readonly CatalogResource[]): Promise<void> {
    const vague = vagueStreams(resources);
    const fleeting = new Set(
      resources.flatMap(({ stream, retention }) => (retention === "interest" || vague.has(stream) ? [stream] : [])),
    );
    const copies = resources.filter(({ copies: all }) => all.some((each) => fleeting.has(each)));
    for (let round = 0; round < MOST_TRIES; round++) {
      const infos = await Promise.all(copies.map((each) => this.ask(each.account, `STREAM.INFO.${each.stream}`)));
      const links = infos.flatMap(({ mirror, sources = [] }) => [...(mirror ? [mirror] : []), ...(sources as Link[])]);
      if ((links as Link[]).every(({ external, active }) => external || active >= 0)) return;
      await sleep(20);
    }
  }

  /** All messages of all streams. */
  public async kept(): Promise<Kept[]> {
    const found = await Promise.all(
      [...this.made.values()].map(async (each) => {
        const size = await this.sizeOf(each);
        return Promise.all(Array.from({ length: size }, (_, index) => this.message(each, index + 1)));
      }),
    );
    return found.flat(2);
  }

  /** The sequences that a consumer delivers, or would if it were alone. */
  public async delivered(consumer: CatalogConsumer): Promise<number[]> {
    const { account, stream, name } = consumer;
    const resource = this.made.get(stream);
    if (resource && this.imagined.has(consumer)) {
      return Array.from({ length: await this.sizeOf(resource) }, (_, index) => index + 1);
    }
    const connection = this.of(account);
    const subscription = connection.subscribe(`${INBOX}.fetched.${stream}.${name}`);
    const request = { batch: 1000, no_wait: true };
    connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`, JSON.stringify(request), {
      reply: subscription.getSubject(),
    });
    const found: number[] = [];
    const stop = setTimeout(() => subscription.unsubscribe(), 5000);
    for await (const { reply, headers } of subscription) {
      if (headers?.code) break;
      found.push(Number(reply?.split(".").at(-4)));
    }
    clearTimeout(stop);
    return found;
  }

  /** Removes what was made, and ends. */
  public async close(): Promise<void> {
    for (const { account, stream } of [...this.made.values()].reverse()) {
      await this.ask(account, `STREAM.DELETE.${stream}`);
    }
    for (const connection of this.connections.values()) await connection.close();
  }

  private async sizeOf({ account, stream }: CatalogResource): Promise<number> {
    const { state } = await this.ask(account, `STREAM.INFO.${stream}`);
    return (state as { readonly last_seq: number }).last_seq;
  }

  private async message({ account, stream, origins = [] }: CatalogResource, seq: number): Promise<Kept[]> {
    const { message } = await this.ask(account, `STREAM.MSG.GET.${stream}`, { seq });
    if (!message) return [];
    const { subject, data = "", hdrs = "" } = message as { readonly subject: string; data?: string; hdrs?: string };
    const [first] = origins;
    const copyOf = first?.mirror ? { stream: first.stream, sequence: seq } : sourceIn(atob(hdrs));
    return [{ stream, sequence: seq, subject, payload: atob(data), ...(copyOf && { copyOf }) }];
  }

  private async ask(account: string, call: string, body?: object): Promise<{ readonly [member: string]: unknown }> {
    const { data } = await this.of(account)
      .request(`$JS.API.${call}`, body ? JSON.stringify(body) : "", { timeout: 5000 })
      .catch((error) => {
        throw new Error(`${call} in ${account}`, { cause: error });
      });
    return JSON.parse(new TextDecoder().decode(data));
  }

  private of(account: string): NatsConnection {
    const found = this.connections.get(account);
    if (!found) throw new Error(`no administrator of ${account}`);
    return found;
  }
}
