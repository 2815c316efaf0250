import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import { Pipeline } from "./pipeline";
import { OPERATOR, shop } from "./programs/shop";

let toolchain: Toolchain;
let pipeline: Pipeline;

beforeAll(async () => {
  toolchain = await openToolchain();
  pipeline = await Pipeline.start(toolchain, shop());
});

afterAll(async () => {
  await pipeline?.stop();
  toolchain?.close();
});

test("a changed permission is a plan that changes one entry, and a changed line in it", async () => {
  const terraform = await pipeline.terraform("shop");
  await terraform.apply();
  const api = (await pipeline.view(OPERATOR)).api;
  const before = await api.entry("shop_platform", "access.users.shop-orders");
  await pipeline.change(shop({ more: (orders) => orders.publishEvents("order.>") }));
  const { changes, text } = await terraform.plan();
  expect(changes.map(({ address, change }) => [address, change.actions])).toEqual([
    ["jetstream_kv_entry.shop_access_access_users_shop-orders", ["update"]],
  ]);
  expect(text.split("\n").filter((line) => /^\s+[+-] "/.test(line))).toEqual([
    expect.stringMatching(/^\s+\+ "shop\._\.events\.order\.>"/),
  ]);
  await terraform.applyPlan();
  const after = await api.entry("shop_platform", "access.users.shop-orders");
  expect(Object.keys(JSON.parse(after?.value ?? "{}").publish).sort()).toEqual(
    [...Object.keys(JSON.parse(before?.value ?? "{}").publish), "shop._.events.order.>"].sort(),
  );
  expect((await terraform.plan()).changes).toEqual([]);
  expect(pipeline.violations).toEqual([]);
});

test("every user of the accounts file has an access document that says what it may do", async () => {
  const entries = Object.values(pipeline.workspace.json("shop").resource?.jetstream_kv_entry ?? {});
  const documented = entries.map(({ key }) => /^access\.users\.(.+)$/.exec(String(key))?.[1]).filter(Boolean);
  const users = [...pipeline.workspace.accounts.matchAll(/user: "?([\w-]+)/g)].map(([, user]) => user);
  expect(documented.sort()).toEqual(users.sort());
  const empty = entries.filter(({ value }) => value === "").map(({ key }) => key);
  expect(empty).toEqual([]);
});
