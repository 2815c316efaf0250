import { giverOf } from "../analysis/giver";
import type { Act } from "../analysis/jetstream-api";
import type { Ability, Cell, UserAccess } from "../analysis/user-access";
import type { CatalogResource } from "../catalog/catalog";
import { grouped } from "../collections/groups";
import { distinct, type Part, partsOf } from "./parts";

/** What a user does in one way with one stream or bucket. */
export interface Use {
  readonly resource: CatalogResource;
  readonly act: Act;
  readonly parts: readonly Part[];
  readonly abilities: readonly Ability[];
}

/** The key of a use: the same in both catalogs, whatever account the stream is in. */
const useKey = ({ resource, act }: Use) => `${resource.stream} ${act}`;

/**
 * What a user does with one stream or bucket by requests, by publishing, and by receiving what is published again. What else
 * it receives by subscribing is not here, since that is a matter of subjects, whether a stream stores them or not.
 */
export function usesOfCell({ resource, abilities }: Pick<Cell, "resource" | "abilities">): Use[] {
  const asked = abilities.filter(({ by, through }) => by !== "subscribe" || giverOf(resource, through) !== undefined);
  return [...grouped(asked, ({ act }) => act)].map(([act, own]) => {
    const parts = own.flatMap((ability) => partsOf(ability, resource));
    return { resource, act, parts: distinct(parts, resource), abilities: own };
  });
}

/** What a user does with all streams and buckets. */
export function usesOf({ cells }: UserAccess): Map<string, Use> {
  return new Map([...cells.values()].flatMap(usesOfCell).map((use) => [useKey(use), use]));
}

/** The parts of uses of one stream or bucket. */
export function partsByAct(uses: readonly Use[]): Map<Act, readonly Part[]> {
  return new Map(uses.map(({ act, parts }) => [act, parts]));
}
