import { grouped } from "../../collections/groups";
import { counted, listed, names } from "../../wording/lists";
import { UNKNOWN } from "../attribute-effects";
import { effectsOf } from "../update-effects";
import { type Loss, lossBy } from "./loss";
import { isMade, isNew } from "./newness";
import { uncopiedElsewhere } from "./other-stacks";
import { overwrittenBy } from "./overwritten";
import type { PlannedChange } from "./plan";
import type { PlannedAccounts } from "./planned-accounts";
import { drainedOrigins, type EmptiedOrigin, endedOrigins, leftUncopied, newCopyTexts } from "./planned-copies";
import { isAccessDocument } from "./planned-entries";
import { copiesOf } from "./planned-origins";
import { isInside, nameInside, type PlannedResource, resourceOf, storedIn } from "./planned-resource";
import { PlannedStreams } from "./planned-streams";
import { retentionFor } from "./retention";
import type { Surroundings } from "./surroundings";

const WITH: { readonly [kind in PlannedResource["kind"]]: string } = {
  stream: "with all of its messages",
  keyValue: "with all of its keys",
  objectStore: "with all of its objects",
  consumer: "and with it how far it has come",
  entry: "with its value",
};

const REASONS: { readonly [reason: string]: string } = {
  // Terraform says this of a `removed` block that destroys too.
  delete_because_no_resource_config:
    "since the program no longer has it, or has it as retired with its data to be deleted",
  replace_because_tainted: "since Terraform has it as tainted",
  replace_by_request: "since that was asked for (`-replace`)",
  replace_by_triggers: "since another resource changes (`replace_triggered_by`)",
};

function why({ actions, replacedFor, reason = "" }: PlannedChange): string {
  const isReplaced = actions.includes("create");
  const given = Object.hasOwn(REASONS, reason) ? `, ${REASONS[reason]}` : "";
  if (given !== "") return given;
  if (!isReplaced) return reason.startsWith("delete_because") ? ", since the program no longer has it" : "";
  const attributes = listed(replacedFor.map((each) => `\`${each}\``));
  return attributes === "" ? ", and made again" : `, and made again, since ${attributes} cannot be changed in place`;
}

/** What a consumer takes with it: a stream that keeps messages for its consumers deletes what no other wants. */
function withMessages(change: PlannedChange, planned: PlannedStreams, surroundings: Surroundings): string[] {
  if (change.type !== "jetstream_consumer") return [];
  const kept = retentionFor(change, planned, surroundings);
  if (kept === "interest") {
    return ["the stream keeps messages only for its consumers, and deletes those that no other consumer wants"];
  }
  return kept === UNKNOWN
    ? ["if the stream keeps messages only for its consumers, it deletes those that no other consumer wants"]
    : [];
}

/** What a stream goes on copying when Terraform forgets it; a bucket in its place has no attribute for that. */
const stillCopied = ({ type, before }: PlannedChange): string[] =>
  type === "jetstream_stream" && copiesOf(before).length > 0
    ? [`it goes on copying ${names(copiesOf(before).flatMap(({ stream }) => stream ?? []))}`]
    : [];

const STAYS = "if nobody deleted it, it stays with its data where it was, unmanaged";
const ELSEWHERE = "since it is not in the account where Terraform now looks for it";

/** What becomes of a resource that the state has, and the provider does not find. */
function lossOfMissing(change: PlannedChange, kind: PlannedResource["kind"]): Loss[] {
  if (kind === "entry") return [];
  if (change.actions.includes("forget")) {
    return [lossBy(change, "leftBehind", ` is no longer managed, ${ELSEWHERE}: ${STAYS}`)];
  }
  const anew = kind === "consumer" ? "without its position" : "empty";
  return [lossBy(change, "leftBehind", ` is made anew, ${anew}, ${ELSEWHERE}: ${STAYS}`)];
}

/** What stays behind where a plan makes something in another account than the one that has messages under its name. */
function leftByMove(change: PlannedChange, accounts: PlannedAccounts): Loss[] {
  const count = isInside(resourceOf(change)) ? 0 : (change.namesake?.messages ?? 0);
  if (count === 0 || !isMade(change)) return [];
  const stays = `its ${counted(count, "message")} ${count === 1 ? "stays" : "stay"} behind`;
  const text = ` is made anew, empty, in ${accounts.textOf(change)}, which is another one: unless it is there already, ${stays}, unmanaged`;
  return [lossBy(change, "leftBehind", text)];
}

/** A stream that is there already is taken in where it is made: `jetstream_stream` does so without a block too. */
const isTakenIn = (change: PlannedChange) =>
  change.isImported || (change.type === "jetstream_stream" && isMade(change));

/**
 * Whether something that a plan makes is not what it forgets under the same name: the server does not have it there, or, where
 * it was not asked, no entry of the plan could show that the account is new.
 */
function isElsewhere(made: PlannedChange, { accounts, facts }: Surroundings): boolean {
  if (made.isImported || !isMade(made)) return false;
  if (made.existing !== undefined) return made.existing === null;
  return made.namesake === undefined && facts.mayBeNew(accounts.of(made));
}

/** Whether a plan that forgets a bucket takes the same one in by the other of its two types of resource. */
const isInOtherShape = (change: PlannedChange, planned: PlannedStreams, surroundings: Surroundings): boolean =>
  planned
    .around(change)
    .some(
      (each) =>
        isTakenIn(each) &&
        each.type !== change.type &&
        each.module === change.module &&
        !isElsewhere(each, surroundings),
    );

const madeElsewhere = (made: PlannedChange, { accounts }: Surroundings): string =>
  made.existing === null
    ? ` is no longer managed, and made anew, empty, in ${accounts.textOf(made)}, where the server does not have it: ${STAYS}`
    : ` is no longer managed, and made in ${accounts.textOf(made)}: if that is not where it was, it is made anew, empty, and the one before stays there, unmanaged`;

const NOT_DELETED =
  " is no longer managed by this stack, and not destroyed: another stack of the program has it as retired with its data to be deleted, which it can only do once it has taken it in. Unless it has, all of it stays, unmanaged";
const MOVE_FIRST = "apply the move in both stacks without `retired` first";

/** What the origin of a copy loses, under its own name, by a change of the copy. */
function lossOfOrigin(
  change: PlannedChange,
  { stream, text }: EmptiedOrigin,
  planned: PlannedStreams,
  { server }: Surroundings,
): Loss {
  const { module } = change;
  const resource = storedIn(stream, module);
  const known = planned.addressOf({ stream, module });
  const asked = known === undefined ? server?.find(stream) : undefined;
  const address = known ?? resource.name;
  const details = [
    ...(asked ? [`the server has ${counted(asked.messages, "message")} in it, those for others among them`] : []),
    `by the change at \`${change.address}\``,
  ];
  return { kind: "emptied", address, resource, text: `${resource.text} ${text}`, details };
}

/** Whether a server was asked in the account of a change, and has no message in the stream that it is or is in. */
const isEmptyNow = (change: PlannedChange, { accounts, server }: Surroundings): boolean =>
  Boolean(change.existing) &&
  accounts.hasAsked(change) === true &&
  server?.find(resourceOf(change).stream)?.messages === 0;

function lossesOf(change: PlannedChange, planned: PlannedStreams, surroundings: Surroundings): Loss[] {
  if (isAccessDocument(change)) return [];
  const { type, actions, isMissing } = change;
  const resource = resourceOf(change);
  const emptied = [
    ...newCopyTexts(change, planned, surroundings).map((text) => lossBy(change, "emptied", ` ${text}`)),
    ...[...drainedOrigins(change, planned, surroundings), ...endedOrigins(change, planned, surroundings)].map(
      (origin) => lossOfOrigin(change, origin, planned, surroundings),
    ),
  ];
  if (actions.includes("delete")) {
    const text = ` is destroyed ${WITH[resource.kind]}${why(change)}`;
    return [lossBy(change, "destroyed", text, withMessages(change, planned, surroundings)), ...emptied];
  }
  if (isMissing && actions.some((each) => each === "create" || each === "forget")) {
    return [...emptied, ...lossOfMissing(change, resource.kind)];
  }
  if (actions.includes("forget")) {
    if (isInOtherShape(change, planned, surroundings)) return [];
    const made = planned.around(change).find((each) => isMade(each) && isElsewhere(each, surroundings));
    if (made) return [lossBy(change, "leftBehind", madeElsewhere(made, surroundings))];
    if (surroundings.facts.isToBeDeleted(change.address))
      return [lossBy(change, "leftBehind", NOT_DELETED, [MOVE_FIRST])];
    const text = " is no longer managed by this stack: nothing is lost on the server, and another stack may have it";
    const anew = resource.kind === "entry" ? [anewText([resource])] : [];
    return [lossBy(change, "unmanaged", text, [...stillCopied(change), ...anew])];
  }
  if (!actions.includes("update")) return [...emptied, ...leftByMove(change, surroundings.accounts)];
  const { before, after, existing } = change;
  const retention = retentionFor(change, planned, surroundings);
  const subjects = planned.subjectsOf(resource);
  const update = { before: { ...before, ...existing?.attributes }, after, retention, subjects };
  const kinds = { empties: "emptied", refused: "refused", refusedBy: "refusedByOld" } as const;
  const effects = effectsOf(type, update).filter(({ kind }) => kind !== "empties" || !isEmptyNow(change, surroundings));
  return [...effects.map(({ kind, text }) => lossBy(change, kinds[kind], `: ${text}`)), ...emptied];
}

/** Consumers that are gone with their stream although the plan does nothing with them, where a new stream takes its place. */
function leftBehind(loss: Loss, changes: readonly PlannedChange[]): string[] {
  if (loss.kind !== "destroyed" || isInside(loss.resource)) return [];
  const left = changes.filter(({ type, actions }) => {
    return type === "jetstream_consumer" && !actions.some((each) => ["create", "delete", "forget"].includes(each));
  });
  const consumers = left
    .map(resourceOf)
    .filter(({ stream, module }) => stream === loss.resource.stream && module === loss.resource.module);
  if (consumers.length === 0) return [];
  const [verb, them] = consumers.length === 1 ? ["is", "it"] : ["are", "them"];
  const named = consumers.map(nameInside);
  return [`so ${verb} ${names(named)} in it, until the next apply makes ${them} again`];
}

/** The buckets into which the deletion of a key is copied. */
function deletedIn(loss: Loss, changes: readonly PlannedChange[]): string[] {
  const { kind, resource } = loss;
  if (kind !== "destroyed" || resource.kind !== "entry") return [];
  const copies = changes.filter(({ type, after, actions, module }) => {
    const stays = type === "jetstream_stream" && module === resource.module && !actions.includes("forget");
    return stays && copiesOf(after).some(({ stream }) => stream === resource.stream);
  });
  return copies.length === 0
    ? []
    : [`its deletion is copied by ${names(copies.map((each) => resourceOf(each).stream))}`];
}

const IN_STEPS = "apply `formerly` without `retired` first, and let `check-copies` look at it";

/** Streams that are without what they are to copy, since that goes in the same step. */
function uncopied(change: PlannedChange, planned: PlannedStreams, surroundings: Surroundings): Loss[] {
  return leftUncopied(change, planned, surroundings).map((former) => {
    const text = isNew(change)
      ? `is made without what \`${former}\` has, which is retired: nothing has copied it`
      : `does not copy what \`${former}\` has, which is retired, and did not before this plan`;
    return lossBy(change, "emptied", ` ${text}`, [IN_STEPS]);
  });
}

/** What becomes of keys in the stack that has them next: Terraform takes in a stream, and writes a key. */
const anewText = (keys: readonly PlannedResource[]) =>
  `a stack that takes ${keys.length === 1 ? "it" : "them"} in writes ${names(keys.map(nameInside))} anew, over a value that was changed on the server`;

/** What becomes of consumers and keys together with what they are in. */
const TAKING_ALONG: readonly Loss["kind"][] = ["destroyed", "leftBehind", "unmanaged"];

/** Losses without those of consumers and keys whose stream or bucket goes with them, which names them instead. */
function together(losses: readonly Loss[]): Loss[] {
  const key = ({ kind, resource: { stream, module } }: Loss) => JSON.stringify([kind, module, stream]);
  const wholes = new Set(
    losses.filter(({ kind, resource }) => !isInside(resource) && TAKING_ALONG.includes(kind)).map(key),
  );
  const inside = grouped(
    losses.filter((each) => isInside(each.resource) && wholes.has(key(each))),
    key,
  );
  return losses.flatMap((loss) => {
    const parts = inside.get(key(loss)) ?? [];
    if (parts.includes(loss)) return [];
    if (isInside(loss.resource) || parts.length === 0) return [loss];
    const named = parts.map(({ resource }) => nameInside(resource));
    const keys = parts.map(({ resource }) => resource).filter(({ kind }) => kind === "entry");
    const anew = loss.kind === "unmanaged" && keys.length > 0 ? [anewText(keys)] : [];
    const where = `so ${named.length === 1 ? "is" : "are"} ${names(named)} in it`;
    return [{ ...loss, details: [...loss.details, where, ...anew] }];
  });
}

/** Everything that a plan loses, and what of it the server will refuse. */
export function lossesIn(changes: readonly PlannedChange[], surroundings: Surroundings): Loss[] {
  const planned = new PlannedStreams(changes);
  const losses = changes.flatMap((change) => [
    ...lossesOf(change, planned, surroundings),
    ...overwrittenBy(change, planned, surroundings),
    ...uncopied(change, planned, surroundings),
    ...uncopiedElsewhere(change, planned, surroundings),
  ]);
  return together(losses).map((loss) => ({
    ...loss,
    details: [...loss.details, ...leftBehind(loss, changes), ...deletedIn(loss, changes)],
  }));
}
