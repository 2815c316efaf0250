import { counted } from "../../wording/lists";
import type { ManagedServer } from "../server";
import { AskedServer } from "./asked-server";
import type { Existing } from "./existing";
import { type Loss, lossBy } from "./loss";
import { isForgotten, isIdle, isMade } from "./newness";
import { streamsElsewhere } from "./other-stacks";
import type { PlannedChange } from "./plan";
import { PlannedAccounts } from "./planned-accounts";
import { endedCopies, leftUncopied } from "./planned-copies";
import { asMade, isAccessDocument } from "./planned-entries";
import { newCopiesOf, ownOrigins } from "./planned-origins";
import { isEntry, isInside, resourceOf } from "./planned-resource";
import { ownerOf, PlannedStreams } from "./planned-streams";
import type { ProgramFacts } from "./program-facts";
import type { Surroundings } from "./surroundings";

/** The changes of a plan with what a server has of them, and what it has besides. */
interface Asked {
  readonly changes: readonly PlannedChange[];
  readonly surroundings: Surroundings;
}

/**
 * Asks a server for what it has of the resources of a plan before that is applied; and for the streams that they newly copy, or
 * should have copied. What is in another account than that of the user who asks counts as not asked for.
 *
 * @param losses what the plan loses as far as it says that itself
 * @throws a refusal where the server does not say what it has
 */
export async function askAbout(
  server: ManagedServer,
  plan: readonly PlannedChange[],
  losses: readonly Loss[],
  facts: ProgramFacts,
): Promise<Asked> {
  const asked = new AskedServer(server);
  const accounts = new PlannedAccounts(facts, plan, server.user ?? facts.userWithKey(server.publicKey));
  const lost = new Set(losses.map(({ address }) => address));
  const changes: PlannedChange[] = [];
  for (const change of plan) {
    const isLeft = isAccessDocument(change) || (isIdle(change) && !change.isImported && !lost.has(change.address));
    const named = isEntry(change) ? asMade(change) : change;
    const existing = isLeft ? undefined : await asked.existing(named);
    if (accounts.hasAsked(change) === false) changes.push(existing ? { ...change, namesake: existing } : change);
    else changes.push(existing === undefined ? change : { ...change, existing });
  }
  const planned = new PlannedStreams(changes);
  for (const change of changes) {
    const formers = leftUncopied(change, planned, { facts, accounts });
    const copies = [...newCopiesOf(change), ...endedCopies(change)];
    const origins = change.existing === undefined ? [] : ownOrigins(copies);
    for (const stream of [...origins, ...formers]) await asked.ask(stream);
  }
  for (const stream of streamsElsewhere(changes, planned, { facts, accounts })) await asked.ask(stream);
  return { changes, surroundings: { facts, accounts, server: asked } };
}

const messagesIn = ({ messages }: Pick<Existing, "messages">) => counted(messages, "message");

const ofName = (found: Existing) =>
  `the server has ${messagesIn(found)} in a stream of that name, in the account of the user who asks`;

/** How many messages a server has of what is lost, as far as it was asked. */
function countText(
  resource: Loss["resource"],
  change: PlannedChange,
  { accounts, server }: Surroundings,
): string | undefined {
  if (isInside(resource)) {
    const stream = change.existing && resource.kind === "consumer" ? server?.find(resource.stream) : undefined;
    return stream && `the server has ${messagesIn(stream)} in its stream`;
  }
  const isAsked = accounts.hasAsked(change);
  if (isAsked === false && isForgotten(change) && change.namesake) return ofName(change.namesake);
  if (isAsked === false) {
    const where = accounts.textOf(change);
    return isMade(change) ? undefined : `the server was not asked how many messages are in it, since it is in ${where}`;
  }
  if (!change.existing) return undefined;
  return isAsked ? `the server has ${messagesIn(change.existing)} in it` : ofName(change.existing);
}

/** What the plan makes and the server has already, of another program: it refuses that. */
function takenStream(change: PlannedChange): Loss[] {
  const { existing } = change;
  if (
    !isMade(change) ||
    isInside(resourceOf(change)) ||
    existing?.owner === undefined ||
    existing.owner === ownerOf(change)
  )
    return [];
  return [lossBy(change, "refused", ` is on the server already, and belongs to \`${existing.owner}\``)];
}

/** The losses of a plan with what a server says of them, and what it refuses since another program has it. */
export function withAnswers(losses: readonly Loss[], { changes, surroundings }: Asked): Loss[] {
  const byAddress = new Map(changes.map((change) => [change.address, change]));
  const said = losses.map((loss) => {
    const change = byAddress.get(loss.address);
    const text = change && countText(loss.resource, change, surroundings);
    return text === undefined ? loss : { ...loss, details: [text, ...loss.details] };
  });
  return [...changes.flatMap(takenStream), ...said];
}
