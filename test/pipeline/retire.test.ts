import { type App, TerraformStack } from "cdktf";
import { AppConstruct, type AppConstructProps, Isolation, PlatformConstruct, RetiredData } from "cdktf-nats-platform";
import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import { ServerApi } from "../../scripts/tools/provider/server-api";
import type { Terraform } from "../../scripts/tools/terraform";
import { sample } from "../support/sample";
import { Pipeline } from "./pipeline";

let toolchain: Toolchain;

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterAll(() => toolchain?.close());

const SERVERS = ["nats://127.0.0.1:4222"];

/** A state of what is retired: declared, retired, or no longer declared. */
type State = "declared" | RetiredData | "gone";

const retired = (state: State) => ({ retired: state === "declared" || state === "gone" ? undefined : state });

type Stacks = Record<"one" | "two" | "three", TerraformStack>;

/** What a case retires: how it is declared, who reads what is left, and the streams that it has. */
interface Case {
  readonly declare: (shop: PlatformConstruct, stacks: Stacks, state: State) => void;
  readonly stack: keyof Stacks;
  readonly streams: readonly string[];
  readonly reader: string;
  /** An app that stores a message, and under which subject. */
  readonly writes: readonly [user: string, subject: string];
  /** Whether its account is gone with it, so that nobody can read what is left on the server. */
  readonly closed?: boolean;
}

/** An app with all that an app can have; without the declaration nothing. */
function declareApp(
  scope: PlatformConstruct | TerraformStack,
  name: string,
  state: State,
  props: AppConstructProps,
): void {
  if (state === "gone") return;
  const app = new AppConstruct(scope, name, { wal: {}, snapshots: {}, ...props, ...retired(state) });
  app.addConsumer("worker", { stream: app.addStream("jobs") });
  app.consumeEvents();
  app.publishAudit();
}

const streamsOf = (name: string) => [
  `KV_shop_${name}`,
  `OBJ_shop_${name}_snapshots`,
  `shop_${name}_jobs`,
  `shop_${name}_wal`,
];

const CASES: readonly Case[] = [
  {
    declare: (shop, _, state) => declareApp(shop, "beside", state, {}),
    stack: "one",
    streams: streamsOf("beside"),
    writes: ["shop-beside", "shop.beside.jobs.1"],
    reader: "shop-terraform",
  },
  {
    declare: (shop, { two }, state) => declareApp(two, "last", state, { platform: shop }),
    stack: "two",
    streams: streamsOf("last"),
    writes: ["shop-last", "shop.last.wal.1"],
    reader: "shop-terraform",
  },
  {
    declare: (shop, { three }, state) => {
      declareApp(three, "apart", state, { platform: shop, isolation: Isolation.ACCOUNT });
    },
    stack: "three",
    streams: streamsOf("apart"),
    writes: ["shop-apart", "shop.apart.jobs.1"],
    reader: "shop-apart-terraform",
    closed: true,
  },
  {
    declare: (shop, _, state) => {
      const app = new AppConstruct(shop, "parts");
      if (state === "gone") return;
      app.addConsumer("worker", { stream: app.addStream("jobs", retired(state)) });
      app.addKeyValueStore("cache", retired(state));
      app.addObjectStore("files", retired(state));
    },
    stack: "one",
    streams: ["KV_shop_parts_cache", "OBJ_shop_parts_files", "shop_parts_jobs"],
    writes: ["shop-parts", "$KV.shop_parts_cache.key"],
    reader: "shop-terraform",
  },
  {
    declare: (_, { one }, state) => {
      if (state === "gone") return;
      const other = new PlatformConstruct(one, "other", { servers: SERVERS, ...retired(state) });
      new AppConstruct(other, "orders", { wal: {} });
    },
    stack: "one",
    streams: ["KV_other_orders", "KV_other_platform", "other_audit", "other_events", "other_orders_wal"],
    writes: ["other-orders", "other.orders.wal.1"],
    reader: "other-terraform",
    closed: true,
  },
];

const program =
  (state: State) =>
  (app: App): void => {
    const stacks = {
      one: new TerraformStack(app, "one"),
      two: new TerraformStack(app, "two"),
      three: new TerraformStack(app, "three"),
    };
    const shop = new PlatformConstruct(stacks.one, "shop", { nodes: ["node-1"], servers: SERVERS });
    new AppConstruct(shop, "stay", { wal: {} });
    for (const { declare } of CASES) declare(shop, stacks, state);
  };

/** How many messages streams have, as far as they are on the server and a user can ask for them. */
async function messagesOf(pipeline: Pipeline, cases: readonly Case[]) {
  const found = cases.map(async ({ reader, streams }) => {
    const api = new ServerApi(await pipeline.connect(reader));
    return Promise.all(streams.map(async (name) => [name, (await api.stream(name))?.state.messages] as const));
  });
  return Object.fromEntries((await Promise.all(found)).flat().filter(([, messages]) => messages !== undefined));
}

const WAYS: readonly [RetiredData, string][] = [
  [
    RetiredData.KEEP,
    "will (no longer be managed by Terraform|be removed from the OpenTofu state),? but will not be destroyed",
  ],
  [RetiredData.DELETE, "will be destroyed"],
];

test.each(sample(WAYS, 2))(
  "what is retired goes, in words of the plan, and its data is as it was asked for: %s",
  async (data, words) => {
    const pipeline = await Pipeline.start(toolchain, program("declared"));
    try {
      const stacks: Record<string, Terraform> = {};
      for (const name of ["one", "two", "three"]) stacks[name] = await pipeline.terraform(name);
      const apply = async () => {
        for (const stack of Object.values(stacks)) await stack.apply();
        for (const stack of Object.values(stacks)) expect((await stack.plan()).changes).toEqual([]);
      };
      await apply();
      for (const { writes } of CASES) await (await pipeline.connect(writes[0])).jetstream().publish(writes[1], "kept");
      const before = await messagesOf(pipeline, CASES);
      expect(Object.keys(before).sort()).toEqual(CASES.flatMap(({ streams }) => streams).sort());

      await pipeline.change(program(data));
      for (const { stack, streams } of CASES) {
        const { text } = (await stacks[stack]?.plan()) ?? {};
        for (const name of streams) {
          expect(text).toMatch(new RegExp(`jetstream_stream\\.${name.replace(/^(KV|OBJ)_/, "")} ${words}`));
        }
      }
      await apply();
      const left = (cases: readonly Case[]) => (data === RetiredData.KEEP ? only(before, cases) : {});
      expect(await messagesOf(pipeline, CASES)).toEqual(left(CASES));

      await pipeline.change(program("gone"));
      await apply();
      const open = CASES.filter(({ closed }) => !closed);
      expect(await messagesOf(pipeline, open)).toEqual(left(open));
      expect(pipeline.violations).toEqual([]);
    } finally {
      await pipeline.stop();
    }
  },
);

const only = (messages: Record<string, unknown>, cases: readonly Case[]) =>
  Object.fromEntries(cases.flatMap(({ streams }) => streams.map((name) => [name, messages[name]])));
