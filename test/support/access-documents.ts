import type { StreamInfo } from "nats";
import { addTo } from "../../lib/collections/groups";
import type { StackDocument } from "../../lib/documents/schema";
import { isWhole, type KeyedText } from "../../lib/documents/whole-stack";
import type { Keeper, StoredMessage } from "./account-contents";

/** The user who reads the access documents of all platforms. */
export const READER = "access-reader";

/** Access documents as their reader gets them: by two requests, which the account ACCESS imports. */
export class DocumentsReader {
  private readonly stream: string;
  private readonly prefix: string;
  private readonly api: string;

  /**
   * @param reader a connection of the reader
   * @param platform the platform whose documents they are
   */
  public constructor(
    private readonly reader: Keeper,
    platform: string,
  ) {
    this.stream = `KV_${platform}_access`;
    this.prefix = `$KV.${platform}_access.`;
    this.api = `$JS.${platform}.API.STREAM`;
  }

  /** The bucket of the documents, with the number of messages of each key. */
  public info(): Promise<StreamInfo> {
    return this.ask(`INFO.${this.stream}`, { subjects_filter: ">" });
  }

  /** All documents, by their keys in order. */
  public async all(): Promise<KeyedText[]> {
    const { state } = await this.info();
    const keys = Object.keys(state.subjects ?? {}).map((subject) => subject.slice(this.prefix.length));
    const found = await Promise.all(keys.sort().map(async (key) => ({ key, text: await this.text(key) })));
    return found.flatMap(({ key, text }) => (text === undefined ? [] : [{ key, text }]));
  }

  /** The document under a key; undefined where there is none, and where it was deleted. */
  public async text(key: string): Promise<string | undefined> {
    const { message } = await this.ask<{ message?: StoredMessage }>(`MSG.GET.${this.stream}`, {
      last_by_subj: `${this.prefix}${key}`,
    });
    if (!message || atob(message.hdrs ?? "").includes("KV-Operation")) return undefined;
    return Buffer.from(message.data ?? "", "base64").toString();
  }

  private async ask<T>(subject: string, body: object): Promise<T> {
    const answer = JSON.parse((await this.reader.request(`${this.api}.${subject}`, JSON.stringify(body))).string());
    if (answer.error && answer.error.err_code !== NO_MESSAGE) throw new Error(answer.error.description);
    return answer;
  }
}

const NO_MESSAGE = 10037;

const STACK = "access.stacks.";

/**
 * Whether the documents of each stack are all that it has, as one apply has written them: of the stacks that say so, and of
 * those that a document says it is of.
 */
export function wholeStacks(documents: readonly KeyedText[]): { readonly [stack: string]: boolean } {
  const said = new Map<string, StackDocument>();
  const parts = new Map<string, KeyedText[]>();
  for (const document of documents) {
    if (document.key.startsWith(STACK)) said.set(document.key.slice(STACK.length), JSON.parse(document.text));
    else addTo(parts, JSON.parse(document.text).stack, document);
  }
  const isWholeStack = (stack: string) => {
    const all = said.get(stack);
    return all !== undefined && isWhole(parts.get(stack) ?? [], all);
  };
  return Object.fromEntries([...said.keys(), ...parts.keys()].map((stack) => [stack, isWholeStack(stack)]));
}
