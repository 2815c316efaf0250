import type { StreamInfo } from "@nats-io/jetstream";
import type { Catalog, CatalogFormer } from "../../catalog/catalog";
import { valueAt } from "../../collections/groups";
import { counted, listed, someOf } from "../../wording/lists";
import type { Server } from "../server";
import { type Copied, compareCopy, isCopying, originSequence } from "./copied-messages";
import type { Copy } from "./declared-copies";
import { endedCopies } from "./ended-copies";
import { type Inherited, inheritedOf } from "./inherited-messages";
import { type Elsewhere, elsewhere } from "./other-accounts";
import { messagesOf, streamInfo } from "./stream-messages";

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

/** What to do about a copy that has ended too early. */
const endedText = ({ origin }: Copy) =>
  [
    `\n  The program no longer says that it copies ${origin}, which is still there: formerly was removed too early.`,
    "Declare the former again, with formerly, and apply that; or delete it, if nothing of it is wanted",
  ].join(" ");

/** What a restart does to messages that clients wrote too early. */
const ownText = ({ stream, origin }: Copy, own: number) =>
  [
    `\nwarning: ${stream} has ${counted(own, "message")} of its own, and still copies ${origin}:`,
    "a restart of a server before 2.14 may copy old ones over them",
  ].join(" ");

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const failure = ({ stream, origin }: Copy, why: string) =>
  lost(`${stream} could not be compared with ${origin}: ${why}`);

/** What of a former stream that copies others itself there is under the new name. */
function inheritedText(former: CatalogFormer, { messages, lacking, own }: Inherited): string {
  const { stream, account, successor } = former;
  const all = counted(messages, "message");
  const isNear = successor?.account === account;
  if (lacking === 0) {
    return isNear ? `${successor.stream} has all of ${stream}: ${all}` : `what ${stream} copies has all of it: ${all}`;
  }
  const ofOwn = own > 0 ? `; ${counted(own, "message")} of these it has copied from nowhere` : "";
  const count = lacking.toLocaleString("en-US");
  return isNear
    ? `${successor.stream} lacks ${count} of ${all} of ${stream}${ofOwn}`
    : `${stream} is copied by nothing, and what it copies lacks ${count} of ${all} of it${ofOwn}`;
}

/** What is retired and gone, of one owner. */
interface Gone {
  readonly copies: Copy[];
  /** Whether any of it is in its copy, or may have been. */
  isCopied: boolean;
}

const nothingText = (copies: readonly Copy[]) =>
  [
    `${listed(copies.map(({ stream }) => stream))} ${copies.length === 1 ? "has" : "have"} nothing of what is gone:`,
    "there was nothing in it, or nothing had copied it, and then all of it is lost.",
    `The plan that deleted it has said which: check-plan --ask-server counts the messages of what is destroyed. If there were some,`,
    "restore a backup before clients write under the new name",
  ].join(" ");

/** What is found in one account, as a server says. */
export class CopyFindings {
  /** What turned out to be in accounts that are not looked at. */
  public readonly elsewhere: Elsewhere[] = [];

  private readonly gone = new Map<string, Gone>();

  /**
   * @param account the account that the server is asked about
   * @param copies what is copied in that account
   */
  public constructor(
    private readonly server: Server,
    private readonly catalog: Catalog,
    private readonly account: string,
    private readonly copies: readonly Copy[],
  ) {}

  /**
   * The new names that have nothing of anything that their owner had under the former one, which is gone: it was empty, or it
   * was not copied before, and then `check-plan` has said so. Where there is something of one, the others were empty. To be
   * called when all copies were looked at.
   */
  public ofGone(): Finding[] {
    return [...this.gone.values()].flatMap(({ copies, isCopied }) => (isCopied ? [] : [whole(nothingText(copies))]));
  }

  /** The copies of a former name that the program has ended before they had everything. What the server refuses is a finding too. */
  public async ofEnded(): Promise<Finding[]> {
    try {
      const ended = await endedCopies(this.server, this.catalog, this.account);
      return ended.map(({ copy, copied }) => lost(comparisonText(copy, copied) + endedText(copy)));
    } catch (error) {
      return [lost(`whether a former name was left too early could not be looked at: ${messageOf(error)}`)];
    }
  }

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

  private async held(former: CatalogFormer): Promise<Finding> {
    const { stream, copy } = former;
    const messages = (await streamInfo(this.server, stream))?.state.messages;
    if (messages === undefined) {
      return this.isLeaving(stream)
        ? whole(`${stream}, which is retired, is not there`)
        : lost(`${stream} was not found`);
    }
    if (copy) return whole(`${stream} has ${counted(messages, "message")}; its copy is in account ${copy.account}`);
    if (messages === 0) return whole(`${stream}, which nothing copies, is empty`);
    const inherited = await inheritedOf(this.server, former, this.copies, this.catalog.formerly ?? []);
    if (inherited) return { text: inheritedText(former, inherited), isWhole: inherited.lacking === 0 };
    return lost(`${stream} is copied by nothing: ${counted(messages, "message")}`);
  }

  private async comparison(copy: Copy): Promise<Finding | undefined> {
    const info = await streamInfo(this.server, copy.stream);
    if (info === undefined) return failure(copy, `stream ${copy.stream} not found`);
    const copies = isCopying(info, copy);
    if ((await streamInfo(this.server, copy.origin)) === undefined) {
      return copies ? failure(copy, `stream ${copy.origin} not found`) : this.afterwards(copy, info);
    }
    const copied = await compareCopy(this.server, copy);
    const goesOn = copies && copy.former !== undefined;
    const warning = goesOn && copied.own > 0 ? ownText(copy, copied.own) : "";
    return { text: comparisonText(copy, copied) + warning, isWhole: copied.missing.length === 0, goesOn };
  }

  /** What is said of an origin that is not there, when nothing is copied any more. */
  private async afterwards(copy: Copy, info: StreamInfo): Promise<Finding | undefined> {
    const { origin, former } = copy;
    if (former === undefined || !this.isLeaving(origin)) return failure(copy, `stream ${origin} not found`);
    if (former.account !== this.account) {
      this.elsewhere.push(elsewhere(origin, former.account));
      return undefined;
    }
    const { platform, app } = this.catalog.resources.find((each) => each.stream === copy.stream) ?? {};
    const gone = valueAt(this.gone, `${platform} ${app}`, (): Gone => ({ copies: [], isCopied: false }));
    gone.copies.push(copy);
    gone.isCopied ||= await this.mayHaveCopied(copy, info);
    return whole(`${origin}, which is retired, is gone`);
  }

  /** Whether a stream has messages of an origin, or had some that are gone. */
  private async mayHaveCopied(copy: Copy, { state }: StreamInfo): Promise<boolean> {
    if (state.messages < state.last_seq) return true;
    for await (const message of messagesOf(this.server, copy.stream, state, "headers")) {
      if (originSequence(message, copy) !== undefined) return true;
    }
    return false;
  }

  private isLeaving(stream: string): boolean {
    return this.catalog.resources.every((each) => each.stream !== stream);
  }
}
