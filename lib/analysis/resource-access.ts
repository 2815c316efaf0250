import type { CatalogConsumer, CatalogLine, CatalogResource } from "../catalog/catalog";
import { heldSubjects } from "../catalog/held-subjects";
import { valueAt } from "../collections/groups";
import { SubjectIndex } from "../subjects/subject-index";
import { intersection } from "../subjects/subject-pattern";
import { Abilities } from "./abilities";
import type { AccessModel, Member } from "./access-model";
import type { Course } from "./course";
import { type Hole, LEVEL_OF_ANSWER } from "./holes";
import { type Asked, askedBy } from "./jetstream-api";
import { highest, isMore, type Level } from "./level";
import { withoutGroups } from "./queue-groups";
import type { ServerAccount } from "./server-model";
import { receivable } from "./server-permissions";
import { sharedHoles } from "./shared-holes";
import type { Ability, Cell, UserAccess } from "./user-access";
import { isWhole } from "./whole";

/** The first tokens of subjects that answers are received under, by the convention of all clients. */
const INBOX = /^_INBOX/;

/** The capability whose lines receive requests that are answered. */
const SERVES = "service.serve";

/** What users can do with streams and buckets: by which lines, and what only through holes. */
export class ResourceAccess {
  /** All users, in the order of their accounts. */
  public readonly users: readonly UserAccess[];
  private readonly byName: ReadonlyMap<string, UserAccess>;

  public constructor(model: AccessModel) {
    const accounts = new Map(model.accounts.map((account) => [account.name, new AccountResources(account)]));
    const shared = new SharedSubjects(model);
    const alone = model.members.map((member) => new UserReader(model, accounts, member).read(shared));
    const together = sharedHoles(model, alone);
    this.users = alone.map((access) => ({ ...access, holes: [...access.holes, ...(together.get(access) ?? [])] }));
    this.byName = new Map(this.users.map((access) => [access.member.user.name, access]));
  }

  /** The access of a user, by its name. */
  public of(user: string): UserAccess | undefined {
    return this.byName.get(user);
  }

  /** The holes through which a user gets at a stream or bucket more than by its lines. */
  public holesTo({ member, cells, holes }: UserAccess, resource: CatalogResource): Hole[] {
    const level = cells.get(resource)?.whole ?? "none";
    return holes.filter((hole) => {
      if (hole.resource !== undefined) return hole.resource === resource;
      if (hole.account !== resource.account || !isMore(hole.level, level)) return false;
      if (hole.kind === "answer") return true;
      const others = (hole.users ?? []).filter((name) => name !== member.user.name);
      return others.some((name) => !isMore(hole.level, this.of(name)?.cells.get(resource)?.level ?? "none"));
    });
  }
}

class AccountResources {
  public readonly all: readonly CatalogResource[];
  public readonly byName: ReadonlyMap<string, CatalogResource>;
  private readonly consumers: ReadonlyMap<string, CatalogConsumer>;

  public constructor({ resources, consumers }: ServerAccount) {
    this.all = resources;
    this.byName = new Map(resources.map((resource) => [resource.stream, resource]));
    this.consumers = new Map(consumers.map((each) => [`${each.stream} ${each.name}`, each]));
  }

  /** Which subjects of a stream a request is about; all, if undefined. A consumer that nothing is known of may deliver all. */
  public subjectsOf(resource: CatalogResource, { filter, consumer }: Asked): string[] | undefined {
    const filters =
      filter === undefined ? this.consumers.get(`${resource.stream} ${consumer ?? ""}`)?.filters : [filter];
    if (filters === undefined || filters.length === 0) return undefined;
    const held = heldSubjects(resource);
    return [...new Set(filters.flatMap((each) => held.flatMap((subject) => intersection(subject, each) ?? [])))];
  }
}

/** Subjects under which several users receive answers, or under which requests are received that are answered. */
class SharedSubjects {
  private readonly inboxes = new Map<string, SubjectIndex<string>>();
  private readonly serving = new Map<string, SubjectIndex<string>>();
  private readonly receivers = new Map<string, readonly string[]>();

  public constructor({ members }: AccessModel) {
    const add = (indexes: Map<string, SubjectIndex<string>>, account: string, pattern: string, user: string) => {
      valueAt(indexes, account, () => new SubjectIndex()).add(pattern, user);
    };
    for (const { account, user } of members) {
      for (const { subject: pattern, reasons } of user.subscribe.allow) {
        if (INBOX.test(pattern)) add(this.inboxes, account, pattern, user.name);
        if (reasons.some(({ capability }) => capability === SERVES)) add(this.serving, account, pattern, user.name);
      }
    }
  }

  /** The users of an account that receive answers under subjects of a pattern. */
  public inboxesOf(account: string, pattern: string): readonly string[] {
    const key = `${account} ${pattern}`;
    let users = this.receivers.get(key);
    if (!users) {
      users = [...new Set(this.inboxes.get(account)?.overlapping(pattern))];
      this.receivers.set(key, users);
    }
    return users;
  }

  /** The users of an account that answer requests under subjects of a pattern. */
  public serversOf(account: string, pattern: string): readonly string[] {
    return this.serving.get(account)?.overlapping(pattern) ?? [];
  }
}

/** Reads the lines of one user. */
class UserReader {
  private readonly found = new Map<CatalogResource, Abilities>();
  private readonly everywhere = new Map<string, Abilities>();
  private readonly answers = new Map<Level, Set<CatalogLine>>();
  private readonly responders = new Map<string, Set<CatalogLine>>();

  public constructor(
    private readonly model: AccessModel,
    private readonly accounts: ReadonlyMap<string, AccountResources>,
    private readonly member: Member,
  ) {}

  public read(shared: SharedSubjects): UserAccess {
    const { account, permissions } = this.member;
    for (const line of permissions.publish) {
      for (const course of this.model.traffic.published(account, line.subject, permissions.unpublishable)) {
        for (const arrival of this.model.traffic.requests(course)) this.readPublish(line, arrival, shared);
      }
    }
    for (const line of withoutGroups(permissions.subscribe)) this.readSubscribe(line);
    const cells = this.cells();
    return { member: this.member, cells, holes: this.holes(cells, shared) };
  }

  private readPublish(line: CatalogLine, arrival: Course, shared: SharedSubjects): void {
    const { account, subject, through } = arrival;
    for (const { resource, subject: stored, through: way } of this.model.traffic.storedBy(arrival)) {
      this.add(resource, { act: "write", by: "publish", subjects: [stored], line, through: way });
      this.answered("write", line);
    }
    for (const asked of askedBy(subject)) {
      if (arrival.origin(asked.pattern) === undefined) continue;
      this.answered(LEVEL_OF_ANSWER[asked.answer], line);
      this.ask(account, asked, { act: asked.act, by: "request", line, through });
    }
    for (const user of shared.serversOf(account, subject)) {
      if (account !== this.member.account) this.answered("write", line);
      else if (user !== this.member.user.name) valueAt(this.responders, user, () => new Set()).add(line);
    }
  }

  private ask(account: string, request: Asked, ability: Ability): void {
    const { stream, filter, consumer } = request;
    const resources = this.accounts.get(account);
    if (!resources || stream === "none") return;
    if (stream === "any" && consumer === undefined && (filter === undefined || filter === ">")) {
      valueAt(this.everywhere, account, () => new Abilities()).add(ability);
      return;
    }
    const asked = stream === "any" ? resources.all : [resources.byName.get(stream.name)];
    for (const resource of asked) {
      if (!resource) continue;
      const subjects = resources.subjectsOf(resource, request);
      if (subjects?.length === 0) continue;
      this.add(resource, subjects ? { ...ability, subjects } : ability);
      if (ability.act === "read") this.readCopied(resource, subjects, ability);
    }
  }

  /** Who reads a stream reads what it has of the streams that it copies. */
  private readCopied(copy: CatalogResource, read: readonly string[] | undefined, ability: Ability): void {
    if (copy.origins === undefined) return;
    for (const { resource, subjects, through } of this.model.traffic.copiedInto(copy, read)) {
      this.add(resource, { ...ability, subjects, through: [...through, ...ability.through] });
    }
  }

  private readSubscribe(line: CatalogLine): void {
    const { account, permissions } = this.member;
    for (const pattern of receivable(line)) {
      for (const { resource, subjects, local, through } of this.model.traffic.seen(account, pattern)) {
        const [reception] = permissions.receptions(line, local);
        if (reception) this.add(resource, { act: "read", by: "subscribe", subjects, line, through });
      }
    }
  }

  private add(resource: CatalogResource, ability: Ability): void {
    valueAt(this.found, resource, () => new Abilities()).add(ability);
  }

  private answered(level: Level, line: CatalogLine): void {
    if (level !== "none") valueAt(this.answers, level, () => new Set()).add(line);
  }

  private cells(): Map<CatalogResource, Cell> {
    const cells = new Map<CatalogResource, Cell>();
    for (const [account, abilities] of this.everywhere) {
      for (const resource of this.accounts.get(account)?.all ?? [])
        cells.set(resource, cellOf(resource, abilities.all));
    }
    for (const [resource, own] of this.found) {
      const abilities = [...own.all, ...(cells.get(resource)?.abilities ?? [])];
      cells.set(resource, cellOf(resource, abilities));
    }
    return cells;
  }

  private holes(cells: ReadonlyMap<CatalogResource, Cell>, shared: SharedSubjects): Hole[] {
    const { account, user } = this.member;
    const holes: Hole[] = [];
    for (const cell of cells.values()) {
      const lines = rollUpLines(cell);
      if (lines.length > 0) {
        holes.push({ kind: "rollUp", level: "write", account: cell.resource.account, resource: cell.resource, lines });
      }
    }
    if (this.accounts.get(account)?.all.length === 0) return holes;
    for (const [level, lines] of this.answers) holes.push({ kind: "answer", level, account, lines: [...lines] });
    for (const [name, lines] of this.responders) {
      holes.push({ kind: "responder", level: "write", account, users: [name], lines: [...lines] });
    }
    for (const line of this.member.permissions.subscribe) {
      const users = shared.inboxesOf(account, line.subject);
      if (users.some((name) => name !== user.name)) {
        holes.push({ kind: "inbox", level: "read", account, users, lines: [line] });
      }
    }
    return holes;
  }
}

function cellOf(resource: CatalogResource, abilities: readonly Ability[]): Cell {
  const ofWhole = abilities.filter(
    ({ by, subjects }) => by !== "subscribe" && (subjects === undefined || isWhole(resource, subjects)),
  );
  return {
    resource,
    level: highest(abilities.map(({ act }) => act)),
    whole: highest(ofWhole.map(({ act }) => act)),
    abilities,
  };
}

/** The lines by which a user writes some subjects of a stream that lets it delete all the others. */
function rollUpLines({ resource, abilities }: Cell): CatalogLine[] {
  if (!resource.rollUp) return [];
  const writes = abilities.filter(({ act, by }) => act === "write" && by === "publish");
  const whole = isWhole(
    resource,
    writes.flatMap(({ subjects = [] }) => subjects),
  );
  const purges = abilities.some(({ act, by }) => by === "request" && (act === "write" || act === "manage"));
  return whole || purges ? [] : writes.map(({ line }) => line);
}
