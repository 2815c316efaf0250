import { TerraformVariable, Token } from "cdktf";
import { AppConstruct, BucketResource, type Compression, type DiscardPolicy } from "../../../lib";
import { prodOf } from "../../support/prod";
import { block, expression, synth } from "../../support/synth";

// What is known only at apply stands for what Terraform finds, and never for what cdktf writes in its place.

const stack = synth((scope) => {
  const number = new TerraformVariable(scope, "seconds", { type: "number" }).numberValue;
  const text = new TerraformVariable(scope, "choice", { type: "string" }).stringValue;
  const steps = new TerraformVariable(scope, "steps", { type: "list(number)" }).value;
  const compression = text as Compression;
  const app = new AppConstruct(prodOf(scope), "a", {
    keyValueStore: { limitMarkerTtlSeconds: number },
    snapshots: { compression },
  });
  app.addObjectStore("native", { compression, bucketResource: BucketResource.NATIVE });
  const stream = app.addStream("jobs", {
    discard: text as DiscardPolicy,
    discardNewPerSubject: true,
    maxMessagesPerSubject: 1,
  });
  app.addStream("copy", { sources: [{ stream }], duplicateWindowSeconds: number });
  app.addConsumer("worker", { stream, backoffSeconds: Token.asNumberList(steps) });
});

test.each([
  ["jetstream_consumer.prod_a_jobs_worker", { ack_wait: "element(var.steps, 0)", backoff: "var.steps" }],
  ["jetstream_stream.prod_a_jobs", { discard: "var.choice" }],
  ["jetstream_stream.prod_a_copy", { duplicate_window: "var.seconds" }],
  ["jetstream_stream.prod_a_snapshots", { compression: "var.choice" }],
  ["jetstream_obj_bucket.prod_a_native", { compression: '(var.choice == "s2")' }],
  [
    "jetstream_stream.prod_a",
    { allow_msg_ttl: "(var.seconds >= 1) ? true : false", subject_delete_marker_ttl: "var.seconds" },
  ],
] as [string, { [attribute: string]: string }][])("%s", (address, attributes) => {
  const wanted = Object.entries(attributes).map(([name, text]) => [name, expression(text)]);
  expect(block(stack, address)).toMatchObject(Object.fromEntries(wanted));
});
