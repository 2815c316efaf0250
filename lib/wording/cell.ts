import { byAct } from "../analysis/level";
import type { Ability, Cell } from "../analysis/user-access";
import { plain } from "./lists";
import { resourcePhrases } from "./phrase";
import { reasonTexts } from "./reasons";
import { resourceText } from "./resources";
import { partsByAct, usesOfCell } from "./uses";
import { wayText } from "./ways";

function abilityRow({ act, by, line, through }: Ability): string[] {
  const way = through.length === 0 ? "" : ` by ${wayText(through)}`;
  const verb = by === "subscribe" ? "subscribes to" : "publishes";
  return [act, `${verb} ${line.subject}`, `${reasonTexts(line.reasons).join("; ")}${way}`];
}

/** What a user does with one stream or bucket, and by which lines, from the least act on. */
export function abilityRows({ abilities }: Cell): string[][] {
  return [...abilities].sort((one, other) => byAct(one.act, other.act)).map(abilityRow);
}

/** What a user can do to one stream or bucket, in words. */
export function cellText({ resource, abilities }: Cell): string {
  const phrases = resourcePhrases(resource, partsByAct(usesOfCell({ resource, abilities })), true);
  const receives = abilities.some(({ by }) => by === "subscribe")
    ? [`receive new messages of the ${resourceText(resource)}`]
    : [];
  return plain([...phrases.map(({ text }) => text), ...receives].join("; "));
}
