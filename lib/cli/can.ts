import type { Member } from "../analysis/access-model";
import { withoutGroups } from "../analysis/queue-groups";
import { canPublish, canSubscribe, reach } from "../analysis/reach";
import type { PermissionLine } from "../analysis/server-model";
import { isLiteral } from "../subjects/subject-pattern";
import { resourceText } from "../wording/resources";
import { groupedText } from "./access/queue-lines";
import { isOnlyThroughHoles, storing } from "./beyond";
import { chosenCatalog } from "./catalog-file";
import { CatalogView } from "./catalog-view";
import { CATALOG_OPTION, type Command } from "./command";
import { ExitStatus } from "./exit-status";
import { PROGRAM } from "./help";
import { columns } from "./layout";
import { plain, reasonTexts, resourcesText, wayText } from "./phrases";
import { type Direction, directionOf, subjectOf } from "./words";

interface Answer {
  readonly yes: boolean;
  readonly lines: readonly string[];
}

function lineRows(lines: readonly PermissionLine[]): string[][] {
  return lines.flatMap((line) => {
    const [first = "", ...others] = reasonTexts(line.reasons);
    return [[groupedText(line), first], ...others.map((other) => ["", other])];
  });
}

const uniqueLines = (lines: readonly PermissionLine[]) => [...new Set(lines)];

function publishAnswer({ model }: CatalogView, member: Member, subject: string): Answer {
  const { extent, as } = canPublish(model, member, subject);
  const name = member.user.name;
  const mapped = as
    .filter(({ byMapping }) => byMapping)
    .map(({ from, to }) => `  The account's mapping makes ${to} of ${from}; the permission is checked on that.`);
  const by = uniqueLines(as.flatMap((each) => each.by));
  if (extent === "all") {
    const { receivers, storedBy } = reach(model, member, subject);
    const streams = storedBy.map(({ resource, through }) => [plain(resourceText(resource)), wayText(through)]);
    const ways = new Map(receivers.map((each) => [each.member.user.name, wayText(each.through)]));
    const users = model.members.flatMap(({ user }) => {
      const way = ways.get(user.name);
      return way === undefined ? [] : [[user.name, way]];
    });
    return {
      yes: true,
      lines: [
        `yes: ${name} may publish ${subject}`,
        ...mapped,
        "",
        "By",
        ...columns(lineRows(by), "  "),
        ...(streams.length > 0 ? ["", "Stored by", ...columns(streams, "  ")] : []),
        ...(users.length > 0 ? ["", "Received by, if they subscribe", ...columns(users, "  ")] : []),
      ],
    };
  }
  if (extent === "some") {
    const parts = as.flatMap(({ to }) => member.permissions.publishing(to));
    return {
      yes: false,
      lines: [
        `no: ${name} may publish only some subjects of ${subject}`,
        ...mapped,
        "",
        "It may publish",
        ...columns(
          parts.map(({ pattern, line }) => [pattern, reasonTexts(line.reasons).join("; ")]),
          "  ",
        ),
      ],
    };
  }
  return { yes: false, lines: [`no: ${name} may not publish ${subject}`, ...mapped, ...denied(member, by, "publish")] };
}

function denied({ user }: Member, by: readonly PermissionLine[], direction: Direction): string[] {
  const { allow, deny } = user[direction];
  const denying = by.filter((line) => deny.includes(line));
  if (allow.length === 0 && deny.length > 0) return [`  It may not ${direction} anything.`];
  if (denying.length > 0) return [`  Denied by ${denying.map(({ pattern }) => pattern).join(", ")}`];
  return [`  None of the ${allow.length} lines for what it may ${direction} allows it.`];
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
    .map(({ subscription: pattern, queue: group, line }) => ({ pattern, queue: group, line }));
  return withoutGroups(found).map((each) => [groupedText(each), reasonTexts(each.line.reasons).join("; ")]);
}

function subscribeAnswer(member: Member, subject: string, queue: string | undefined): Answer {
  const { allowed, by } = canSubscribe(member, subject, queue);
  const name = member.user.name;
  const asked = groupedText({ pattern: subject, queue });
  if (allowed) {
    return {
      yes: true,
      lines: [`yes: ${name} may subscribe to ${asked}`, "", "By", ...columns(lineRows(by), "  ")],
    };
  }
  const groups = queue === undefined ? [] : groupsFor(member, subject);
  const parts = isLiteral(subject) || groups.length > 0 ? [] : partsOf(member, subject, queue);
  return {
    yes: false,
    lines: [
      `no: ${name} may not subscribe to ${asked}`,
      ...denied(member, by, "subscribe"),
      ...(groups.length > 0
        ? ["", "It may subscribe to it in the queue groups", ...groups.map((each) => `  ${each}`)]
        : []),
      ...(parts.length > 0 ? ["", "It may subscribe to parts of it", ...columns(parts, "  ")] : []),
    ],
  };
}

function beyond(view: CatalogView, member: Member, subject: string, direction: Direction): string[] {
  const name = member.user.name;
  const access = view.accessOf(member);
  const resources = storing(view, subject, member.account).filter((resource) =>
    isOnlyThroughHoles(view, access, resource, direction),
  );
  if (resources.length === 0) return [];
  const verb = direction === "publish" ? "writes" : "reads";
  return [
    "",
    `Permissions do not close this: ${name} ${verb}, through holes of the server,`,
    `  ${plain(resourcesText(resources))}`,
    `  (${PROGRAM} show ${name} says how)`,
  ];
}

/** Whether a user may publish or subscribe to something. */
export const can: Command = {
  name: "can",
  words: ["USER", "publish|subscribe", "SUBJECT"],
  about: "whether a user may publish or subscribe to a subject or pattern, and why",
  help: [
    "Exit status: 0 yes, 1 no, 2 called in a wrong way or no readable catalog.",
    "To publish a pattern is to publish all of its subjects. A subscription must be allowed as it is: one that is wider",
    "than what a user may receive is refused, even if it overlaps it.",
  ],
  options: { ...CATALOG_OPTION, queue: { value: "GROUP", about: "subscribe in this queue group" } },
  examples: ["can prod-cache publish 'prod._.api.convex.query'", "can prod-cache subscribe '$KV.prod_convex.>'"],
  run({ words: [user = "", word, text], options }, io) {
    const direction = directionOf(word);
    const subject = subjectOf(text);
    const view = new CatalogView(chosenCatalog(options.catalog, io.cwd));
    const member = view.member(user);
    const answer =
      direction === "publish" ? publishAnswer(view, member, subject) : subscribeAnswer(member, subject, options.queue);
    const lines = [...answer.lines, ...(answer.yes ? [] : beyond(view, member, subject, direction))];
    io.out(`${lines.join("\n")}\n`);
    return answer.yes ? ExitStatus.OK : ExitStatus.NO;
  },
};
