import type { TerraformStack } from "cdktf";
import { AppConstruct, type PlatformConstruct, RetentionPolicy, RetiredData, type StreamOptions } from "../../../lib";
import { catalogFrom } from "../../../lib/catalog/catalog-text";
import { prodOf } from "../../support/prod";
import { type Program, problemsIn, refusal, synthFiles } from "../../support/synth";
import { command } from "../cli/cli";

const { KEEP, DELETE } = RetiredData;

/** What is refused of a program in which a stream of the app `a` has these options beside something new. */
const problems = (declare: (a: AppConstruct, prod: PlatformConstruct) => void) =>
  problemsIn(
    refusal((stack) => {
      const prod = prodOf(stack);
      declare(new AppConstruct(prod, "a"), prod);
    }).message ?? "",
  );

test.each<[string, string, (a: AppConstruct, retired: RetiredData) => void]>([
  [
    "its subjects",
    "subject",
    (a, retired) => {
      a.addStream("orders", { retired });
      a.addStream("newer", { subjects: ["prod.a.orders.>"] });
    },
  ],
  [
    "what its consumer takes of a work queue",
    "work queue",
    (a, retired) => {
      const stream = a.addStream("queue", { retention: RetentionPolicy.WORKQUEUE });
      a.addConsumer("old", { stream, retired });
      a.addConsumer("young", { stream });
    },
  ],
  [
    "its consumer",
    "maxConsumers",
    (a, retired) => {
      const stream = a.addStream("few", { maxConsumers: 1 });
      a.addConsumer("old", { stream, retired });
      a.addConsumer("young", { stream });
    },
  ],
])("what is kept stays on the server, and so do %s", (_, words, declare) => {
  expect(problems((a) => declare(a, KEEP))).toEqual([expect.stringContaining(words)]);
  expect(problems((a) => declare(a, DELETE))).toEqual([]);
});

/** A stream of the platform that publishes again as events, which the app `a` consumes. */
const republishing =
  (options: StreamOptions): Program =>
  (stack: TerraformStack) => {
    const prod = prodOf(stack);
    prod.addStream("m", { republish: { source: "prod._.m.>", destination: "prod._.events.m.>" }, ...options });
    new AppConstruct(prod, "a").consumeEvents({ subjects: ["m.>"] });
  };

const catalogOf = (options: StreamOptions) =>
  catalogFrom(JSON.parse(synthFiles(republishing(options))["stack/catalog.json"] ?? ""));

test("who gets what a kept stream publishes again is still said, and diff does not say that it is lost", () => {
  const [before, kept, deleted] = [catalogOf({}), catalogOf({ retired: KEEP }), catalogOf({ retired: DELETE })];
  const asked = (catalog: typeof before) =>
    command(["who-can", "subscribe", "prod._.m.x", "--catalog", "c.json"], { "c.json": catalog }).out;
  expect(asked(kept)).toContain("prod-a ");
  expect(asked(deleted)).not.toContain("prod-a ");
  const diff = (after: typeof before) => command(["diff", "old", "new"], { old: before, new: after });
  const { out, status } = diff(kept);
  expect([status, out]).toEqual([
    3,
    expect.stringContaining("it is retired: Terraform forgets it, and it stays on the server"),
  ]);
  expect(out).not.toContain("can no longer");
  expect(diff(deleted).out).toContain("prod-a can no longer");
});

test("nobody is asked to give limits to what is kept", () => {
  const found = ({ findings }: ReturnType<typeof catalogOf>) =>
    findings.filter(({ id, source }) => id === "NP002" && source.endsWith("Stream-m"));
  expect(found(catalogOf({}))).toHaveLength(1);
  expect(found(catalogOf({ retired: KEEP }))).toEqual([]);
});
