import type {
  Catalog,
  CatalogAccount,
  CatalogConsumer,
  CatalogLine,
  CatalogResource,
  CatalogUser,
} from "../catalog/catalog";
import { grouped } from "../collections/groups";
import { referredStreams } from "./referred-streams";

/** What decides about a user. */
export type ServerUser = Pick<CatalogUser, "name" | "publish" | "subscribe">;

/** An account as the server knows it, with the streams and buckets that are in it. */
export interface ServerAccount extends Pick<CatalogAccount, "name" | "exports" | "imports" | "mappings"> {
  readonly users: readonly ServerUser[];
  /** The streams and buckets of the program, and the streams of other programs that it consumes or copies. */
  readonly resources: readonly CatalogResource[];
  /** The durable consumers of its streams that are known. */
  readonly consumers: readonly CatalogConsumer[];
}

/** The accounts of a catalog as the server sees them. */
export function serverAccounts(catalog: Pick<Catalog, "accounts" | "resources" | "consumers">): ServerAccount[] {
  const resources = grouped(catalog.resources, ({ account }) => account);
  const consumers = grouped(catalog.consumers, ({ account }) => account);
  return catalog.accounts.map((account) => {
    const declared = resources.get(account.name) ?? [];
    const own = consumers.get(account.name) ?? [];
    return { ...account, resources: [...declared, ...referredStreams(account.name, declared, own)], consumers: own };
  });
}

/** A line without reasons, as it stands in the server's file: `prod.>`, or with a queue `prod.> workers`. */
export function permissionLine(text: string): CatalogLine {
  const [subject = "", queue] = text.split(/\s+/);
  return { subject, ...(queue !== undefined && { queue }), reasons: [] };
}
