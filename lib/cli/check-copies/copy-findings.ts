import type { Catalog, CatalogFormer } from "../../catalog/catalog";
import { counted, someOf } from "../../wording/lists";
import type { Server } from "../server";
import { type Copied, compareCopy, isCopying } from "./copied-messages";
import type { Copy } from "./declared-copies";
import { type Elsewhere, elsewhere } from "./other-accounts";
import { streamInfo } from "./stream-messages";

/** What is to be said of a copy, or of a former name. */
export interface Finding {
  /** One or more lines. */
  readonly text: string;
  /** Whether nothing lacks. */
  readonly isWhole: boolean;
  /** Whether the server goes on to copy what is to be retired. */
  readonly goesOn?: boolean;
}

const whole = (text: string): Finding => ({ text, isWhole: true });

const lost = (text: string): Finding => ({ text, isWhole: false });

/** What to do about messages that were taken for duplicates: the server reads nothing of the origin twice. */
const duplicatesText = (duplicates: number) =>
  [
    `\n  ${counted(duplicates, "message")} of these with the Nats-Msg-Id of an earlier one: the server took them for duplicates;`,
    "delete the copy, and let it copy again with duplicateWindowSeconds: 0 (nats-server 2.14)",
  ].join(" ");

const mistakenText = (mistaken: readonly number[]) =>
  [
    `\n  ${mistaken.length === 1 ? "Its number" : "Its numbers"} ${someOf(mistaken.map(String), 5)}`,
    `${mistaken.length === 1 ? "is" : "are"} in the copy with another subject or content, or older: from an earlier stream of that name?`,
  ].join(" ");

function comparisonText({ stream, origin }: Copy, { messages, missing, duplicates, mistaken }: Copied): string {
  const all = counted(messages, "message");
  if (missing.length === 0) return `${stream} has all of ${origin}: ${all}`;
  const lacks = `${missing.length.toLocaleString("en-US")} of ${all} of ${origin}: ${someOf(missing.map(String), 5)}`;
  const why = [duplicates > 0 ? duplicatesText(duplicates) : "", mistaken.length > 0 ? mistakenText(mistaken) : ""];
  return `${stream} lacks ${lacks}${why.join("")}`;
}

/** What a restart does to messages that clients wrote too early. */
const ownText = ({ stream, origin }: Copy, own: number) =>
  [
    `\nwarning: ${stream} has ${counted(own, "message")} of its own, and still copies ${origin}:`,
    "a restart of a server before 2.14 may copy old ones over them",
  ].join(" ");

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const failure = ({ stream, origin }: Copy, why: string) =>
  lost(`${stream} could not be compared with ${origin}: ${why}`);

/** What is found in one account, as a server says. */
export class CopyFindings {
  /** What turned out to be in accounts that are not looked at. */
  public readonly elsewhere: Elsewhere[] = [];

  /** @param account the account that the server is asked about */
  public constructor(
    private readonly server: Server,
    private readonly catalog: Catalog,
    private readonly account: string,
  ) {}

  /** Whether a copy has everything; undefined where only another account can tell. What the server refuses is a finding too. */
  public async ofCopy(copy: Copy): Promise<Finding | undefined> {
    try {
      return await this.comparison(copy);
    } catch (error) {
      return failure(copy, messageOf(error));
    }
  }

  /** What there is of a former name that nothing in this account copies. What the server refuses is a finding too. */
  public async ofHeld(former: CatalogFormer): Promise<Finding> {
    try {
      return await this.held(former);
    } catch (error) {
      return lost(`${former.stream} could not be looked at: ${messageOf(error)}`);
    }
  }

  private async held({ stream, copy }: CatalogFormer): Promise<Finding> {
    const messages = (await streamInfo(this.server, stream))?.state.messages;
    if (messages === undefined) {
      return this.isLeaving(stream)
        ? whole(`${stream}, which is retired, is not there`)
        : lost(`${stream} was not found`);
    }
    if (copy) return whole(`${stream} has ${counted(messages, "message")}; its copy is in account ${copy.account}`);
    if (messages === 0) return whole(`${stream}, which nothing copies, is empty`);
    return lost(`${stream} is copied by nothing: ${counted(messages, "message")}`);
  }

  private async comparison(copy: Copy): Promise<Finding | undefined> {
    const info = await streamInfo(this.server, copy.stream);
    if (info === undefined) return failure(copy, `stream ${copy.stream} not found`);
    const copies = isCopying(info, copy);
    if ((await streamInfo(this.server, copy.origin)) === undefined) {
      return copies ? failure(copy, `stream ${copy.origin} not found`) : this.afterwards(copy);
    }
    const copied = await compareCopy(this.server, copy);
    const goesOn = copies && copy.former !== undefined;
    const warning = goesOn && copied.own > 0 ? ownText(copy, copied.own) : "";
    return { text: comparisonText(copy, copied) + warning, isWhole: copied.missing.length === 0, goesOn };
  }

  /** What is said of an origin that is not there, when nothing is copied any more. */
  private afterwards(copy: Copy): Finding | undefined {
    const { origin, former } = copy;
    if (former === undefined || !this.isLeaving(origin)) return failure(copy, `stream ${origin} not found`);
    if (former.account === this.account) return whole(`${origin}, which is retired, is gone`);
    this.elsewhere.push(elsewhere(origin, former.account));
    return undefined;
  }

  private isLeaving(stream: string): boolean {
    return this.catalog.resources.every((each) => each.stream !== stream);
  }
}
