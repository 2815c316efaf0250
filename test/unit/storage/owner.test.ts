import { TerraformVariable, Token } from "cdktf";
import { AppConstruct, BucketResource } from "../../../lib";
import { prodOf } from "../../support/prod";
import { type Program, refusal, synth } from "../../support/synth";

const OWNER = { "cdktf-nats-platform.owner": "acme/shop" };

const { resource = {} } = synth((stack) => {
  const app = new AppConstruct(prodOf(stack, { owner: "acme/shop" }), "a", { wal: { metadata: { team: "x" } } });
  const labels = new TerraformVariable(stack, "labels", { type: "map(string)" });
  app.addStream("late", { metadata: Token.asStringMap(labels.value) });
  app.addObjectStore("files");
  app.addKeyValueStore("native", { bucketResource: BucketResource.NATIVE });
});

test.each(["prod_platform", "prod_events", "prod_audit", "prod_a", "prod_a_files"])(
  "%s says who declares it",
  (name) => {
    expect(resource.jetstream_stream?.[name]?.metadata).toEqual(OWNER);
  },
);

test("other metadata stays", () => {
  expect(resource.jetstream_stream?.prod_a_wal?.metadata).toEqual({ team: "x", ...OWNER });
  expect(resource.jetstream_stream?.prod_a_late?.metadata).toBe(
    `\${merge(var.labels, {"cdktf-nats-platform.owner" = "acme/shop"})}`,
  );
});

test("a bucket of the provider's own kind has no metadata", () => {
  expect(resource.jetstream_kv_bucket?.prod_a_native).not.toHaveProperty("metadata");
});

test.each<[string, string | undefined, Record<string, string>]>([
  ["another owner", "acme/shop", { "cdktf-nats-platform.owner": "acme/other" }],
  ["no owner any more", "acme/shop", { team: "x" }],
  ["an owner where the platform has none", undefined, OWNER],
])("what sets %s on a resource is refused", (_, owner, metadata) => {
  const program: Program = (stack) => {
    new AppConstruct(prodOf(stack, { owner }), "a").addStream("x").resource.metadata = metadata;
  };
  const says = "Stream-x] cdktf-nats-platform.owner of the metadata is not what the program gives it";
  expect(refusal(program).message).toContain(says);
});
