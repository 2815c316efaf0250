import type { CatalogResource } from "../catalog/catalog";
import * as names from "../naming/names";
import type { Step } from "./course";

/** Whether a stream publishes again so that isolated apps and MONITOR receive what they declare. */
export const isForIsolated = ({ platform, stream, republish }: CatalogResource) =>
  ["events", "audit"].some(
    (each) =>
      stream === names.resource(platform, each) && republish?.destination === names.liveSubjects(platform, each),
  );

/** A stream that gives the messages of another one on: as a copy that is read, or by publishing them again. */
export type Giver = Exclude<Step, { kind: "import" }>;

/**
 * The last stream that gives messages on, on the way from a stream to who reads them; undefined where they are read as the
 * convention has it.
 */
export function giverOf(resource: CatalogResource, through: readonly Step[]): Giver | undefined {
  const steps = through.filter((step): step is Giver => step.kind !== "import");
  const last = steps.at(-1);
  const isDirect = steps.length === 1 && last?.kind === "republish" && last.resource === resource;
  return last && !(isDirect && isForIsolated(resource)) ? last : undefined;
}
