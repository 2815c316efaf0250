import {
  type ConsumerConfig,
  type ConsumerInfo,
  type NatsConnection,
  headers as newHeaders,
  type StreamInfo,
} from "nats";
import type { ServerStreamConfig } from "./stream-config";

/** Whether the server refuses a configuration that it would have to change. */
export interface Strictness {
  readonly pedantic?: boolean;
}

/** What the JetStream API of the server answers in place of a result. */
export class ApiError extends Error {
  public constructor(
    message: string,
    /** The server's number of the error: 10059 for a stream that does not exist. */
    public readonly code: number,
  ) {
    super(message);
  }
}

const STREAM_NOT_FOUND = 10059;
const CONSUMER_NOT_FOUND = 10014;

/** How to talk to the server. */
export interface ApiOptions {
  /** How long to wait for an answer, in milliseconds. */
  readonly timeout?: number;
}

/** The JetStream API of an account, call by call as the server has it; nothing is checked or changed on the way. */
export class ServerApi {
  private readonly timeout: number;

  public constructor(
    private readonly connection: NatsConnection,
    { timeout = 5000 }: ApiOptions = {},
  ) {
    this.timeout = timeout;
  }

  /** The JetStream of the account: its limits and what it uses. */
  public account(): Promise<unknown> {
    return this.call("INFO");
  }

  /** A stream, or undefined if there is none of that name. */
  public stream(name: string): Promise<StreamInfo | undefined> {
    return this.found(this.call<StreamInfo>(`STREAM.INFO.${name}`), STREAM_NOT_FOUND);
  }

  /** All streams of the account. */
  public async streams(): Promise<StreamInfo[]> {
    return (await this.call<{ streams: StreamInfo[] | null }>("STREAM.LIST")).streams ?? [];
  }

  /** All consumers of a stream. */
  public async consumers(stream: string): Promise<ConsumerInfo[]> {
    return (await this.call<{ consumers: ConsumerInfo[] | null }>(`CONSUMER.LIST.${stream}`)).consumers ?? [];
  }

  /** Creates a stream; one that exists with the same configuration stays as it is. */
  public createStream(config: ServerStreamConfig, strictness: Strictness = {}): Promise<StreamInfo> {
    return this.call(`STREAM.CREATE.${config.name}`, { ...config, ...strictness });
  }

  /** Gives a stream another configuration. */
  public updateStream(config: ServerStreamConfig, strictness: Strictness = {}): Promise<StreamInfo> {
    return this.call(`STREAM.UPDATE.${config.name}`, { ...config, ...strictness });
  }

  /** Removes a stream; none of that name is fine. */
  public async deleteStream(name: string): Promise<void> {
    await this.found(this.call(`STREAM.DELETE.${name}`), STREAM_NOT_FOUND);
  }

  /** A consumer, or undefined if there is none of that name. */
  public consumer(stream: string, name: string): Promise<ConsumerInfo | undefined> {
    return this.found(this.call<ConsumerInfo>(`CONSUMER.INFO.${stream}.${name}`), CONSUMER_NOT_FOUND, STREAM_NOT_FOUND);
  }

  /** Creates a durable consumer, or gives it another configuration. */
  public writeConsumer(stream: string, config: Partial<ConsumerConfig>, strictness: Strictness = {}) {
    const filter = config.filter_subject ? `.${config.filter_subject}` : "";
    const body = { stream_name: stream, config, ...strictness };
    return this.call<ConsumerInfo>(`CONSUMER.CREATE.${stream}.${config.name}${filter}`, body);
  }

  /** Removes a consumer; none of that name is fine. */
  public async deleteConsumer(stream: string, name: string): Promise<void> {
    await this.found(this.call(`CONSUMER.DELETE.${stream}.${name}`), CONSUMER_NOT_FOUND, STREAM_NOT_FOUND);
  }

  /** The last value of a key and its revision, or undefined where there is none or it was deleted. */
  public async entry(bucket: string, key: string): Promise<{ value: string; revision: number } | undefined> {
    const message = await this.request(`$JS.API.DIRECT.GET.KV_${bucket}.$KV.${bucket}.${key}`);
    const status = message.headers?.code;
    if (status === 404) return undefined;
    if (status) throw new ApiError(message.headers?.description ?? "no value", status);
    if (message.headers?.get("KV-Operation") || message.headers?.get("Nats-Marker-Reason")) return undefined;
    return { value: message.string(), revision: Number(message.headers?.get("Nats-Sequence")) };
  }

  /** Writes a value, whatever was there. */
  public async putEntry(bucket: string, key: string, value: string): Promise<void> {
    this.resultOf((await this.request(`$KV.${bucket}.${key}`, value)).string());
  }

  /** Marks a key as deleted. */
  public async deleteEntry(bucket: string, key: string): Promise<void> {
    const headers = newHeaders();
    headers.set("KV-Operation", "DEL");
    this.resultOf((await this.request(`$KV.${bucket}.${key}`, "", headers)).string());
  }

  private async call<T>(subject: string, body: object = {}): Promise<T> {
    const answer = await this.request(`$JS.API.${subject}`, JSON.stringify(body));
    return this.resultOf(answer.string()) as T;
  }

  private request(subject: string, body = "", headers?: ReturnType<typeof newHeaders>) {
    return this.connection.request(subject, body, { timeout: this.timeout, headers });
  }

  private resultOf(text: string): unknown {
    const result = JSON.parse(text);
    if (result.error)
      throw new ApiError(`${result.error.description} (${result.error.err_code})`, result.error.err_code);
    return result;
  }

  private async found<T>(call: Promise<T>, ...missing: number[]): Promise<T | undefined> {
    try {
      return await call;
    } catch (error) {
      if (error instanceof ApiError && missing.includes(error.code)) return undefined;
      throw error;
    }
  }
}
