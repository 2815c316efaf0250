import { OWNER_KEY } from "../../naming/names";
import { counted } from "../../wording/lists";
import type { Server } from "../server";
import type { Loss } from "./losses";
import type { PlannedChange } from "./plan";
import { resourceOf } from "./planned-resource";

/** A stream as a server has it. */
interface ServerStream {
  readonly messages: number;
  readonly owner: string | undefined;
}

/** The streams that a plan is about, as far as the server has them, by their names. */
type ServerStreams = ReadonlyMap<string, ServerStream>;

/** The server's code for a stream that is not there. */
const NO_STREAM = 10059;

const isMade = ({ actions }: PlannedChange) => actions.includes("create") && !actions.includes("delete");

/** Asks a server for the streams that a plan loses or makes. */
async function streamsOf(
  { streams }: Server,
  losses: readonly Loss[],
  changes: readonly PlannedChange[],
): Promise<ServerStreams> {
  const made = changes.filter(isMade).map((change) => resourceOf(change).stream);
  const found = new Map<string, ServerStream>();
  for (const name of new Set([...losses.map(({ resource }) => resource.stream), ...made])) {
    try {
      const { state, config } = await streams.info(name);
      found.set(name, { messages: state.messages, owner: config.metadata?.[OWNER_KEY] });
    } catch (error) {
      if ((error as { readonly code?: unknown }).code !== NO_STREAM) throw error;
    }
  }
  return found;
}

/** A loss with how many messages the server has of it. */
function withMessages(loss: Loss, found: ServerStreams): Loss {
  const { kind, stream } = loss.resource;
  const known = kind === "consumer" || kind === "entry" ? undefined : found.get(stream);
  if (!known) return loss;
  return { ...loss, details: [`the server has ${counted(known.messages, "message")} in it`, ...loss.details] };
}

/** What the plan makes and the server has already, of another program: it refuses that. */
function takenStreams(changes: readonly PlannedChange[], found: ServerStreams): Loss[] {
  return changes.filter(isMade).flatMap((change) => {
    const resource = resourceOf(change);
    const owner = found.get(resource.stream)?.owner;
    const own = (change.after.metadata as { readonly [key: string]: unknown } | null | undefined)?.[OWNER_KEY];
    if (change.type !== "jetstream_stream" || owner === undefined || owner === own) return [];
    const text = `${resource.text} is on the server already, and belongs to \`${owner}\``;
    return [{ kind: "refused", address: change.address, resource, text, details: [`at \`${change.address}\``] }];
  });
}

/** The losses of a plan with what a server says of them, and what it refuses since another program has it. */
export async function askedAbout(
  server: Server,
  losses: readonly Loss[],
  changes: readonly PlannedChange[],
): Promise<Loss[]> {
  const found = await streamsOf(server, losses, changes);
  return [...takenStreams(changes, found), ...losses.map((loss) => withMessages(loss, found))];
}
