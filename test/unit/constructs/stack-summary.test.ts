import { TerraformStack, Testing } from "cdktf";
import { AppConstruct, jetstream, PlatformConstruct, StackSummary } from "../../../lib";

test("a summary takes entries of the program's own as they are", () => {
  const stack = new TerraformStack(Testing.app(), "stack");
  new jetstream.KvEntry(stack, "entry", { bucket: "prod_platform", key: "config.flags", value: "on" });
  expect(StackSummary.textOf(stack)).toMatch(
    /jetstream_kv_entry\.\w+\n {2}bucket prod_platform\n {2}key config\.flags\n {2}value on\n/,
  );
});

test.each(
  ["prod_cache", "prod_platform"].flatMap((bucket) =>
    ["access.list", "access.users.own"].flatMap((key) =>
      ["plain", "5", "null", "[]", '"text"'].map((value) => [bucket, key, value] as const),
    ),
  ),
)("a summary takes an entry of %s as it is whose key is %s and whose value is %s", (bucket, key, value) => {
  const stack = new TerraformStack(Testing.app(), "stack");
  new jetstream.KvEntry(stack, "entry", { bucket, key, value });
  expect(StackSummary.textOf(stack)).toContain(`\n  bucket ${bucket}\n  key ${key}\n  value ${value}\n`);
});

test("an entry of another bucket is no access document, whatever its key and value", () => {
  const stack = new TerraformStack(Testing.app(), "stack");
  const value = '{"publish":{}}';
  new jetstream.KvEntry(stack, "entry", { bucket: "prod_cache", key: "access.users.own", value });
  expect(StackSummary.textOf(stack)).toContain(`\n  value ${value}\n`);
});

test("a summary has names in the order in which people count", () => {
  const stack = new TerraformStack(Testing.app(), "stack");
  const prod = new PlatformConstruct(stack, "prod", { servers: ["nats://host:4222"] });
  for (const app of ["a10", "a2", "a1"]) new AppConstruct(prod, app);
  const buckets = StackSummary.textOf(stack).match(/(?<=^jetstream_stream\.prod_)a\d+$/gm);
  expect(buckets).toEqual(["a1", "a2", "a10"]);
});
