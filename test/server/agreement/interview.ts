import { AccessModel, type Member } from "../../../lib/analysis/access-model";
import type { Course } from "../../../lib/analysis/course";
import { canPublish, canSubscribe, reach, whoCanPublish } from "../../../lib/analysis/reach";
import { ResourceAccess } from "../../../lib/analysis/resource-access";
import { covers, isLiteral } from "../../../lib/subjects/subject-pattern";
import type { TestServer } from "../../../scripts/tools/nats-server";
import { fileOf, type Scene, type TriedSubscription, watcherOf } from "./draw";
import { probesOf, readBy } from "./probes";
import { RawClient } from "./raw-client";
import { type Kept, ServerStreams } from "./server-streams";

/** How many questions were asked, and where the model and the server differ. */
export interface Interview {
  readonly questions: number;
  /** How many messages the streams had that they copied from others. */
  readonly copies: number;
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
}

/** Answers, and what streams are sent of others: under the stored subject, to be acknowledged. */
const OF_SERVER = /^(\$JS|_INBOX)\./;

const nameOf = ({ held: { member, sid }, subject }: Message) => `${member.user.name}#${sid} ${subject}`;

/** Asks the model and a server the same questions. The server must have been started with `NO_USERS`. */
export async function interview(server: TestServer, { accounts, subscriptions, subjects }: Scene): Promise<Interview> {
  await server.reload(fileOf(accounts));
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

  public constructor(
    private readonly model: AccessModel,
    private readonly clients: ReadonlyMap<string, RawClient>,
    private readonly streams: ServerStreams,
  ) {}

  public async run(subscriptions: readonly TriedSubscription[], subjects: readonly string[]): Promise<Interview> {
    const sent = this.model.members.flatMap((member) => this.sentBy(member, subjects));
    const held = await this.subscribe([...subscriptions, ...this.witnesses(sent)]);
    await this.publish(held, sent);
    return { questions: this.questions, copies: this.copies, differences: this.differences };
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
    const counts = new Map<string, number>();
    for (const { resource } of said.flat()) counts.set(resource.stream, (counts.get(resource.stream) ?? 0) + 1);
    await this.streams.settle(counts);
    const kept = await this.streams.kept();
    this.copies += kept.filter(({ copyOf }) => copyOf !== undefined).length;
    for (const [index, { member, subject }] of sent.entries()) {
      const expected = (said[index] ?? []).map((each) => `${each.resource.stream} ${each.subject}`).sort();
      const found = kept.filter(({ payload }) => payload === String(index));
      const is = found.map((each) => `${each.stream} ${each.subject}`).sort();
      this.compare(`${member.user.name} publishes ${subject}: stored`, expected, is);
    }
    return kept;
  }

  /** Whether users read by requests the messages that the model says they do, where they are first and as copies. */
  private async read(kept: readonly Kept[]): Promise<void> {
    if (kept.length === 0) return;
    const access = new ResourceAccess(this.model);
    const known = await probesOf(this.model, this.streams, kept);
    const subjects = new Map(kept.map((each) => [`${each.stream} ${each.subject}`, each]));
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
        this.compare(`${member.user.name} reads ${name}`, said, readable.has(name));
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
    for (const arrival of this.courses(member, subject)) {
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
    return { messages, groups };
  }

  private compareMessages(what: string, { messages, groups }: Expected, arrived: readonly Message[]): void {
    const names = (some: readonly Message[]) => some.map(nameOf).sort();
    const plain = arrived.filter(({ held }) => held.queue === undefined);
    this.compare(`${what}: messages`, names(messages), names(plain));
    const queued = arrived.filter(({ held }) => held.queue !== undefined);
    const counts = new Map<string, number>();
    for (const group of groups.keys()) {
      const queue = group.slice(0, group.indexOf(" "));
      counts.set(queue, (counts.get(queue) ?? 0) + 1);
    }
    for (const { held } of queued) counts.set(held.queue ?? "", (counts.get(held.queue ?? "") ?? 0) - 1);
    const possible = new Set([...groups.values()].flatMap((group) => names(group)));
    const wrong = names(queued).filter((name) => !possible.has(name));
    this.note(`${what}: queue groups`, [[...counts].filter(([, count]) => count !== 0), wrong], [[], []]);
  }

  /** Whether the users that the model says are reached are those that the server has reached. */
  private compareReach(what: string, member: Member, subject: string, arrived: readonly Message[]): void {
    const said = reach(this.model, member, subject).receivers;
    const pairs = (some: readonly (readonly [Member, string])[]) =>
      [...new Set(some.map(([{ user }, each]) => `${user.name} ${each}`))].sort();
    const plain = said.filter(({ queue }) => queue === undefined);
    const all = new Set(pairs(said.map((each) => [each.member, each.pattern])));
    const got = pairs(arrived.map((each) => [each.held.member, each.subject]));
    const missed = pairs(plain.map((each) => [each.member, each.pattern])).filter((each) => !got.includes(each));
    const unsaid = got.filter((each) => !all.has(each));
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
