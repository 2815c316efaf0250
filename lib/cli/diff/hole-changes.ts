import { effectiveHoles } from "../../analysis/beyond";
import type { Hole } from "../../analysis/holes";
import { holeText, holeVerb, reachText } from "../../wording/hole-text";
import { accessChange, type Change } from "./change";
import { inBoth, type Pair } from "./pairs";
import type { KnownUser } from "./world";

function holesByKey({ view, access }: KnownUser): Map<string, Hole> {
  return new Map(
    effectiveHoles(view, access).map((hole) => {
      const who = hole.kind === "responder" ? hole.users : [];
      return [`${hole.kind} ${hole.level} ${hole.account} ${hole.resource?.stream} ${who}`, hole];
    }),
  );
}

function change(name: string, { view, access }: KnownUser, hole: Hole, kind: "added" | "removed"): Change {
  const verb = `${kind === "added" ? "can now" : "can no longer"} ${holeVerb(hole)}`;
  const what = reachText(view, access, hole);
  const text = `\`${name}\` ${verb} ${what} through a hole that permissions cannot close`;
  return accessChange(kind, text, { users: [name], details: [holeText(hole, name)] });
}

function beyond(name: string, user: KnownUser, other: KnownUser, kind: "added" | "removed"): Change[] {
  const others = holesByKey(other);
  const own = [...holesByKey(user)].filter(([key]) => !others.has(key));
  return own.map(([, hole]) => change(name, user, hole, kind));
}

/** The holes that users who are in both catalogs have in one of them only. */
export function beyondPermissions(users: readonly Pair<KnownUser>[]): Change[] {
  return inBoth(users).flatMap(({ key, before, after }) => [
    ...beyond(key, after, before, "added"),
    ...beyond(key, before, after, "removed"),
  ]);
}
