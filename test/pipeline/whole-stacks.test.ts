import { type App, TerraformStack } from "cdktf";
import { AppConstruct, PlatformConstruct, RetiredData } from "cdktf-nats-platform";
import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import type { Terraform } from "../../scripts/tools/terraform";
import { type DocumentsReader, wholeStacks } from "../support/access-documents";
import { Pipeline } from "./pipeline";

let toolchain: Toolchain;
let pipeline: Pipeline;
let reader: DocumentsReader;
let one: Terraform;
let two: Terraform;

type StackName = "one" | "two";

/** What the program has. */
interface Shape {
  /** The stack of the app `orders`; none if it is removed. */
  readonly orders?: StackName;
  readonly from?: StackName;
  /** Whether the app `desk`, the only one of its stack, is to go. */
  readonly retired?: RetiredData;
  /** Whether there is one more app, which the first ones call. */
  readonly more?: boolean;
  readonly owner?: string;
}

const program =
  ({ orders, from, retired, more, owner }: Shape) =>
  (app: App): void => {
    const stacks = { one: new TerraformStack(app, "one"), two: new TerraformStack(app, "two") };
    const servers = ["nats://127.0.0.1:4222"];
    const platform = new PlatformConstruct(stacks.one, "shop", { nodes: ["node-1"], servers, owner });
    const apps = [new AppConstruct(platform, "stock"), new AppConstruct(stacks.two, "desk", { platform, retired })];
    const movedFrom = from && stacks[from];
    if (orders) apps.push(new AppConstruct(stacks[orders], "orders", { platform, movedFrom }));
    if (!more) return;
    const parcels = new AppConstruct(platform, "parcels");
    parcels.serveApi("send");
    for (const each of apps) each.callApi(parcels, "send");
  };

/** The program with all that the server needs passwords for. */
const WHOLE: Shape = { orders: "one", more: true };
const FIRST: Shape = { orders: "one" };

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterAll(() => toolchain?.close());

beforeEach(async () => {
  pipeline = await Pipeline.start(toolchain, program(WHOLE));
  await pipeline.change(program(FIRST));
  [one, two] = [await pipeline.terraform("one"), await pipeline.terraform("two")];
  await one.apply();
  await two.apply();
  reader = await pipeline.documents("shop");
});

afterEach(() => pipeline?.stop());

const whole = async () => wholeStacks(await reader.all());

test("the documents of a stack are whole after an apply, whatever comes, goes and moves", async () => {
  expect(await whole()).toEqual({ one: true, two: true });

  await pipeline.change(program({ orders: "two", from: "one" }));
  await one.apply();
  expect(await whole()).toEqual({ one: false, two: true });
  await two.apply();
  expect(await whole()).toEqual({ one: true, two: true });

  await pipeline.change(program({}));
  await two.apply();
  expect(await whole()).toEqual({ one: true, two: true });

  await pipeline.change(program({ owner: "acme/shop" }));
  await one.apply();
  await two.apply();
  expect(await whole()).toEqual({ "acme/shop/one": true, "acme/shop/two": true });

  await pipeline.change(program({ owner: "acme/shop", retired: RetiredData.DELETE }));
  await one.apply();
  await two.apply();
  expect(await whole()).toEqual({ "acme/shop/one": true });
  expect(pipeline.violations).toEqual([]);
});

test("they are not whole after an apply that failed halfway, and are after the next one", async () => {
  const { api } = await pipeline.view("shop-node-1");
  await api.createStream({ name: "KV_shop_parcels", subjects: ["in.the.way"] });
  await pipeline.change(program(WHOLE));
  const before = await reader.text("access.users.shop-stock");
  await expect(one.apply()).rejects.toThrow(/stream name already in use/);
  expect(await reader.text("access.users.shop-stock")).not.toBe(before);
  expect(await reader.text("access.users.shop-parcels")).toBeUndefined();
  expect(await whole()).toEqual({ one: false, two: true });

  await api.deleteStream("KV_shop_parcels");
  await one.apply();
  expect(await whole()).toEqual({ one: true, two: true });
});

test("whoever reads while an apply is under way takes what was before it or what is after it", async () => {
  const of = (documents: Awaited<ReturnType<DocumentsReader["all"]>>) =>
    documents.filter(({ text }) => JSON.parse(text).stack === "one");
  const seen = [of(await reader.all())];
  await pipeline.change(program(WHOLE));
  let isDone = false;
  const applied = one.apply().finally(() => {
    isDone = true;
  });
  while (!isDone) {
    const documents = await reader.all();
    if (wholeStacks(documents).one) seen.push(of(documents));
  }
  await applied;
  seen.push(of(await reader.all()));
  expect(new Set(seen.map((documents) => JSON.stringify(documents))).size).toBe(2);
  expect(seen.at(-1)?.map(({ key }) => key)).toContain("access.users.shop-parcels");
});
