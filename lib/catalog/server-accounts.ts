import {
  type DirectionLines,
  type PermissionLine,
  permissionLine,
  type Resource,
  type ServerAccount,
} from "../analysis/server-model";
import type { Catalog, CatalogLine, CatalogPermission, CatalogResource } from "./catalog";

const lineOf = ({ subject, queue, reasons }: CatalogLine): PermissionLine => ({
  pattern: subject,
  ...(queue !== undefined && { queue }),
  reasons,
});

const linesOf = ({ allow, deny }: CatalogPermission): DirectionLines => ({
  allow: allow.map(lineOf),
  deny: deny.map(permissionLine),
});

function resourceOf(resource: CatalogResource): Resource {
  const { stream, kind, account, subjects, platform, app, republish, rollUp, sized } = resource;
  const owner = app === undefined ? `platform ${platform}` : `app ${app} of platform ${platform}`;
  return { name: stream, kind, account, subjects, owner, ...(republish && { republish }), rollUp, sized };
}

/** The accounts of a catalog as the server sees them, with the streams and buckets that are in them. */
export function serverAccounts({ accounts, resources }: Catalog): ServerAccount[] {
  const inAccount = new Map<string, Resource[]>(accounts.map(({ name }) => [name, []]));
  for (const resource of resources) inAccount.get(resource.account)?.push(resourceOf(resource));
  return accounts.map(({ name, users, exports, imports, mappings }) => ({
    name,
    users: users.map((user) => ({
      name: user.name,
      publish: linesOf(user.publish),
      subscribe: linesOf(user.subscribe),
    })),
    exports,
    imports,
    mappings,
    resources: inAccount.get(name) ?? [],
  }));
}
