import { AccessModel } from "../analysis/access-model";
import type { Copy } from "../analysis/course";
import { ResourceAccess } from "../analysis/resource-access";
import { serverAccounts } from "../analysis/server-model";
import type { Ability, Cell } from "../analysis/user-access";
import type { Catalog, CatalogApp, CatalogResource } from "../catalog/catalog";
import { heldSubjects } from "../catalog/held-subjects";
import { isCovered } from "../subjects/subject-difference";
import { someOf } from "../wording/lists";
import type { Found } from "./finding";

const ownerOf = ({ platform, app }: Pick<CatalogResource, "platform" | "app">) => `${platform} ${app ?? ""}`;

/** The last copy on a way: the one that is read. */
const lastCopy = ({ through }: Ability): Copy | undefined => through.filter((step) => step.kind === "copy").at(-1);

/** The subjects that a user reads without copies. */
const readDirectly = ({ resource, abilities }: Cell): readonly string[] =>
  abilities
    .filter((ability) => ability.act === "read" && lastCopy(ability) === undefined)
    .flatMap(({ by, subjects, line }) => subjects ?? (by === "subscribe" ? [line.subject] : heldSubjects(resource)));

/** A stream that an app reads by a copy of it. */
interface Leak {
  readonly copy: CatalogResource;
  readonly from: string;
  readonly app: string;
}

/** What the users of an app read of others' streams by copies that are not the app's own. */
function leaksTo({ name, user, messagingUser = user }: CatalogApp, platform: string, access: ResourceAccess): Leak[] {
  const own = ownerOf({ platform, app: name });
  const cells = [...new Set([user, messagingUser])].flatMap((each) => [...(access.of(each)?.cells.values() ?? [])]);
  return cells
    .filter(({ resource }) => ownerOf(resource) !== own)
    .flatMap((cell) =>
      [...copiesRead(cell)]
        .filter((copy) => ownerOf(copy) !== own)
        .map((copy) => ({ copy, from: cell.resource.stream, app: name })),
    );
}

/**
 * Copies by which an app reads what another owner's stream has, and could not read there. What an app copies into streams
 * of its own is not among them: NP006 says so.
 */
export function copiedToOthers(catalog: Catalog): Found[] {
  if (!catalog.resources.some(({ origins }) => origins !== undefined)) return [];
  const access = new ResourceAccess(new AccessModel(serverAccounts(catalog)));
  const found = new Map<string, Leak & { readonly apps: Set<string> }>();
  for (const { name, apps } of catalog.platforms) {
    for (const leak of apps.flatMap((app) => leaksTo(app, name, access))) {
      const key = `${leak.copy.account} ${leak.copy.stream} ${leak.from}`;
      const known = found.get(key) ?? { ...leak, apps: new Set<string>() };
      found.set(key, known);
      known.apps.add(leak.app);
    }
  }
  return [...found.values()].map(({ copy, from, apps }) => ({
    message: `${copy.name} copies ${from}, so that its messages can be read there by the app${apps.size > 1 ? "s" : ""} ${someOf([...apps], 5)}`,
    source: copy.source,
  }));
}

/** The copies of a stream by which a user reads of it what it cannot read there. */
function copiesRead(cell: Cell): Set<CatalogResource> {
  const direct = readDirectly(cell);
  const copies = new Set<CatalogResource>();
  for (const ability of cell.abilities) {
    const copy = ability.act === "read" ? lastCopy(ability) : undefined;
    if (copy && ability.subjects?.some((subject) => !isCovered(subject, direct))) copies.add(copy.resource);
  }
  return copies;
}
