import * as names from "../../naming/names";
import type { Rendering } from "../accounts/rendering";
import { chosen } from "./choice";
import { judgeOf } from "./judge";
import { accountsDigest } from "./marker";
import { proposalOf, type Reading, unitsInForce, withChanges } from "./proposal";
import { refusals } from "./refusals";
import type { Notice } from "./unit";

/** What is to be in force, as the buckets say it. */
export interface Expected {
  /** The digest of the accounts; undefined where the buckets say none. */
  readonly digest: string | undefined;
  readonly notices: readonly Notice[];
  /** Whether the account MONITOR is one of them. */
  readonly isMonitored: boolean;
}

/** What is to be in force by the documents of buckets, if nothing was in force before. */
export async function expectedOf(readings: readonly Reading[], rendering: Rendering): Promise<Expected> {
  const judge = judgeOf(rendering);
  const { candidates, notices } = proposalOf(new Map(), readings);
  const units = (some: typeof candidates) => unitsInForce(withChanges(new Map(), some), []);
  const { taken, refused } = await chosen(candidates, async (some) => judge.objectionsTo(units(some)));
  const { accounts, text } = judge.judge(units(taken));
  return {
    digest: taken.length === 0 ? undefined : accountsDigest(text),
    notices: [...notices, ...refusals(refused)],
    isMonitored: accounts.some(({ name }) => name === names.MONITOR.account),
  };
}
