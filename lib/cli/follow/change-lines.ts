import { isDeepStrictEqual } from "node:util";
import { visible } from "../../problems/visible";
import { counted } from "../../wording/lists";
import { accountOfKey, type Owner, ownerId, type Unit, userOfKey } from "./unit";

/** A document with what is known of it. */
interface Placed extends Owner {
  readonly stack: string;
  readonly key: string;
  readonly text: string;
  readonly revision: number;
}

/** What of a document is called how, where it changes. */
const PARTS: readonly (readonly [what: string, members: readonly string[]])[] = [
  ["account", ["account"]],
  ["permissions", ["publish", "subscribe", "permissionSet", "queueGroup", "inboxPrefix", "role"]],
  ["credentials", ["credentials"]],
  ["exports", ["exports"]],
  ["imports", ["imports"]],
  ["JetStream", ["jetStream"]],
  ["limits", ["limits"]],
  ["mappings", ["mappings"]],
];

const placed = (units: readonly Unit[]) =>
  new Map(
    units.flatMap(({ platform, app, stack, documents }) =>
      documents.map((each): [string, Placed] => [
        `${ownerId({ platform, app })} ${each.key}`,
        { platform, app, stack, ...each },
      ]),
    ),
  );

function subjectOf({ platform, key }: Placed): string {
  const user = userOfKey(key);
  return `${platform}: ${user === undefined ? `account ${accountOfKey(key)}` : `user ${user}`}`;
}

function changedParts(before: string, after: string): string {
  const [one, other] = [before, after].map((text) => JSON.parse(text) as { readonly [member: string]: unknown });
  const parts = PARTS.filter(([, members]) =>
    members.some((member) => !isDeepStrictEqual(one?.[member], other?.[member])),
  ).map(([what]) => what);
  return parts.length === 0 ? "has another description" : `has other ${parts.join(", ")}`;
}

/** Where a document is, so that whoever asks finds it. */
const place = ({ key, revision, stack }: Placed) =>
  `[${key}${revision > 0 ? `, revision ${revision}` : ", of the start"}, stack ${stack}]`;

function changeLine(before: Placed | undefined, after: Placed | undefined): string | undefined {
  if (before && after) {
    if (before.text === after.text) return undefined;
    return `${subjectOf(after)} ${changedParts(before.text, after.text)} ${place(after)}`;
  }
  if (after) return `${subjectOf(after)} is added ${place(after)}`;
  return before && `${subjectOf(before)} is removed ${place(before)}`;
}

/** What comes into force where nothing was known before: how much there is of each platform. */
function firstLines(units: readonly Unit[]): string[] {
  const platforms = [...new Set(units.map(({ platform }) => platform))].sort();
  return platforms.map((platform) => {
    const keys = units.filter((unit) => unit.platform === platform).flatMap(({ documents }) => documents);
    const users = keys.filter(({ key }) => userOfKey(key) !== undefined).length;
    return `${platform}: ${counted(users, "user")} and ${counted(keys.length - users, "account")} are followed`;
  });
}

/** What changes between units that are in force, a line for each document: what, of whom, and by which document. */
export function changeLines(before: readonly Unit[], after: readonly Unit[]): string[] {
  if (before.length === 0) return firstLines(after);
  const [former, next] = [placed(before), placed(after)];
  const keys = [...new Set([...former.keys(), ...next.keys()])].sort();
  return keys.flatMap((key) => changeLine(former.get(key), next.get(key)) ?? []).map(visible);
}
