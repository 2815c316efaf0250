import type { AccountByHand, StreamByHand } from "./by-hand";

const service = (account: string, subject: string, to?: string) => ({
  kind: "service" as const,
  account,
  subject,
  ...(to && { to }),
});

const stream = (account: string, subject: string, to?: string) => ({
  kind: "stream" as const,
  account,
  subject,
  ...(to && { to }),
});

const offer = (kind: "service" | "stream", subject: string, ...accounts: string[]) => ({ kind, subject, accounts });

const many = (subject: string, ...accounts: string[]) => ({
  ...offer("service", subject, ...accounts),
  manyResponses: true,
});

/** What an app takes from its platform. */
const platformImports = (app: string) => [
  service("PROD", `$JS.API.CONSUMER.INFO.prod_events.${app}`, `$JS.prod.API.CONSUMER.INFO.prod_events.${app}`),
  service("PROD", `$JS.API.CONSUMER.MSG.NEXT.prod_events.${app}`, `$JS.prod.API.CONSUMER.MSG.NEXT.prod_events.${app}`),
  service("PROD", `$JS.ACK.prod_events.${app}.>`),
  service("PROD", "$JS.API.STREAM.INFO.KV_prod_platform", "$JS.prod.API.STREAM.INFO.KV_prod_platform"),
  service(
    "PROD",
    `$JS.API.DIRECT.GET.KV_prod_platform.$KV.prod_platform.config.flags`,
    `$JS.prod.API.DIRECT.GET.KV_prod_platform.$KV.prod_platform.config.flags`,
  ),
  service("PROD", `prod._.audit.${app}.>`),
  stream("PROD", "prod._.live.events.>", "prod._.events.>"),
  service("PROD", "prod._.events.user.>", "prod._.outbox.events.user.>"),
];

const platformExports = (...apps: string[]) => [
  offer("stream", "prod.*.health.>", "MONITOR"),
  offer("stream", "prod._.live.audit.>", "MONITOR"),
  offer("service", "$JS.API.CONSUMER.INFO.prod_audit.monitor", "MONITOR"),
  many("$JS.API.CONSUMER.MSG.NEXT.prod_audit.monitor", "MONITOR"),
  offer("service", "$JS.ACK.prod_audit.monitor.>", "MONITOR"),
  offer("service", "$JS.API.CONSUMER.INFO.prod_events.*", ...apps),
  many("$JS.API.CONSUMER.MSG.NEXT.prod_events.*", ...apps),
  offer("service", "$JS.ACK.prod_events.*.>", ...apps),
  offer("service", "$JS.API.STREAM.INFO.KV_prod_platform", ...apps),
  offer("service", "$JS.API.DIRECT.GET.KV_prod_platform.$KV.prod_platform.config.>", ...apps),
  offer("service", "prod._.audit.>", ...apps),
  offer("stream", "prod._.live.events.>", ...apps),
  offer("service", "prod._.events.>", ...apps),
];

const platformStreams: readonly StreamByHand[] = [
  {
    name: "prod_events",
    subjects: ["prod._.events.>"],
    consumers: { convex: "prod._.events.>", cache: "prod._.events.order.>" },
    more: { republish: { src: "prod._.events.>", dest: "prod._.live.events.>" }, allow_direct: true },
  },
  {
    name: "prod_audit",
    subjects: ["prod._.audit.>"],
    consumers: { monitor: "prod._.audit.>" },
    more: { republish: { src: "prod._.audit.>", dest: "prod._.live.audit.>" } },
  },
  {
    name: "KV_prod_platform",
    subjects: ["$KV.prod_platform.>"],
    more: { allow_direct: true, max_msgs_per_subject: 1 },
  },
];

const appStreams = (app: string) => [
  { name: `KV_prod_${app}`, subjects: [`$KV.prod_${app}.>`], more: { allow_direct: true, allow_rollup_hdrs: true } },
  { name: `prod_${app}_wal`, subjects: [`prod.${app}.wal.>`], consumers: { worker: `prod.${app}.wal.>` } },
];

const CONVEX_API = "prod._.api.convex.query";
const CACHE_API = "prod._.api.cache.get";

const OUTBOX = { "prod._.events.user.>": "prod._.outbox.events.user.>" };

const monitor = (...apps: { readonly account: string; readonly app: string }[]): AccountByHand => ({
  name: "MONITOR",
  imports: [
    stream("PROD", "prod.*.health.>"),
    stream("PROD", "prod._.live.audit.>", "prod._.audit.>"),
    service("PROD", "$JS.API.CONSUMER.INFO.prod_audit.monitor", "$JS.prod.API.CONSUMER.INFO.prod_audit.monitor"),
    service(
      "PROD",
      "$JS.API.CONSUMER.MSG.NEXT.prod_audit.monitor",
      "$JS.prod.API.CONSUMER.MSG.NEXT.prod_audit.monitor",
    ),
    service("PROD", "$JS.ACK.prod_audit.monitor.>"),
    ...apps.map(({ account, app }) => stream(account, `prod.${app}.health.>`)),
  ],
});

/** An app whose storage is in an account that imports and exports nothing, beside one without JetStream. */
const apart = (
  app: string,
  name: string,
  api: string,
  other: string,
  otherApi: string,
  ...callers: string[]
): AccountByHand[] => [
  { name, jetStream: true, streams: appStreams(app) },
  {
    name: `${name}_MESSAGING`,
    imports: [...platformImports(app), service(other, otherApi)],
    exports: [offer("service", api, other, ...callers), offer("stream", `prod.${app}.health.>`, "MONITOR")],
    mappings: OUTBOX,
  },
];

/** An app with one account, in which JetStream and the imports are together. */
const together = (app: string, name: string, api: string, other: string, otherApi: string): AccountByHand => ({
  name,
  jetStream: true,
  imports: [...platformImports(app), service(other, otherApi)],
  exports: [offer("service", api, other), offer("stream", `prod.${app}.health.>`, "MONITOR")],
  mappings: OUTBOX,
  streams: appStreams(app),
});

/** A platform with two isolated apps, each of which has its storage and its messages in two accounts. */
export const APART: readonly AccountByHand[] = [
  {
    name: "PROD",
    jetStream: true,
    exports: platformExports("PROD_CONVEX_MESSAGING", "PROD_CACHE_MESSAGING"),
    imports: [service("PROD_CONVEX_MESSAGING", CONVEX_API)],
    streams: platformStreams,
  },
  ...apart("convex", "PROD_CONVEX", CONVEX_API, "PROD_CACHE_MESSAGING", CACHE_API, "PROD"),
  ...apart("cache", "PROD_CACHE", CACHE_API, "PROD_CONVEX_MESSAGING", CONVEX_API),
  monitor({ account: "PROD_CONVEX_MESSAGING", app: "convex" }, { account: "PROD_CACHE_MESSAGING", app: "cache" }),
];

/** The same with one account for each app: what the attacks must succeed on. */
export const TOGETHER: readonly AccountByHand[] = [
  { name: "PROD", jetStream: true, exports: platformExports("PROD_CONVEX", "PROD_CACHE"), streams: platformStreams },
  together("convex", "PROD_CONVEX", CONVEX_API, "PROD_CACHE", CACHE_API),
  together("cache", "PROD_CACHE", CACHE_API, "PROD_CONVEX", CONVEX_API),
  monitor({ account: "PROD_CONVEX", app: "convex" }, { account: "PROD_CACHE", app: "cache" }),
];

/** A platform whose audit log may be rolled up, and an app that writes to it. */
const guarded = (more: Pick<AccountByHand, "imports">, exports: AccountByHand["exports"]): readonly AccountByHand[] => [
  {
    name: "PROD",
    jetStream: true,
    exports: [offer("service", "prod._.audit.>", "APP"), ...(exports ?? [])],
    streams: [
      { name: "prod_events", subjects: ["prod._.events.>"], consumers: { other: "prod._.events.>" } },
      { name: "prod_audit", subjects: ["prod._.audit.>"], more: { allow_rollup_hdrs: true } },
    ],
  },
  {
    name: "APP",
    jetStream: true,
    imports: [service("PROD", "prod._.audit.app.>", "audit.>"), ...(more.imports ?? [])],
    mappings: { "app.note.>": "app.noted.>" },
    streams: appStreams("app"),
  },
];

/** What the attacks are told of a platform and an app. */
export const GUARDED = guarded({}, []);

/** What the server has: three imports more, under subjects that the attacks try without being told. */
export const UNGUARDED = guarded(
  {
    imports: [
      service("PROD", "prod._.audit.other.>", "prod._.audit.app.>"),
      service("PROD", "prod._.audit.noted.>", "app.noted.>"),
      service("PROD", "$JS.API.>", "$JS.prod.API.>"),
    ],
  },
  [offer("service", "$JS.API.>", "APP")],
);
