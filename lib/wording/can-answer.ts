import type { Direction } from "../access/grant";
import { permittedText } from "../access/permissions";
import type { Member } from "../analysis/access-model";
import { type Analyzed, isAbout, isOnlyThroughHoles, storing } from "../analysis/beyond";
import { withoutGroups } from "../analysis/queue-groups";
import { canPublish, canSubscribe, reach, type Storage, whoCanSubscribe } from "../analysis/reach";
import { isDeclared } from "../analysis/referred-streams";
import type { CatalogLine } from "../catalog/catalog";
import { grouped } from "../collections/groups";
import { isLiteral } from "../subjects/subject-pattern";
import { type Answer, answer, sentences } from "./answer";
import { PROGRAM } from "./command-name";
import { plain } from "./lists";
import { groupedText, reasonTexts } from "./reasons";
import { resourcesText, resourceText } from "./resources";
import { wayText } from "./ways";

/** An answer that is yes or no. */
export interface YesOrNo extends Answer {
  readonly yes: boolean;
}

const yes = (head: string, rows: Answer["rows"], parts: readonly Answer[]) => ({
  yes: true,
  ...answer(`yes: ${head}`, rows, parts),
});
const no = (head: string, rows: Answer["rows"] = [], parts: readonly Answer[] = []) => ({
  yes: false,
  ...answer(`no: ${head}`, rows, parts),
});

/** A piece with rows; nothing where there are none. */
const some = (head: string, rows: Answer["rows"]): Answer[] => (rows.length > 0 ? [answer(head, rows)] : []);

function lineRows(lines: readonly CatalogLine[]): string[][] {
  return lines.flatMap((line) => {
    const [first = "", ...others] = reasonTexts(line.reasons);
    return [[groupedText(line), first], ...others.map((other) => ["", other])];
  });
}

function publishAnswer({ model }: Analyzed, member: Member, subject: string): YesOrNo {
  const { extent, as } = canPublish(model, member, subject);
  const name = member.user.name;
  const mapped = as
    .filter(({ byMapping }) => byMapping)
    .map(({ from, to }) => `The account's mapping makes ${to} of ${from}; the permission is checked on that.`);
  const by = [...new Set(as.flatMap((each) => each.by))];
  if (extent === "all") {
    const { receivers, storedBy, possiblyStoredBy } = reach(model, member, subject);
    const streams = (stored: readonly Storage[]) =>
      stored.map(({ resource, through }) => [plain(resourceText(resource)), wayText(through)]);
    const ways = grouped(receivers, ({ member: { user } }) => user.name);
    const users = model.members.flatMap(({ user }) => {
      const own = ways.get(user.name) ?? [];
      return [...new Set(own.map(({ through }) => wayText(through)))].map((way, index) => [
        index === 0 ? user.name : "",
        way,
      ]);
    });
    return yes(`${name} may publish ${subject}`, sentences(mapped), [
      answer("By", lineRows(by)),
      ...some("Stored by", streams(storedBy)),
      ...some(
        "Possibly stored by, of those that this program does not declare",
        streams(possiblyStoredBy.filter(({ resource }) => !isDeclared(resource))),
      ),
      ...some(
        "Possibly stored by, as copies of a stream that this program does not declare",
        streams(possiblyStoredBy.filter(({ resource }) => isDeclared(resource))),
      ),
      ...some("Received by, if they subscribe", users),
    ]);
  }
  if (extent === "some") {
    const parts = as.flatMap(({ to }) => member.permissions.publishing(to));
    const rows = parts.map(({ pattern, line }) => [pattern, reasonTexts(line.reasons).join("; ")]);
    return no(`${name} may publish only some subjects of ${subject}`, sentences(mapped), [
      answer("It may publish", rows),
    ]);
  }
  return no(`${name} may not publish ${subject}`, sentences([...mapped, denied(member, by, "publish")]));
}

function denied({ user }: Member, by: readonly CatalogLine[], direction: Direction): string {
  const { allow, deny } = user[direction];
  const denying = by.map(permittedText).filter((text) => deny.includes(text));
  if (allow.length === 0 && deny.length > 0) return `It may not ${direction} anything.`;
  if (denying.length > 0) return `Denied by ${denying.join(", ")}`;
  return `None of the ${allow.length} lines for what it may ${direction} allows it.`;
}

/** The queue groups in which a user may subscribe to something, also as patterns. */
function groupsFor({ permissions }: Member, subject: string): string[] {
  const groups = new Set(permissions.subscribe.flatMap((line) => line.queue ?? []));
  return [...groups].filter((each) => permissions.maySubscribe(subject, each).allowed);
}

/** What a user may subscribe to of a pattern, in a queue group if one is given, with reasons. */
function partsOf({ permissions }: Member, subject: string, queue: string | undefined): string[][] {
  const found = permissions
    .receiving(subject)
    .filter(({ subscription }) => queue === undefined || permissions.maySubscribe(subscription, queue).allowed)
    .map(({ subscription, queue: group, line }) => ({ subject: subscription, queue: group, line }));
  return withoutGroups(found).map((each) => [groupedText(each), reasonTexts(each.line.reasons).join("; ")]);
}

function subscribeAnswer(member: Member, subject: string, queue: string | undefined): YesOrNo {
  const { allowed, by } = canSubscribe(member, subject, queue);
  const asked = `${member.user.name} may${allowed ? "" : " not"} subscribe to ${groupedText({ subject, queue })}`;
  if (allowed) return yes(asked, [], [answer("By", lineRows(by))]);
  const groups = queue === undefined ? [] : groupsFor(member, subject);
  const parts = isLiteral(subject) || groups.length > 0 ? [] : partsOf(member, subject, queue);
  return no(asked, sentences([denied(member, by, "subscribe")]), [
    ...some("It may subscribe to it in the queue groups", sentences(groups)),
    ...some("It may subscribe to parts of it", parts),
  ]);
}

function beyond(known: Analyzed, { user: { name }, account }: Member, subject: string, direction: Direction): Answer[] {
  const stored = storing(known, subject, account);
  const access = stored.length === 0 ? undefined : known.access.of(name);
  const open = access ? stored.filter((holding) => isOnlyThroughHoles(known, access, holding, direction)) : [];
  if (open.length === 0) return [];
  const resources = open.map(({ resource }) => resource);
  const verb = direction === "publish" ? "writes" : "reads";
  return [
    answer(
      `Permissions do not close this: ${name} ${verb}, through holes of the server,`,
      sentences([plain(resourcesText(resources)), `(${PROGRAM} show ${name} says how)`]),
    ),
  ];
}

/** How a user that may not subscribe to something gets its messages: as they are given on, and where they are stored. */
function otherwise(known: Analyzed, { user: { name }, account }: Member, subject: string): Answer[] {
  const received = whoCanSubscribe(known.model, subject)
    .filter(({ member, through }) => member.user.name === name && through.length > 0)
    .map(({ subscription, queue, from, through }) => {
      const where = from === account ? "" : `published in ${from}, `;
      return [groupedText({ subject: subscription, queue }), `${where}by ${wayText(through)}`];
    });
  const cells = known.access.of(name)?.cells;
  const read = storing(known, subject).flatMap((holding) =>
    (cells?.get(holding.resource)?.abilities ?? [])
      .filter((ability) => ability.act === "read" && ability.by === "request" && isAbout(ability, holding))
      .map(({ line, through }) => {
        const way = through.length === 0 ? "" : ` by ${wayText(through)}`;
        const { resource } = holding;
        const where = resource.account === account ? "" : ` (${resource.account})`;
        const unsure = isDeclared(resource) ? "" : ", if it has such messages: this program does not declare it";
        return [line.subject, `${plain(resourceText(resource))}${where}${way}${unsure}`];
      }),
  );
  return [
    ...some("It receives what is published there by subscribing to", received),
    ...some("It reads what is stored of it by requests to", read),
  ];
}

/** Whether a user may publish or subscribe to something, in a queue group if one is given. */
export function can(known: Analyzed, member: Member, direction: Direction, subject: string, queue?: string): YesOrNo {
  const said =
    direction === "publish" ? publishAnswer(known, member, subject) : subscribeAnswer(member, subject, queue);
  if (said.yes) return said;
  const more = direction === "subscribe" ? otherwise(known, member, subject) : [];
  return { ...said, parts: [...said.parts, ...more, ...beyond(known, member, subject, direction)] };
}
