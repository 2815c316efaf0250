import type { Catalog, CatalogApp, CatalogPlatform, CatalogResource, CatalogUser } from "../catalog/catalog";
import * as names from "../naming/names";
import { StreamPassage } from "../subjects/stream-passage";
import { SubjectIndex } from "../subjects/subject-index";
import { covers } from "../subjects/subject-pattern";
import { someOf } from "../wording/lists";
import { subjectsFor, usersByName } from "./app-lines";
import type { FindingRule, Found } from "./finding";

type Users = ReadonlyMap<string, CatalogUser>;

/** What is found in each platform of a catalog. */
const inPlatforms =
  (find: (platform: CatalogPlatform, users: Users, catalog: Catalog) => readonly Found[]) =>
  (catalog: Catalog): Found[] => {
    const users = usersByName(catalog);
    return catalog.platforms.flatMap((platform) => find(platform, users, catalog));
  };

const indexOf = (subjects: readonly string[]): SubjectIndex<string> => {
  const index = new SubjectIndex<string>();
  for (const subject of subjects) index.add(subject, subject);
  return index;
};

/** A function of a subject that is asked once for each. */
function remembered<T>(answer: (subject: string) => T): (subject: string) => T {
  const known = new Map<string, T>();
  return (subject) => {
    if (!known.has(subject)) known.set(subject, answer(subject));
    return known.get(subject) as T;
  };
}

/** The subjects of all events of a platform. */
const allEvents = (platform: string) => names.subject(platform, names.PLATFORM_SCOPE, "events", ">");

/** The events that an app publishes; those of an isolated one leave its account by an outbox. */
function publishedEvents(app: CatalogApp, users: Users): string[] {
  return [
    ...subjectsFor(app, users, "publish", "events.publish"),
    ...subjectsFor(app, users, "publish", "events.publishImported").map(names.eventOfOutbox),
  ];
}

/** The stream of a platform's events. */
const eventsOf = ({ name, account }: CatalogPlatform, { resources }: Catalog) =>
  resources.find((each) => each.account === account && each.stream === names.resource(name, "events"));

/** The events that an app publishes, and what the stream of events stores them as. */
function storedEvents(app: CatalogApp, users: Users, events: CatalogResource | undefined): string[] {
  const published = publishedEvents(app, users);
  const passage = events?.transform && StreamPassage.ofStream(events.transform);
  return passage ? published.flatMap((each) => [each, ...passage.apply(each).map(({ to }) => to)]) : published;
}

/** Whether a construct belongs to an app: it is the nearest one around it. */
const isOf = (path: string, { source }: CatalogApp, apps: readonly CatalogApp[]) =>
  path.startsWith(`${source}/`) &&
  !apps.some((other) => other.source.length > source.length && path.startsWith(`${other.source}/`));

/** The subjects of the events that a platform's stream has for its consumers, each with the consumer's construct. */
function consumedEvents({ name, account }: CatalogPlatform, { consumers }: Catalog) {
  return consumers
    .filter((each) => each.account === account && each.stream === names.resource(name, "events"))
    .map(({ filters, source }) => ({ subjects: filters.length > 0 ? filters : [allEvents(name)], source }));
}

/** A key of a bucket in a line that reads one key: `$JS.API.DIRECT.GET.KV_prod_platform.$KV.prod_platform.config.flags`. */
const READ_KEY = /\.DIRECT\.GET\.[^.]+\.(\$KV\..+)$/;

/** The rules about what is declared at one end and has no other, or an unexpected one. */
export const USE_RULES: readonly FindingRule[] = [
  {
    id: "NP008",
    level: "warning",
    title: "An API that no app calls",
    byOthers: true,
    find: inPlatforms(({ apps }, users) => {
      const called = indexOf(apps.flatMap((app) => subjectsFor(app, users, "publish", "service.call")));
      return apps.flatMap((app) =>
        subjectsFor(app, users, "subscribe", "service.serve")
          .filter((subject) => called.overlapping(subject).length === 0)
          .map((subject) => ({ message: `app ${app.name} serves ${subject}, which no app calls`, source: app.source })),
      );
    }),
  },
  {
    id: "NP009",
    level: "error",
    title: "Events that nothing stores",
    byOthers: true,
    find: inPlatforms((platform, users, { resources }) => {
      const { account: of, apps } = platform;
      const stored = resources
        .filter(({ kind, account }) => kind === "stream" && account === of)
        .flatMap(({ subjects }) => subjects);
      return apps.flatMap((app) =>
        publishedEvents(app, users)
          .filter((subject) => !stored.some((each) => covers(each, subject)))
          .map((subject) => ({
            message: `app ${app.name} publishes ${subject}, of which no stream of the platform stores all: such events get no acknowledgement`,
            source: app.source,
          })),
      );
    }),
  },
  {
    id: "NP014",
    level: "warning",
    title: "Events that no app publishes",
    byOthers: true,
    find: inPlatforms((platform, users, catalog) => {
      const { apps, name } = platform;
      const events = eventsOf(platform, catalog);
      if (events?.origins) return [];
      const published = indexOf(apps.flatMap((app) => storedEvents(app, users, events)));
      const isPublished = remembered((subject) => published.overlapping(subject).length > 0);
      const live = apps.map((app) => ({
        subjects: subjectsFor(app, users, "subscribe", "events.live").filter((subject) => subject !== allEvents(name)),
        source: app.source,
      }));
      return [...consumedEvents(platform, catalog), ...live].flatMap(({ subjects, source }) =>
        subjects
          .filter((subject) => !isPublished(subject))
          .map((subject) => ({
            message: `events ${subject} are received, but no app of the program publishes them`,
            source,
          })),
      );
    }),
  },
  {
    id: "NP015",
    level: "warning",
    title: "Configuration that nobody can write",
    byOthers: true,
    find: inPlatforms(({ account, apps, name }, users, { accounts }) => {
      const written =
        accounts.find((each) => each.name === account)?.users.flatMap(({ publish }) => publish.allow) ?? [];
      const writable = indexOf(written.map(({ subject }) => subject).filter((subject) => /^(\$KV|[*>])/.test(subject)));
      const configuration = names.keySubject(names.resource(name, "platform"), "config.>");
      return apps.flatMap((app) =>
        subjectsFor(app, users, "publish", "sharedKv.readKey", "sharedKv.readImportedKey")
          .flatMap((line) => READ_KEY.exec(line)?.[1] ?? [])
          .filter((key) => covers(configuration, key) && writable.overlapping(key).length === 0)
          .map((key) => ({
            message: `app ${app.name} reads ${key}, which no user of the program may write`,
            source: app.source,
          })),
      );
    }),
  },
  {
    id: "NP016",
    level: "warning",
    title: "A stream or bucket of a platform that no app can use",
    byOthers: true,
    find: inPlatforms(({ account: of, apps, name, nodes }, users, { resources }) => {
      const usual = ["platform", "events", "audit"].map((each) => names.resource(name, each));
      const here = resources.filter((each) => each.account === of);
      const own = here.filter((each) => each.app === undefined && each.platform === name && !usual.includes(each.name));
      if (own.length === 0) return [];
      const lines = apps.flatMap(({ user, messagingUser }) =>
        [user, messagingUser ?? user].flatMap((each) => users.get(each)?.publish.allow ?? []),
      );
      const tokens = new Set(lines.flatMap(({ subject }) => subject.split(".")));
      const published = indexOf(lines.map(({ subject }) => subject));
      const copied = new Set(here.flatMap(({ copies }) => copies));
      return own
        .filter(({ stream, subjects, republish }) => {
          if (republish !== undefined || copied.has(stream) || tokens.has(stream)) return false;
          return !subjects.some((each) => published.overlapping(each).length > 0);
        })
        .map((resource) => ({
          message: `no app may use ${resource.name}${nodes.length > 0 ? ": only the platform's nodes can" : ""}`,
          source: resource.source,
        }));
    }),
  },
  {
    id: "NP017",
    level: "warning",
    title: "An isolated app that receives events of others",
    byOthers: true,
    find: inPlatforms((platform, users, catalog) => {
      const isolated = platform.apps.filter(({ account }) => account !== platform.account);
      if (isolated.length === 0) return [];
      const consumed = consumedEvents(platform, catalog);
      const events = eventsOf(platform, catalog);
      const publishers = new SubjectIndex<string>();
      for (const app of platform.apps) {
        for (const subject of storedEvents(app, users, events)) publishers.add(subject, app.name);
      }
      const publishersOf = remembered((subject) => [...new Set(publishers.overlapping(subject))].slice(0, 2));
      return isolated.flatMap((app) => {
        const received = [
          ...consumed.filter(({ source }) => isOf(source, app, platform.apps)).flatMap(({ subjects }) => subjects),
          ...subjectsFor(app, users, "subscribe", "events.live"),
        ];
        const foreign = [...new Set(received)].filter((subject) =>
          publishersOf(subject).some((publisher) => publisher !== app.name),
        );
        const message = `app ${app.name} is isolated and receives events of other apps: ${someOf(foreign, 5)}`;
        return foreign.length > 0 ? [{ message, source: app.source }] : [];
      });
    }),
  },
];
