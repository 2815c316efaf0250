import type { NatsConnection, RequestError } from "@nats-io/transport-node";
import { valueAt } from "../../collections/groups";
import * as names from "../../naming/names";
import { HeldConnection } from "../held-connection";
import { Refusal } from "../refusal";
import { connectionTo, READER } from "../server";
import { type BucketMessage, type BucketSource, type BucketState, BucketView } from "./bucket-view";
import { delegatedIn, type Reading } from "./proposal";
import { type Owner, ownerId } from "./unit";

/** How long a server may take for an answer, in milliseconds. While JetStream starts it gives none. */
const ANSWER_MILLIS = 2_000;

/** What the server says where a stream has no such message, or where there is no such stream. */
const NO_MESSAGE = 10037;
const NO_STREAM = 10059;

interface Answer {
  readonly error?: { readonly err_code?: number; readonly description?: string };
  readonly created?: string;
  readonly state?: { readonly messages: number; readonly first_seq: number; readonly last_seq: number };
  readonly message?: { readonly subject: string; readonly seq: number; readonly hdrs?: string; readonly data?: string };
}

/** Why a bucket cannot be read, in words. */
class Unreadable extends Error {}

/** A bucket that is not there. */
class NoBucket extends Unreadable {}

/** What is in a bucket that is not there. */
const NOTHING = { documents: [], deleted: new Set<string>(), version: 0 } as const;

const textOf = (base64 = "") => Buffer.from(base64, "base64").toString("utf8");

/** Whether the headers of a message say that its key was deleted, or has expired. */
const isDeletion = (headers: string) => /^(KV-Operation:\s*(DEL|PURGE)|Nats-Marker-Reason:)/im.test(headers);

/** A bucket, as the account of the reader imports it. */
class AccessBucket implements BucketSource {
  private readonly bucket: string;

  public constructor(
    private readonly owner: Owner,
    private readonly connection: HeldConnection,
  ) {
    this.bucket = names.accessStore(owner.platform, owner.app);
  }

  public async state(): Promise<BucketState> {
    const { created = "", state, error } = await this.ask("INFO");
    if (error?.err_code === NO_STREAM) throw new NoBucket(`there is no bucket ${this.bucket} yet`);
    if (!state) throw new Unreadable(error?.description ?? "the server says nothing of the bucket");
    if (!Number.isSafeInteger(state.last_seq) || !Number.isSafeInteger(state.first_seq)) {
      throw new Unreadable(`the bucket ${this.bucket} counts its messages from a number that no apply reaches`);
    }
    return { created, messages: state.messages, firstSequence: state.first_seq, lastSequence: state.last_seq };
  }

  public async messageFrom(seq: number): Promise<BucketMessage | undefined> {
    const { message, error } = await this.ask("MSG.GET", { seq, next_by_subj: ">" });
    if (error?.err_code === NO_MESSAGE) return undefined;
    if (!message) throw new Unreadable(error?.description ?? "the server gives no message");
    const key = message.subject.replace(names.keySubject(this.bucket, ""), "");
    return {
      key,
      sequence: message.seq,
      text: isDeletion(textOf(message.hdrs)) ? undefined : textOf(message.data),
    };
  }

  private async ask(what: "INFO" | "MSG.GET", request?: object): Promise<Answer> {
    const subject = `$JS.${this.owner.platform}.API.STREAM.${what}.${names.keyValueStream(this.bucket)}`;
    const connection = await this.connection.get();
    try {
      const payload = request === undefined ? "" : JSON.stringify(request);
      return (await connection.request(subject, payload, { timeout: ANSWER_MILLIS })).json<Answer>();
    } catch (error) {
      throw new Unreadable(reasonOf(error as Error, connection));
    }
  }
}

function reasonOf(error: Error, connection: NatsConnection): string {
  if (connection.isClosed()) return `the connection is lost: ${error.message}`;
  if ((error as Partial<RequestError>).isNoResponders?.() === true) {
    return "nobody answers: the accounts that are in force do not let the reader ask, or the bucket's account has no JetStream";
  }
  return `no answer: ${error.message}`;
}

/** Reads the access documents of platforms as the user who may do that and no more. */
export class BucketReader {
  private readonly connection: HeldConnection;
  private readonly views = new Map<string, BucketView>();

  public constructor(private readonly platforms: readonly string[]) {
    this.connection = new HeldConnection(() => connectionTo({ ignoreClusterUpdates: true }, READER));
  }

  /**
   * What the buckets of the platforms have now, and those of the apps that they delegate. One that cannot be read, for whatever
   * reason, is said so.
   *
   * @throws a refusal where the environment does not say how to connect
   */
  public async read(): Promise<Reading[]> {
    const refused = await this.connection.get().then(
      () => undefined,
      (error: Error) => error,
    );
    if (refused instanceof Refusal) throw refused;
    const read = (owners: readonly Owner[]) => Promise.all(owners.map((owner) => this.readOne(owner, refused)));
    const own = await read(this.platforms.map((platform) => ({ platform })));
    return [...own, ...(await read(this.platforms.flatMap((platform) => this.delegatedBy(platform))))];
  }

  private async readOne(owner: Owner, refused: Error | undefined): Promise<Reading> {
    if (refused) return { kind: "unreadable", ...owner, why: `no connection of the reader: ${refused.message}` };
    const view = this.viewOf(owner);
    try {
      await view.update();
      const { documents, deleted, version } = view;
      return { kind: "read", ...owner, documents, deleted, version };
    } catch (error) {
      // A platform delegates an app before the program of the app makes the bucket.
      if (error instanceof NoBucket && owner.app !== undefined) return { kind: "read", ...owner, ...NOTHING };
      return { kind: "unreadable", ...owner, why: (error as Error).message };
    }
  }

  private viewOf(owner: Owner): BucketView {
    return valueAt(this.views, ownerId(owner), () => new BucketView(new AccessBucket(owner, this.connection)));
  }

  private delegatedBy(platform: string): Owner[] {
    return delegatedIn(this.viewOf({ platform }).documents.map(({ key }) => ({ platform, key })));
  }

  /** Ends the connection. */
  public close(): Promise<void> {
    return this.connection.close();
  }
}
