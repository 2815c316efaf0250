import type { Direction } from "../access/grant";
import { type Analyzed, type Holding, isAbout, isOnlyThroughHoles, storing } from "../analysis/beyond";
import type { Step } from "../analysis/course";
import type { Act } from "../analysis/jetstream-api";
import { whoCanPublish, whoCanSubscribe } from "../analysis/reach";
import { isDeclared } from "../analysis/referred-streams";
import type { Ability } from "../analysis/user-access";
import type { CatalogLine, CatalogResource } from "../catalog/catalog";
import { grouped } from "../collections/groups";
import { overlaps } from "../subjects/subject-pattern";
import { type Answer, answer, sentences } from "./answer";
import { PROGRAM } from "./command-name";
import { counted, plain } from "./lists";
import { groupedText, reasonTexts } from "./reasons";
import { resourcesText, resourceText } from "./resources";
import { isCopy, wayText } from "./ways";

/** One way by which a user gets at a subject. */
interface Way {
  readonly user: string;
  readonly account: string;
  /** What it publishes or subscribes to. */
  readonly does: string;
  readonly line: CatalogLine;
  /** Where and as what this is seen, if that differs. */
  readonly note: string;
}

function note(at: string, does: string, seen: string, line: CatalogLine, through: readonly Step[]): string {
  const way = wayText(through);
  const renamed = seen === does && way === "" ? "" : `${at} as ${seen}`;
  if (way !== "") return `${renamed}, by ${way}`;
  return renamed === "" || line.subject === seen ? renamed : `${renamed}, by the account's mapping`;
}

function publishWays({ model }: Analyzed, subject: string, account?: string): Way[] {
  return whoCanPublish(model, subject, account).map(({ member, publishes, into, subject: seen, through, line }) => ({
    user: member.user.name,
    account: member.account,
    does: publishes,
    line,
    note: note(`seen in ${into}`, publishes, seen, line, through),
  }));
}

function subscribeWays({ model }: Analyzed, subject: string, account?: string): Way[] {
  return whoCanSubscribe(model, subject, account).map((delivery) => {
    const { member, pattern, subscription, queue, line, from, through } = delivery;
    const way = wayText(through);
    const wide = subscription === pattern ? "" : `receives ${pattern}`;
    return {
      user: member.user.name,
      account: member.account,
      does: groupedText({ subject: subscription, queue }),
      line,
      note: way === "" ? wide : `published in ${from}, by ${way}`,
    };
  });
}

function wayParts(ways: readonly Way[]): Answer[] {
  return [...grouped(ways, ({ user }) => user).values()].map((own) => {
    const lines = [...grouped(own, ({ does, line }) => `${does} ${line.subject}`).values()];
    const rows = lines.flatMap(([first, ...others]) => {
      if (!first) return [];
      const { does, line } = first;
      const by = line.subject === does ? "" : `by the line ${line.subject}: `;
      const notes = [first, ...others].flatMap((way) => (way.note === "" ? [] : [["", way.note]]));
      const [why = "", ...more] = reasonTexts(line.reasons);
      return [[does, `${by}${why}`], ...more.map((each) => ["", each]), ...notes];
    });
    return answer(`${own[0]?.user} (${own[0]?.account})`, rows);
  });
}

const ACTS_OF: { readonly [direction in Direction]: readonly Act[] } = {
  publish: ["write", "manage"],
  subscribe: ["read"],
};

/** What somebody does with messages that a stream stores, by which line and way. */
interface Doing {
  readonly user: string;
  readonly ability: Ability;
}

/** Who does something with messages that a stream stores: each line once. */
function doings({ access }: Analyzed, holding: Holding, does: (ability: Ability) => boolean): Doing[] {
  return access.users.flatMap(({ member, cells }) =>
    (cells.get(holding.resource)?.abilities ?? [])
      .filter((ability) => does(ability) && isAbout(ability, holding))
      .filter(({ line }, index, all) => all.findIndex((each) => each.line === line) === index)
      .map((ability) => ({ user: member.user.name, ability })),
  );
}

function doingRows(found: readonly Doing[]): string[][] {
  return found.map(({ user, ability: { line, through } }, index) => {
    const way = through.some(({ kind }) => kind !== "import") ? ` by ${wayText(through)}` : "";
    return [found[index - 1]?.user === user ? "" : user, line.subject, `${reasonTexts(line.reasons)[0] ?? ""}${way}`];
  });
}

/** Whether somebody receives what a stream publishes again. */
const receivesAgain = ({ by, through }: Ability) =>
  by === "subscribe" && through.some(({ kind }) => kind === "republish");

/** Who receives messages that a stream stores as they are published again, beyond some ways that are known. */
const receiving = (known: Analyzed, holding: Holding, ways: readonly Way[]): Doing[] =>
  doings(known, holding, receivesAgain).filter(
    ({ user, ability: { line } }) => !ways.some((way) => way.user === user && way.line === line),
  );

/** Whether an ability is to acknowledge messages, where the server removes them by that. */
const takesAway = ({ line, through }: Ability, { stream, retention }: CatalogResource): boolean =>
  retention !== undefined && !through.some(isCopy) && overlaps(line.subject, `$JS.ACK.${stream}.*.>`);

function storedParts(known: Analyzed, holding: Holding, direction: Direction, ways: readonly Way[]): Answer[] {
  const { resource } = holding;
  const isChanged = resource.holds !== undefined && direction === "publish";
  const isRequest = (ability: Ability) =>
    ability.by === "request" &&
    (ACTS_OF[direction].includes(ability.act) || (direction === "publish" && takesAway(ability, resource)));
  const parts: readonly [string, Doing[]][] = [
    [
      "which copies or rewrites what is published by",
      isChanged ? doings(known, holding, ({ by }) => by === "publish") : [],
    ],
    [
      `and ${direction === "publish" ? "changed or removed there by requests of" : "read from there by requests of"}`,
      doings(known, holding, isRequest),
    ],
    ["and published again from there to", direction === "subscribe" ? receiving(known, holding, ways) : []],
  ];
  const holes = known.access.users
    .filter((user) => isOnlyThroughHoles(known, user, holding, direction))
    .map(({ member }) => member.user.name);
  const name = plain(resourceText(resource));
  const stored = holding.isSure ? "Stored" : isDeclared(resource) ? UNSURE : "Possibly stored";
  const where = isDeclared(resource) ? "" : ", which this program does not declare";
  const more = `${counted(holes.length, "user")} more ${holes.length === 1 ? "gets" : "get"}`;
  return [
    ...parts.flatMap(([verbs, found]) =>
      found.length > 0
        ? [answer(`${stored} in ${name} (${resource.account})${where}, ${verbs}`, doingRows(found))]
        : [],
    ),
    ...(holes.length > 0
      ? [
          answer(
            `Not closed by permissions: through holes of the server, ${more} at ${name}`,
            sentences([holes.join(", "), `(${PROGRAM} show USER says how)`]),
          ),
        ]
      : []),
  ];
}

/** What is said of a subject that only a copy of an unknown stream may bring. */
const UNSURE = "Possibly, by a copy of a stream that this program does not declare, stored";

/** How many streams and buckets are gone into; more are only named. */
const MOST_RESOURCES = 10;

function allStoredParts(
  known: Analyzed,
  holdings: readonly Holding[],
  direction: Direction,
  ways: readonly Way[],
): Answer[] {
  if (holdings.length <= MOST_RESOURCES) {
    return holdings.flatMap((holding) => storedParts(known, holding, direction, ways));
  }
  const heads = [
    `Stored in ${plain(resourcesText(holdings.map(({ resource }) => resource)))}.`,
    "Ask for subjects of fewer of them to see who gets at them there.",
  ];
  return [{ heads, rows: [], parts: [] }];
}

const HINT = "No account sees the subjects of another, except by the imports named above.";

/** Which users reach a subject, in any account or in one. */
export function whoCan(known: Analyzed, direction: Direction, subject: string, account?: string): Answer {
  const ways = (direction === "publish" ? publishWays : subscribeWays)(known, subject, account);
  const holdings = storing(known, subject, account);
  const again = direction === "subscribe" ? holdings.flatMap((each) => receiving(known, each, ways)) : [];
  const count = new Set([...ways, ...again].map(({ user }) => user)).size;
  const what = direction === "publish" ? `publish ${subject}` : `receive ${subject} by subscribing`;
  const where = account === undefined ? "" : direction === "publish" ? ` into ${account}` : ` from ${account}`;
  const several = new Set(ways.map((way) => way.account)).size > 1;
  return answer(
    `${count === 0 ? "no user" : counted(count, "user")} can ${what}${where}`,
    [],
    [
      ...wayParts(ways),
      ...allStoredParts(known, holdings, direction, ways),
      ...(several && account === undefined ? [answer(HINT)] : []),
    ],
  );
}
