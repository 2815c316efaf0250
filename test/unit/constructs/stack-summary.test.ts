import { TerraformStack, Testing } from "cdktf";
import { AppConstruct, jetstream, PlatformConstruct, StackSummary } from "../../../lib";

test("a summary takes entries of the program's own as they are", () => {
  const stack = new TerraformStack(Testing.app(), "stack");
  new jetstream.KvEntry(stack, "entry", { bucket: "prod_platform", key: "config.flags", value: "on" });
  expect(StackSummary.textOf(stack)).toMatch(
    /jetstream_kv_entry\.\w+\n {2}bucket prod_platform\n {2}key config\.flags\n {2}value on\n/,
  );
});

test("a summary has names in the order in which people count", () => {
  const stack = new TerraformStack(Testing.app(), "stack");
  const prod = new PlatformConstruct(stack, "prod", { servers: ["nats://host:4222"] });
  for (const app of ["a10", "a2", "a1"]) new AppConstruct(prod, app);
  const buckets = StackSummary.textOf(stack).match(/(?<=^jetstream_stream\.prod_)a\d+$/gm);
  expect(buckets).toEqual(["a1", "a2", "a10"]);
});
