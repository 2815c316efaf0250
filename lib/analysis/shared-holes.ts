import type { CatalogLine, CatalogResource } from "../catalog/catalog";
import { addTo, valueAt } from "../collections/groups";
import { SubjectIndex } from "../subjects/subject-index";
import { overlaps } from "../subjects/subject-pattern";
import type { AccessModel } from "./access-model";
import type { Hole } from "./holes";
import { isMore } from "./level";
import type { Ability, Cell, UserAccess } from "./user-access";

/** The first tokens of what no message of an app is sent to: the server's own subjects and inboxes. */
const NO_MESSAGE = /^(\$|_INBOX|_R_)/;

/** The request of an import that fetches messages of a consumer. */
const FETCH = /^\$JS\.API\.CONSUMER\.MSG\.NEXT\./;

const linesOf = (abilities: readonly Ability[]): CatalogLine[] => [...new Set(abilities.map(({ line }) => line))];

const publishes = ({ abilities }: Cell) => abilities.filter(({ act, by }) => act === "write" && by === "publish");

/** The lines by which consumers are made on a stream. */
function makesConsumers({ resource, abilities }: Cell): Ability[] {
  const requests = [`$JS.API.CONSUMER.CREATE.${resource.stream}`, `$JS.API.CONSUMER.CREATE.${resource.stream}.>`];
  return abilities.filter(
    ({ by, line }) => by === "request" && requests.some((request) => overlaps(line.subject, request)),
  );
}

/** Users by the streams and buckets that they do something with; those who may do everything with one are left out. */
function usersBy(
  users: readonly UserAccess[],
  does: (cell: Cell) => readonly Ability[],
): Map<CatalogResource, string[]> {
  const found = new Map<CatalogResource, string[]>();
  for (const { member, cells } of users) {
    for (const cell of cells.values()) {
      if (cell.level === "manage" || does(cell).length === 0) continue;
      addTo(found, cell.resource, member.user.name);
    }
  }
  return found;
}

/** The users that store messages in streams of each account: two of them, where there are more. */
function usersByAccount(writers: ReadonlyMap<CatalogResource, readonly string[]>): Map<string, ReadonlySet<string>> {
  const accounts = new Map<string, Set<string>>();
  for (const [{ account }, users] of writers) {
    const known = valueAt(accounts, account, () => new Set());
    for (const name of users) if (known.size < 2) known.add(name);
  }
  return accounts;
}

/** The subscriptions of an account that messages are received by, each with its users. */
function subscriptions({ members }: AccessModel): Map<string, SubjectIndex<Set<string>>> {
  const accounts = new Map<string, SubjectIndex<Set<string>>>();
  const known = new Map<string, Set<string>>();
  for (const { account, user, permissions } of members) {
    const index = valueAt(accounts, account, () => new SubjectIndex());
    for (const { subject: pattern } of permissions.subscribe) {
      if (NO_MESSAGE.test(pattern)) continue;
      const key = `${account} ${pattern}`;
      const users = known.get(key) ?? new Set<string>();
      if (users.size === 0) index.add(pattern, users);
      known.set(key, users.add(user.name));
    }
  }
  return accounts;
}

/** The holes of each user that are there because others use the same streams and subjects. */
export function sharedHoles(model: AccessModel, users: readonly UserAccess[]): ReadonlyMap<UserAccess, Hole[]> {
  const writers = usersBy(users, publishes);
  const receivers = subscriptions(model);
  const storing = usersByAccount(writers);
  return new Map(
    users.map((access) => {
      const { name } = access.member.user;
      const others = (known: ReadonlyMap<CatalogResource, string[]>, { resource }: Cell) =>
        (known.get(resource) ?? []).length > 1 || (known.get(resource) ?? [name])[0] !== name
          ? known.get(resource)
          : undefined;
      const holes = [...access.cells.values()].flatMap((cell) =>
        cell.level === "manage" ? [] : ofCell(cell, others(writers, cell)),
      );
      return [access, [...holes, ...fetched(access), ...filled(access, storing), ...traced(access, receivers)]];
    }),
  );
}

function ofCell(cell: Cell, writers: readonly string[] | undefined): Hole[] {
  const { resource, whole } = cell;
  const { account } = resource;
  const [written, made] = [linesOf(publishes(cell)), linesOf(makesConsumers(cell))];
  const holes: Hole[] = [];
  if (writers && written.length > 0) {
    holes.push({ kind: "duplicate", level: "write", account, resource, users: writers, lines: written });
    const direct = linesOf(publishes(cell).filter(({ through }) => through.every(({ kind }) => kind !== "copy")));
    if (direct.length > 0 && isMore("read", whole)) {
      holes.push({ kind: "sequence", level: "look", account, resource, lines: direct });
    }
  }
  if (made.length > 0 && isMore("read", whole)) {
    holes.push({ kind: "consumers", level: "look", account, resource, lines: made });
  }
  return holes;
}

/** The streams of other accounts in which a user can store what it fetches there. */
function fetched({ member, cells }: UserAccess): Hole[] {
  const far = [...cells.values()].filter(({ resource }) => resource.account !== member.account);
  const fetches = far.flatMap(({ abilities }) =>
    abilities.filter(({ by, through }) =>
      through.some((step) => by === "request" && step.kind === "import" && FETCH.test(step.import.subject)),
    ),
  );
  if (fetches.length === 0) return [];
  return far.flatMap((cell): Hole[] => {
    if (publishes(cell).length === 0) return [];
    const { resource } = cell;
    return [{ kind: "fetched", level: "write", account: resource.account, resource, lines: linesOf(fetches) }];
  });
}

/** The accounts that a user fills: those in which it stores messages in streams without a limit, and others store some too. */
function filled({ member, cells }: UserAccess, storing: ReadonlyMap<string, ReadonlySet<string>>): Hole[] {
  const lines = new Map<string, CatalogLine[]>();
  for (const cell of cells.values()) {
    if (cell.level === "manage" || cell.resource.sized) continue;
    for (const line of linesOf(publishes(cell))) addTo(lines, cell.resource.account, line);
  }
  const sharesIt = (account: string) => [...(storing.get(account) ?? [])].some((name) => name !== member.user.name);
  return [...lines]
    .filter(([account]) => sharesIt(account))
    .map(([account, own]) => ({ kind: "storage", level: "none", account, lines: [...new Set(own)] }));
}

function traced({ member }: UserAccess, receivers: ReadonlyMap<string, SubjectIndex<Set<string>>>): Hole[] {
  const { account, user, permissions } = member;
  const lines = permissions.publish.filter(
    ({ subject: pattern }) =>
      !NO_MESSAGE.test(pattern) &&
      receivers
        .get(account)
        ?.overlapping(pattern)
        .some((users) => users.size > 1 || !users.has(user.name)),
  );
  return lines.length > 0 ? [{ kind: "trace", level: "none", account, lines }] : [];
}
