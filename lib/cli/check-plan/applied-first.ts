import { by } from "../../collections/order";
import { mayHaveAccessDocuments } from "../../naming/names";
import type { Sentence } from "../written-report";
import type { PlannedChange } from "./plan";
import { isEntry, resourceOf } from "./planned-resource";

const keyOf = (change: PlannedChange, { bucket, key } = change.before) => JSON.stringify([change.module, bucket, key]);

/** Whether the Terraform user may read a key whatever the program has: that of an access document. */
const isAlwaysRead = ({ before: { bucket, key } }: PlannedChange) =>
  mayHaveAccessDocuments(String(bucket)) && String(key).startsWith("access.");

/**
 * Keys that a plan deletes, and of which the program has no entry any more: with its accounts file Terraform can no longer
 * read them, and no plan ends.
 */
export function appliedFirst(changes: readonly PlannedChange[]): Sentence[] {
  const kept = new Set(
    changes.filter((each) => isEntry(each) && each.after.key !== undefined).map((each) => keyOf(each, each.after)),
  );
  return changes
    .filter((each) => isEntry(each) && each.actions.includes("delete"))
    .filter((each) => !isAlwaysRead(each) && !kept.has(keyOf(each)))
    .map((each): Sentence => {
      const isMoved = each.actions.includes("create");
      const text = isMoved
        ? `${resourceOf(each).text} becomes another key: declare that beside this one first, and remove this one later`
        : `${resourceOf(each).text} is destroyed: apply this plan before the server gets the new accounts file`;
      const why = isMoved
        ? "by the old accounts file the Terraform user may not write the other key, and by the new one not read this one"
        : "by that file the Terraform user may no longer read the key, and every plan ends with `context deadline exceeded`";
      return { kind: "changed", text, details: [why, `at \`${each.address}\``] };
    })
    .sort(by(({ text }) => text));
}
