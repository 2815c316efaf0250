import { AccessModel, type Member } from "../../../lib/analysis/access-model";
import type { Course, Step } from "../../../lib/analysis/course";
import { canPublish, canSubscribe, reach, whoCanPublish } from "../../../lib/analysis/reach";
import { ResourceAccess } from "../../../lib/analysis/resource-access";
import type { Stored } from "../../../lib/analysis/traffic";
import { covers, isLiteral, overlaps } from "../../../lib/subjects/subject-pattern";
import type { TestServer } from "../../../scripts/tools/nats-server";
import { fileOf, type Scene, type TriedSubscription, watcherOf } from "./draw";
import { emptiedBy, republishesVaguely, storesVaguely, vagueStreams } from "./draw-streams";
import { probesOf, readBy } from "./probes";
import { RawClient } from "./raw-client";
import { type Count, type Kept, ServerStreams } from "./server-streams";

/** How many questions were asked, and where the model and the server differ. */
export interface Interview {
  readonly questions: number;
  /** How many messages the streams had that they copied from others. */
  readonly copies: number;
  /** How many they had under subjects that functions of the server made. */
  readonly rewritten: number;
  /** How many copies took away from work queues. */
  readonly taken: number;
  readonly differences: readonly string[];
}

interface Held extends TriedSubscription {
  readonly member: Member;
  readonly sid: string;
}

interface Message {
  readonly held: Held;
  readonly subject: string;
}

/** What must be received of one published message. */
interface Expected {
  readonly messages: Message[];
  /** Of each queue group one of these. */
  readonly groups: ReadonlyMap<string, Message[]>;
  /** What may be received of it, under subjects that are patterns. */
  readonly possible: Message[];
}

/** Answers, and what streams are sent of others: under the stored subject, to be acknowledged. */
const OF_SERVER = /^(\$JS|_INBOX)\./;

/** Whether a way leads through a stream that rewrites subjects to something that only the server knows. */
const isVagueWay = (through: readonly Step[]) =>
  through.some(
    (step) =>
      step.kind !== "import" &&
      (storesVaguely(step.resource) ||
        (step.kind === "republish" ? republishesVaguely(step.resource) : storesVaguely(step.from))),
  );

const isVaguelyStored = ({ resource, through }: Stored) => storesVaguely(resource) || isVagueWay(through);

/** The streams that are copied, from one to the next, by one of which only the server knows what it stores. */
function vaguelyCopied({ resources }: AccessModel): ReadonlySet<string> {
  const found = new Set<string>();
  const vague = vagueStreams(resources);
  for (;;) {
    const more = resources
      .filter(({ stream }) => vague.has(stream) || found.has(stream))
      .flatMap(({ copies }) => copies)
      .filter((each) => !found.has(each));
    if (more.length === 0) return found;
    for (const each of more) found.add(each);
  }
}

const nameOf = ({ held: { member, sid }, subject }: Message) => `${member.user.name}#${sid} ${subject}`;

/** Asks the model and a server the same questions. The server must have been started with `NO_USERS`, or with the same accounts. */
export async function interview(server: TestServer, scene: Scene): Promise<Interview> {
  const { accounts, subscriptions, subjects, without } = scene;
  await server.reload(fileOf(accounts, without));
  const admins = accounts.filter(({ resources }) => resources.length > 0).map(({ name }) => [name, watcherOf(name)]);
  const streams = await ServerStreams.open(server.url, new Map(admins as [string, string][]));
  const clients = new Map<string, RawClient>();
  try {
    const model = new AccessModel(await streams.make(accounts));
    await Promise.all(
      model.members.map(async ({ user }) => clients.set(user.name, await RawClient.open(server.url, user.name, "pw"))),
    );
    return await new Interviewer(model, clients, streams).run(subscriptions, subjects);
  } finally {
    for (const client of clients.values()) client.close();
    await streams.close();
  }
}

class Interviewer {
  private readonly differences: string[] = [];
  private questions = 0;
  private copies = 0;
  private rewritten = 0;
  private taken = 0;

  public constructor(
    private readonly model: AccessModel,
    private readonly clients: ReadonlyMap<string, RawClient>,
    private readonly streams: ServerStreams,
  ) {}

  public async run(subscriptions: readonly TriedSubscription[], subjects: readonly string[]): Promise<Interview> {
    const sent = this.model.members.flatMap((member) => this.sentBy(member, subjects));
    const held = await this.subscribe([...subscriptions, ...this.witnesses(sent)]);
    await this.publish(held, sent);
    const { questions, copies, rewritten, taken, differences } = this;
    return { questions, copies, rewritten, taken, differences };
  }

  /** What a user publishes: the drawn subjects, and what the model says it needs for them to be seen anywhere. */
  private sentBy(member: Member, subjects: readonly string[]): { member: Member; subject: string }[] {
    const found = subjects.flatMap((subject) =>
      this.model.accountNames.flatMap((into) =>
        whoCanPublish(this.model, subject, into)
          .filter((each) => each.member === member && isLiteral(each.publishes))
          .map((each) => each.publishes),
      ),
    );
    return [...new Set([...subjects, ...found])].map((subject) => ({ member, subject }));
  }

  /** A subscription for everything that the model says a user receives. */
  private witnesses(sent: readonly { member: Member; subject: string }[]): TriedSubscription[] {
    const found = sent.flatMap(({ member, subject }) => reach(this.model, member, subject).receivers);
    const tried = found.map(({ member, subscription, queue }) => ({
      user: member.user.name,
      pattern: subscription,
      ...(queue !== undefined && { queue }),
    }));
    return [...new Map(tried.map((each) => [JSON.stringify(each), each])).values()];
  }

  private async subscribe(tried: readonly TriedSubscription[]): Promise<Held[]> {
    const answers = await Promise.all(
      tried.map(async (each, index): Promise<Held[]> => {
        const member = this.model.member(each.user) as Member;
        const { pattern, queue } = each;
        const client = this.clients.get(each.user) as RawClient;
        client.send(`SUB ${pattern} ${queue === undefined ? "" : `${queue} `}${index}\r\n`);
        const accepted = (await client.sync()).every(({ kind }) => kind !== "error");
        this.compare(`subscribe ${JSON.stringify(each)}`, canSubscribe(member, pattern, queue).allowed, accepted);
        return accepted ? [{ ...each, member, sid: String(index) }] : [];
      }),
    );
    return answers.flat();
  }

  private async publish(held: readonly Held[], sent: readonly { member: Member; subject: string }[]): Promise<void> {
    const arrived = new Map<string, Message[]>(sent.map((_, index) => [String(index), []]));
    const bySid = new Map(held.map((each) => [each.sid, each]));
    const take = (received: Awaited<ReturnType<RawClient["sync"]>>) => {
      for (const each of received) {
        if (each.kind !== "message" || [each.subject, each.reply ?? ""].some((name) => OF_SERVER.test(name))) continue;
        arrived.get(each.payload)?.push({ held: bySid.get(each.sid) as Held, subject: each.subject });
      }
    };
    const allowed = await Promise.all(
      sent.map(async ({ member, subject }, index) => {
        const client = this.clients.get(member.user.name) as RawClient;
        const payload = String(index);
        client.send(`PUB ${subject} ${payload.length}\r\n${payload}\r\n`);
        const received = await client.sync();
        take(received);
        return received.every(({ kind }) => kind !== "error");
      }),
    );
    const kept = await this.store(sent);
    for (const client of this.clients.values()) take(await client.sync());
    await this.read(kept);
    for (const [index, { member, subject }] of sent.entries()) {
      const what = `${member.user.name} publishes ${subject}`;
      this.compare(what, canPublish(this.model, member, subject).extent === "all", allowed[index]);
      const messages = arrived.get(String(index)) ?? [];
      this.compareMessages(what, this.expected(held, member, subject), messages);
      this.compareReach(what, member, subject, messages);
    }
  }

  /** Whether the streams that the model says store a message are those that have it, under its subjects. */
  private async store(sent: readonly { member: Member; subject: string }[]): Promise<Kept[]> {
    if (this.model.resources.length === 0) return [];
    const said = sent.map(({ member, subject }) =>
      this.courses(member, subject).flatMap((course) => this.model.traffic.storedBy(course)),
    );
    const counts = new Map<string, Count>();
    for (const each of said.flat()) {
      const { stream } = each.resource;
      const { least, most } = counts.get(stream) ?? { least: 0, most: 0 };
      counts.set(stream, { least: least + Number(!isVaguelyStored(each)), most: most + 1 });
    }
    await this.streams.settle(counts);
    const there = await this.streams.kept();
    const emptied = emptiedBy(this.model.resources);
    const taken = this.takenAway(there, said);
    const kept = [...there, ...taken];
    this.taken += taken.length;
    this.copies += kept.filter(({ copyOf }) => copyOf !== undefined).length;
    for (const [index, { member, subject }] of sent.entries()) {
      const what = `${member.user.name} publishes ${subject}: stored`;
      const all = (said[index] ?? []).filter(({ resource }) => !emptied.has(resource.stream));
      const found = there.filter(({ payload, stream }) => payload === String(index) && !emptied.has(stream));
      const nameOfKept = (each: Kept) => `${each.stream} ${each.subject}`;
      const unsaid = [...found];
      const missed: Stored[] = [];
      for (const each of all.filter((one) => !isVaguelyStored(one))) {
        const at = unsaid.findIndex(
          ({ stream, subject: is }) => stream === each.resource.stream && is === each.subject,
        );
        if (at >= 0) unsaid.splice(at, 1);
        else missed.push(each);
      }
      for (const each of all.filter(isVaguelyStored)) {
        const at = unsaid.findIndex(
          ({ stream, subject: is }) => stream === each.resource.stream && covers(each.subject, is),
        );
        if (at < 0) continue;
        unsaid.splice(at, 1);
        this.rewritten++;
      }
      const is = found.map(nameOfKept).sort();
      const expected = all.map((each) => `${each.resource.stream} ${each.subject}`).sort();
      this.compare(what, missed.length + unsaid.length === 0 ? is : expected, is);
    }
    return kept;
  }

  /** The messages that copies have taken away from work queues, as they must have been there. */
  private takenAway(there: readonly Kept[], said: readonly (readonly Stored[])[]): Kept[] {
    const emptied = emptiedBy(this.model.resources);
    return there.flatMap(({ copyOf, payload }) => {
      if (!copyOf || !emptied.has(copyOf.stream)) return [];
      const [only, ...others] = (said[Number(payload)] ?? []).filter(
        ({ resource }) => resource.stream === copyOf.stream,
      );
      return only && others.length === 0 && isLiteral(only.subject)
        ? [{ ...copyOf, subject: only.subject, payload }]
        : [];
    });
  }

  /** Whether users read by requests the messages that the model says they do, where they are first and as copies. */
  private async read(kept: readonly Kept[]): Promise<void> {
    if (kept.length === 0) return;
    const access = new ResourceAccess(this.model);
    const known = await probesOf(this.model, this.streams, kept);
    const subjects = new Map(kept.map((each) => [`${each.stream} ${each.subject}`, each]));
    const vaguely = vaguelyCopied(this.model);
    for (const member of this.model.members) {
      const cells = [...(access.of(member.user.name)?.cells ?? [])];
      const abilities = new Map(cells.map(([{ stream }, cell]) => [stream, cell.abilities]));
      const client = this.clients.get(member.user.name) as RawClient;
      const readable = await readBy(client, member, known, kept, this.model);
      for (const [name, { stream, subject }] of subjects) {
        const said = (abilities.get(stream) ?? []).some(
          ({ act, by, subjects: some }) =>
            act === "read" && by === "request" && (some?.some((each) => covers(each, subject)) ?? true),
        );
        const is = readable.has(name);
        this.compare(`${member.user.name} reads ${name}`, said && vaguely.has(stream) ? is : said, is);
      }
    }
  }

  private courses(member: Member, subject: string): Course[] {
    if (canPublish(this.model, member, subject).extent === "none") return [];
    const { traffic } = this.model;
    return traffic.sent(member.account, subject).flatMap((course) => traffic.arrivals(course));
  }

  private expected(held: readonly Held[], member: Member, subject: string): Expected {
    const messages: Message[] = [];
    const groups = new Map<string, Message[]>();
    const possible: Message[] = [];
    for (const arrival of this.courses(member, subject)) {
      if (isVagueWay(arrival.through)) {
        const receiving = held.filter(
          (each) => each.member.account === arrival.account && overlaps(each.pattern, arrival.subject),
        );
        possible.push(...receiving.map((each) => ({ held: each, subject: arrival.subject })));
        continue;
      }
      for (const each of held) {
        if (each.member.account !== arrival.account || !covers(each.pattern, arrival.subject)) continue;
        if (!each.member.permissions.delivers(arrival.subject, each.queue)) continue;
        const message = { held: each, subject: arrival.subject };
        if (each.queue === undefined) {
          messages.push(message);
          continue;
        }
        const group = `${each.queue} ${landingOf(arrival)}`;
        groups.set(group, [...(groups.get(group) ?? []), message]);
      }
    }
    return { messages, groups, possible };
  }

  private compareMessages(what: string, { messages, groups, possible }: Expected, all: readonly Message[]): void {
    const names = (some: readonly Message[]) => some.map(nameOf).sort();
    const certain = new Set([...groups.values()].flatMap(names));
    const waiting = names(messages);
    const isPossible = ({ held, subject }: Message) =>
      possible.some((each) => each.held === held && covers(each.subject, subject));
    const plain = all.filter((each) => {
      if (each.held.queue !== undefined) return false;
      const at = waiting.indexOf(nameOf(each));
      if (at >= 0) waiting.splice(at, 1);
      return at >= 0 || !isPossible(each);
    });
    this.compare(`${what}: messages`, names(messages), names(plain));
    const queued = all.filter(
      (each) => each.held.queue !== undefined && (certain.has(nameOf(each)) || !isPossible(each)),
    );
    const more = new Set(possible.flatMap(({ held: { queue } }) => queue ?? []));
    const counts = new Map<string, number>();
    for (const group of groups.keys()) {
      const queue = group.slice(0, group.indexOf(" "));
      counts.set(queue, (counts.get(queue) ?? 0) + 1);
    }
    for (const { held } of queued) counts.set(held.queue ?? "", (counts.get(held.queue ?? "") ?? 0) - 1);
    const wrong = names(queued).filter((name) => !certain.has(name));
    const uneven = [...counts].filter(([queue, count]) => count > 0 || (count < 0 && !more.has(queue)));
    this.note(`${what}: queue groups`, [uneven, wrong], [[], []]);
  }

  /** Whether the users that the model says are reached are those that the server has reached. */
  private compareReach(what: string, member: Member, subject: string, arrived: readonly Message[]): void {
    const said = reach(this.model, member, subject).receivers;
    const pairs = (some: readonly (readonly [Member, string])[]) =>
      [...new Set(some.map(([{ user }, each]) => `${user.name} ${each}`))].sort();
    const plain = said.filter(({ queue, through }) => queue === undefined && !isVagueWay(through));
    const vague = said.filter(({ through }) => isVagueWay(through));
    const all = new Set(pairs(said.map((each) => [each.member, each.pattern])));
    const certain = arrived.filter(
      (each) =>
        !vague.some(({ member: other, pattern }) => other === each.held.member && covers(pattern, each.subject)),
    );
    const got = pairs(arrived.map((each) => [each.held.member, each.subject]));
    const missed = pairs(plain.map((each) => [each.member, each.pattern])).filter((each) => !got.includes(each));
    const unsaid = pairs(certain.map((each) => [each.held.member, each.subject])).filter((each) => !all.has(each));
    this.note(`${what}: reach`, { missed, unsaid }, { missed: [], unsaid: [] });
  }

  private compare(what: string, model: unknown, server: unknown): void {
    this.questions++;
    this.note(what, model, server);
  }

  private note(what: string, model: unknown, server: unknown): void {
    const [said, is] = [JSON.stringify(model), JSON.stringify(server)];
    if (said !== is) this.differences.push(`${what}: the model says ${said}, the server ${is}`);
  }
}

/** What subjects and their stream imports have in common: a queue group gets a message once, whichever account sees it. */
function landingOf({ through, arrival }: Course): string {
  const steps = arrival === "stream" ? through.slice(0, -1) : through;
  return JSON.stringify(
    steps.map((step) => [step.account, step.kind, step.kind === "import" ? step.import : step.resource.stream]),
  );
}
