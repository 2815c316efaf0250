import { ALL_CLIENTS } from "../access/clients";
import type { Catalog, CatalogApp, CatalogPlatform, CatalogUser } from "../catalog/catalog";
import { retiredAt } from "../catalog/retired";
import { DEFAULT_INBOX_PREFIX } from "../naming/names";
import { covers } from "../subjects/subject-pattern";
import { someOf } from "../wording/lists";
import { usersByName } from "./app-lines";
import { copiedToOthers } from "./copied-data";
import type { FindingRule, Found } from "./finding";
import { USE_RULES } from "./use-rules";

const list = (names: readonly string[]) => someOf(names, 5);

/** The apps that are in their platform's own account. */
const sharing = ({ apps, account }: CatalogPlatform) => apps.filter((app) => app.account === account);

/** One finding for a platform, where something is true of some of its apps. */
function perPlatform(
  catalog: Catalog,
  appsOf: (platform: CatalogPlatform, users: ReadonlyMap<string, CatalogUser>) => readonly CatalogApp[],
  message: (apps: string) => string,
): Found[] {
  const users = usersByName(catalog);
  return catalog.platforms.map((platform) => ({ message, source: platform.source, parts: appsOf(platform, users) }));
}

const publishes = (user: CatalogUser) => user.publish.allow.map(({ subject }) => subject);

/** The rules, by their ids. An id is never used again. */
export const RULES: readonly FindingRule[] = [
  {
    id: "NP001",
    level: "warning",
    title: "Apps share an inbox",
    byOthers: true,
    find: (catalog) =>
      perPlatform(
        catalog,
        (platform, users) => {
          const shared = sharing(platform).filter(
            ({ user }) => users.get(user)?.connection.inboxPrefix === DEFAULT_INBOX_PREFIX,
          );
          return shared.length > 1 ? shared : [];
        },
        (apps) => `the apps ${apps} receive replies below _INBOX, where each can read those of the others`,
      ),
  },
  {
    id: "NP002",
    level: "warning",
    title: "A stream without limits",
    find: (catalog) =>
      catalog.resources
        .filter(({ kind, bounded }) => kind === "stream" && !bounded)
        .filter(({ address }) => !retiredAt(catalog, address))
        .map(({ name, source }) => ({
          message: `stream ${name} has no limit of age, size or number of messages, and grows until the disk is full`,
          source,
        })),
  },
  {
    id: "NP003",
    level: "warning",
    title: "Production data on one server",
    find: ({ platforms, resources }) =>
      platforms
        .filter(({ name }) => /^prod/.test(name))
        .map(({ name, source }) => ({
          message: (names) => `one server has all data of ${names}`,
          source,
          parts: resources.filter(({ platform, replicas }) => platform === name && replicas === 1),
        })),
  },
  {
    id: "NP004",
    level: "warning",
    title: "Users that can delete every stream",
    find: ({ accounts, platforms }) =>
      platforms.map(({ account, source }) => {
        const users = accounts.find(({ name }) => name === account)?.users ?? [];
        return {
          message: (names) => `${names} can delete every stream of the account ${account}`,
          source,
          parts: users.filter(
            (user) =>
              user.role !== "terraform" && publishes(user).some((each) => covers(each, "$JS.API.STREAM.DELETE.*")),
          ),
        };
      }),
  },
  {
    id: "NP005",
    level: "warning",
    title: "Permissions for clients that nobody named",
    find: (catalog) =>
      perPlatform(
        catalog,
        ({ apps }, users) => apps.filter(({ user }) => users.get(user)?.clients.length === ALL_CLIENTS.length),
        (apps) => `the apps ${apps} have the permissions of every client library, since they do not say which they use`,
      ),
  },
  {
    id: "NP006",
    level: "warning",
    title: "An app copies another app's stream",
    find: ({ resources }) => {
      const ownerOf = new Map(resources.map(({ stream, platform, app }) => [stream, `${platform} ${app ?? ""}`]));
      return resources.flatMap(({ name, platform, app, origins = [], source }) =>
        origins
          .filter(({ externalApiPrefix }) => app !== undefined && externalApiPrefix === undefined)
          .filter(({ stream }) => ownerOf.get(stream) !== `${platform} ${app}`)
          .map(({ stream, filter = "", transforms }) => {
            const part = transforms || filter !== "" ? "some" : "all";
            return { message: `app ${app} has ${part} messages of ${stream} in ${name}`, source };
          }),
      );
    },
  },
  {
    id: "NP007",
    level: "warning",
    title: "Apps that permissions alone keep apart",
    byOthers: true,
    find: (catalog) =>
      perPlatform(
        catalog,
        (platform) => (sharing(platform).length > 1 ? sharing(platform) : []),
        (apps) =>
          `permissions keep ${apps} from each other's data by mistake, but not a hostile credential of one of them`,
      ),
  },
  ...USE_RULES,
  {
    id: "NP011",
    level: "warning",
    title: "An isolated app that can fill disk or memory",
    find: ({ accounts, platforms }) => {
      const byName = new Map(accounts.map((account) => [account.name, account]));
      return platforms.flatMap((platform) =>
        platform.apps.flatMap(({ name, account, source }) => {
          const { maxFileBytes, maxMemoryBytes } = byName.get(account) ?? {};
          const lacking = [
            ...(maxFileBytes === undefined ? ["maxFileBytes"] : []),
            ...(maxMemoryBytes === undefined ? ["maxMemoryBytes"] : []),
          ];
          if (account === platform.account || lacking.length === 0) return [];
          const what = `app ${name} can fill what the server has, since the account ${account} has no ${lacking.join(" and no ")}`;
          return [{ message: what, source }];
        }),
      );
    },
  },
  {
    id: "NP012",
    level: "warning",
    title: "JetStream beside imports of services",
    byOthers: true,
    find: ({ accounts }) =>
      accounts.flatMap(({ name, jetStream, imports, source }) => {
        const services = jetStream ? imports.filter(({ kind }) => kind === "service") : [];
        const subjects = list(services.map(({ subject }) => subject));
        const from = list([...new Set(services.map(({ account }) => account))]);
        return services.length > 0
          ? [
              {
                message: `whoever can use JetStream in ${name} can send requests to ${subjects} of ${from} under false subjects`,
                source,
              },
            ]
          : [];
      }),
  },
  {
    id: "NP013",
    level: "warning",
    title: "A copy that gives data another reader",
    byOthers: true,
    find: copiedToOthers,
  },
  {
    id: "NP018",
    level: "warning",
    title: "A resource that the library did not make",
    find: ({ otherResources = [] }) =>
      otherResources.map(({ address, source }) => ({
        message: `${address} is made without the library: no check and no answer takes account of it`,
        source,
      })),
  },
];
