import type { ConsumerInfo, StreamInfo } from "@nats-io/jetstream";
import { headers } from "@nats-io/nats-core";
import { AppConstruct, Isolation, PlatformConstruct, RetentionPolicy, RetiredData } from "../../../lib";
import { EFFECTS } from "../../../lib/cli/attribute-effects";
import { existingConsumer, existingStream } from "../../../lib/cli/check-plan/existing";
import type { PlannedChange } from "../../../lib/cli/check-plan/plan";
import { PlannedAccounts } from "../../../lib/cli/check-plan/planned-accounts";
import { ProgramFacts } from "../../../lib/cli/check-plan/program-facts";
import { prodOf, SERVERS } from "../../support/prod";
import { catalogOfProgram, catalogText, finished } from "./cli";

type Values = { readonly [attribute: string]: unknown };

/** What a server has of a stream. */
interface Held {
  readonly config?: Values;
  readonly messages?: number;
  readonly consumers?: { readonly [name: string]: Values };
  /** The values of a bucket, by their keys. */
  readonly values?: { readonly [key: string]: string };
}

/** What the account of the user who asks has, by the names of streams. */
let mockHeld: { readonly [stream: string]: Held } = {};

const mockAbsent = (code: number) => Promise.reject(Object.assign(new Error("not found"), { code }));

const mockValueOf = (stream: string, { last_by_subj: subject }: { readonly last_by_subj: string }) => {
  const value = mockHeld[stream]?.values?.[subject.split(".").slice(2).join(".")];
  return Promise.resolve(value === undefined ? null : { header: headers(), string: () => value });
};

/** A server that says no more than what the command asks for. */
function mockServer(): object {
  const streams = {
    info: (name: string) => {
      const held = mockHeld[name];
      const config = { name, retention: "limits", ...held?.config };
      return held ? Promise.resolve({ config, state: { messages: held.messages ?? 0 } }) : mockAbsent(10059);
    },
    getMessage: mockValueOf,
  };
  const consumers = {
    info: (stream: string, name: string) => {
      const config = mockHeld[stream]?.consumers?.[name];
      return config ? Promise.resolve({ config }) : mockAbsent(10014);
    },
  };
  const manager = { streams, consumers, direct: { getMessage: mockValueOf } };
  return { streams, manager, user: process.env.NATS_USER };
}

jest.mock("../../../lib/cli/server", () => ({
  ...jest.requireActual("../../../lib/cli/server"),
  withServer: (use: (server: object) => unknown) => use(mockServer()),
}));

const { NATS_USER } = process.env;

beforeEach(() => {
  delete process.env.NATS_USER;
});

afterAll(() => {
  if (NATS_USER === undefined) delete process.env.NATS_USER;
  else process.env.NATS_USER = NATS_USER;
});

/** A change of a plan as `terraform show -json` writes it. */
const change = (address: string, actions: readonly string[], values: object, more: object = {}) => ({
  address,
  type: address.split(".")[0],
  mode: "managed",
  change: { actions, before: null, after: null, ...values, ...more },
});

/** What the gate says when a server has something. */
async function ask(
  held: typeof mockHeld,
  changes: readonly object[],
  more: object = {},
  catalog?: string,
  options: readonly string[] = [],
) {
  mockHeld = held;
  const { status, out, err } = await finished(["check-plan", "plan.json", "--ask-server", ...options], {
    "plan.json": JSON.stringify({ format_version: "1.2", resource_changes: changes, ...more }),
    ...(catalog !== undefined && { "catalog.json": catalog }),
  });
  return { status, text: out + err };
}

/** What a user of the provider makes. */
const madeBy = (user: string): PlannedChange => ({
  address: "jetstream_stream.x",
  module: "",
  type: "jetstream_stream",
  actions: ["create"],
  before: {},
  after: { name: "x" },
  replacedFor: [],
  isImported: false,
  isMissing: false,
  user,
});

const NONE = { status: 0, text: "Nothing is lost that is not allowed.\n" };

const TAKEN_IN = { importing: { id: "JETSTREAM_STREAM_x" } };

describe("a key is overwritten where the server has a value that the plan does not know", () => {
  const bucket = { name: "KV_b", retention: "limits" };
  const entry = (value: string) => ({ bucket: "b", key: "config.flags", value });
  const buckets = {
    none: [],
    made: [change("jetstream_stream.b", ["create"], { after: bucket })],
    kept: [change("jetstream_stream.b", ["no-op"], { before: bucket, after: bucket })],
    "taken in": [change("jetstream_stream.b", ["no-op"], { before: bucket, after: bucket }, TAKEN_IN)],
  };
  const values = ["one", "two", "three", undefined];
  const cases = Object.keys(buckets).flatMap((around) =>
    values.flatMap((before) => values.map((held) => [around as keyof typeof buckets, before, held] as const)),
  );

  test.each(cases)("bucket %s, before %s, on the server %s", async (around, before, held) => {
    const actions = [before === undefined ? "create" : "update"];
    const written = change("jetstream_kv_entry.flags", actions, {
      before: before === undefined ? null : entry(before),
      after: entry("two"),
    });
    const server = { KV_b: { values: { ...(held !== undefined && { "config.flags": held }) } } };
    const { status, text } = await ask(server, [...buckets[around], written]);
    const isLost = held !== undefined && held !== "two" && held !== before;
    expect([status, text]).toEqual([
      isLost ? 4 : 0,
      expect.stringContaining(isLost ? "overwritten:b/config.flags" : "Nothing is lost"),
    ]);
    expect(text.includes("is on the server with a value that the plan does not know")).toBe(isLost);
  });

  test("or may have one, since it is another server than that of the bucket which is taken in", async () => {
    const { status, text } = await ask({}, [
      ...buckets["taken in"],
      change("jetstream_kv_entry.flags", ["create"], { after: entry("two") }),
    ]);
    expect([status, text]).toEqual([4, expect.stringContaining("since this stack takes in its bucket")]);
  });
});

describe("a consumer that the plan makes and the server has", () => {
  const OWNER = "cdktf-nats-platform.owner";
  const streamOf = (owner: string, actions = ["no-op"], name = "s") => {
    const values = { name, retention: "limits", metadata: { [OWNER]: owner } };
    return change(`jetstream_stream.${name}`, actions, {
      before: actions[0] === "create" ? null : values,
      after: values,
    });
  };
  const consumer = change("jetstream_consumer.worker", ["create"], {
    after: { stream_id: "JETSTREAM_STREAM_s", durable_name: "worker", filter_subjects: ["s.a"] },
  });
  const heldOf = (owner: string, filter: string) => ({
    s: { config: { metadata: { [OWNER]: owner } }, consumers: { worker: { filter_subject: filter } } },
  });
  const TAKEN = "is on the server already";

  test("is told where its stream is not in the plan", async () => {
    for (const others of [[], [streamOf("acme/a", ["no-op"], "t")]]) {
      const { status, text } = await ask(heldOf("acme/a", "s.a"), [...others, consumer]);
      expect([status, text]).toEqual([4, expect.stringContaining(TAKEN)]);
    }
  });

  test("is not told where its stream is in the plan too, and it gets what it has", async () => {
    expect(await ask(heldOf("acme/a", "s.a"), [streamOf("acme/a"), consumer])).toEqual(NONE);
    expect((await ask(heldOf("acme/a", "s.b"), [streamOf("acme/a"), consumer])).text).toContain(TAKEN);
  });

  test("is told with the owner of the stream, unless that is the program itself", async () => {
    const others = [streamOf("acme/a", ["no-op"], "t"), consumer];
    expect((await ask(heldOf("acme/b", "s.b"), others)).text).toContain(`${TAKEN}, in a stream of acme/b: this stack`);
    expect((await ask(heldOf("acme/a", "s.b"), others)).text).toContain(`${TAKEN}: this stack`);
  });
});

describe("what an update of a consumer is compared with", () => {
  test("is what the server has, of every attribute that can make it pass over messages", () => {
    const stream = { config: { name: "s" }, state: { messages: 0 } } as StreamInfo;
    const known: { [type: string]: Values } = {
      jetstream_consumer: existingConsumer({ config: {} } as ConsumerInfo, stream).attributes,
    };
    for (const type of ["jetstream_stream", "jetstream_kv_bucket", "jetstream_obj_bucket"]) {
      known[type] = existingStream(type, stream).attributes;
    }
    const emptying = Object.entries(EFFECTS).flatMap(([type, attributes]) =>
      Object.entries(attributes).flatMap(([name, { empties }]) => (empties ? [`${type}.${name}`] : [])),
    );
    expect(emptying).toContain("jetstream_consumer.max_delivery");
    const isKnown = (each: string) => {
      const [type = "", name = ""] = each.split(".");
      return Object.hasOwn(known[type] ?? {}, name);
    };
    expect(emptying.filter((each) => !isKnown(each))).toEqual([]);
  });

  const consumer = { stream_id: "JETSTREAM_STREAM_s", durable_name: "w" };
  const held = (max_deliver: number) => ({ s: { consumers: { w: { max_deliver } } } });
  const taken = change("jetstream_consumer.w", ["create"], { after: { ...consumer, max_delivery: 5 } });
  const changed = change("jetstream_consumer.w", ["update"], {
    before: { ...consumer, max_delivery: 1, ack_wait: 1 },
    after: { ...consumer, max_delivery: 1, ack_wait: 2 },
  });

  test("so that one that delivers as often as the program says is taken in", async () => {
    const around = change("jetstream_stream.s", ["no-op"], { before: { name: "s" }, after: { name: "s" } });
    expect(await ask(held(5), [around, taken])).toEqual(NONE);
    expect((await ask(held(-1), [around, taken])).text).toContain("it gives to nobody any more");
  });

  test("and one that delivers more often than the plan knows is told", async () => {
    expect(await ask(held(1), [changed])).toEqual(NONE);
    const { status, text } = await ask(held(-1), [changed]);
    expect([status, text]).toEqual([4, expect.stringContaining("it gives to nobody any more")]);
  });

  test("is by interest as soon as the catalog says so, also of one that is taken over", async () => {
    const catalog = catalogText((stack) => {
      prodOf(stack, { nodes: ["node-1"] }).addStream("jobs", { retention: RetentionPolicy.INTEREST });
    });
    const made = change("jetstream_consumer.w", ["create"], {
      after: { stream_id: "JETSTREAM_STREAM_prod_jobs", durable_name: "w", filter_subjects: ["a"] },
    });
    process.env.NATS_USER = "prod-node-1";
    const jobs = { messages: 5, consumers: { w: { filter_subjects: ["a", "b"] } } };
    expect((await ask({ prod_jobs: jobs }, [made], {}, catalog)).text).toContain("--allow emptied:prod_jobs/w");
  });

  test("is by interest as soon as the plan of another stack can make it so", async () => {
    const catalog = catalogText((stack) => {
      const prod = prodOf(stack);
      const jobs = prod.addStream("jobs", { retention: RetentionPolicy.INTEREST });
      new AppConstruct(prod, "cache").addConsumer("w", { stream: jobs, filterSubjects: ["prod._.jobs.a"] });
    });
    const worker = { stream_id: "JETSTREAM_STREAM_prod_jobs", durable_name: "cache_w" };
    const narrower = change("jetstream_consumer.w", ["update"], {
      before: { ...worker, filter_subjects: ["prod._.jobs.a", "prod._.jobs.b"] },
      after: { ...worker, filter_subjects: ["prod._.jobs.a"] },
    });
    process.env.NATS_USER = "prod-node-1";
    for (const retention of ["limits", "interest"]) {
      const filters = { filter_subjects: ["prod._.jobs.a", "prod._.jobs.b"] };
      const jobs = { config: { retention }, messages: 5, consumers: { cache_w: filters } };
      const { status, text } = await ask({ prod_jobs: jobs }, [narrower], {}, catalog);
      expect([status, text]).toEqual([4, expect.stringContaining("--allow emptied:prod_jobs/cache_w")]);
    }
  });
});

describe("a stream that has no message", () => {
  const catalog = catalogText((stack) => {
    const prod = prodOf(stack, { nodes: ["node-1"] });
    prod.addStream("jobs", { maxAgeSeconds: 60 });
    new PlatformConstruct(stack, "dev", { servers: SERVERS, nodes: ["node-1"] });
  });
  const jobs = { name: "prod_jobs", retention: "limits", max_age: 60 };
  const worker = { stream_id: "JETSTREAM_STREAM_prod_jobs", durable_name: "w" };
  const changes = {
    limit: change("jetstream_stream.prod_jobs", ["update"], { before: { ...jobs, max_age: 100 }, after: jobs }),
    deliveries: change("jetstream_consumer.w", ["update"], {
      before: { ...worker, max_delivery: 5 },
      after: { ...worker, max_delivery: 2 },
    }),
    destruction: change("jetstream_stream.prod_jobs", ["delete"], { before: jobs }),
  };
  const asked = (user: string, messages: number, name: keyof typeof changes) => {
    process.env.NATS_USER = user;
    const held = { config: { max_age: 100e9 }, messages, consumers: { w: { max_deliver: 5 } } };
    return ask({ prod_jobs: held }, [changes[name]], {}, catalog);
  };

  test.each(["limit", "deliveries"] as const)("loses none to a %s, in the account of who asks", async (name) => {
    const spared = `nothing is lost of ${name === "limit" ? "prod_jobs" : "prod_jobs/w"}; by the plan alone`;
    expect(await asked("prod-node-1", 0, name)).toMatchObject({ status: 0, text: expect.stringContaining(spared) });
    expect((await asked("prod-node-1", 3, name)).status).toBe(4);
    expect((await asked("dev-node-1", 0, name)).status).toBe(4);
  });

  test("is a loss itself, and one with messages is told with their number, for a consumer too", async () => {
    expect((await asked("prod-node-1", 0, "destruction")).status).toBe(4);
    expect((await asked("prod-node-1", 3, "deliveries")).text).toContain("the server has 3 messages in its stream");
  });
});

describe("what one stack destroys before another one has it", () => {
  const program = (data: RetiredData) =>
    catalogText((stack) => {
      const prod = prodOf(stack, { nodes: ["node-1"] });
      const cache = new AppConstruct(prod, "cache", { wal: {}, retired: data });
      new AppConstruct(prod, "store", { wal: {}, formerly: cache });
    });
  const wal = { name: "prod_cache_wal", retention: "limits" };
  const gone = change("jetstream_stream.prod_cache_wal", ["delete"], { before: wal });
  const LIST = ["--allow", "destroyed:prod_cache_wal"];
  const TEXT =
    "stream prod_store_wal is not there, and is to copy prod_cache_wal, which the plan destroys with 5 messages; to allow it: --allow emptied:prod_store_wal\n";

  beforeEach(() => {
    process.env.NATS_USER = "prod-node-1";
  });

  const asked = (held: typeof mockHeld, ...changes: readonly object[]) =>
    ask(held, changes, {}, program(RetiredData.DELETE), LIST);

  test("is told where the server does not have the copy, or has it without messages", async () => {
    const { status, text } = await asked({ prod_cache_wal: { messages: 5 } }, gone);
    expect([status, text]).toEqual([4, expect.stringContaining(TEXT)]);
    const empty = await asked({ prod_cache_wal: { messages: 5 }, prod_store_wal: { messages: 0 } }, gone);
    expect([empty.status, empty.text]).toEqual([
      4,
      expect.stringContaining("prod_store_wal has no message, and is to"),
    ]);
  });

  test("is not told where the copy has messages, or there is nothing to copy", async () => {
    expect((await asked({ prod_cache_wal: { messages: 5 }, prod_store_wal: { messages: 5 } }, gone)).status).toBe(0);
    expect((await asked({ prod_cache_wal: { messages: 0 } }, gone)).status).toBe(0);
  });

  test("is only said to be unknown where nobody asks", async () => {
    mockHeld = {};
    const { status, out } = await finished(["check-plan", "plan.json", ...LIST], {
      "plan.json": JSON.stringify({ format_version: "1.2", resource_changes: [gone] }),
      "catalog.json": program(RetiredData.DELETE),
    });
    expect([status, out]).toEqual([
      0,
      expect.stringContaining(
        "Whether prod_store_wal of another stack has copied prod_cache_wal, which the plan destroys, was not looked at: --ask-server looks.",
      ),
    ]);
  });

  test("and what no plan destroys is said to stay", async () => {
    const other = change("jetstream_stream.x", ["no-op"], { before: wal, after: wal });
    const LEFT = "prod_cache_wal is retired with the data to be deleted, on the server, and not in this plan";
    expect(await asked({ prod_cache_wal: { messages: 5 } }, other)).toMatchObject({
      status: 0,
      text: expect.stringContaining(LEFT),
    });
    expect((await asked({}, other)).text).not.toContain(LEFT);
    expect(
      (await asked({ prod_cache_wal: { messages: 5 }, prod_store_wal: { messages: 5 } }, gone)).text,
    ).not.toContain(LEFT);
    const kept = await ask({ prod_cache_wal: { messages: 5 } }, [other], {}, program(RetiredData.KEEP), LIST);
    expect(kept.text).not.toContain(LEFT);
  });
});

describe("whether a server was asked in the account of a change", () => {
  const plain = { name: "prod_jobs", retention: "limits" };
  const USERS = {
    configuration: {
      provider_config: { jetstream: { expressions: { user: { constant_value: "prod-terraform" } } } },
      root_module: { resources: [{ address: "jetstream_stream.jobs", provider_config_key: "jetstream" }] },
    },
  };
  const held = { prod_jobs: { messages: 2 } };
  const destroyed = [change("jetstream_stream.jobs", ["delete"], { before: plain })];

  const SURE = "the server has 2 messages in it\n";
  const UNSURE = "the server has 2 messages in a stream of that name, in the account of the user who asks\n";
  const NOT = "the server was not asked how many messages are in it, since it is in ";

  test.each<[string | undefined, string]>([
    ["prod-terraform", SURE],
    ["prod-cache-node-1", UNSURE],
    ["prod", UNSURE],
    ["operator", UNSURE],
    [undefined, UNSURE],
    ["prod-cache-terraform", `${NOT}the account of prod-terraform\n`],
  ])("is known by the names of users as far as the library gives them: %s", async (user, text) => {
    if (user !== undefined) process.env.NATS_USER = user;
    expect((await ask(held, destroyed, USERS)).text).toContain(text);
  });

  const catalog = catalogText((stack) => {
    for (const name of ["prod", "dev"]) {
      new PlatformConstruct(stack, name, { servers: SERVERS, nodes: ["node-1"] }).addStream("jobs");
    }
  });

  test("is not known by the name of who asks alone", async () => {
    process.env.NATS_USER = "prod-terraform";
    expect((await ask(held, destroyed)).text).toContain(UNSURE);
  });

  test("is known by the catalog of what is in a stream too", async () => {
    const worker = { stream_id: "JETSTREAM_STREAM_prod_jobs", durable_name: "worker" };
    const gone = [change("jetstream_consumer.worker", ["delete"], { before: worker })];
    const said = async (user: string) => {
      process.env.NATS_USER = user;
      return (await ask({ prod_jobs: { consumers: { worker: {} } } }, gone, {}, catalog)).text;
    };
    const not = "Not looked at, since it is not in the account of the user who asks: prod_jobs/worker.";
    expect(await said("dev-node-1")).toContain(not);
    expect(await said("prod-node-1")).not.toContain("Not looked at");
  });

  test.each<[string, string, string, string]>([
    ["an address", "prod-node-1", "jetstream_stream.prod_jobs", SURE],
    ["an address", "dev-node-1", "jetstream_stream.prod_jobs", `${NOT}account PROD\n`],
    ["an address of another name", "prod-node-1", "jetstream_stream.dev_jobs", `${NOT}account DEV\n`],
    ["an address that is not there", "prod-node-1", "jetstream_stream.other", UNSURE],
  ])("is known by %s of the catalog: %s, %s", async (_, user, address, text) => {
    process.env.NATS_USER = user;
    const name = address === "jetstream_stream.dev_jobs" ? "dev_jobs" : "prod_jobs";
    const gone = [change(address, ["delete"], { before: { ...plain, name } })];
    expect((await ask({ prod_jobs: { messages: 2 }, dev_jobs: { messages: 2 } }, gone, {}, catalog)).text).toContain(
      text,
    );
  });

  const PLATFORMS = ["prod", "prod-eu", "dev"];
  const APPS = ["cache", "jobs", "cache-jobs"];

  test.each(Array.from({ length: 2 ** APPS.length }, (_, isolated) => isolated))(
    "is never said by names otherwise than the catalog says it, isolated apps %s",
    (isolated) => {
      const drawn = catalogOfProgram((stack) => {
        for (const name of PLATFORMS) {
          const platform = new PlatformConstruct(stack, name, { servers: SERVERS, nodes: ["node-1"] });
          for (const [index, id] of APPS.entries()) {
            const isAlone = (isolated & (1 << index)) > 0;
            new AppConstruct(platform, id, { isolation: isAlone ? Isolation.ACCOUNT : Isolation.PERMISSIONS });
          }
        }
      });
      const users = drawn.accounts.flatMap((account) => account.users);
      const makers = users.filter(({ role }) => role === "terraform").map(({ name }) => name);
      const changes = makers.map((user) => madeBy(user));
      const askers = users.filter(({ role }) => role === "terraform" || role === "node");
      const said = askers.flatMap(({ name }) => {
        const known = new PlannedAccounts(new ProgramFacts(() => drawn), changes, name);
        return [changes, ...changes.map((each) => [each])].flatMap((plan) => {
          const guessed = new PlannedAccounts(new ProgramFacts(() => undefined), plan, name);
          return plan.map((each) => ({
            asker: name,
            maker: each.user,
            of: plan.length,
            guess: guessed.hasAsked(each),
            truth: known.hasAsked(each),
          }));
        });
      });
      const accountOf = (user?: string) =>
        drawn.accounts.find((account) => account.users.some((each) => each.name === user))?.name;
      for (const { asker, maker, truth } of said) expect(truth).toBe(accountOf(asker) === accountOf(maker));
      expect(said.filter(({ guess, truth }) => guess !== undefined && guess !== truth)).toEqual([]);
      expect(new Set(said.map(({ guess }) => guess))).toEqual(new Set([true, false, undefined]));
    },
  );

  test("nothing stays behind of what is taken in from another account", async () => {
    const makes = (actions: string[], more?: object) =>
      ask(held, [change("jetstream_stream.jobs", actions, { after: plain }, more)], USERS);
    process.env.NATS_USER = "dev-terraform";
    expect((await makes(["create"])).text).toContain("its 2 messages stay behind");
    expect(await makes(["no-op"], TAKEN_IN)).toMatchObject({ status: 0 });
  });
});

describe("a stream that goes over to the new name of what it copies", () => {
  const catalog = catalogText((stack) => {
    const prod = prodOf(stack);
    new AppConstruct(prod, "store", { wal: {}, formerly: new AppConstruct(prod, "cache", { wal: {} }) });
    new AppConstruct(prod, "search").addStream("all");
  });
  const all = (origin: string) => ({ name: "prod_search_all", retention: "limits", source: [{ name: origin }] });
  const goesOver = [
    change("jetstream_stream.prod_search_all", ["update"], {
      before: all("prod_cache_wal"),
      after: all("prod_store_wal"),
    }),
  ];
  const held = (messages: number) => ({
    prod_search_all: { config: { sources: [{ name: "prod_cache_wal" }] }, messages: 5 },
    prod_store_wal: { messages },
  });

  test("copies all again that is in it, which may be nothing", async () => {
    const { status, text } = await ask(held(5), goesOver, {}, catalog);
    expect([status, text]).toEqual([4, expect.stringContaining("it copies all of that again")]);
    const spared = "By what this server has, nothing is lost of prod_search_all; by the plan alone it could be.\n";
    expect(await ask(held(0), goesOver, {}, catalog)).toEqual({ status: 0, text: `${NONE.text}\n${spared}` });
  });
});
