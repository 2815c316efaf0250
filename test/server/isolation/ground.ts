import { setTimeout as sleep } from "node:timers/promises";
import { accountContents, type StoredMessage } from "../../support/account-contents";
import type { Client, Headers, Message } from "../../support/clients/client";
import { type Scene, unique } from "../../support/clients/scene";

/** What a victim has that an attacker must not see. */
export const SECRET = "the-secret-of-a-victim";

/** The time in which an effect would have shown. */
export const settle = (milliseconds = 40) => sleep(milliseconds);

/** A key of a bucket that attacks are about. */
export interface Target {
  readonly bucket: string;
  readonly key: string;
}

/** Where an attack takes place: the app `convex` attacks its platform and the app `cache`. */
export class Ground {
  /** What came to a subscription of a victim. */
  public readonly heard: Message[] = [];

  /** What the attacker has learned. */
  public readonly learned: string[] = [];

  /** What has come to a victim as it should. */
  public readonly received: Message[] = [];

  /** What the attacker is taken to have guessed. */
  public guessed = unique("guessed");

  /** Whether a message of the victim's was taken for one that is stored already. */
  public suppressed = false;

  public constructor(
    private readonly scene: Scene,
    /** A client that may do everything where the victim's data is. */
    public readonly guard: Client,
    /** What is attacked in place of the other app's bucket. */
    private readonly target?: Target,
  ) {}

  /** The attacker. */
  public get attacker(): Client {
    return this.scene.client;
  }

  public get platform() {
    return this.scene.platform;
  }

  public get app() {
    return this.scene.app;
  }

  /** The other app. */
  public get victim() {
    return this.scene.otherApp;
  }

  /** A client of the other app. */
  public get victimClient(): Client {
    return this.scene.other;
  }

  /** A node of the platform. */
  public get node(): Client {
    return this.scene.node;
  }

  /** The attacker's durable consumer of platform events. */
  public get consumer(): string {
    return this.scene.eventsConsumer;
  }

  /** The API of the platform's JetStream, as the attacker reaches it. */
  public get platformApi(): string {
    return this.scene.domain ? `$JS.${this.scene.domain}.API` : "$JS.API";
  }

  /** Every subject under which an attacker may hope to find the API of its victims. */
  public get apis(): string[] {
    return ["$JS.API", `$JS.${this.platform.platform}.API`];
  }

  public get next(): string {
    return `${this.platformApi}.CONSUMER.MSG.NEXT.${this.platform.eventsStream}.${this.consumer}`;
  }

  /** The subject of a key of the victim's bucket. */
  public get victimKey(): string {
    return `$KV.${this.victimBucket}.${this.victimName}`;
  }

  public get victimBucket(): string {
    return this.target?.bucket ?? this.victim.keyValueStore;
  }

  /** The key of the victim's bucket that is attacked. */
  public get victimName(): string {
    return this.target?.key ?? "x";
  }

  /** A subject of the victim's own. */
  public get victimNote(): string {
    return this.victim.subject("note", "any");
  }

  public get victimAudit(): string {
    return this.victim.auditSubject("query");
  }

  /** The subject that reads a key of the attacker's own bucket. */
  public readOf(key: string): string {
    return `$JS.API.DIRECT.GET.KV_${this.app.keyValueStore}.${this.keyOf(key)}`;
  }

  /** The subject of a key of the attacker's own bucket. */
  public keyOf(key: string): string {
    return `$KV.${this.app.keyValueStore}.${key}`;
  }

  /** Lets the victim subscribe to exactly one subject, where its data is. */
  public async listen(subject: string, client = this.guard): Promise<void> {
    await client.subscribe(subject, (message) => {
      this.heard.push(message);
    });
  }

  /** Asks as the attacker, and keeps the answer as learned; says why where there is none. */
  public async ask(subject: string, body: object | string = {}, headers?: Headers): Promise<string> {
    const data = typeof body === "string" ? body : JSON.stringify(body);
    const answer = await this.attacker.request(subject, data, headers).then(
      (message) => (message.headers?.code ? `${message.headers.code} ${message.string()}` : message.string()),
      (error) => `${error}`,
    );
    this.learned.push(answer);
    return answer;
  }

  /** Makes a push consumer on the attacker's own stream and stores a message that it delivers. */
  public async deliverTo(subject: string, data = "delivered"): Promise<void> {
    const stream = this.app.walStream;
    const config = { name: "attack", deliver_subject: subject, deliver_policy: "all", ack_policy: "none" };
    const answer = JSON.parse(
      await this.ask(`$JS.API.CONSUMER.CREATE.${stream}.attack`, { stream_name: stream, config }),
    );
    if (answer.error) throw new Error(`no consumer: ${answer.error.description}`);
    await this.attacker.store(this.app.subject("wal", "frames"), data);
    await settle();
    await this.ask(`$JS.API.CONSUMER.DELETE.${stream}.attack`);
  }

  /**
   * Publishes a request whose answer is to go to a subject. From an account of its own the attacker also subscribes to
   * it there: the server fetches nothing for a subject that nobody in the account is interested in.
   */
  public requestTo(reply: string, subject: string, data = "", headers?: Headers): void {
    if (this.scene.domain) this.attacker.subscribe(reply).catch(() => undefined);
    this.attacker.publish(subject, data, { reply, headers });
  }

  /** Closes the clients of all. */
  public async leave(): Promise<void> {
    const { client, keeper, node, other } = this.scene;
    await Promise.all([client, keeper, node, other, this.guard].map((each) => each.close()));
  }

  /** Lets the victim fetch a message from its durable consumer without acknowledging it, and the attacker guess how. */
  public async leaveUnacknowledged(): Promise<void> {
    const inbox = unique("_INBOX.fetched");
    const fetched = await this.node.subscribe(inbox);
    const { eventsStream } = this.platform;
    this.node.publish(`$JS.API.CONSUMER.MSG.NEXT.${eventsStream}.${this.victim.consumer()}`, "", { reply: inbox });
    this.guessed = (await fetched.first(({ reply }) => reply !== undefined)).reply ?? "";
  }

  /** Stores a message as the victim, with an id that the attacker is taken to have guessed. */
  public async storeIdentified(subject: string): Promise<void> {
    const answer = await this.victimClient.request(subject, SECRET, { "Nats-Msg-Id": this.guessed });
    this.suppressed = JSON.parse(answer.string()).duplicate === true;
  }

  /** Asks for something under every name that an API of a victim may have. */
  public async askEverywhere(tail: string, body: object | string = {}): Promise<void> {
    for (const api of this.apis) await this.ask(`${api}.${tail}`, body);
  }

  /** What a key of the victim's bucket holds. */
  public async victimValue(): Promise<string> {
    return (await (await this.guard.keyValue(this.victimBucket)).get(this.victimName))?.string() ?? "";
  }

  /** What the victim's account, or with `node` the platform's, says of a stream: JSON. */
  public async streamInfo(stream: string, keeper = this.guard, request?: { readonly subjects_filter: string }) {
    const answer = await keeper.request(`$JS.API.STREAM.INFO.${stream}`, request && JSON.stringify(request));
    return JSON.parse(answer.string());
  }

  /** The durable consumers on a stream of the platform that stay until somebody removes them. */
  public async durablesOn(stream: string): Promise<number> {
    const answer = JSON.parse((await this.node.request(`$JS.API.CONSUMER.LIST.${stream}`, "{}")).string());
    const consumers = (answer.consumers ?? []) as { config: { durable_name?: string; inactive_threshold?: number } }[];
    return consumers.filter(({ config }) => config.durable_name && !config.inactive_threshold).length;
  }

  /** The platform's durable consumer of the victim. */
  public async victimConsumer() {
    const subject = `$JS.API.CONSUMER.INFO.${this.platform.eventsStream}.${this.victim.consumer()}`;
    return JSON.parse((await this.node.request(subject)).string());
  }

  /** All messages of a stream of the victim's account, or with `node` of the platform's. */
  public async messagesIn(stream: string, keeper = this.guard): Promise<readonly StoredMessage[]> {
    return (await accountContents(keeper))[stream]?.messages ?? [];
  }
}

/** Looks until a condition holds. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await holds()) return;
    await sleep(15);
  }
  throw new Error(`${what}: not within 3 s`);
}
