import { Isolation } from "../../../lib";
import type { Catalog } from "../../../lib/catalog/catalog";
import { CATALOG, catalogOfProgram, command, program } from "./cli";

const plain = catalogOfProgram(program());
const can = (words: readonly string[], catalog: Catalog = plain) => command(["can", ...words], { [CATALOG]: catalog });

const rows: [string, string[], number, string[]][] = [
  ["its own subject", ["prod-cache", "publish", "prod.cache.x"], 0, ["yes: prod-cache may publish prod.cache.x"]],
  [
    "a service that it calls, with the reason and who receives it",
    ["prod-cache", "publish", "prod._.api.convex.query"],
    0,
    ["calls of the service (service.call, stack/prod/cache)", "Received by, if they subscribe\n  prod-node-1"],
  ],
  [
    "what a stream stores",
    ["prod-cache", "publish", "prod._.audit.cache.x"],
    0,
    ["Stored by\n  stream prod_audit", "monitor      MONITOR's stream import of prod._.audit.> from PROD"],
  ],
  [
    "another app's bucket, which holes reach all the same",
    ["prod-cache", "publish", "$KV.prod_convex.x"],
    1,
    [
      "no: prod-cache may not publish",
      "None of the",
      "Permissions do not close this: prod-cache writes, through holes of the server,\n  the key-value bucket prod_convex\n",
    ],
  ],
  [
    "only some of a pattern",
    ["prod-cache", "publish", "prod._.audit.>"],
    1,
    ["no: prod-cache may publish only some subjects", "prod._.audit.cache.>  its part of the audit log"],
  ],
  [
    "a wide subscription of a node",
    ["prod-node-1", "subscribe", "prod.>"],
    0,
    ["yes: prod-node-1 may subscribe to prod.>"],
  ],
  [
    "a subscription that is wider than its lines",
    ["prod-cache", "subscribe", "prod.>"],
    1,
    [
      "It may subscribe to parts of it\n  prod.cache.>     its own subjects (core.subscribe, stack/prod/cache)\n  prod._.events.>  ",
    ],
  ],
  [
    "a subscription in a queue group",
    ["prod-convex", "subscribe", "prod._.api.convex.query", "--queue", "prod-convex"],
    0,
    [
      "yes: prod-convex may subscribe to prod._.api.convex.query in the queue group prod-convex\n",
      "By\n  prod._.api.convex.query in the queue group prod-convex  calls of the service, in a queue group of its own (service.serve",
    ],
  ],
  [
    "a subscription in a queue group below that of the app",
    ["prod-cache", "subscribe", "prod._.events.user.>", "--queue", "prod-cache.mailer"],
    0,
    ["By\n  prod._.events.> in the queue group prod-cache.>  platform events"],
  ],
  [
    "a subscription in the queue group of somebody else",
    ["prod-cache", "subscribe", "prod._.events.>", "--queue", "prod-convex"],
    1,
    [
      "no: prod-cache may not subscribe to prod._.events.> in the queue group prod-convex\n",
      "It may subscribe to it in the queue groups\n  prod-cache\n  prod-cache.>\n",
    ],
  ],
  [
    "a subscription in the queue group of the app that is wider than its lines",
    ["prod-cache", "subscribe", "prod.>", "--queue", "prod-cache"],
    1,
    ["It may subscribe to parts of it\n  prod.cache.>"],
  ],
  [
    "a subscription in any queue group, where no line names one",
    ["prod-cache", "subscribe", "_INBOX.x", "--queue", "other-group"],
    0,
    ["yes: prod-cache may subscribe to _INBOX.x in the queue group other-group"],
  ],
  ["what a user without lines publishes", ["monitor", "publish", "a"], 1, ["It may not publish anything."]],
];

test.each(rows)("answers for %s", (_, words, status, texts) => {
  const outcome = can(words);
  for (const text of texts) expect(outcome.out).toContain(text);
  expect([outcome.status, outcome.err]).toEqual([status, ""]);
});

test("names no part of a subscription that the queue group excludes", () => {
  const { status, out } = can(["prod-cache", "subscribe", "prod.>", "--queue", "other-group"]);
  expect(status).toBe(1);
  expect(out).not.toContain("It may subscribe");
});

test("names each receiver once, in the order of its account", () => {
  const { out } = can(["prod-cache", "publish", "prod._.api.convex.query"]);
  expect(out).toContain("Received by, if they subscribe\n  prod-node-1\n  prod-convex\n");
});

test("says what the mappings of the account make of a subject", () => {
  const accounts = plain.accounts.map((account) =>
    account.name === "PROD" ? { ...account, mappings: { "easy.>": "prod.cache.>" } } : account,
  );
  const { status, out } = can(["prod-cache", "publish", "easy.x"], { ...plain, accounts });
  expect(status).toBe(0);
  expect(out).toContain("mapping makes prod.cache.x of easy.x; the permission is checked on that");
});

test("says which line denies a subject", () => {
  const accounts = plain.accounts.map((account) => ({
    ...account,
    users: account.users.map((user) => ({ ...user, publish: { ...user.publish, deny: ["prod.cache.no"] } })),
  }));
  const { status, out } = can(["prod-cache", "publish", "prod.cache.no"], { ...plain, accounts });
  expect(status).toBe(1);
  expect(out).toContain("Denied by prod.cache.no");
});

test("an app with an account of its own does not reach others through holes", () => {
  const isolated = catalogOfProgram(program(() => {}, { isolation: Isolation.ACCOUNT }));
  const { status, out } = can(["prod-cache", "publish", "$KV.prod_convex.x"], isolated);
  expect(status).toBe(1);
  expect(out).not.toContain("Permissions do not close this");
});

test("says how a user of another account gets what it may not subscribe to", () => {
  const published = program(
    ({ prod, cache }) => {
      prod.addStream("jobs", { republish: { source: "prod._.jobs.>", destination: "prod._.audit.jobs.>" } });
      cache.addConsumer("feed", { stream: prod.addStream("news") });
    },
    { isolation: Isolation.ACCOUNT },
  );
  const catalog = catalogOfProgram(published);
  const monitor = can(["monitor", "subscribe", "prod._.jobs.x"], catalog);
  expect(monitor.status).toBe(1);
  expect(monitor.out).toMatch(
    /It receives what is published there by subscribing to\n.*published in PROD, by the stream prod_jobs/,
  );
  const { out } = can(["prod-cache-messaging", "subscribe", "prod._.news.x"], catalog);
  expect(out).toMatch(/It reads what is stored of it by requests to\n.*\.prod_news\.\S+ +stream prod_news \(PROD\)/);
});
