import { names } from "../../wording/lists";
import { isForgotten, isIdle, isMade } from "./newness";
import type { PlannedChange } from "./plan";
import type { PlannedAccounts } from "./planned-accounts";
import { isAccessDocument } from "./planned-entries";
import { isInside, resourceOf } from "./planned-resource";

const ELSEWHERE = "Not looked at, since it is not in the account of the user who asks: ";
const UNSURE =
  "There are several accounts, and it is not known in which the user who asks is: NATS_USER names one that the program does not have, or none. So it is not sure what was looked at of ";

const namesOf = (changes: readonly PlannedChange[]) =>
  names([...new Set(changes.map((each) => resourceOf(each).name))]);

/**
 * What of a plan a server was not asked about, since it is in another account, or may be. What the plan makes in another
 * account is said otherwise.
 */
export function notLookedAt(changes: readonly PlannedChange[], accounts: PlannedAccounts): string | undefined {
  const about = changes.filter((each) => !isIdle(each) && !isAccessDocument(each));
  const several = new Set(changes.flatMap((each) => accounts.of(each) ?? each.user ?? [])).size > 1;
  const unsure = several && !accounts.hasUser ? about.filter((each) => accounts.hasAsked(each) === undefined) : [];
  const planned = new Set(changes.map(resourceOf).flatMap((each) => (isInside(each) ? [] : each.stream)));
  const elsewhere = about.filter((each) =>
    isMade(each)
      ? each.existing === null && isInside(resourceOf(each)) && !planned.has(resourceOf(each).stream)
      : (accounts.hasAsked(each) === false && !(isForgotten(each) && each.namesake)) ||
        (each.existing === null && !each.isMissing),
  );
  const texts = [
    ...(elsewhere.length > 0 ? [`${ELSEWHERE}${namesOf(elsewhere)}. Ask as a user of its account, too.`] : []),
    ...(unsure.length > 0 ? [`${UNSURE}${namesOf(unsure)}.`] : []),
  ];
  return texts.length > 0 ? texts.join(" ") : undefined;
}
