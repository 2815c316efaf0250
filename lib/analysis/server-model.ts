import type { Catalog, CatalogAccount, CatalogLine, CatalogResource, CatalogUser } from "../catalog/catalog";

/** What decides about a user. */
export type ServerUser = Pick<CatalogUser, "name" | "publish" | "subscribe">;

/** An account as the server knows it, with the streams and buckets that are in it. */
export interface ServerAccount extends Pick<CatalogAccount, "name" | "exports" | "imports" | "mappings"> {
  readonly users: readonly ServerUser[];
  readonly resources: readonly CatalogResource[];
}

/** The accounts of a catalog as the server sees them. */
export function serverAccounts({ accounts, resources }: Pick<Catalog, "accounts" | "resources">): ServerAccount[] {
  const inAccount = new Map<string, CatalogResource[]>(accounts.map(({ name }) => [name, []]));
  for (const resource of resources) inAccount.get(resource.account)?.push(resource);
  return accounts.map((account) => ({ ...account, resources: inAccount.get(account.name) ?? [] }));
}

/** A line without reasons, as it stands in the server's file: `prod.>`, or with a queue `prod.> workers`. */
export function permissionLine(text: string): CatalogLine {
  const [subject = "", queue] = text.split(/\s+/);
  return { subject, ...(queue !== undefined && { queue }), reasons: [] };
}
