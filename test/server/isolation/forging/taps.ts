import type { Msg } from "@nats-io/nats-core";
import type { Account } from "../../../../lib/access/accounts";
import { covers, overlaps } from "../../../../lib/subjects/subject-pattern";
import { type Kind, MARK } from "./attempt";
import type { Finding } from "./changes";
import type { Expected } from "./expected";
import { KEEPER_INBOX, type Place } from "./place";
import type { State } from "./state";

/** What the server itself says in an account, and the way of answers back to whoever asked from another account. */
const PLUMBING = ["$JS.EVENT.>", "_R_.>", "$JS.FC.>"];

/** Where every account is listened at, besides its own subjects. */
const COMMON = ["$JS.API.>", "$JS.ACK.>", "$KV.>", "$O.>", "$SYS.>", "_INBOX.>", `${KEEPER_INBOX}.victim.>`];

/** The number of the attempt that a message belongs to. */
export function attemptOf(message: Msg): number | undefined {
  const mark = message.headers?.get(MARK);
  return mark ? Number(mark) : undefined;
}

const isKeepers = ({ subject, reply }: Msg) => subject.startsWith(KEEPER_INBOX) || reply?.startsWith(KEEPER_INBOX);

/**
 * Subscriptions in all other accounts. One at a single subject shows where a message went: a message that arrives at it
 * under a subject which it does not match has been given another name.
 */
export class Taps {
  private readonly subscriptions: { unsubscribe(): void }[] = [];
  private findings: Finding[] = [];
  private count = 0;

  /** The last number of all attempts that are over; their messages may be stored, and be delivered again. */
  public since = 0;

  /** Whether what arrives is from the keepers, who put something back. */
  public paused = false;

  public constructor(
    private readonly place: Place,
    private readonly victims: readonly Account[],
    private readonly state: () => State,
    private readonly expected: Expected,
  ) {}

  /** How many messages have come in so far. */
  public get heard(): number {
    return this.count;
  }

  /** Begins to listen, and to answer what the accounts' services are asked. */
  public async open(): Promise<void> {
    for (const account of this.victims) {
      const keeper = this.place.keeper(account.name);
      this.subscriptions.push(keeper.subscribe(">", (message) => this.everything(account.name, message)));
      for (const pattern of this.patternsOf(account)) {
        this.subscriptions.push(keeper.subscribe(pattern, (message) => this.single(account.name, pattern, message)));
      }
      for (const service of servicesOf(account)) {
        this.subscriptions.push(
          keeper.subscribe(service, (message) => {
            const attempt = attemptOf(message);
            const options = attempt === undefined ? {} : { headers: { [MARK]: `${attempt}` } };
            if (message.reply) keeper.publish(message.reply, `answered by ${account.name}`, options);
          }),
        );
      }
    }
    await this.flush();
  }

  /** Resolves when everything that was delivered has been seen. */
  public async flush(): Promise<void> {
    await Promise.all(this.victims.map(({ name }) => this.place.keeper(name).flush()));
  }

  /** What was seen since this was last called. */
  public take(): Finding[] {
    const taken = this.findings;
    this.findings = [];
    return taken;
  }

  public close(): void {
    for (const subscription of this.subscriptions.splice(0)) subscription.unsubscribe();
  }

  private patternsOf({ name, exports, imports, mappings, users }: Account): string[] {
    const streams = Object.values(this.state().get(name) ?? {});
    const patterns = [
      ...COMMON,
      ...this.expected.patternsIn(name),
      ...exports.map(({ subject }) => subject),
      ...imports.map(({ subject, to = subject }) => to),
      ...Object.keys(mappings),
      ...streams.flatMap(({ config: { subjects = [] } }) => subjects),
      ...users.map(({ inboxPrefix }) => `${inboxPrefix}.>`),
    ];
    return [...new Set(patterns)];
  }

  private everything(account: string, message: Msg): void {
    this.count++;
    const { subject } = message;
    if (isKeepers(message) || PLUMBING.some((pattern) => covers(pattern, subject))) return;
    if (this.expected.arrives(account, subject)) return;
    if (this.attemptOf(message) === undefined && this.isFetched(account, subject)) return;
    this.add(account, "client saw another name", `${subject} arrives`, message);
  }

  private single(account: string, pattern: string, message: Msg): void {
    const { subject } = message;
    if (isKeepers(message) || covers(pattern, subject)) return;
    this.add(account, this.kindOf(account, pattern, subject), `at ${pattern} arrives ${subject}`, message);
  }

  private kindOf(account: string, pattern: string, subject: string): Kind {
    if (pattern.startsWith("$JS.API.") && subject.startsWith("$JS.API.")) return "takeover";
    if (pattern.startsWith("$")) return "client saw another name";
    const streams = Object.values(this.state().get(account) ?? {});
    const isStored = streams.some(({ config: { subjects = [] } }) => subjects.some((own) => overlaps(own, pattern)));
    return isStored ? "stored under another name" : "client saw another name";
  }

  /** Whether a subject may be that of a message of the account which the attacker is allowed to fetch. */
  private isFetched(account: string, subject: string): boolean {
    const streams = Object.keys(this.state().get(account) ?? {});
    return streams.some((stream) => this.expected.mayRead(account, stream, subject));
  }

  private attemptOf(message: Msg): number | undefined {
    const attempt = attemptOf(message);
    return attempt !== undefined && attempt > this.since ? attempt : undefined;
  }

  private add(account: string, kind: Kind, what: string, message: Msg): void {
    if (this.paused) return;
    const attempt = this.attemptOf(message);
    this.findings.push({ account, kind, what, called: message.subject, ...(attempt !== undefined && { attempt }) });
  }
}

/** The subjects at which an account answers by itself; JetStream answers for its own. */
const servicesOf = ({ exports }: Account): string[] =>
  exports.flatMap(({ kind, subject }) => (kind === "service" && !subject.startsWith("$") ? [subject] : []));
