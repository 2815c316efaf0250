import type { Account } from "../../../lib/access/accounts";
import { type PermittedSubject, permittedText } from "../../../lib/access/permissions";
import { permissionLine, type ServerAccount } from "../../../lib/analysis/server-model";
import type { CatalogPermission, CatalogResource } from "../../../lib/catalog/catalog";

/** Lists of one direction, as they stand in the server's file. */
export function directionLines(allow: readonly string[], deny: readonly string[] = []): CatalogPermission {
  return { allow: allow.map(permissionLine), deny };
}

/** What the library's list becomes in the server's file, where an empty list would allow everything. */
function linesOf(subjects: readonly PermittedSubject[]): CatalogPermission {
  if (subjects.length === 0) return directionLines([], [">"]);
  const allow = subjects.map((each) => ({
    ...permissionLine(permittedText(each)),
    reasons: each.lines.map(({ why, grant }) => ({ why, capability: grant.capability, source: grant.source })),
  }));
  return { allow, deny: [] };
}

/** The accounts of a program as the server sees them, with the streams and buckets that are in them. */
export function fromAccounts(accounts: readonly Account[], resources: readonly CatalogResource[]): ServerAccount[] {
  const inAccount = new Map<string, CatalogResource[]>(accounts.map(({ name }) => [name, []]));
  for (const resource of resources) inAccount.get(resource.account)?.push(resource);
  return accounts.map(({ name, users, exports, imports, mappings }) => ({
    name,
    users: users.map(({ name, permissions: { publish, subscribe } }) => ({
      name,
      publish: linesOf(publish),
      subscribe: linesOf(subscribe),
    })),
    exports,
    imports,
    mappings,
    resources: inAccount.get(name) ?? [],
    consumers: [],
  }));
}
