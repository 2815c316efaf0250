import type { AccessModel } from "../analysis/access-model";
import { ResourceAccess } from "../analysis/resource-access";
import type { UserAccess } from "../analysis/user-access";
import type { Catalog, CatalogAccount, CatalogResource, CatalogUser } from "../catalog/catalog";
import { grouped, valueAt } from "../collections/groups";
import { by, inOrder } from "../collections/order";
import { SubjectIndex } from "../subjects/subject-index";
import { clientName } from "../wording/resources";
import { doingsOf } from "./access-data";
import { mermaid } from "./escape";
import { apiLast } from "./labels";

/** Ids of the diagram, made of names so that they stay when something else is added. */
class Ids {
  private readonly known = new Map<string, string>();
  private readonly taken = new Set<string>();

  public of(kind: string, name: string): string {
    return valueAt(this.known, `${kind} ${name}`, () => this.free(`${kind}_${name.replace(/[^A-Za-z0-9]/g, "_")}`));
  }

  private free(plain: string): string {
    let id = plain;
    for (let number = 2; this.taken.has(id); number++) id = `${plain}_${number}`;
    this.taken.add(id);
    return id;
  }
}

const SHAPES = { stream: ["[/", "/]"], keyValue: ["[(", ")]"], objectStore: ["[(", ")]"] } as const;
const NOUNS = { stream: "stream", keyValue: "bucket", objectStore: "objects" } as const;

/** Users that reach everything of their account: their arrows would only hide the others. */
const OPERATORS: readonly string[] = ["node", "terraform"];

function shortList(subjects: readonly string[]): string {
  const shown = apiLast(subjects).slice(0, 3).map(mermaid).join("<br>");
  return subjects.length > 3 ? `${shown}<br>and ${subjects.length - 3} more` : shown;
}

/** The apps whose messages are exchanged by a user of its own, by that user. */
function messagingApps({ platforms }: Catalog): Map<string, string> {
  const apps = platforms.flatMap((platform) => platform.apps);
  return new Map(
    apps.flatMap(({ name, messagingUser }) => (messagingUser === undefined ? [] : [[messagingUser, name]])),
  );
}

function accountLines(
  account: CatalogAccount,
  resources: readonly CatalogResource[],
  messaging: ReadonlyMap<string, string>,
  ids: Ids,
): string[] {
  const operators = account.users.filter(({ role }) => OPERATORS.includes(role));
  const others = account.users.filter(({ role }) => !OPERATORS.includes(role));
  const lines = [`  subgraph ${ids.of("account", account.name)}["${mermaid(account.name)}"]`];
  if (operators.length > 0) {
    const names = operators.map(({ name }) => mermaid(name)).join("<br>");
    lines.push(`    ${ids.of("operators", account.name)}["${names}<br>all of the account"]`);
  }
  for (const { name } of others) {
    const app = messaging.get(name);
    const about = app === undefined ? "" : `<br>messages of ${mermaid(app)}`;
    lines.push(`    ${ids.of("user", name)}(["${mermaid(name)}${about}"])`);
  }
  for (const resource of resources) {
    const [open, close] = SHAPES[resource.kind];
    const label = `${mermaid(clientName(resource))}<br>${NOUNS[resource.kind]}`;
    lines.push(`    ${idOf(resource, ids)}${open}"${label}"${close}`);
  }
  return [...lines, "  end"];
}

const idOf = ({ account, stream: name }: CatalogResource, ids: Ids) => ids.of("stream", `${account} ${name}`);

/** What a user reads and writes: arrows in the direction of the data. */
function flowLines({ member, cells }: UserAccess, ids: Ids): string[] {
  const user = ids.of("user", member.user.name);
  const sorted = [...cells.values()].sort(by(({ resource: { account, stream } }) => `${account} ${stream}`));
  return sorted.flatMap((cell) => {
    const doings = doingsOf(cell);
    const doing = (act: string) => doings.find((each) => each.act === act);
    const [reads, writes] = [doing("read"), doing("write") ?? doing("manage")];
    const resource = idOf(cell.resource, ids);
    const part = (each: { readonly part: boolean }) => (each.part ? "|a part|" : "");
    if (reads && writes && reads.part === writes.part) return [`  ${user} <-->${part(reads)} ${resource}`];
    return [
      ...(writes ? [`  ${user} -->${part(writes)} ${resource}`] : []),
      ...(reads ? [`  ${resource} -->${part(reads)} ${user}`] : []),
    ];
  });
}

function subjectsOf(user: CatalogUser, direction: "publish" | "subscribe", capability: string): string[] {
  return user[direction].allow
    .filter(({ reasons }) => reasons.some((reason) => reason.capability === capability))
    .map(({ subject }) => subject);
}

/** Requests of apps to each other. */
function callLines(account: CatalogAccount, ids: Ids): string[] {
  const serving = new SubjectIndex<string>();
  for (const user of account.users) {
    for (const subject of subjectsOf(user, "subscribe", "service.serve")) serving.add(subject, user.name);
  }
  return account.users.flatMap((user) =>
    subjectsOf(user, "publish", "service.call").flatMap((subject) =>
      [...new Set(serving.overlapping(subject))]
        .filter((server) => server !== user.name)
        .sort(inOrder)
        .map((server) => `  ${ids.of("user", user.name)} -. "${mermaid(subject)}" .-> ${ids.of("user", server)}`),
    ),
  );
}

/** What goes between accounts: messages to the importing account, requests to the exporting one. */
function exchangeLines(account: CatalogAccount, known: ReadonlySet<string>, ids: Ids): string[] {
  const groups = grouped(account.imports, (each) => `${each.kind} ${each.account}`);
  const here = ids.of("account", account.name);
  return [...groups.values()].flatMap((imports) => {
    const [first] = imports;
    if (!first || !known.has(first.account)) return [];
    const there = ids.of("account", first.account);
    const label = `"${shortList(imports.map(({ subject }) => subject))}"`;
    return first.kind === "stream" ? [`  ${there} == ${label} ==> ${here}`] : [`  ${here} -. ${label} .-> ${there}`];
  });
}

/**
 * A program as a Mermaid flowchart: accounts with their apps, streams and buckets, what each app reads and writes, whom
 * it calls, and what goes from one account to another.
 *
 * @param catalog the facts of the program
 * @param model the access model of the catalog's accounts
 * @param access what the users of the model can do with streams and buckets
 */
export function diagramOf(catalog: Catalog, model: AccessModel, access = new ResourceAccess(model)): string {
  const ids = new Ids();
  const roles = new Map(catalog.accounts.flatMap(({ users }) => users.map(({ name, role }) => [name, role] as const)));
  const resources = new Map(model.accounts.map((account) => [account.name, account.resources]));
  const known = new Set(catalog.accounts.map(({ name }) => name));
  const messaging = messagingApps(catalog);
  const flows = access.users.filter(({ member }) => !OPERATORS.includes(roles.get(member.user.name) ?? "node"));
  const lines = [
    "flowchart LR",
    ...catalog.accounts.flatMap((account) => accountLines(account, resources.get(account.name) ?? [], messaging, ids)),
    ...flows.flatMap((user) => flowLines(user, ids)),
    ...catalog.accounts.flatMap((account) => callLines(account, ids)),
    ...catalog.accounts.flatMap((account) => exchangeLines(account, known, ids)),
  ];
  return `${lines.join("\n")}\n`;
}
