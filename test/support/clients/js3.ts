import { AckPolicy, type JetStreamClient, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import {
  headers,
  type MsgHdrs,
  type NatsConnection,
  nkeyAuthenticator,
  PermissionViolationError,
} from "@nats-io/nats-core";
import { Objm } from "@nats-io/obj";
import { connect } from "@nats-io/transport-node";
import { type ConnectionOptions, type KeyValue, type ObjectStore, PATIENCE, Unsupported } from "./client";
import { NatsJsClient, natsJsOptions, textsOf } from "./nats-js";

/** What the library has without declaring it. */
type UntypedKeyValue = Pick<KeyValue, "purgeDeletes">;

/** The npm packages `@nats-io/*`. */
export class Js3Client extends NatsJsClient<MsgHdrs, NatsConnection, JetStreamClient> {
  public static async connect(options: ConnectionOptions, direct: boolean): Promise<Js3Client> {
    return new Js3Client(await connect(natsJsOptions(options, nkeyAuthenticator)), direct, headers);
  }

  public async keyValue(bucket: string, direct = this.direct, domain?: string): Promise<KeyValue> {
    const opened = await new Kvm(this.jetStream(domain)).open(bucket, direct ? { allow_direct: true } : {});
    return opened as KV & UntypedKeyValue;
  }

  public objects(store: string): Promise<ObjectStore> {
    return new Objm(this.jetStream()).open(store);
  }

  public async readInOrder(stream: string, filters: readonly string[], count: number): Promise<string[]> {
    const consumer = await this.jetStream().consumers.get(stream, {
      filter_subjects: filters.length === 1 ? filters[0] : [...filters],
    });
    return textsOf(consumer, count);
  }

  public async createDurable(stream: string, name: string, filter: string): Promise<void> {
    await (await this.manager()).consumers.add(stream, {
      durable_name: name,
      ack_policy: AckPolicy.Explicit,
      filter_subject: filter,
    });
  }

  public async readBySubject(): Promise<string[]> {
    throw new Unsupported("it reads by the stream's name alone");
  }

  protected manager(domain?: string) {
    return jetstreamManager(this.connection, { timeout: PATIENCE, ...(domain !== undefined && { domain }) });
  }

  protected jetStream(domain?: string): JetStreamClient {
    return jetstream(this.connection, { timeout: PATIENCE, ...(domain !== undefined && { domain }) });
  }

  protected async watchRefusals(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type !== "error" || !(status.error instanceof PermissionViolationError)) continue;
      this.refusals.push({ operation: status.error.operation, subject: status.error.subject });
    }
  }
}
