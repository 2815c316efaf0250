import { type App, TerraformStack } from "cdktf";
import {
  AppConstruct,
  type AppConstructProps,
  Isolation,
  Monitoring,
  PlatformConstruct,
  type PlatformConstructProps,
} from "../../../../lib";

const ISOLATED = { isolation: Isolation.ACCOUNT };
const SHARED = { isolation: Isolation.PERMISSIONS };

function platform(app: App, name: string, props: Partial<PlatformConstructProps> = {}): PlatformConstruct {
  const stack = new TerraformStack(app, name);
  return new PlatformConstruct(stack, name, {
    nodes: ["node-1"],
    servers: ["nats://nats:4222"],
    ...props,
  });
}

const appOf = (scope: PlatformConstruct, app: string, props: Partial<AppConstructProps> = {}) =>
  new AppConstruct(scope, app, props);

/** Lets an app write audit messages and its health, wherever it is. */
function tellsMonitor(app: AppConstruct): void {
  app.publishAudit();
  app.publishHealth();
}

/** One isolated app and one of the platform's account that call each other, and a MONITOR that reads the history. */
function neighbours(app: App): void {
  const prod = platform(app, "prod", { monitoring: Monitoring.HISTORY });
  const convex = appOf(prod, "convex", { ...ISOLATED, wal: {}, snapshots: {}, liveEvents: [">"] });
  const cache = appOf(prod, "cache", SHARED);
  for (const each of [convex, cache]) {
    each.publishEvents("user.>");
    each.consumeEvents();
    each.readPlatformConfig("flags");
    tellsMonitor(each);
  }
  convex.serveApi("query");
  convex.callApi(cache, "get");
  cache.serveApi("get");
  cache.callApi(convex, "query");
}

/** Isolated apps on two platforms, with calls in all directions, events and configuration. */
function cities(app: App): void {
  for (const name of ["prod", "staging"]) {
    const scope = platform(app, name, {
      ...ISOLATED,
      monitoring: name === "prod" ? Monitoring.HISTORY : Monitoring.LIVE,
    });
    const convex = appOf(scope, "convex", { wal: {}, snapshots: {}, liveEvents: ["user.>"] });
    const cache = appOf(scope, "cache", { liveEvents: [">"] });
    const mail = appOf(scope, "mail");
    for (const each of [convex, cache, mail]) tellsMonitor(each);
    convex.publishEvents("user.>");
    cache.publishEvents("cache.*.flushed");
    for (const each of [cache, mail]) each.consumeEvents({ subjects: ["user.created"] });
    convex.consumeEvents();
    for (const each of [convex, mail]) each.readPlatformConfig("flags");
    convex.serveApi("query", "admin.>");
    cache.serveApi("get");
    mail.serveApi("send");
    cache.callApi(convex, "query");
    mail.callApi(convex, "admin.>");
    convex.callApi(cache, "get");
    cache.callApi(mail, "send");
  }
}

/** Isolated apps that mostly store, one with Litestream, on a platform that nobody monitors. */
function stores(app: App): void {
  const prod = platform(app, "prod", { ...ISOLATED, monitoring: Monitoring.NONE });
  const convex = appOf(prod, "convex", { wal: {}, snapshots: {} });
  convex.addLitestream({ databasePath: "/data/app.db" });
  convex.publishEvents("order.>");
  const archive = appOf(prod, "archive", { wal: {} });
  archive.consumeEvents({ subjects: ["order.>"] });
  appOf(prod, "vault", { snapshots: {} });
}

/** Programs in every way of which apps are kept apart. */
export const PROGRAMS: { readonly [name: string]: (app: App) => void } = { neighbours, cities, stores };
