import { AccessModel } from "../analysis/access-model";
import { type Giver, giverOf, isForIsolated } from "../analysis/giver";
import { ResourceAccess } from "../analysis/resource-access";
import { serverAccounts } from "../analysis/server-model";
import type { Cell } from "../analysis/user-access";
import type { Catalog, CatalogApp, CatalogResource } from "../catalog/catalog";
import { heldSubjects } from "../catalog/held-subjects";
import { valueAt } from "../collections/groups";
import { isCovered } from "../subjects/subject-difference";
import { someOf } from "../wording/lists";
import type { Found } from "./finding";

const ownerOf = ({ platform, app }: Pick<CatalogResource, "platform" | "app">) => `${platform} ${app ?? ""}`;

/** The subjects that a user reads where they are from. */
const readDirectly = ({ resource, abilities }: Cell): readonly string[] =>
  abilities
    .filter(({ act, through }) => act === "read" && giverOf(resource, through) === undefined)
    .flatMap(({ by, subjects, line }) => subjects ?? (by === "subscribe" ? [line.subject] : heldSubjects(resource)));

/** A stream that gives an app messages of another one. */
interface Leak {
  readonly giver: Giver;
  readonly from: string;
  readonly app: string;
}

/** What the users of an app read of others' streams by streams that are not the app's own. */
function leaksTo({ name, user, messagingUser = user }: CatalogApp, platform: string, access: ResourceAccess): Leak[] {
  const own = ownerOf({ platform, app: name });
  const cells = [...new Set([user, messagingUser])].flatMap((each) => [...(access.of(each)?.cells.values() ?? [])]);
  return cells
    .filter(({ resource }) => ownerOf(resource) !== own)
    .flatMap((cell) =>
      [...giversTo(cell)]
        .filter((giver) => ownerOf(giver.resource) !== own)
        .map((giver) => ({ giver, from: cell.resource.stream, app: name })),
    );
}

/** The streams by which a user reads of a stream what it cannot read there. */
function giversTo(cell: Cell): Giver[] {
  const direct = readDirectly(cell);
  const givers = new Map<string, Giver>();
  for (const { act, through, subjects = heldSubjects(cell.resource) } of cell.abilities) {
    const giver = act === "read" ? giverOf(cell.resource, through) : undefined;
    if (giver && subjects.some((subject) => !isCovered(subject, direct))) {
      givers.set(`${giver.kind} ${giver.resource.stream}`, giver);
    }
  }
  return [...givers.values()];
}

/**
 * Streams by which an app reads what another owner's stream has, and could not read there. What an app copies into streams
 * of its own is not among them: NP006 says so.
 */
export function copiedToOthers(catalog: Catalog): Found[] {
  const gives = (each: CatalogResource) => each.origins !== undefined || (each.republish && !isForIsolated(each));
  if (!catalog.resources.some(gives)) return [];
  const access = new ResourceAccess(new AccessModel(serverAccounts(catalog)));
  const found = new Map<string, Leak & { readonly apps: Set<string> }>();
  for (const { name, apps } of catalog.platforms) {
    for (const leak of apps.flatMap((app) => leaksTo(app, name, access))) {
      const { kind, resource } = leak.giver;
      const key = `${kind} ${resource.account} ${resource.stream} ${leak.from}`;
      valueAt(found, key, () => ({ ...leak, apps: new Set<string>() })).apps.add(leak.app);
    }
  }
  return [...found.values()].map(({ giver, from, apps }) => ({
    message: `${givenText(giver, from)} by the app${apps.size > 1 ? "s" : ""} ${someOf([...apps], 5)}`,
    source: giver.resource.source,
  }));
}

function givenText({ kind, resource: { name, stream } }: Giver, from: string): string {
  if (kind === "copy") return `${name} copies ${from}, so that its messages can be read there`;
  const what = from === stream ? "what it stores" : `what it has of ${from}`;
  return `${name} publishes ${what} again, so that it is received`;
}
