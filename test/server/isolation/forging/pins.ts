import type { Effect } from "./attempt";

/** Why an effect is known and left as it is; undefined if it is not. */
export type Pin = (effect: Effect) => string | undefined;

/** What the server leaves open to an app whose imports are in an account without JetStream. */
export const knownOfApps: Pin = ({ fetched, kind }) => {
  if (!fetched) return undefined;
  if (kind === "stored under another name") {
    return "what it may fetch from its durable consumer can be led into its own imports, and is stored there under the subject that it has";
  }
  if (kind === "client saw another name") {
    return "what it may fetch from its durable consumer can be led to whoever answers its calls, under the subject that it has";
  }
  return undefined;
};

/** What the account of a platform, where apps and nodes are together, can do to the accounts that it exchanges messages with. */
export const knownOfPlatforms: Pin = ({ kind }) => {
  if (kind !== "client saw another name") return undefined;
  return "the platform's account has the streams and the imports: whoever is hostile there can have false names heard by the apps and MONITOR";
};

/** How many effects are pinned, by the reason. */
export function pinned(effects: readonly Effect[], pin: Pin): { open: Effect[]; reasons: Map<string, number> } {
  const reasons = new Map<string, number>();
  const open: Effect[] = [];
  for (const effect of effects) {
    const reason = pin(effect);
    if (reason === undefined) open.push(effect);
    else reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return { open, reasons };
}
