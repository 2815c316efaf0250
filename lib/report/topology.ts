import type { Catalog, CatalogAccount, CatalogResource } from "../catalog/catalog";
import { grouped } from "../collections/groups";
import { by } from "../collections/order";
import { counted } from "../wording/lists";
import { html } from "./escape";
import { apiLast, TAGS } from "./labels";

/** Widths of one character of the two sizes of the picture's monospaced font. */
const CHARACTER = 7.3;
const SMALL_CHARACTER = 6.7;

const CARD = { width: 244, gap: 14, columns: 3, head: 44, row: 21, foot: 10 };
const BOX = { pad: 18, head: 56, gap: 30 };
const BOX_WIDTH = 2 * BOX.pad + CARD.columns * CARD.width + (CARD.columns - 1) * CARD.gap;
const LANE = 16;
const LABEL = { line: 16, most: 40, lines: 4 };

/** How much the picture shows at most of what there is any number of. */
const MOST = { accounts: 40, cards: 60, rows: 14 };

interface Row {
  readonly tag: string;
  readonly text: string;
  readonly tagClass: string;
}

interface Card {
  readonly title: string;
  readonly subtitle: string;
  readonly rows: readonly Row[];
}

/** What one account imports of one kind from one other: a branch of the exporter's line of that kind. */
interface Branch {
  readonly exporter: string;
  readonly importer: string;
  readonly kind: "stream" | "service";
  readonly labels: readonly string[];
}

interface Port {
  readonly y: number;
  readonly branch?: Branch;
  readonly trunk: string;
}

interface Box {
  readonly account: CatalogAccount;
  readonly y: number;
  readonly height: number;
  readonly cards: readonly { readonly card: Card; readonly x: number; readonly y: number; readonly height: number }[];
  readonly ports: readonly Port[];
}

/** A text of at most so many characters. */
function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : text;
}

const trunkOf = ({ exporter, kind }: Branch) => `${kind} ${exporter}`;

function limited<T>(items: readonly T[], most: number, rest: (left: number) => T): T[] {
  return items.length > most ? [...items.slice(0, most - 1), rest(items.length - most + 1)] : [...items];
}

const resourceRow = ({ kind, name }: CatalogResource): Row => ({ tag: TAGS[kind], text: name, tagClass: kind });

function cardsOf(catalog: Catalog, account: CatalogAccount, resources: readonly CatalogResource[]): Card[] {
  const rows = (list: readonly Row[]) =>
    limited(list, MOST.rows, (left) => ({ tag: "", text: `and ${left} more`, tagClass: "more" }));
  const platforms = catalog.platforms.filter((platform) => platform.account === account.name);
  const apps = catalog.platforms.flatMap((platform) => platform.apps.map((app) => ({ app, platform })));
  const here = apps.filter(({ app }) => app.account === account.name);
  const messaging = apps.filter(({ app }) => app.messagingAccount === account.name);
  const appUsers = new Set([...here.map(({ app }) => app.user), ...messaging.map(({ app }) => app.messagingUser)]);
  const others = account.users.filter(({ name }) => !appUsers.has(name));
  const cards: Card[] = [];
  for (const { name } of platforms) {
    const shared = resources.filter(({ platform, app }) => platform === name && app === undefined);
    cards.push({ title: name, subtitle: "platform, shared by all", rows: rows(shared.map(resourceRow)) });
  }
  if (others.length > 0) {
    cards.push({
      title: "users",
      subtitle: "that are no apps",
      rows: rows(others.map(({ name, role }) => ({ tag: "", text: `${name} · ${role}`, tagClass: role }))),
    });
  }
  for (const { app } of messaging) {
    const user = { tag: "", text: `user ${app.messagingUser}`, tagClass: "messaging" };
    cards.push({ title: app.name, subtitle: "its messages with others", rows: [user] });
  }
  const cardOf = ({ app, platform }: (typeof here)[number]): Card => {
    const own = resources.filter((resource) => resource.app === app.name && resource.platform === platform.name);
    return { title: app.name, subtitle: `app, user ${app.user}`, rows: rows(own.map(resourceRow)) };
  };
  if (here.length <= MOST.cards) return [...cards, ...here.map(cardOf)];
  const left = here.length - MOST.cards + 1;
  const rest: Card = {
    title: `${left.toLocaleString("en-US")} more apps`,
    subtitle: "not drawn; the search finds them",
    rows: [],
  };
  return [...cards, ...here.slice(0, MOST.cards - 1).map(cardOf), rest];
}

function branchesOf(accounts: readonly CatalogAccount[]): Branch[] {
  const names = new Set(accounts.map(({ name }) => name));
  return accounts.flatMap(({ name, imports }) =>
    [...grouped(imports, ({ account, kind }) => `${kind} ${account}`)]
      .sort(by(([trunk]) => trunk))
      .flatMap(([, same]) => {
        const [first] = same;
        if (!first || !names.has(first.account)) return [];
        const subjects = apiLast([...new Set(same.map(({ subject }) => subject))]);
        const labels = limited(subjects, LABEL.lines, (left) => `and ${left} more`);
        return [{ exporter: first.account, importer: name, kind: first.kind, labels }];
      }),
  );
}

/** The cards in columns, each into the shortest. */
function placed(cards: readonly Card[], top: number): Box["cards"] {
  const bottoms = Array.from({ length: CARD.columns }, () => top);
  return cards.map((card) => {
    const column = bottoms.indexOf(Math.min(...bottoms));
    const y = bottoms[column] ?? top;
    const height = CARD.head + card.rows.length * CARD.row + CARD.foot;
    bottoms[column] = y + height + CARD.gap;
    return { card, x: BOX.pad + column * (CARD.width + CARD.gap), y, height };
  });
}

function boxesOf(catalog: Catalog, accounts: readonly CatalogAccount[], branches: readonly Branch[]): Box[] {
  const byAccount = new Map<string, CatalogResource[]>(accounts.map(({ name }) => [name, []]));
  for (const resource of catalog.resources) byAccount.get(resource.account)?.push(resource);
  let y = 1;
  return accounts.map((account) => {
    const cards = placed(cardsOf(catalog, account, byAccount.get(account.name) ?? []), y + BOX.head);
    const trunks = [...new Set(branches.filter(({ exporter }) => exporter === account.name).map(trunkOf))];
    let port = y + BOX.head;
    const ports: Port[] = trunks.map((trunk, index) => ({ trunk, y: port + LABEL.line + index * (LABEL.line + 8) }));
    port += ports.length * (LABEL.line + 8);
    for (const branch of branches.filter(({ importer }) => importer === account.name)) {
      port += branch.labels.length * LABEL.line;
      ports.push({ y: port, branch, trunk: trunkOf(branch) });
      port += 14;
    }
    const bottom = Math.max(y + BOX.head, port, ...cards.map((card) => card.y + card.height));
    const box = { account, y, height: bottom + BOX.pad - y, cards, ports };
    y += box.height + BOX.gap;
    return box;
  });
}

function text(x: number, y: number, className: string, content: string, most: number): string {
  const short = shortened(content, most);
  const title = short === content ? "" : `<title>${html(content)}</title>`;
  return `<text x="${x}" y="${y}" class="${className}">${html(short)}${title}</text>`;
}

function cardSvg({ card, x, y, height }: Box["cards"][number]): string {
  const rows = card.rows.map(({ tag, text: content, tagClass }, index) => {
    const top = y + CARD.head + index * CARD.row;
    const most = Math.floor((CARD.width - 60) / SMALL_CHARACTER);
    if (tag === "") return text(x + 12, top + 14, "t-name", content, most + 5);
    const chip = `<rect x="${x + 12}" y="${top + 2}" width="32" height="16" rx="4" class="t-tag t-${tagClass}"/>`;
    return `${chip}<text x="${x + 28}" y="${top + 14}" class="t-tagtext">${tag}</text>${text(x + 52, top + 14, "t-name", content, most)}`;
  });
  const most = Math.floor((CARD.width - 24) / CHARACTER);
  return `<g><rect x="${x}" y="${y}" width="${CARD.width}" height="${height}" rx="8" class="t-card"/>${text(x + 12, y + 20, "t-title", card.title, most - 3)}${text(x + 12, y + 36, "t-sub", card.subtitle, most)}${rows.join("")}</g>`;
}

function boxSvg({ account, y, height, cards }: Box): string {
  const about = `${account.about}${account.jetStream ? "" : " — no JetStream of its own"}`;
  return `<g><rect x="1" y="${y}" width="${BOX_WIDTH}" height="${height}" rx="12" class="t-box"/>${text(BOX.pad, y + 24, "t-account", account.name, 60)}${text(BOX.pad, y + 43, "t-sub", about, Math.floor((BOX_WIDTH - 2 * BOX.pad) / CHARACTER))}${cards.map(cardSvg).join("")}</g>`;
}

/** Lines between the accounts: each exporter has one down the side for each kind, of which the importers branch off. */
function linesSvg(boxes: readonly Box[], laneStart: number): string {
  const ports = boxes.flatMap((box) => box.ports);
  const trunks = [...new Set(ports.map(({ trunk }) => trunk))];
  const edge = BOX_WIDTH + 1;
  return trunks
    .map((trunk, index) => {
      const x = laneStart + index * LANE;
      const own = ports.filter((port) => port.trunk === trunk);
      const ys = own.map(({ y }) => y);
      const kind = trunk.startsWith("stream") ? "stream" : "service";
      const spine = `<path d="M${x} ${Math.min(...ys)}V${Math.max(...ys)}" class="t-line t-line-${kind}"/>`;
      const ends = own.map(({ y, branch }) => {
        const arrives = (branch === undefined) === (kind === "service");
        const head = arrives
          ? `<path d="M${edge + 10} ${y - 5}L${edge + 1} ${y}L${edge + 10} ${y + 5}Z" class="t-head"/>`
          : "";
        const dot = branch ? `<circle cx="${x}" cy="${y}" r="3" class="t-head"/>` : "";
        const start = arrives ? edge + 8 : edge;
        const labels = (branch?.labels ?? [kind === "stream" ? "delivers" : "answers"]).map((label, line, all) => {
          const bottom = y - 5 - (all.length - 1 - line) * LABEL.line;
          return text(edge + 14, bottom, branch ? "t-label" : "t-verb", label, LABEL.most);
        });
        return `<path d="M${start} ${y}H${x}" class="t-line t-line-${kind}"/>${head}${dot}${labels.join("")}`;
      });
      return `<g>${spine}${ends.join("")}</g>`;
    })
    .join("");
}

/** The accounts with their apps, streams and buckets, and what goes from one account to another, as a picture. */
export function topologySvg(catalog: Catalog): string {
  const accounts = catalog.accounts.slice(0, MOST.accounts);
  const branches = branchesOf(accounts);
  const boxes = boxesOf(catalog, accounts, branches);
  const lengths = branches.flatMap(({ labels }) => labels.map((label) => Math.min(label.length, LABEL.most)));
  const longest = Math.max(8, ...lengths);
  const laneStart = BOX_WIDTH + 24 + Math.ceil(longest * SMALL_CHARACTER) + 14;
  const lanes = new Set(branches.map(trunkOf)).size;
  const width = lanes === 0 ? BOX_WIDTH + 2 : laneStart + lanes * LANE;
  const last = boxes.at(-1);
  const height = last ? last.y + last.height + 1 : 40;
  return `<svg class="topology" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="picture-title picture-text"><title id="picture-title">Accounts, apps and streams</title><desc id="picture-text">${html(topologyText(accounts))}</desc>${boxes.map(boxSvg).join("")}${linesSvg(boxes, laneStart)}</svg>`;
}

/** What the picture leaves out, or undefined if it shows everything. */
export function leftOut(catalog: Catalog): string | undefined {
  const accounts = catalog.accounts.length - MOST.accounts;
  const shown = new Set(catalog.accounts.slice(0, MOST.accounts).map(({ name }) => name));
  const apps = catalog.platforms
    .flatMap((platform) => platform.apps)
    .filter(({ account }) => shown.has(account))
    .reduce((counts, { account }) => counts.set(account, (counts.get(account) ?? 0) + 1), new Map<string, number>());
  const left = [...apps.values()].reduce((sum, number) => sum + (number > MOST.cards ? number - MOST.cards + 1 : 0), 0);
  const parts = [
    ...(accounts > 0 ? [`${counted(accounts, "account")}`] : []),
    ...(left > 0 ? [`${counted(left, "app")} of the accounts that it shows`] : []),
  ];
  return parts.length > 0 ? `The picture leaves out ${parts.join(" and ")}. catalog.json has all of them.` : undefined;
}

function topologyText(accounts: readonly CatalogAccount[]): string {
  const sentences = accounts.map(({ name, about, imports }) => {
    const from = [...new Set(imports.map(({ account }) => account))];
    return `${name}: ${about}${from.length > 0 ? `, imports from ${from.join(", ")}` : ""}.`;
  });
  return sentences.join(" ");
}
