import { OWNER_KEY } from "../../naming/names";
import { counted } from "../../wording/lists";
import type { Server } from "../server";
import { AskedServer } from "./asked-server";
import type { Loss } from "./losses";
import type { PlannedChange } from "./plan";
import { leftUncopied } from "./planned-copies";
import { madeKey } from "./planned-entries";
import { newCopiesOf, ownOrigins } from "./planned-origins";
import { resourceOf } from "./planned-resource";
import { PlannedStreams } from "./planned-streams";
import type { ProgramFacts } from "./program-facts";

const isMade = ({ actions }: PlannedChange) => actions.includes("create") && !actions.includes("delete");

/**
 * Asks a server for the streams that a plan loses or makes, and for those that newly copy another one or should, with that; and
 * for the keys that it makes.
 *
 * @param user who asks, by the name of a user of the program
 */
export function askAbout(
  server: Server,
  losses: readonly Loss[],
  changes: readonly PlannedChange[],
  facts: ProgramFacts,
  user: string | undefined,
): Promise<AskedServer> {
  const lost = losses.map(({ resource }) => resource.stream);
  const made = changes.filter(isMade).map((change) => resourceOf(change).stream);
  const copying = changes.flatMap((change) => {
    const origins = ownOrigins(newCopiesOf(change));
    return origins.length === 0 ? [] : [resourceOf(change).stream, ...origins];
  });
  const planned = new PlannedStreams(changes);
  const uncopied = changes.flatMap((change) => leftUncopied(change, planned, { facts }));
  const keys = changes.flatMap((change) => madeKey(change) ?? []);
  const streams = [...lost, ...made, ...copying, ...uncopied, ...keys.map(({ stream }) => stream)];
  return AskedServer.ask(server, streams, keys, facts.accountOfUser(user));
}

/** How many messages a server has of what is lost. */
function countText({ resource, address }: Loss, facts: ProgramFacts, server: AskedServer): string | undefined {
  const { kind, stream } = resource;
  if (kind === "consumer" || kind === "entry") return undefined;
  const account = facts.accountOf(stream, address);
  const isAbout = server.isAbout(account);
  if (isAbout === false)
    return `the server was not asked how many messages are in it, since it is in account \`${account}\``;
  const found = server.find(stream, account);
  if (!found) return undefined;
  const messages = counted(found.messages, "message");
  return isAbout
    ? `the server has ${messages} in it`
    : `the server has ${messages} in a stream of that name, in the account of the user who asks`;
}

/** A loss with how many messages the server has of it. */
function withMessages(loss: Loss, facts: ProgramFacts, server: AskedServer): Loss {
  const text = countText(loss, facts, server);
  return text === undefined ? loss : { ...loss, details: [text, ...loss.details] };
}

/** What the plan makes and the server has already, of another program: it refuses that. */
function takenStreams(changes: readonly PlannedChange[], facts: ProgramFacts, server: AskedServer): Loss[] {
  return changes.filter(isMade).flatMap((change) => {
    const resource = resourceOf(change);
    const owner = server.find(resource.stream, facts.accountOf(resource.stream, change.address))?.owner;
    const own = (change.after.metadata as { readonly [key: string]: unknown } | null | undefined)?.[OWNER_KEY];
    if (change.type !== "jetstream_stream" || owner === undefined || owner === own) return [];
    const text = `${resource.text} is on the server already, and belongs to \`${owner}\``;
    return [{ kind: "refused", address: change.address, resource, text, details: [`at \`${change.address}\``] }];
  });
}

/** The losses of a plan with what a server says of them, and what it refuses since another program has it. */
export const withAnswers = (
  losses: readonly Loss[],
  changes: readonly PlannedChange[],
  facts: ProgramFacts,
  server: AskedServer,
): Loss[] => [...takenStreams(changes, facts, server), ...losses.map((loss) => withMessages(loss, facts, server))];
