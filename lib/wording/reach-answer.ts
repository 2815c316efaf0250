import type { Analyzed } from "../analysis/beyond";
import type { UserAccess } from "../analysis/user-access";
import type { CatalogResource } from "../catalog/catalog";
import { type Answer, answer } from "./answer";
import { abilityRows, cellText } from "./cell";
import { holeRows, holeVerb } from "./hole-text";
import { counted, plain } from "./lists";
import { resourceText } from "./resources";

function userPart({ access }: Analyzed, user: UserAccess, resource: CatalogResource): Answer[] {
  const cell = user.cells.get(resource);
  const holes = access.holesTo(user, resource);
  if (!cell && holes.length === 0) return [];
  const { name } = user.member.user;
  const what = plain(resourceText(resource));
  const parts = [
    ...(cell ? [answer(`can ${cellText(cell)}`, abilityRows(cell))] : []),
    ...holes.map((hole) => answer(`only through a hole: can ${holeVerb(hole)} ${what}`, holeRows(hole, name))),
  ];
  return [answer(`${name} (${user.member.account})`, [], parts)];
}

/** Who can do something with a stream or bucket: by their lines first, then those who can only through holes. */
export function reachAnswer(known: Analyzed, resource: CatalogResource): Answer {
  const { users } = known.access;
  const able = users.filter(({ cells }) => cells.has(resource)).flatMap((user) => userPart(known, user, resource));
  const others = users.filter(({ cells }) => !cells.has(resource)).flatMap((user) => userPart(known, user, resource));
  const what = `${plain(resourceText(resource))} (${resource.account})`;
  const head = `${counted(able.length, "user")} can do something with ${what} by their lines`;
  return answer(`${head}, ${others.length} more only through holes`, [], [...able, ...others]);
}
