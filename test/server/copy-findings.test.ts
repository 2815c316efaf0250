import { AppConstruct, PlatformConstruct, RetentionPolicy, RetiredData, type Stream } from "../../lib";
import type { CatalogResource } from "../../lib/catalog/catalog";
import { catalogFrom } from "../../lib/catalog/catalog-text";
import { ownServer } from "../support/own-server";
import { SERVERS } from "../support/prod";
import { CATALOG, catalogText, finished } from "../unit/cli/cli";

const server = ownServer();

/** An app of one platform that gets another name. */
const renamed = (retired?: RetiredData) =>
  catalogText((stack) => {
    const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS, nodes: ["node-1"] });
    new AppConstruct(prod, "store", { formerly: new AppConstruct(prod, "cache", { retired }) });
  });

/** A platform that gets another name, with an app that has a work queue. */
const moved = (retired?: RetiredData) =>
  catalogText((stack) => {
    const declare = (name: string, props: object) => {
      const platform = new PlatformConstruct(stack, name, { servers: SERVERS, nodes: ["node-1"], ...props });
      new AppConstruct(platform, "cache").addStream("work", { retention: RetentionPolicy.WORKQUEUE });
      return platform;
    };
    declare("live", { formerly: declare("prod", { retired }) });
  });

const resourceOf = (catalog: string, name: string): CatalogResource => {
  const found = catalogFrom(JSON.parse(catalog)).resources.find(({ stream }) => stream === name);
  if (!found) throw new Error(`no ${name} in the catalog`);
  return found;
};

/** Makes a stream as the program has it. */
async function make(catalog: string, name: string, copies = true): Promise<void> {
  const { subjects, origins = [], retention, settings } = resourceOf(catalog, name);
  const [mirror] = origins.filter((each) => each.mirror);
  const sources = (copies && !mirror ? origins : []).map(({ stream, transforms = [] }) => ({
    name: stream,
    subject_transforms: transforms.map(({ source, destination }) => ({ src: source, dest: destination })),
  }));
  await server.manager.streams.add({
    name,
    max_msgs: Number(settings?.max_msgs ?? -1),
    ...(mirror ? { mirror: { name: mirror.stream } } : { subjects: [...subjects], sources }),
    ...(retention && { retention }),
  });
}

/** Waits until a stream has as many messages. */
async function until(name: string, messages: number): Promise<void> {
  for (let tries = 0; (await server.manager.streams.info(name)).state.messages < messages && tries < 200; tries++) {
    await new Promise((done) => setTimeout(done, 50));
  }
  expect((await server.manager.streams.info(name)).state.messages).toBe(messages);
}

/** Ends the copying, as the program does when the former is retired. */
async function endCopying(name: string): Promise<void> {
  const { config } = await server.manager.streams.info(name);
  await server.manager.streams.update(name, { ...config, sources: [] });
}

const makeAll = async (catalog: string, account: string, copies: boolean) => {
  const all = catalogFrom(JSON.parse(catalog)).resources.filter((each) => each.account === account);
  for (const { stream } of all) await make(catalog, stream, copies);
};

async function check(catalog: string, user: string | undefined, ...options: string[]) {
  if (user) process.env.NATS_USER = user;
  const { status, out, err } = await finished(["check-copies", ...options], { [CATALOG]: catalog });
  return [status, (out + err).trimEnd().split("\n")] as const;
}

const NODE = "prod-node-1";
const FAILED = "KV_prod_store could not be compared with KV_prod_cache";

describe("what is retired is gone only when its copy is there and copies no more", () => {
  test("not where nothing is", async () => {
    const said = [`${FAILED}: stream KV_prod_store not found`];
    expect(await check(renamed(RetiredData.DELETE), NODE)).toEqual([4, said]);
  });

  test("not where the copy still is to copy", async () => {
    await make(renamed(), "KV_prod_store");
    const said = [`${FAILED}: stream KV_prod_cache not found`];
    expect(await check(renamed(RetiredData.DELETE), NODE)).toEqual([4, said]);
  });

  test("not where it is not retired", async () => {
    await make(renamed(), "KV_prod_store", false);
    expect(await check(renamed(), NODE)).toEqual([4, [`${FAILED}: stream KV_prod_cache not found`]]);
  });

  const GONE = "KV_prod_cache, which is retired, is gone";

  test("then it is", async () => {
    await make(renamed(), "KV_prod_cache");
    await make(renamed(), "KV_prod_store");
    await server.connection.request("$KV.prod_cache.key", "old");
    await until("KV_prod_store", 1);
    await endCopying("KV_prod_store");
    await server.manager.streams.delete("KV_prod_cache");
    expect(await check(renamed(RetiredData.DELETE), NODE)).toEqual([0, [GONE]]);
    await server.connection.request("$KV.prod_store.key", "new");
    await server.manager.streams.deleteMessage("KV_prod_store", 1);
    expect(await check(renamed(RetiredData.DELETE), NODE)).toEqual([0, [GONE]]);
  });

  test("and said to be so where the copy has nothing of it, and never had: it may have been empty", async () => {
    const nothing = expect.stringMatching(
      /^KV_prod_store has nothing of what is gone: there was nothing in it, or nothing had copied it, and then all of it is lost\. /,
    );
    await make(renamed(), "KV_prod_store", false);
    expect(await check(renamed(RetiredData.DELETE), NODE)).toEqual([0, [GONE, nothing]]);
    await server.connection.request("$KV.prod_store.key", "new");
    expect(await check(renamed(RetiredData.DELETE), NODE)).toEqual([0, [GONE, nothing]]);
  });

  test("also where one of several was empty", async () => {
    const two = (retired?: RetiredData) =>
      catalogText((stack) => {
        const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS, nodes: ["node-1"] });
        const formerly = new AppConstruct(prod, "cache", { retired, wal: {} });
        new AppConstruct(prod, "store", { formerly, wal: {} });
      });
    await make(two(), "prod_store_wal", false);
    await make(two(), "KV_prod_cache");
    await make(two(), "KV_prod_store");
    await server.connection.request("$KV.prod_cache.key", "old");
    await until("KV_prod_store", 1);
    await endCopying("KV_prod_store");
    await server.manager.streams.delete("KV_prod_cache");
    const said = [GONE, "prod_cache_wal, which is retired, is gone"];
    expect(await check(two(RetiredData.DELETE), NODE)).toEqual([0, said]);
  });
});

describe("where formerly is removed, what is still there under the former name", () => {
  const NOTHING = "Nothing in account PROD copies a stream or bucket of the program.";
  const program = (props: object) =>
    catalogText((stack) => {
      const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS, nodes: ["node-1"] });
      new AppConstruct(prod, "store", props);
    });

  const begin = async () => {
    await make(renamed(), "KV_prod_cache");
    await make(renamed(), "KV_prod_store");
    await server.connection.request("$KV.prod_cache.one", "old");
    await until("KV_prod_store", 1);
    await endCopying("KV_prod_store");
  };

  test("lacks nothing if all of it was copied, also when clients write under the new name", async () => {
    await begin();
    expect(await check(program({}), NODE)).toEqual([0, [NOTHING]]);
    await server.connection.request("$KV.prod_store.one", "new");
    expect(await check(program({}), NODE)).toEqual([0, [NOTHING]]);
  });

  test("is named if it has messages that were not copied", async () => {
    await begin();
    await server.connection.request("$KV.prod_cache.two", "late");
    const said = [
      NOTHING,
      "KV_prod_store lacks 1 of 2 messages of KV_prod_cache: 2",
      expect.stringContaining("The program no longer says that it copies KV_prod_cache, which is still there"),
    ];
    expect(await check(program({}), NODE)).toEqual([4, said]);
    await server.manager.streams.delete("KV_prod_cache");
    expect(await check(program({}), NODE)).toEqual([0, [NOTHING]]);
  });

  test("does not count if it was a source, or is another program's that nothing here has copied", async () => {
    await server.manager.streams.add({ name: "prod_other_wal", subjects: ["prod.other.wal.>"] });
    await server.manager.streams.add({
      name: "prod_store_wal",
      subjects: ["prod.store.wal.>"],
      sources: [{ name: "prod_other_wal" }],
    });
    await server.connection.request("prod.other.wal.1", "frame");
    await until("prod_store_wal", 1);
    await endCopying("prod_store_wal");
    await server.connection.request("prod.other.wal.2", "frame");
    await make(renamed(), "KV_prod_cache");
    await server.connection.request("$KV.prod_cache.key", "of another program");
    await make(program({}), "KV_prod_store", false);
    await server.connection.request("$KV.prod_store.key", "own");
    expect(await check(program({ wal: {} }), NODE)).toEqual([0, [NOTHING]]);
  });
});

describe("while it is copied", () => {
  const END = expect.stringMatching(
    /^Nothing lacks\. Retire the former \(`retired`\) and apply that before clients write/,
  );

  test("it says what is to come next, and warns of what clients wrote too early", async () => {
    await make(renamed(), "KV_prod_cache");
    await make(renamed(), "KV_prod_store");
    expect(await check(renamed(), NODE)).toEqual([0, ["KV_prod_store has all of KV_prod_cache: 0 messages", END]]);
    await server.connection.request("$KV.prod_store.key", "new");
    const warning = expect.stringMatching(
      /^warning: KV_prod_store has 1 message of its own, and still copies KV_prod_cache: /,
    );
    expect(await check(renamed(), NODE)).toEqual([0, [expect.anything(), warning, END]]);
  });

  test("it says nothing of that when something lacks, or when it is copied no more", async () => {
    await make(renamed(), "KV_prod_cache");
    await make(renamed(), "KV_prod_store", false);
    await server.connection.request("$KV.prod_store.key", "new");
    expect(await check(renamed(), NODE)).toEqual([0, ["KV_prod_store has all of KV_prod_cache: 0 messages"]]);
    await server.connection.request("$KV.prod_cache.key", "old");
    expect(await check(renamed(), NODE)).toEqual([4, ["KV_prod_store lacks 1 of 1 message of KV_prod_cache: 1"]]);
  });
});

describe("of an origin that is made anew under its name, nothing counts as copied", () => {
  const WHY =
    "  Its number 1 is in the copy with another subject or content, or older: from an earlier stream of that name?";
  const LACKS = "KV_prod_store lacks 1 of 1 message of KV_prod_cache: 1";

  test.each<[string, string, string[]]>([
    ["also not with the same content", "on", [LACKS, WHY]],
    ["nor with another one", "off", [LACKS, WHY]],
    ["nor as given way to what the copy had before", "", [LACKS]],
  ])("%s", async (_, second, said) => {
    await make(renamed(), "KV_prod_cache");
    await make(renamed(), "KV_prod_store");
    if (second !== "") await server.connection.request("$KV.prod_cache.key", "on");
    await new Promise((done) => setTimeout(done, 300));
    const { config } = await server.manager.streams.info("KV_prod_store");
    await server.manager.streams.update("KV_prod_store", { ...config, sources: [], max_msgs_per_subject: 1 });
    if (second === "") await server.connection.request("$KV.prod_store.key", "of the copy itself");
    await server.manager.streams.delete("KV_prod_cache");
    await new Promise((done) => setTimeout(done, 1200));
    await make(renamed(), "KV_prod_cache");
    await server.connection.request("$KV.prod_cache.key", second);
    expect(await check(renamed(), NODE)).toEqual([4, said]);
  });
});

test.each([
  ["takes only what is new, with a start behind what was copied", 4, 4],
  ["copies all of it again, without one", 0, 7],
])("a stream of another app that goes over to the new name %s", async (_, start, messages) => {
  const source = (name: string, more: object = {}) => ({ sources: [{ name, ...more }] });
  await server.manager.streams.add({ name: "old", subjects: ["old.>"] });
  await server.manager.streams.add({ name: "new", subjects: ["new.>"], ...source("old") });
  await server.manager.streams.add({ name: "all", subjects: ["all.>"], ...source("old") });
  for (let each = 0; each < 3; each++) await server.connection.request("old.frame", "frame");
  for (const name of ["new", "all"]) await until(name, 3);
  await endCopying("new");
  const { config } = await server.manager.streams.info("all");
  await server.manager.streams.update("all", { ...config, ...source("new", { opt_start_seq: start }) });
  await server.connection.request("new.frame", "new");
  await until("all", messages);
});

describe("an app with streams that copy others themselves", () => {
  const program = catalogText((stack) => {
    const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS, nodes: ["node-1"] });
    const source = new AppConstruct(prod, "source", { wal: {} });
    const wal = { stream: source.wal as Stream };
    source.addStream("lately", { maxMessages: 3, sources: [wal] });
    source.addStream("queue", { retention: RetentionPolicy.WORKQUEUE, sources: [wal] });
    const declare = (name: string, props: object) => {
      const app = new AppConstruct(prod, name, props);
      const jobs = app.addStream("jobs");
      app.addStream("mirror", { mirror: wal });
      app.addStream("all", { sources: [wal] });
      app.addStream("both", { sources: [wal, { stream: jobs }] });
      return app;
    };
    declare("store", { formerly: declare("cache", {}) });
  });
  const ORIGINS = ["prod_source_wal", "prod_cache_jobs"];
  const OLD = ["prod_cache_mirror", "prod_cache_all", "prod_cache_both"];
  const NEW = ["prod_store_jobs", "prod_store_mirror", "prod_store_all", "prod_store_both"];

  /** Makes everything but what is to be under the new name. */
  async function begin(): Promise<void> {
    const names = catalogFrom(JSON.parse(program)).resources.map(({ stream }) => stream);
    const first = [...ORIGINS, ...OLD, ...names.filter((each) => !OLD.includes(each) && !NEW.includes(each))];
    for (const name of new Set(first)) await make(program, name);
    for (let each = 0; each < 5; each++) await server.connection.request("prod.source.wal.frame", "frame");
    for (let each = 0; each < 3; each++) await server.connection.request("prod.cache.jobs.do", "job");
    await until("prod_cache_mirror", 5);
    await until("prod_cache_all", 5);
    await until("prod_cache_both", 8);
    await until("prod_source_lately", 3);
  }

  /** Makes what is under the new name, and gives what is said of its streams and of those of no rename. */
  async function renamed(messages = 5) {
    for (const name of NEW) await make(program, name);
    await until("prod_store_mirror", messages);
    await until("prod_store_all", messages);
    await until("prod_store_both", 3 + messages);
    return found();
  }

  const found = async () => {
    const [status, said] = await check(program, NODE);
    const about = /^(prod_store_(mirror|all|both) .* of prod_cache_|prod_source_(lately|queue)| {2}This)/;
    return [status, said.filter((each) => about.test(each))] as const;
  };
  const LATELY = [
    "prod_source_lately lacks 2 of 5 messages of prod_source_wal: 1, 2",
    "  This does not count: it is no copy of a former name.",
  ];
  const hasAll = (name: string, messages: number) =>
    `prod_store_${name} has all of prod_cache_${name}: ${messages} messages`;

  test("is whole when those of the new name have the same messages of the same origins, whatever else copies in part", async () => {
    await begin();
    const said = [...LATELY, hasAll("all", 5), hasAll("both", 8), hasAll("mirror", 5)];
    expect(await renamed()).toEqual([0, said]);
  });

  test("lacks what those of the new name do not have, or nothing copies", async () => {
    await begin();
    await renamed();
    await server.connection.request("prod.cache.all.own", "written by a client");
    await server.manager.streams.deleteMessage("prod_store_mirror", 2);
    await server.manager.streams.deleteMessage("prod_store_jobs", 1);
    const [status, said] = await found();
    expect([status, said]).toEqual([
      4,
      expect.arrayContaining([
        "prod_store_mirror lacks 1 of 5 messages of prod_cache_mirror",
        "prod_store_all lacks 1 of 6 messages of prod_cache_all; 1 message of these it has copied from nowhere",
      ]),
    ]);
  });

  test("lacks what its origin had before there was the new name", async () => {
    await begin();
    await server.manager.streams.purge("prod_source_wal", { seq: 3 });
    const [status, said] = await renamed(3);
    expect([status, said]).toEqual([
      4,
      expect.arrayContaining([
        "prod_store_all lacks 2 of 5 messages of prod_cache_all",
        "prod_store_mirror lacks 2 of 5 messages of prod_cache_mirror",
        "prod_store_both lacks 2 of 8 messages of prod_cache_both",
      ]),
    ]);
  });
});

describe("a platform that gets another name", () => {
  const LIVE = "live-node-1";
  const QUEUE = "prod_cache_work is in account PROD, which was not looked at: nothing copies it";

  test("what nothing copies in the other account is not taken for looked at", async () => {
    await makeAll(moved(), "LIVE", true);
    await makeAll(moved(), "PROD", false);
    const [status, said] = await check(moved(), LIVE);
    expect([status, said.filter((each) => !each.includes("has all of"))]).toEqual([4, [QUEUE]]);
    const [chosen, listed] = await check(moved(), LIVE, "--account", "LIVE");
    expect([chosen, listed.filter((each) => !each.includes("has all of"))]).toEqual([
      0,
      [
        "Not looked at: prod_cache_work in account PROD",
        expect.stringMatching(/^Nothing lacks in account LIVE\. When the others are looked at, retire/),
      ],
    ]);
  });

  test("what is retired in the other account is not gone", async () => {
    await makeAll(moved(), "LIVE", false);
    const [status, said] = await check(moved(RetiredData.DELETE), LIVE);
    expect([status, said]).toEqual([
      4,
      expect.arrayContaining([QUEUE, "KV_prod_cache is in account PROD, which was not looked at"]),
    ]);
    expect(said.join()).not.toContain("gone");
    const [chosen, listed] = await check(moved(RetiredData.DELETE), LIVE, "--account", "LIVE");
    expect([chosen, listed]).toEqual([
      0,
      [expect.stringMatching(/^Not looked at: .*KV_prod_cache.* in account PROD$/)],
    ]);
  });

  test("the other account names all that is there", async () => {
    await makeAll(moved(), "PROD", false);
    await server.connection.request("prod.cache.work.do", "work");
    const [status, said] = await check(moved(), NODE, "--account", "PROD");
    expect(status).toBe(4);
    expect(said).toEqual(
      expect.arrayContaining([
        "prod_cache_work is copied by nothing: 1 message",
        "KV_prod_cache has 0 messages; its copy is in account LIVE",
        expect.stringMatching(/^Not looked at: .*KV_live_cache.* in account LIVE$/),
      ]),
    );
    await server.manager.streams.purge("prod_cache_work");
    const [empty, then] = await check(moved(), NODE, "--account", "PROD");
    expect([empty, then]).toEqual([0, expect.arrayContaining(["prod_cache_work, which nothing copies, is empty"])]);
  });

  test("what is not found in its account is not empty, unless it is retired", async () => {
    const [status, said] = await check(moved(), NODE, "--account", "PROD");
    expect([status, said]).toEqual([4, expect.arrayContaining(["prod_cache_work was not found"])]);
    const [retired, then] = await check(moved(RetiredData.DELETE), undefined, "--account", "PROD");
    expect([retired, then]).toEqual([0, expect.arrayContaining(["prod_cache_work, which is retired, is not there"])]);
  });

  test("a user of one account does not look at another one", async () => {
    const [status, said] = await check(moved(), LIVE, "--account", "PROD");
    expect([status, said]).toEqual([2, expect.arrayContaining([expect.stringContaining("a user of account LIVE")])]);
  });
});
