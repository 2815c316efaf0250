import type { Account, User } from "../access/accounts";
import { identityOf } from "../access/credentials-model";
import {
  appUsersOf,
  type ConsumerModel,
  type FormerModel,
  type OriginModel,
  type OtherResource,
  type PlatformModel,
  type ResourceModel,
  type RetiredModel,
} from "../access/models";
import type { PermittedSubject } from "../access/permissions";
import { by } from "../collections/order";
import type {
  Catalog,
  CatalogAccount,
  CatalogConsumer,
  CatalogLine,
  CatalogOrigin,
  CatalogPermission,
  CatalogPlatform,
  CatalogResource,
  CatalogSettings,
  CatalogUser,
} from "./catalog";
import { withHeldSubjects } from "./held-subjects";

function lineOf({ subject, queue, lines }: PermittedSubject): CatalogLine {
  const reasons = lines.map(({ why, grant }) => ({ why, capability: grant.capability, source: grant.source }));
  return { subject, ...(queue !== undefined && { queue }), reasons };
}

function permissionOf(subjects: readonly PermittedSubject[]): CatalogPermission {
  return { allow: subjects.map(lineOf), deny: subjects.length > 0 ? [] : [">"] };
}

function credentialsOf({ credentials }: User): string {
  return credentials.kind === "variable" ? `variable ${credentials.variable}` : credentials.kind;
}

function userOf(user: User): CatalogUser {
  const { name, role, permissions, inboxPrefix, domain, queueGroup, clients, source } = user;
  return {
    name,
    role,
    publish: permissionOf(permissions.publish),
    subscribe: permissionOf(permissions.subscribe),
    connection: {
      inboxPrefix,
      ...(domain !== undefined && { domain }),
      ...(queueGroup !== undefined && { queueGroup }),
      credentials: credentialsOf(user),
      ...(user.credentials.kind !== "variable" && { identity: identityOf(user.credentials) }),
    },
    clients,
    source,
  };
}

function accountOf(account: Account): CatalogAccount {
  const { name, about, jetStream, users, exports, imports, mappings, source } = account;
  const limits = { ...account.limits, ...jetStream };
  return {
    name,
    about,
    jetStream: jetStream !== undefined,
    ...(jetStream?.maxFileBytes !== undefined && { maxFileBytes: jetStream.maxFileBytes }),
    ...(jetStream?.maxMemoryBytes !== undefined && { maxMemoryBytes: jetStream.maxMemoryBytes }),
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(!account.inFile && { notInFile: true }),
    users: users.map(userOf),
    exports: exports.map(({ kind, subject, accounts }) => ({ kind, subject, accounts })),
    imports: imports.map(({ kind, account, subject, to }) => ({ kind, account, subject, to })),
    mappings,
    source,
  };
}

function platformOf(platform: PlatformModel): CatalogPlatform {
  const { platform: name, account } = platform.naming;
  const users = appUsersOf(platform);
  const messaging = new Map(users.filter(({ role }) => role === "messaging").map((user) => [user.source, user]));
  return {
    name,
    account,
    nodes: platform.nodes.map((node) => node.name),
    ...(platform.servers.length > 0 && { servers: platform.servers }),
    ...(platform.hasEntries !== undefined && { accessEntries: platform.hasEntries }),
    apps: users.flatMap((app) => {
      if (app.role !== "app" || app.app === undefined) return [];
      const other = messaging.get(app.source);
      return [
        {
          name: app.app,
          user: app.name,
          account: app.account?.name ?? account,
          ...(other?.account && { messagingUser: other.name, messagingAccount: other.account.name }),
          source: app.source,
        },
      ];
    }),
    source: platform.source,
  };
}

function originOf({ stream, mirror, filter, transforms, externalApiPrefix }: OriginModel): CatalogOrigin {
  return {
    stream,
    ...(mirror && { mirror }),
    ...(filter !== undefined && { filter }),
    ...(transforms.length > 0 && { transforms }),
    ...(externalApiPrefix !== undefined && { externalApiPrefix }),
  };
}

/** Attributes that other members of the catalog say. */
const SAID = ["name", "subjects", "durable_name", "stream_id", "filter_subject", "filter_subjects"];

function furtherSettings(settings: CatalogSettings): { readonly settings?: CatalogSettings } {
  const further = Object.entries(settings).filter(([attribute]) => !SAID.includes(attribute));
  return further.length === 0 ? {} : { settings: Object.fromEntries(further) };
}

function consumerOf(consumer: ConsumerModel): CatalogConsumer {
  const { name, stream, account, filters, acknowledges, settings, source } = consumer;
  return { name, stream, account, filters, acknowledges, ...furtherSettings(settings), source };
}

function resourceOf(resource: ResourceModel): CatalogResource {
  const { name, kind, stream, account, subjects, platform, address, bounded, sized, rollUp, source } = resource;
  const { replicas, republish, app, origins, transform, retention } = resource;
  const own = origins.filter(({ externalApiPrefix }) => externalApiPrefix === undefined);
  return {
    name,
    kind,
    stream,
    account,
    platform,
    address,
    bounded,
    sized,
    subjects,
    rollUp,
    source,
    copies: own.map((origin) => origin.stream),
    ...(origins.length > 0 && { origins: origins.map(originOf) }),
    ...(transform && { transform }),
    ...(retention !== "limits" && { retention }),
    ...(app !== undefined && { app }),
    ...(replicas !== undefined && { replicas }),
    ...(republish && { republish }),
    ...furtherSettings(resource.settings),
  };
}

/** The facts of a program. Sorted, so that they do not depend on the order of declaration. */
export function catalogOf(
  platforms: readonly PlatformModel[],
  accounts: readonly Account[],
  resources: readonly ResourceModel[],
  consumers: readonly ConsumerModel[],
  others: readonly OtherResource[],
  { retired, formerly }: { readonly retired: readonly RetiredModel[]; readonly formerly: readonly FormerModel[] },
): Omit<Catalog, "findings"> {
  return {
    platforms: platforms.map(platformOf).sort(by(({ name }) => name)),
    accounts: accounts.map(accountOf),
    resources: withHeldSubjects(resources.map(resourceOf)).sort(by(({ account, stream }) => `${account} ${stream}`)),
    consumers: consumers.map(consumerOf).sort(by(({ account, stream, name }) => `${account} ${stream} ${name}`)),
    ...(others.length > 0 && { otherResources: [...others].sort(by(({ address, source }) => `${address} ${source}`)) }),
    ...(retired.length > 0 && { retired: [...retired].sort(by(({ address }) => address)) }),
    ...(formerly.length > 0 && { formerly: [...formerly].sort(by(({ account, stream }) => `${account} ${stream}`)) }),
  };
}
