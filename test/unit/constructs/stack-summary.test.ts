import { TerraformStack, Testing } from "cdktf";
import { jetstream, StackSummary } from "../../../lib";

test("a summary takes entries of the program's own as they are", () => {
  const stack = new TerraformStack(Testing.app(), "stack");
  new jetstream.KvEntry(stack, "entry", { bucket: "prod_platform", key: "config.flags", value: "on" });
  expect(StackSummary.textOf(stack)).toMatch(
    /jetstream_kv_entry\.\w+\n {2}bucket prod_platform\n {2}key config\.flags\n {2}value on\n/,
  );
});
