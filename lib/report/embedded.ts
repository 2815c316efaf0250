import type { AccessModel } from "../analysis/access-model";
import type { ResourceAccess } from "../analysis/resource-access";
import type { DirectionLines, PermissionLine, Reason, Resource } from "../analysis/server-model";
import type { UserAccess } from "../analysis/user-access";
import type { Catalog } from "../catalog/catalog";
import { queueGroupTexts, settingsOf } from "../wording/client-settings";
import { clientName, NOUNS } from "../wording/resources";
import { ACT_ORDER, doingsOf } from "./access-data";
import { ACTS, holeSentence, wayText } from "./words";

/** Values by their text, so that each is there once. */
class Table<T> {
  public readonly values: T[] = [];
  private readonly places = new Map<string, number>();

  public place(value: T): number {
    const text = JSON.stringify(value);
    let place = this.places.get(text);
    if (place === undefined) {
      place = this.values.push(value) - 1;
      this.places.set(text, place);
    }
    return place;
  }
}

/**
 * What the script of the page answers questions from: the accounts as the access model has them, with reasons by their
 * place in a table, and for each user what it does with which resource, by the places of its lines.
 */
export function embeddedData(catalog: Catalog, model: AccessModel, access: ResourceAccess): object {
  const reasons = new Table<Omit<Reason, "source">>();
  const sets = new Table<unknown>();
  const groups = new Table<readonly string[]>();
  const resources = model.resources;
  const places = new Map(resources.map((resource, index) => [resource, index]));
  const catalogUsers = new Map(catalog.accounts.flatMap(({ users }) => users).map((user) => [user.name, user]));
  const lines = ({ allow, deny }: DirectionLines) => ({
    allow: allow.map(({ reasons: why, ...line }) => ({
      ...line,
      reasons: why.map(({ source: _, ...each }) => reasons.place(each)),
    })),
    deny: deny.map(({ reasons: _, ...line }) => line),
  });
  return {
    accounts: model.accounts.map(({ name, users, imports, mappings, resources: own }) => ({
      name,
      imports,
      mappings,
      resources: own.map(({ name: stream, subjects, republish }) => ({ name: stream, subjects, republish })),
      users: users.map((user) => ({
        name: user.name,
        role: catalogUsers.get(user.name)?.role,
        publish: lines(user.publish),
        subscribe: lines(user.subscribe),
      })),
    })),
    reasons: reasons.values,
    resources: resources.map((resource) => ({
      name: clientName(resource),
      stream: resource.name,
      noun: NOUNS[resource.kind],
      account: resource.account,
    })),
    access: access.users.map((user) => ({
      user: user.member.user.name,
      account: user.member.account,
      settings: settingsText(catalogUsers.get(user.member.user.name)),
      cells: [...user.cells.values()].map((cell) => [
        places.get(cell.resource),
        sets.place(doingSet(user, cell.resource)),
      ]),
      holes: user.holes.map((hole) => ({
        kind: hole.kind,
        level: hole.level,
        ...(hole.users && { users: groups.place(hole.users) }),
        account: hole.account,
        ...(hole.resource && { resource: hole.resource.name }),
        text: holeSentence(hole, user.member.user.name),
      })),
    })),
    sets: sets.values,
    groups: groups.values,
    verbs: ACT_ORDER.map((act) => ACTS[act].verb),
  };
}

function settingsText(user: Parameters<typeof settingsOf>[0] | undefined): string[] {
  if (user === undefined) return [];
  const groups = queueGroupTexts(user).map((text) => `queue group: ${text}`);
  return [...settingsOf(user).map(({ client, code }) => `${client}: ${code}`), ...groups];
}

/** What a user does with a resource: the act, whether with a part, and its lines, each with the way. */
function doingSet({ member, cells }: UserAccess, resource: Resource): unknown {
  const cell = cells.get(resource);
  const place = (lines: readonly PermissionLine[], line: PermissionLine) => lines.indexOf(line);
  return (cell ? doingsOf(cell) : []).map(({ act, part, abilities }) => [
    ACT_ORDER.indexOf(act),
    part ? 1 : 0,
    abilities.map(({ by, line, through }) => {
      const { publish, subscribe } = member.permissions;
      const at = by === "subscribe" ? place(subscribe, line) : place(publish, line);
      return through.length > 0 ? [by, at, wayText(through)] : [by, at];
    }),
  ]);
}
