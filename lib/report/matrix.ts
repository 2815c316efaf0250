import type { Act } from "../analysis/jetstream-api";
import type { ResourceAccess } from "../analysis/resource-access";
import type { UserAccess } from "../analysis/user-access";
import type { CatalogReason, CatalogResource } from "../catalog/catalog";
import { addTo, grouped, valueAt } from "../collections/groups";
import { holeVerb } from "../wording/hole-text";
import { counted, someOf } from "../wording/lists";
import { clientName, NOUNS } from "../wording/resources";
import { wayText } from "../wording/ways";
import { type Doing, type MatrixCell, matrixCell } from "./access-data";
import { html } from "./escape";
import { ACT_NAMES, holeSentence, TAGS } from "./labels";

/** How much of the matrix is in the page at most; the search answers for the rest. */
const MOST = { users: 60, resources: 60, accounts: 60, reasons: 6 };

/** The acts that have a place of their own in each cell. */
const PLACES: readonly Act[] = ["read", "write", "manage"];

interface Explanation {
  readonly id: string;
  readonly user: string;
  readonly resources: string[];
  readonly body: string;
}

/** The explanations of cells, each once: those that say the same about one user share it. */
class Explanations {
  private readonly places = new Map<string, Explanation>();

  public add(cell: MatrixCell): string {
    const user = cell.user.member.user.name;
    const body = explanation(cell);
    const make = () => ({ id: `why-${this.places.size + 1}`, user, resources: [], body });
    const { id, resources } = valueAt(this.places, `${user} ${body}`, make);
    resources.push(clientName(cell.resource));
    return id;
  }

  public html(): string {
    return [...this.places.values()]
      .map(
        ({ id, user, resources, body }) =>
          `<div class="why" id="${id}" popover role="dialog" aria-labelledby="${id}-title"><h3 id="${id}-title"><span>${html(user)}</span> on ${html(someOf(resources))}</h3>${body}<button type="button" class="close" popovertarget="${id}" popovertargetaction="hide">Close</button></div>`,
      )
      .join("");
  }
}

/** Which constructs give lines. */
const sourcesOf = (reasons: readonly CatalogReason[]) => [...new Set(reasons.flatMap(({ source }) => source ?? []))];

function reasonsHtml(reasons: readonly CatalogReason[], withSource: boolean): string {
  const capabilities = new Map<string, string[]>();
  for (const { why, capability } of reasons) addTo(capabilities, why, capability);
  const items = [...capabilities].map(
    ([why, names]) =>
      `<li>${html(why)}${names.length > 0 ? ` <span class="by">${html(someOf([...new Set(names)], MOST.reasons))}</span>` : ""}</li>`,
  );
  const sources = sourcesOf(reasons);
  const from = withSource && sources.length > 0 ? `<li class="from">given by ${html(someOf(sources))}</li>` : "";
  return `<ul>${items.join("")}${from}</ul>`;
}

function doingHtml(doing: Doing, withSource: boolean): string {
  const { verb } = ACT_NAMES[doing.act];
  const lines = [...grouped(doing.abilities, ({ line }) => line)].map(([line, [first]]) => {
    const way = first ? wayText(first.through) : "";
    const direction = first?.by === "subscribe" ? "subscribe" : "publish";
    return `<li><span class="direction">${direction}</span> <code>${html(line.subject)}</code>${way === "" ? "" : ` <span class="way">by ${html(way)}</span>`}${reasonsHtml(line.reasons, withSource)}</li>`;
  });
  return `<h4>${verb}${doing.part ? " a part of it" : ""}</h4><ul class="lines">${lines.join("")}</ul>`;
}

function explanation({ user, doings, holes }: MatrixCell): string {
  const nothing = doings.length === 0 ? "<p>No line lets it do anything here.</p>" : "";
  const beyond = holes.map((hole) => {
    const patterns = hole.lines.map(({ subject }) => subject);
    const codes = patterns.slice(0, 4).map((pattern) => `<code>${html(pattern)}</code>`);
    const more = patterns.length > 4 ? ` and ${patterns.length - 4} more` : "";
    return `<li><strong>can ${html(holeVerb(hole))} it:</strong> ${html(holeSentence(hole, user.member.user.name))} <span class="by">opened by ${codes.join(", ")}${more}</span></li>`;
  });
  const through =
    beyond.length > 0
      ? `<h4 class="hole-title">Only through holes that permissions cannot close</h4><ul class="holes">${beyond.join("")}</ul>`
      : "";
  const sources = sourcesOf(doings.flatMap((doing) => doing.abilities.flatMap(({ line }) => line.reasons)));
  const [source] = sources;
  const from =
    sources.length === 1 && source !== undefined ? `<p class="from">All lines are given by ${html(source)}.</p>` : "";
  return `${nothing}${doings.map((doing) => doingHtml(doing, sources.length > 1)).join("")}${from}${through}`;
}

function nameOf(cell: MatrixCell): string {
  const lines = cell.doings.map(({ act, part }) => `${ACT_NAMES[act].verb}${part ? " a part" : ""}`);
  const holes = [...new Set(cell.holes.map(({ level }) => ACT_NAMES[level === "none" ? "look" : level].verb))];
  const beyond = holes.length > 0 ? `; only through holes: ${holes.join(", ")}` : "";
  return `${lines.length > 0 ? lines.join(", ") : "nothing"}${beyond}`;
}

function cellHtml(cell: MatrixCell, explanations: Explanations): string {
  const place = (act: Act) => {
    const { letter } = ACT_NAMES[act];
    const doing = cell.doings.find((each) => each.act === act);
    if (doing) return `<i class="${act}${doing.part ? " part" : ""}">${letter}</i>`;
    return cell.holes.some(({ level }) => level === act) ? `<i class="hole">${letter}</i>` : `<i></i>`;
  };
  const title = `${cell.user.member.user.name}, ${clientName(cell.resource)}: ${nameOf(cell)}`;
  if (cell.doings.length === 0 && cell.holes.length === 0) {
    return `<td><span class="cell nothing"><span class="hidden">nothing</span></span></td>`;
  }
  const looks = cell.doings.some(({ act }) => act === "look") && cell.doings.length === 1;
  const places = PLACES.map(place).join("");
  return `<td><button type="button" class="cell" popovertarget="${explanations.add(cell)}" aria-label="${html(title)}">${places}${looks ? `<em>looks</em>` : ""}</button></td>`;
}

/** A name that may be broken where it has a separator. */
const breakable = (name: string) => html(name).replace(/[_.-]/g, "$&<wbr>");

function tableHtml(
  account: string,
  users: readonly UserAccess[],
  resources: readonly CatalogResource[],
  access: ResourceAccess,
  explanations: Explanations,
): string {
  const shownUsers = users.slice(0, MOST.users);
  const shownResources = resources.slice(0, MOST.resources);
  const heads = shownResources.map(
    (resource) =>
      `<th scope="col" data-name="${html(clientName(resource))}"><span class="kind ${resource.kind}">${TAGS[resource.kind]}<span class="hidden"> ${NOUNS[resource.kind]}</span></span> ${breakable(clientName(resource))}</th>`,
  );
  const rows = shownUsers.map((user) => {
    const { user: who, account: home } = user.member;
    const cells = shownResources.map((resource) => cellHtml(matrixCell(access, user, resource), explanations));
    const from = home === account ? "" : ` <span class="by">of ${html(home)}</span>`;
    return `<tr data-name="${html(who.name)}"><th scope="row">${breakable(who.name)}${from}</th>${cells.join("")}</tr>`;
  });
  const cut =
    users.length > MOST.users || resources.length > MOST.resources
      ? `<p class="cut">Here are ${shownUsers.length} of ${counted(users.length, "user")} and ${shownResources.length} of ${resources.length.toLocaleString("en-US")} streams and buckets. For the others, ask the search “what can …” with a user’s name, or “who can reach …” with a stream’s.</p>`
      : "";
  return `<h3 class="account">${html(account)}</h3>${cut}<div class="scroll" role="region" tabindex="0" aria-label="Matrix of account ${html(account)}"><table class="matrix"><thead><tr><th scope="col">User</th>${heads.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

/** The matrix of users and resources, one table for each account that has streams. */
export function matrixHtml(access: ResourceAccess, resources: readonly CatalogResource[]): string {
  const explanations = new Explanations();
  const byAccount = grouped(resources, ({ account }) => account);
  const usersOf = new Map<string, Set<UserAccess>>([...byAccount.keys()].map((name) => [name, new Set()]));
  for (const user of access.users) usersOf.get(user.member.account)?.add(user);
  for (const user of access.users) for (const { account } of user.cells.keys()) usersOf.get(account)?.add(user);
  const accounts = [...byAccount];
  const tables = accounts
    .slice(0, MOST.accounts)
    .map(([account, own]) => tableHtml(account, [...(usersOf.get(account) ?? [])], own, access, explanations));
  const cut =
    accounts.length > MOST.accounts
      ? `<p class="cut">Here are the first ${MOST.accounts} of ${counted(accounts.length, "account")} with streams. For the others, ask the search.</p>`
      : "";
  return `${cut}${tables.join("")}${explanations.html()}`;
}

/** What the letters and their looks mean. */
export function legendHtml(): string {
  const key = (className: string, act: Act, means: string) =>
    `<li><i class="${className}" aria-hidden="true">${ACT_NAMES[act].letter}</i> ${means}</li>`;
  return `<ul class="legend">${key("read", "read", "reads")}${key("write", "write", "writes")}${key("manage", "manage", "manages the stream itself")}${key("read part", "read", "a part of the subjects")}${key("hole", "manage", "only through a hole that permissions cannot close")}<li><i class="cell-dot" aria-hidden="true"></i> nothing</li></ul>`;
}
