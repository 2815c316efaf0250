import type { Step } from "../analysis/course";
import type { Act } from "../analysis/jetstream-api";
import { whoCanPublish, whoCanSubscribe } from "../analysis/reach";
import type { PermissionLine, Resource } from "../analysis/server-model";
import { overlaps } from "../subjects/subject-pattern";
import { resourceText } from "../wording/resources";
import { groupedText } from "./access/queue-lines";
import { isOnlyThroughHoles, storing } from "./beyond";
import { chosenCatalog } from "./catalog-file";
import { CatalogView } from "./catalog-view";
import { CATALOG_OPTION, type Command } from "./command";
import { ExitStatus } from "./exit-status";
import { PROGRAM } from "./help";
import { columns, counted } from "./layout";
import { plain, reasonTexts, resourcesText, wayText } from "./phrases";
import { type Direction, directionOf, subjectOf } from "./words";

/** One way by which a user gets at a subject. */
interface Way {
  readonly user: string;
  readonly account: string;
  /** What it publishes or subscribes to. */
  readonly does: string;
  readonly line: PermissionLine;
  /** Where and as what this is seen, if that differs. */
  readonly note: string;
}

function note(at: string, does: string, seen: string, line: PermissionLine, through: readonly Step[]): string {
  const way = wayText(through);
  const renamed = seen === does && way === "" ? "" : `${at} as ${seen}`;
  if (way !== "") return `${renamed}, by ${way}`;
  return renamed === "" || line.pattern === seen ? renamed : `${renamed}, by the account's mapping`;
}

function publishWays({ model }: CatalogView, subject: string, account?: string): Way[] {
  return whoCanPublish(model, subject, account).map(({ member, publishes, into, subject: seen, through, line }) => ({
    user: member.user.name,
    account: member.account,
    does: publishes,
    line,
    note: note(`seen in ${into}`, publishes, seen, line, through),
  }));
}

function subscribeWays({ model }: CatalogView, subject: string, account?: string): Way[] {
  return whoCanSubscribe(model, subject, account).map((delivery) => {
    const { member, pattern, subscription, queue, line, from, through } = delivery;
    const way = wayText(through);
    const wide = subscription === pattern ? "" : `receives ${pattern}`;
    return {
      user: member.user.name,
      account: member.account,
      does: groupedText({ pattern: subscription, queue }),
      line,
      note: way === "" ? wide : `published in ${from}, by ${way}`,
    };
  });
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
}

function wayLines(ways: readonly Way[]): string[] {
  return grouped(ways, ({ user }) => user).flatMap((own) => {
    const lines = grouped(own, ({ does, line }) => `${does} ${line.pattern}`);
    const rows = lines.flatMap(([first, ...others]) => {
      if (!first) return [];
      const { does, line } = first;
      const by = line.pattern === does ? "" : `by the line ${line.pattern}: `;
      const notes = [first, ...others].flatMap((way) => (way.note === "" ? [] : [["", way.note]]));
      const [why = "", ...more] = reasonTexts(line.reasons);
      return [[does, `${by}${why}`], ...more.map((each) => ["", each]), ...notes];
    });
    return [`${own[0]?.user} (${own[0]?.account})`, ...columns(rows, "  "), ""];
  });
}

const ACTS: { readonly [direction in Direction]: readonly Act[] } = {
  publish: ["write", "manage"],
  subscribe: ["read"],
};

function storedLines(view: CatalogView, resource: Resource, subject: string, direction: Direction): string[] {
  const rows = view.access.users.flatMap(({ member, cells }) =>
    (cells.get(resource)?.abilities ?? [])
      .filter(({ act, by }) => by === "request" && ACTS[direction].includes(act))
      .filter(({ subjects }) => subjects?.some((each) => overlaps(each, subject)) ?? true)
      .filter(({ line }, index, all) => all.findIndex((each) => each.line === line) === index)
      .map(({ line }, index) => [
        index === 0 ? member.user.name : "",
        line.pattern,
        reasonTexts(line.reasons)[0] ?? "",
      ]),
  );
  const holes = view.access.users
    .filter((user) => isOnlyThroughHoles(view, user, resource, direction))
    .map(({ member }) => member.user.name);
  const verbs = direction === "publish" ? "changed or removed there by requests of" : "read from there by requests of";
  const name = plain(resourceText(resource));
  return [
    ...(rows.length > 0 ? [`Stored in ${name} (${resource.account}), and ${verbs}`, ...columns(rows, "  "), ""] : []),
    ...(holes.length > 0
      ? [
          `Not closed by permissions: through holes of the server, ${counted(holes.length, "user")} more ${holes.length === 1 ? "gets" : "get"} at ${name}`,
          `  ${holes.join(", ")}`,
          `  (${PROGRAM} show USER says how)`,
          "",
        ]
      : []),
  ];
}

/** How many streams and buckets are gone into; more are only named. */
const MOST_RESOURCES = 10;

function allStoredLines(
  view: CatalogView,
  resources: readonly Resource[],
  subject: string,
  direction: Direction,
): string[] {
  if (resources.length <= MOST_RESOURCES) {
    return resources.flatMap((resource) => storedLines(view, resource, subject, direction));
  }
  const stored = plain(resourcesText(resources));
  return [`Stored in ${stored}.`, "Ask for subjects of fewer of them to see who gets at them there.", ""];
}

const HINT =
  "No account sees the subjects of another, except by the imports named above. With --account, only one is asked.";

/** Which users reach a subject. */
export const whoCan: Command = {
  name: "who-can",
  words: ["publish|subscribe", "SUBJECT"],
  about: "which users may publish a subject, or receive it, by which line and through which imports",
  help: [
    "SUBJECT may be a pattern: then users are named who reach some of its subjects. With --account, publish names who",
    "can make it seen in that account, and subscribe names who receives what is published there.",
    "Streams and buckets that store the subject are named with those who get at it there by requests.",
  ],
  options: { ...CATALOG_OPTION, account: { value: "NAME", about: "only in this account; by default in any" } },
  examples: ["who-can publish '$KV.prod_convex.>'", "who-can subscribe 'prod._.audit.>' --account PROD"],
  run({ words: [word, text], options: { catalog, account } }, io) {
    const direction = directionOf(word);
    const subject = subjectOf(text);
    const view = new CatalogView(chosenCatalog(catalog, io.cwd));
    if (account !== undefined) view.account(account);
    const ways = (direction === "publish" ? publishWays : subscribeWays)(view, subject, account);
    const count = new Set(ways.map(({ user }) => user)).size;
    const what = direction === "publish" ? `publish ${subject}` : `receive ${subject} by subscribing`;
    const where = account === undefined ? "" : direction === "publish" ? ` into ${account}` : ` from ${account}`;
    const several = new Set(ways.map((way) => way.account)).size > 1;
    const lines = [
      `${count === 0 ? "no user" : counted(count, "user")} can ${what}${where}`,
      "",
      ...wayLines(ways),
      ...allStoredLines(view, storing(view, subject, account), subject, direction),
    ];
    if (several && account === undefined) lines.push(HINT);
    io.out(`${lines.join("\n").trimEnd()}\n`);
    return ExitStatus.OK;
  },
};
