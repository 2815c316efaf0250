import type { Direction } from "../access/grant";
import { type Analyzed, isOnlyThroughHoles, storing } from "../analysis/beyond";
import type { Step } from "../analysis/course";
import type { Act } from "../analysis/jetstream-api";
import { whoCanPublish, whoCanSubscribe } from "../analysis/reach";
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

/** Who does something with messages of a subject that a stream stores, by which lines and through which copies. */
function usersRows(
  { access }: Analyzed,
  resource: CatalogResource,
  subject: string,
  does: (ability: Ability) => boolean,
): string[][] {
  return access.users.flatMap(({ member, cells }) =>
    (cells.get(resource)?.abilities ?? [])
      .filter((ability) => does(ability) && (ability.subjects?.some((each) => overlaps(each, subject)) ?? true))
      .filter(({ line }, index, all) => all.findIndex((each) => each.line === line) === index)
      .map(({ line, through }, index) => {
        const way = through.some(isCopy) ? ` by ${wayText(through)}` : "";
        return [index === 0 ? member.user.name : "", line.subject, `${reasonTexts(line.reasons)[0] ?? ""}${way}`];
      }),
  );
}

/** Whether a stream surely stores subjects of a pattern, or may by a copy of what the program does not declare. */
const surelyHolds = ({ subjects, holds = subjects }: CatalogResource, pattern: string) =>
  holds.some((each) => overlaps(each, pattern));

function storedParts(known: Analyzed, resource: CatalogResource, subject: string, direction: Direction): Answer[] {
  const rows = usersRows(
    known,
    resource,
    subject,
    ({ act, by }) => by === "request" && ACTS_OF[direction].includes(act),
  );
  const isChanged = resource.holds !== undefined && direction === "publish";
  const published = isChanged ? usersRows(known, resource, subject, ({ by }) => by === "publish") : [];
  const holes = known.access.users
    .filter((user) => isOnlyThroughHoles(known, user, resource, direction))
    .map(({ member }) => member.user.name);
  const verbs = direction === "publish" ? "changed or removed there by requests of" : "read from there by requests of";
  const name = plain(resourceText(resource));
  const more = `${counted(holes.length, "user")} more ${holes.length === 1 ? "gets" : "get"}`;
  return [
    ...(published.length > 0
      ? [answer(`Stored in ${name} (${resource.account}), which copies or rewrites what is published by`, published)]
      : []),
    ...(rows.length > 0
      ? [
          answer(
            `${surelyHolds(resource, subject) ? "Stored" : UNSURE} in ${name} (${resource.account}), and ${verbs}`,
            rows,
          ),
        ]
      : []),
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
  resources: readonly CatalogResource[],
  subject: string,
  direction: Direction,
): Answer[] {
  if (resources.length <= MOST_RESOURCES) {
    return resources.flatMap((resource) => storedParts(known, resource, subject, direction));
  }
  const heads = [
    `Stored in ${plain(resourcesText(resources))}.`,
    "Ask for subjects of fewer of them to see who gets at them there.",
  ];
  return [{ heads, rows: [], parts: [] }];
}

const HINT = "No account sees the subjects of another, except by the imports named above.";

/** Which users reach a subject, in any account or in one. */
export function whoCan(known: Analyzed, direction: Direction, subject: string, account?: string): Answer {
  const ways = (direction === "publish" ? publishWays : subscribeWays)(known, subject, account);
  const count = new Set(ways.map(({ user }) => user)).size;
  const what = direction === "publish" ? `publish ${subject}` : `receive ${subject} by subscribing`;
  const where = account === undefined ? "" : direction === "publish" ? ` into ${account}` : ` from ${account}`;
  const several = new Set(ways.map((way) => way.account)).size > 1;
  return answer(
    `${count === 0 ? "no user" : counted(count, "user")} can ${what}${where}`,
    [],
    [
      ...wayParts(ways),
      ...allStoredParts(known, storing(known, subject, account), subject, direction),
      ...(several && account === undefined ? [answer(HINT)] : []),
    ],
  );
}
