import { UNKNOWN } from "../attribute-effects";
import type { PlannedChange } from "./plan";
import { resourceOf } from "./planned-resource";
import type { PlannedStreams } from "./planned-streams";
import type { Surroundings } from "./surroundings";

/**
 * How long the stream of a change keeps messages, by the plan, or else by the server or the catalog. For a consumer it is by
 * interest as soon as one of them says so: the plan of another stack may change it first.
 */
export function retentionFor(
  change: PlannedChange,
  planned: PlannedStreams,
  { facts, accounts }: Surroundings,
): unknown {
  const resource = resourceOf(change);
  const account = accounts.of(change);
  const known = account === undefined ? undefined : facts.retentionOf(resource.stream, account);
  const kept = planned.retentionOf(resource);
  const held = change.existing?.retention;
  const isByInterest = planned.isByInterest(resource) || [held, known].includes("interest");
  if (change.type === "jetstream_consumer" && isByInterest) return "interest";
  return kept !== UNKNOWN ? kept : (held ?? known ?? UNKNOWN);
}
