import type { Direction } from "../access/grant";
import { permittedText } from "../access/permissions";
import type { Member } from "../analysis/access-model";
import { type Analyzed, isOnlyThroughHoles, storing } from "../analysis/beyond";
import { withoutGroups } from "../analysis/queue-groups";
import { canPublish, canSubscribe, reach } from "../analysis/reach";
import type { CatalogLine } from "../catalog/catalog";
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
    const { receivers, storedBy } = reach(model, member, subject);
    const streams = storedBy.map(({ resource, through }) => [plain(resourceText(resource)), wayText(through)]);
    const ways = new Map(receivers.map((each) => [each.member.user.name, wayText(each.through)]));
    const users = model.members.flatMap(({ user }) => {
      const way = ways.get(user.name);
      return way === undefined ? [] : [[user.name, way]];
    });
    return yes(`${name} may publish ${subject}`, sentences(mapped), [
      answer("By", lineRows(by)),
      ...some("Stored by", streams),
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
  const resources = access ? stored.filter((resource) => isOnlyThroughHoles(known, access, resource, direction)) : [];
  if (resources.length === 0) return [];
  const verb = direction === "publish" ? "writes" : "reads";
  return [
    answer(
      `Permissions do not close this: ${name} ${verb}, through holes of the server,`,
      sentences([plain(resourcesText(resources)), `(${PROGRAM} show ${name} says how)`]),
    ),
  ];
}

/** Whether a user may publish or subscribe to something, in a queue group if one is given. */
export function can(known: Analyzed, member: Member, direction: Direction, subject: string, queue?: string): YesOrNo {
  const said =
    direction === "publish" ? publishAnswer(known, member, subject) : subscribeAnswer(member, subject, queue);
  return said.yes ? said : { ...said, parts: [...said.parts, ...beyond(known, member, subject, direction)] };
}
