import { Lazy, TerraformVariable, Token } from "cdktf";
import { AppConstruct, BucketResource, type Compression, type DiscardPolicy } from "../../../lib";
import { prodOf } from "../../support/prod";
import { block, expression, problemsIn, refusal, synth } from "../../support/synth";

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

/** A number that the program makes only at synth. */
const lazy = (produce: () => unknown) => Lazy.numberValue({ produce: produce as () => number });

/** What is wrong with an app that has a number which is made at synth, wherever one may be. */
function problemsWith(produce: () => unknown): string[] {
  const { message = "" } = refusal((scope) => {
    const app = new AppConstruct(prodOf(scope), "a", {
      keyValueStore: { limitMarkerTtlSeconds: lazy(produce) },
      snapshots: { ttlSeconds: lazy(produce) },
    });
    app.addObjectStore("native", { maxBytes: lazy(produce), bucketResource: BucketResource.NATIVE });
    const stream = app.addStream("jobs", { maxAgeSeconds: lazy(produce), maxMessages: 10 });
    app.addStream("copy", { sources: [{ stream, startSequence: lazy(produce) }] });
    app.addConsumer("worker", { stream, backoffSeconds: [lazy(produce)], maxDeliver: 5 });
  });
  return problemsIn(message).map((problem) => problem.replace(/^.*?\] /, "").replace(/\n.*$/s, ""));
}

/** Where it comes to. */
const PLACES = [
  "subject_delete_marker_ttl",
  "max_age",
  "max_bucket_size",
  "max_age",
  "source[0].start_seq",
  "backoff[0]",
];

describe("what the program makes only at synth", () => {
  test("is checked as if it was given", () => {
    const attributes = problemsWith(() => -5).map((each) => each.replace(/ is .*/, ""));
    expect(attributes).toEqual([
      "subject_delete_marker_ttl",
      "max_age",
      "max_bucket_size",
      "max_age",
      "source start_seq",
      "ack_wait",
      "backoff",
    ]);
    expect(problemsWith(() => 60)).toEqual([]);
  });

  test.each([undefined, null])(
    "is refused where it is %s, of which no expression of Terraform can be made",
    (nothing) => {
      const none = PLACES.map((each) => `${each} is a Lazy that produces nothing`);
      expect(problemsWith(() => nothing)).toEqual(expect.arrayContaining(none));
    },
  );

  test("is refused where its producer throws, and nothing else is", () => {
    const fail = () => {
      throw new Error("no number");
    };
    expect(problemsWith(fail)).toEqual(PLACES.map((each) => `${each} cannot be resolved: no number`));
  });
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
