import type { CatalogRetired } from "../../catalog/catalog";
import { counted, names } from "../../wording/lists";
import type { Loss } from "./loss";
import type { PlannedChange } from "./plan";
import { isInside, resourceOf, storedIn } from "./planned-resource";
import { PlannedStreams } from "./planned-streams";
import type { Surroundings } from "./surroundings";

/** A stream of another stack that copies, or should have copied, what a plan destroys. */
interface OtherCopy {
  readonly former: string;
  readonly stream: string;
  readonly account: string;
}

/** What a stack that does not have the new name destroys of the former one. */
function copiesElsewhere(
  change: PlannedChange,
  planned: PlannedStreams,
  { facts, accounts }: Surroundings,
): OtherCopy[] {
  const resource = resourceOf(change);
  const account = accounts.of(change);
  if (isInside(resource) || account === undefined || change.actions.join() !== "delete") return [];
  const copy = facts.copyOf(resource.stream, account);
  if (copy === undefined || planned.has(copy.stream)) return [];
  return [{ former: resource.stream, stream: copy.stream, account: copy.account }];
}

const COPY_FIRST = "apply `formerly` in the other stack first, and let `check-copies` look at it";

/** What is destroyed before another stack has copied it, as far as the server that was asked has neither. */
export function uncopiedElsewhere(change: PlannedChange, planned: PlannedStreams, surroundings: Surroundings): Loss[] {
  const { accounts, server } = surroundings;
  if (!server || !change.existing?.messages) return [];
  const { messages } = change.existing;
  return copiesElsewhere(change, planned, surroundings)
    .filter(({ account, stream }) => accounts.isAsked(account) && !server.find(stream)?.messages)
    .map(({ former, stream }) => {
      const resource = storedIn(stream, change.module);
      const what = server.find(stream) ? "has no message" : "is not there";
      const text = `${resource.text} ${what}, and is to copy \`${former}\`, which the plan destroys with ${counted(messages, "message")}`;
      return {
        kind: "emptied",
        address: resource.name,
        resource,
        text,
        details: [`by the change at \`${change.address}\``, COPY_FIRST],
      };
    });
}

/** What is said of copies in other stacks that no server was asked about; undefined where there are none. */
export function unknownCopies(changes: readonly PlannedChange[], surroundings: Surroundings): string | undefined {
  const { accounts, server } = surroundings;
  const planned = new PlannedStreams(changes);
  const unknown = changes
    .flatMap((change) => copiesElsewhere(change, planned, surroundings))
    .filter(({ account }) => !(server && accounts.isAsked(account)));
  if (unknown.length === 0) return undefined;
  const copies = names(unknown.map(({ stream }) => stream));
  const formers = names(unknown.map(({ former }) => former));
  return `Whether ${copies} of another stack ${unknown.length === 1 ? "has" : "have"} copied ${formers}, which the plan destroys, was not looked at: ${server ? "ask as a user of that account, too." : "`--ask-server` looks."}`;
}

/** The streams of which a retired name can be: the address does not say whether it is that of a bucket. */
const streamsOf = ({ name }: CatalogRetired) => [name, `KV_${name}`, `OBJ_${name}`];

/** What is to be destroyed, and is not in a plan. */
function missingIn(changes: readonly PlannedChange[], { facts, accounts }: Surroundings): readonly CatalogRetired[] {
  const planned = new Set(changes.map(({ address }) => address));
  return facts.toBeDeleted.filter(
    ({ address, account }) => !planned.has(address) && account !== undefined && accounts.isAsked(account),
  );
}

/** The streams of other stacks that matter to a plan, so that a server is asked for them. */
export function streamsElsewhere(
  changes: readonly PlannedChange[],
  planned: PlannedStreams,
  surroundings: Surroundings,
): string[] {
  return [
    ...changes.flatMap((change) => copiesElsewhere(change, planned, surroundings)).map(({ stream }) => stream),
    ...missingIn(changes, surroundings).flatMap(streamsOf),
  ];
}

/** What is said of what is to be destroyed, is on the server, and is in no plan but perhaps that of another stack. */
export function notDestroyed(changes: readonly PlannedChange[], surroundings: Surroundings): string | undefined {
  const { server } = surroundings;
  if (!server) return undefined;
  const there = missingIn(changes, surroundings).filter((each) =>
    streamsOf(each).some((stream) => server.find(stream)),
  );
  if (there.length === 0) return undefined;
  const [verb, they, stay] = there.length === 1 ? ["is", "it", "stays"] : ["are", "they", "stay"];
  return `${names(there.map(({ name }) => name))} ${verb} retired with the data to be deleted, on the server, and not in this plan: unless another stack destroys ${there.length === 1 ? "it" : "them"}, ${they} ${stay} there, unmanaged.`;
}
