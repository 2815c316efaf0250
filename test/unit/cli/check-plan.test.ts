import { AppConstruct, Isolation, PlatformConstruct, RetentionPolicy, RetiredData } from "../../../lib";
import { prodOf, SERVERS } from "../../support/prod";
import { CATALOG, catalogText, command } from "./cli";

type Values = { readonly [attribute: string]: unknown };

/** A change of a plan as `terraform show -json` writes it. */
function change(address: string, actions: readonly string[], values: Partial<Change> = {}, more: object = {}) {
  const [type = ""] = address.replace(/^(?:module\.[^.]+\.)+/, "").split(".");
  return { address, mode: "managed", type, change: { actions, before: null, after: null, ...values }, ...more };
}

interface Change {
  readonly before: Values | null;
  readonly after: Values | null;
  readonly after_unknown: Values;
  readonly replace_paths: readonly (readonly (string | number)[])[];
}

const planOf = (...changes: readonly object[]) => ({
  format_version: "1.2",
  terraform_version: "1.11.0",
  planned_values: {},
  resource_changes: changes,
});

const check = (plan: unknown, ...options: string[]) =>
  command(["check-plan", "plan.json", ...options], {
    "plan.json": typeof plan === "string" ? plan : JSON.stringify(plan),
  });

const JOBS = "jetstream_stream.prod_jobs";
const stream = {
  name: "prod_jobs",
  max_age: 0,
  max_bytes: -1,
  max_msgs: -1,
  max_msgs_per_subject: -1,
  max_consumers: -1,
  duplicate_window: 1,
  discard: "old",
  retention: "limits",
  storage: "file",
};
const bucket = { name: "prod_cache", history: 5, ttl: 0, max_bucket_size: -1, max_value_size: -1, limit_marker_ttl: 5 };
const store = { name: "prod_uploads", ttl: 0, max_bucket_size: -1 };
const consumer = { stream_id: "JETSTREAM_STREAM_prod_jobs", durable_name: "worker", inactive_threshold: 0 };

/** An update of one of these. */
const update = (address: string, base: Values, before: Values, after: Values, unknown: Values = {}) =>
  change(address, ["update"], {
    before: { ...base, ...before },
    after: { ...base, ...after },
    after_unknown: unknown,
  });
const updateStream = (before: Values, after: Values, unknown?: Values) => update(JOBS, stream, before, after, unknown);
const updateBucket = (before: Values, after: Values) => update("jetstream_kv_bucket.prod_cache", bucket, before, after);
const updateConsumer = (before: Values, after: Values) =>
  update("jetstream_consumer.prod_jobs_worker", consumer, before, after);

const interest = change(JOBS, ["no-op"], {
  before: { ...stream, retention: "interest" },
  after: { ...stream, retention: "interest" },
});
const gone = (address: string, before: Values, more?: object) => change(address, ["delete"], { before }, more);

describe("a key that Terraform cannot read with the new accounts file", () => {
  const TITLE = "To apply before the new accounts file";
  const flags = { bucket: "prod_platform", key: "config.flags", value: "{}" };
  const document = { bucket: "prod_platform", key: "access.users.prod-cache", value: "{}" };
  const cache = change("jetstream_kv_bucket.prod_cache", ["delete"], { before: bucket });

  const rows: [string, object[], string[]][] = [
    ["is told where its entry goes", [gone("jetstream_kv_entry.flags", flags)], ["prod_platform config.flags"]],
    [
      "is told where its bucket goes too",
      [cache, gone("jetstream_kv_entry.a", { bucket: "prod_cache", key: "a", value: "1" })],
      ["prod_cache a"],
    ],
    [
      "is told where a key of that name stays in another bucket",
      [
        gone("jetstream_kv_entry.flags", flags),
        change("jetstream_kv_entry.other", ["no-op"], {
          before: { ...flags, bucket: "dev_platform" },
          after: { ...flags, bucket: "dev_platform" },
        }),
      ],
      ["prod_platform config.flags"],
    ],
    [
      "is told in a bucket of its own under the name of an access document",
      [gone("jetstream_kv_entry.x", { bucket: "prod_cache", key: "access.users.x", value: "1" })],
      ["prod_cache access.users.x"],
    ],
    ["is none where an access document goes", [gone("jetstream_kv_entry.x", document)], []],
    [
      "is none where the entry stays under another address",
      [
        gone("jetstream_kv_entry.flags", flags),
        change("jetstream_kv_entry.other", ["create"], { before: null, after: flags }),
      ],
      [],
    ],
    [
      "is none where the entry is made again",
      [change("jetstream_kv_entry.flags", ["delete", "create"], { before: flags, after: flags })],
      [],
    ],
    ["is none where the entry is forgotten", [change("jetstream_kv_entry.flags", ["forget"], { before: flags })], []],
    ["is none where its value changes", [update("jetstream_kv_entry.flags", flags, {}, { value: "[]" })], []],
    ["is none where a bucket goes", [cache], []],
  ];

  test.each(rows)("%s", (_, changes, keys) => {
    const { out } = check(planOf(...changes));
    const says = keys.map((each) => {
      const [name, key] = each.split(" ");
      return `~ key ${key} of key-value bucket ${name} is destroyed: apply this plan before the server gets the new accounts file`;
    });
    expect(out.split("\n").filter((line) => line.includes("apply this plan"))).toEqual(
      says.map((line) => expect.stringContaining(line)),
    );
    expect(out.includes(TITLE)).toBe(keys.length > 0);
  });

  test("is told with the reason, also where its loss is allowed, and then makes no plan fail", () => {
    const { out, status } = check(
      planOf(gone("jetstream_kv_entry.flags", flags)),
      "--allow",
      "prod_platform/config.flags",
    );
    expect(out).toContain("by that file the Terraform user may no longer read the key");
    expect(out).toContain("at jetstream_kv_entry.flags");
    expect(status).toBe(0);
  });
});

describe("what is lost is said, with how it is allowed", () => {
  const rows: [string, object[], string, string][] = [
    [
      "a stream that is destroyed",
      [gone(JOBS, stream, { action_reason: "delete_because_no_resource_config" })],
      "- stream prod_jobs is destroyed with all of its messages, since the program no longer has it, or has it as retired with its data to be deleted; to allow it: --allow destroyed:prod_jobs",
      "prod_jobs",
    ],
    [
      "a stream whose module is gone, which nothing retires",
      [gone(JOBS, stream, { action_reason: "delete_because_no_module" })],
      "with all of its messages, since the program no longer has it; to allow it: --allow destroyed:prod_jobs",
      "prod_jobs",
    ],
    [
      "a bucket that is a stream",
      [gone("jetstream_stream.prod_cache", { ...stream, name: "KV_prod_cache" })],
      "- key-value bucket prod_cache is destroyed with all of its keys; to allow it: --allow destroyed:prod_cache",
      "prod_cache",
    ],
    [
      "an object store that is a stream",
      [gone("jetstream_stream.prod_uploads", { ...stream, name: "OBJ_prod_uploads" })],
      "- object store prod_uploads is destroyed with all of its objects; to allow it: --allow destroyed:prod_uploads",
      "prod_uploads",
    ],
    [
      "a native bucket",
      [gone("jetstream_kv_bucket.prod_cache", bucket)],
      "- key-value bucket prod_cache is destroyed",
      "prod_cache",
    ],
    [
      "a native object store, by its address",
      [gone("jetstream_obj_bucket.prod_uploads", store)],
      "- object store prod_uploads is destroyed",
      "jetstream_obj_bucket.prod_uploads",
    ],
    [
      "a consumer",
      [gone("jetstream_consumer.prod_jobs_worker", consumer)],
      "- consumer worker of stream prod_jobs is destroyed and with it how far it has come; to allow it: --allow destroyed:prod_jobs/worker",
      "prod_jobs/worker",
    ],
    [
      "a consumer for which messages are kept",
      [interest, gone("jetstream_consumer.prod_jobs_worker", consumer)],
      "      the stream keeps messages only for its consumers, and deletes those that no other consumer wants",
      "prod_jobs/worker",
    ],
    [
      "a key",
      [gone("jetstream_kv_entry.flags", { bucket: "prod_platform", key: "config.flags", value: "{}" })],
      "- key config.flags of key-value bucket prod_platform is destroyed with its value; to allow it: --allow destroyed:prod_platform/config.flags",
      "prod_platform/config.flags",
    ],
    [
      "a stream that is replaced",
      [
        change(JOBS, ["delete", "create"], {
          before: stream,
          after: { ...stream, storage: "memory" },
          replace_paths: [["storage"], ["mirror", 0, "name"]],
        }),
      ],
      "- stream prod_jobs is destroyed with all of its messages, and made again, since storage and mirror cannot be changed in place",
      "prod_jobs",
    ],
    [
      "a stream that is tainted",
      [
        change(
          'module.a["x"].jetstream_stream.jobs[0]',
          ["create", "delete"],
          { before: stream, after: stream },
          { type: "jetstream_stream", action_reason: "replace_because_tainted" },
        ),
      ],
      "      terraform untaint 'module.a[\"x\"].jetstream_stream.jobs[0]' keeps it",
      'module.a["x"].jetstream_stream.jobs[0]',
    ],
    [
      "a stream that is no longer managed",
      [change(JOBS, ["forget"], { before: stream })],
      "~ stream prod_jobs is no longer managed by this stack: nothing is lost on the server, and another stack may have it; to allow it: --allow unmanaged:prod_jobs",
      "prod_jobs",
    ],
    [
      "a shorter age",
      [updateStream({ max_age: 600 }, { max_age: 60 })],
      "~ stream prod_jobs: max_age is 60 seconds; before, 600 seconds: what is older is deleted; to allow it: --allow emptied:prod_jobs",
      "prod_jobs",
    ],
    ["an age where there was none", [updateStream({}, { max_age: 60 })], "60 seconds; before, none:", "prod_jobs"],
    [
      "an age that is known only at apply",
      [updateStream({ max_age: 600 }, { max_age: undefined }, { max_age: true })],
      "max_age is known only at apply; before, 600 seconds: perhaps what is older is deleted",
      "prod_jobs",
    ],
    ["fewer bytes", [updateStream({}, { max_bytes: 1000 })], "max_bytes is 1,000 bytes; before, none:", "prod_jobs"],
    ["fewer messages", [updateStream({ max_msgs: 9 }, { max_msgs: 1 })], "max_msgs is 1 message; before,", "prod_jobs"],
    [
      "fewer messages of a subject, whatever is discarded",
      [updateStream({ discard: "new" }, { discard: "new", max_msgs_per_subject: 2 })],
      "max_msgs_per_subject is 2 messages; before, none: the oldest messages of each subject above that are deleted",
      "prod_jobs",
    ],
    [
      "messages that are discarded newly",
      [updateStream({ discard: "new", max_msgs: 5 }, { max_msgs: 5 })],
      'discard is "old"; before, "new": the oldest messages above the stream\'s limits are deleted',
      "prod_jobs",
    ],
    [
      "stricter retention",
      [updateStream({}, { retention: "interest" })],
      'retention is "interest"; before, "limits": messages that no consumer waits for are deleted',
      "prod_jobs",
    ],
    ["less history", [updateBucket({}, { history: 2 })], "history is 2 revisions; before, 5 revisions:", "prod_cache"],
    ["a time to live", [updateBucket({}, { ttl: 60 })], "ttl is 60 seconds; before, none:", "prod_cache"],
    [
      "a time to live of objects",
      [update("jetstream_obj_bucket.prod_uploads", store, { ttl: 60 }, { ttl: 30 })],
      "object store prod_uploads: ttl is 30 seconds",
      "prod_uploads",
    ],
    [
      "a consumer that goes when it is not used",
      [updateConsumer({}, { inactive_threshold: 60 })],
      "inactive_threshold is 60 seconds; before, none: the server deletes it when nobody has used it for that long",
      "prod_jobs/worker",
    ],
    [
      "a consumer that wants less of what is kept for it",
      [interest, updateConsumer({ filter_subjects: ["a.>"] }, { filter_subjects: ["a.b"] })],
      "a stream that keeps messages only for its consumers deletes those that no consumer wants",
      "prod_jobs/worker",
    ],
  ];
  test.each(rows)("%s", (_, changes, text, name) => {
    const { status, out, err } = check(planOf(...changes));
    expect(out).toContain(text);
    expect([status, err]).toEqual([4, ""]);
    const allowed = check(planOf(...changes), "--allow", name);
    expect([allowed.status, allowed.err]).toEqual([0, ""]);
    expect(allowed.out).toContain("Lost, and allowed");
  });

  test.each<[string, object]>([
    ["nothing", change(JOBS, ["no-op"], { before: stream, after: stream })],
    ["a new stream", change(JOBS, ["create"], { after: stream })],
    ["a longer age", updateStream({ max_age: 60 }, { max_age: 600 })],
    ["no age any more", updateStream({ max_age: 60 }, {})],
    [
      "a smaller size of what takes nothing more when it is full",
      updateStream({ discard: "new" }, { discard: "new", max_bytes: 5 }),
    ],
    ["smaller messages", updateStream({}, { max_msg_size: 5 })],
    ["a smaller bucket, which takes nothing more when it is full", updateBucket({}, { max_bucket_size: 5 })],
    [
      "an access document",
      gone("jetstream_kv_entry.x", { bucket: "prod_platform", key: "access.imports.X", value: "{}" }),
    ],
    ["a resource of another provider", gone("aws_s3_bucket.x", { name: "x" })],
    ["what is only read", { ...gone("data.jetstream_stream.x", stream), type: "jetstream_stream", mode: "data" }],
    ["other servers' refusals", updateStream({}, { max_consumers: 5 })],
  ])("but nothing is by %s", (_, entry) => {
    const { status, out } = check(planOf(entry));
    expect(out).toContain("Nothing is lost that is not allowed.");
    expect(status).toBe(0);
  });

  test("but nothing is by fewer filters of a consumer, where messages are not kept for it", () => {
    const { out, status } = check(
      planOf(updateConsumer({ filter_subject: "a.>" }, { filter_subject: "a.b" }), updateStream({}, {})),
    );
    expect(out).toContain("Nothing is lost that is not allowed.");
    expect(status).toBe(0);
  });

  test("also by fewer filters of a consumer whose stream is not in the plan, since it may keep messages for it", () => {
    const { out, status } = check(planOf(updateConsumer({ filter_subject: "a.>" }, { filter_subject: "a.b" })));
    expect(out).toContain("a stream that keeps messages only for its consumers deletes those");
    expect(status).toBe(4);
  });

  test("also of keys that are named as access documents are, in other buckets", () => {
    const { status } = check(
      planOf(gone("jetstream_kv_entry.x", { bucket: "prod_cache", key: "access.users.x", value: "{}" })),
    );
    expect(status).toBe(4);
  });

  test.each([
    [
      "a type",
      { ...gone("jetstream_stream.x", stream), type: "jetstream_lake" },
      "a resource of the type jetstream_lake",
    ],
    [
      "an action",
      { ...gone("jetstream_stream.x", stream), change: { actions: ["obliterate"], before: stream, after: null } },
      "the action obliterate for jetstream_stream.x",
    ],
  ])("%s that is not known is refused", (_, entry, says) => {
    const { err, status } = check(planOf(entry));
    expect(err).toContain(says);
    expect(status).toBe(2);
  });

  test("consumers and keys go with their stream, and are allowed with it", () => {
    const entry = { bucket: "prod_cache", key: "a/b", value: "1" };
    const plan = planOf(
      gone(JOBS, stream),
      gone("jetstream_consumer.prod_jobs_worker", consumer),
      gone("jetstream_kv_bucket.prod_cache", bucket),
      gone("jetstream_kv_entry.a", entry),
    );
    const { out } = check(plan, "--allow", "prod_jobs", "--allow", "prod_cache");
    expect(out).toContain("so is worker in it");
    expect(out).toContain("so is a/b in it");
    expect(check(plan, "--allow", "prod_jobs", "--allow", "prod_cache").status).toBe(0);
    expect(check(plan, "--allow", "prod_jobs").status).toBe(4);
  });
});

describe("modules may have other streams of one name", () => {
  const WORKER = "jetstream_consumer.prod_jobs_worker";
  const inModule = <T extends { readonly address: string }>(module: string, entry: T) => ({
    ...entry,
    address: `${module}.${entry.address}`,
    module_address: module,
  });

  test("each of which is lost by itself, with its own consumers and keys", () => {
    const entry = gone("jetstream_kv_entry.x", { bucket: "prod_cache", key: "a", value: "1" });
    const plan = planOf(
      inModule("module.a", gone(JOBS, stream)),
      inModule("module.b", gone(JOBS, stream)),
      inModule("module.b", gone(WORKER, consumer)),
      inModule("module.c", gone(WORKER, { ...consumer, durable_name: "other" })),
      inModule("module.a", gone("jetstream_kv_bucket.prod_cache", bucket)),
      inModule("module.b", entry),
    );
    const { destroyed } = JSON.parse(check(plan, "--format", "json").out);
    expect(
      destroyed.map(({ address, details }: { address: string; details: string[] }) => [address, details.at(-1)]),
    ).toEqual([
      ["module.a.jetstream_stream.prod_jobs", "at module.a.jetstream_stream.prod_jobs"],
      ["module.b.jetstream_stream.prod_jobs", "so is worker in it"],
      ["module.c.jetstream_consumer.prod_jobs_worker", "at module.c.jetstream_consumer.prod_jobs_worker"],
      ["module.a.jetstream_kv_bucket.prod_cache", "at module.a.jetstream_kv_bucket.prod_cache"],
      ["module.b.jetstream_kv_entry.x", "at module.b.jetstream_kv_entry.x"],
    ]);
    expect(check(plan, "--allow", "prod_jobs").err).toContain("2 resources that are called prod_jobs lose something");
    const names = destroyed.flatMap(({ address }: { address: string }) => ["--allow", address]);
    expect(check(plan, ...names).status).toBe(0);
    expect(check(plan, ...names.slice(2)).status).toBe(4);
  });

  test("that keep messages otherwise", () => {
    const keeping = (retention: string) =>
      change(JOBS, ["no-op"], { before: { ...stream, retention }, after: { ...stream, retention } });
    const kept = (module: string, ...streams: object[]) =>
      check(planOf(...streams, inModule(module, gone(WORKER, consumer)))).out;
    const both = [inModule("module.a", keeping("interest")), inModule("module.b", keeping("limits"))];
    expect(kept("module.a", ...both)).toContain("      the stream keeps messages only for its consumers");
    expect(kept("module.b", ...both)).not.toContain("keeps messages only");
    expect(kept("module.c", ...both)).toContain("      if the stream keeps messages only for its consumers");
    expect(kept("module.c", inModule("module.b", keeping("limits")))).not.toContain("keeps messages only");
  });

  test("that are in the state only, also in a module of a module", () => {
    const child = (address: string, more: object) => ({ address, ...more });
    const kept = { address: `module.a.module.b.${JOBS}`, type: "jetstream_stream", mode: "managed", values: stream };
    const inner = child("module.a", { child_modules: [child("module.a.module.b", { resources: [kept] })] });
    const plan = planOf(inModule("module.a.module.b", gone(WORKER, consumer)));
    expect(check(plan).out).toContain("      if the stream keeps messages only for its consumers");
    const prior = { values: { root_module: { child_modules: [inner] } } };
    expect(check({ ...plan, prior_state: prior }).out).not.toContain("keeps messages only");
  });

  test("of which only one that is beside a key copies its deletion", () => {
    const copies = { ...stream, name: "KV_prod_store", source: [{ name: "KV_prod_cache", filter_subject: "" }] };
    const copy = change("jetstream_stream.prod_store", ["no-op"], { before: copies, after: copies });
    const key = gone("jetstream_kv_entry.a", { bucket: "prod_cache", key: "a", value: "1" });
    const said = (module: string) => check(planOf(inModule("module.a", key), inModule(module, copy))).out;
    expect(said("module.a")).toContain("its deletion is copied by KV_prod_store");
    expect(said("module.b")).not.toContain("is copied by");
  });
});

describe("what the state has and the provider does not find is lost where it is made anew", () => {
  const drift = (address: string, before: Values) => ({ resource_drift: [gone(address, before)] });
  test.each<[string, string, Values, string]>([
    [
      JOBS,
      "prod_jobs",
      stream,
      "~ stream prod_jobs is made anew, empty, since it is not in the account where Terraform now looks for it: if nobody deleted it, it stays with its data where it was, unmanaged; to allow it: --allow leftBehind:prod_jobs",
    ],
    [
      "jetstream_kv_bucket.prod_cache",
      "prod_cache",
      bucket,
      "~ key-value bucket prod_cache is made anew, empty, since it is not in the account",
    ],
    [
      "jetstream_consumer.prod_jobs_worker",
      "prod_jobs/worker",
      consumer,
      "~ consumer worker of stream prod_jobs is made anew, without its position, since it is not in the account",
    ],
  ])("%s", (address, name, values, text) => {
    const plan = { ...planOf(change(address, ["create"], { after: values })), ...drift(address, values) };
    const { status, out } = check(plan);
    expect(out).toContain(`Left behind\n  ${text}`);
    expect(status).toBe(4);
    expect(check(plan, "--allow", `unmanaged:${name}`).status).toBe(4);
    expect(check(plan, "--allow", `leftBehind:${name}`).status).toBe(0);
    expect(check(plan, "--allow", name).status).toBe(0);
  });

  test("but not where it is a key, or something that is only read or changed", () => {
    const others = [
      { ...planOf(interest), ...drift(JOBS, stream) },
      {
        ...planOf(change("jetstream_kv_entry.x", ["create"], { after: { bucket: "prod_platform", key: "config.x" } })),
        ...drift("jetstream_kv_entry.x", { bucket: "prod_platform", key: "config.x" }),
      },
      {
        ...planOf(change(JOBS, ["create"], { after: stream })),
        resource_drift: [updateStream({}, { max_age: 5 })],
      },
    ];
    for (const plan of others) expect(check(plan).out).not.toContain("it is not in the account");
  });

  test("and where Terraform forgets it, of which only its drift speaks, as with -refresh-only", () => {
    const { resource_changes: _, ...refreshOnly } = planOf();
    const other = "jetstream_stream.prod_other";
    const plan = {
      ...refreshOnly,
      resource_drift: [
        gone(JOBS, stream),
        gone("jetstream_consumer.prod_jobs_worker", consumer),
        gone(other, { ...stream, name: "prod_other" }, { deposed: "12345678" }),
        gone("jetstream_kv_entry.x", { bucket: "prod_cache", key: "a", value: "1" }),
      ],
    };
    const { status, out } = check(plan);
    expect(status).toBe(4);
    expect(out).toBe(
      [
        "The plan loses something that is not allowed: 1 left behind.",
        "",
        "Left behind",
        "  ~ stream prod_jobs is no longer managed, since it is not in the account where Terraform now looks for it: if nobody deleted it, it stays with its data where it was, unmanaged; to allow it: --allow leftBehind:prod_jobs",
        "      at jetstream_stream.prod_jobs",
        "      so is worker in it",
        "",
        "No catalog of the program was read (there is none near plan.json), so that what streams were formerly, and what other stacks have, is not known: --catalog names one.",
        "",
      ].join("\n"),
    );
    expect(check(plan, "--allow", "leftBehind:prod_jobs").status).toBe(0);
    const beside = { ...planOf(change(JOBS, ["create"], { after: stream })), ...drift(other, stream) };
    expect(check(beside).status).toBe(4);
  });
});

describe("a consumer that delivers less often", () => {
  const consumer = (before: unknown, after: unknown) =>
    change("jetstream_consumer.prod_jobs_worker", ["update"], {
      before: { stream_id: "JETSTREAM_STREAM_prod_jobs", durable_name: "worker", max_delivery: before },
      after: { stream_id: "JETSTREAM_STREAM_prod_jobs", durable_name: "worker", max_delivery: after },
    });

  test.each([
    [null, 1],
    [-1, 5],
    [5, 2],
  ])("passes over what it delivered so often: %p, then %p", (before, after) => {
    const { status, out } = check(planOf(consumer(before, after)));
    expect([status, out]).toEqual([4, expect.stringContaining("it gives to nobody any more")]);
    expect(out).toContain("--allow emptied:prod_jobs/worker");
  });

  test.each([
    [2, 5],
    [5, null],
    [5, -1],
  ])("and not where it delivers more often: %p, then %p", (before, after) => {
    expect(check(planOf(consumer(before, after))).status).toBe(0);
  });
});

describe("a filter that lets all through that the stream stores", () => {
  const of = (
    more: Values,
    values: Values = { ...stream, retention: "interest", subjects: ["prod.jobs.>"], ...more },
  ) => change(JOBS, ["no-op"], { before: values, after: values });
  const worker = (filter: string) =>
    change("jetstream_consumer.w", ["update"], {
      before: { ...consumer, filter_subjects: [] },
      after: { ...consumer, filter_subjects: [filter] },
    });
  const copy = (filter: string) => {
    const values = (filter_subject: string) => ({
      ...stream,
      name: "copy",
      source: [{ name: "prod_jobs", filter_subject }],
    });
    return change("jetstream_stream.copy", ["update"], { before: values(""), after: values(filter) });
  };

  test.each([
    ["a consumer", worker],
    ["a copy", copy],
  ])("takes nothing from %s", (_, filtered) => {
    expect(check(planOf(of({}), filtered("prod.jobs.>"))).status).toBe(0);
    expect(check(planOf(of({}), filtered("prod.jobs.a"))).status).toBe(4);
  });

  test.each<[string, Values]>([
    ["copies others", { source: [{ name: "x" }] }],
    ["rewrites them", { subject_transform: [{ source: "a", destination: "b" }] }],
    ["has subjects that are not known", { subjects: null }],
  ])("may take some where the stream %s", (_, more) => {
    for (const filtered of [worker, copy]) expect(check(planOf(of(more), filtered("prod.jobs.>"))).status).toBe(4);
  });
});

describe("a copy that is ended", () => {
  const source = (...names: string[]) => names.map((name) => ({ name, filter_subject: "" }));
  const copy = (before: Values, after: Values) =>
    change("jetstream_stream.copy", ["update"], {
      before: { ...stream, name: "copy", ...before },
      after: { ...stream, name: "copy", ...after },
    });
  const TEXT = "stream prod_jobs deletes what it has kept only for copy, which no longer copies > of it";

  test("loses what its origin keeps only for those who want it", () => {
    const plan = planOf(interest, copy({ source: source("prod_jobs") }, { source: [] }));
    expect(check(plan)).toMatchObject({ status: 4, out: expect.stringContaining(TEXT) });
    const gone = change("jetstream_stream.copy", ["delete"], {
      before: { ...stream, name: "copy", source: source("prod_jobs") },
    });
    expect(check(planOf(interest, gone)).out).toContain(TEXT);
  });

  test("loses it too where the origin becomes one that keeps all, since nobody knows which is first", () => {
    const becomes = change(JOBS, ["update"], {
      before: { ...stream, retention: "interest" },
      after: { ...stream, retention: "limits" },
    });
    const plan = planOf(becomes, copy({ source: source("prod_jobs") }, { source: [] }));
    expect(check(plan)).toMatchObject({ status: 4, out: expect.stringContaining(TEXT) });
  });

  test("may lose it where nobody says how the origin keeps messages; a bucket keeps them", () => {
    const ended = (origin: string) => check(planOf(copy({ source: source(origin) }, { source: [] })));
    expect(ended("far_jobs")).toMatchObject({
      status: 4,
      out: expect.stringContaining("of it, if it keeps messages only for those who want them"),
    });
    expect(ended("KV_far").status).toBe(0);
  });

  test("is allowed by the name of the origin, and not by that of the copy", () => {
    const plan = planOf(interest, copy({ source: source("prod_jobs") }, { source: [] }));
    expect(check(plan).out).toContain("to allow it: --allow emptied:prod_jobs");
    expect(check(plan, "--allow", "emptied:prod_jobs").status).toBe(0);
    for (const name of ["copy", "emptied:copy"]) expect(check(plan, "--allow", name).status).toBe(4);
  });

  test("loses nothing more of an origin that the plan destroys too", () => {
    const gone = (address: string, values: Values) => change(address, ["delete"], { before: { ...stream, ...values } });
    const both = planOf(
      gone(JOBS, { retention: "interest" }),
      gone("jetstream_stream.copy", { name: "copy", source: source("prod_jobs") }),
    );
    const { out } = check(both);
    expect(out).toContain("stream prod_jobs is destroyed with all of its messages");
    expect(out).not.toContain("emptied:prod_jobs");
  });

  test("by a narrower filter too", () => {
    const filtered = [{ name: "prod_jobs", filter_subject: "a.>" }];
    expect(check(planOf(interest, copy({ source: source("prod_jobs") }, { source: filtered }))).out).toContain(TEXT);
  });

  test("loses nothing of an origin that keeps all, or that is copied as before", () => {
    const kept = change(JOBS, ["no-op"], { before: stream, after: stream });
    expect(check(planOf(kept, copy({ source: source("prod_jobs") }, { source: [] }))).status).toBe(0);
    const same = { source: source("prod_jobs") };
    expect(check(planOf(interest, copy(same, { ...same, description: "x" }))).status).toBe(0);
  });
});

test("a bucket that a plan forgets and takes in by its other type of resource stays managed", () => {
  const forgotten = change("jetstream_stream.prod_cache", ["forget"], { before: { ...stream, name: "KV_prod_cache" } });
  const taken = (importing: object) =>
    change("jetstream_kv_bucket.prod_cache", ["no-op"], { before: bucket, after: bucket, ...importing });
  expect(check(planOf(forgotten, taken({ importing: { id: "x" } }))).status).toBe(0);
  expect(check(planOf(forgotten)).status).toBe(4);
  const back = change("jetstream_stream.prod_cache", ["create"], { after: { ...stream, name: "KV_prod_cache" } });
  const native = change("jetstream_kv_bucket.prod_cache", ["forget"], { before: bucket });
  expect(check(planOf(native, back)).status).toBe(0);
});

describe("a copy of a stream of another account that is ended", () => {
  const far = { name: "shop_inter", filter_subject: "", external: [{ api: "JS.shop.API", deliver: null }] };
  const ended = change("jetstream_stream.copy", ["update"], {
    before: { ...stream, name: "copy", source: [far] },
    after: { ...stream, name: "copy", source: [] },
  });
  const TEXT = "stream shop_inter deletes what it has kept only for copy, which no longer copies > of it";
  const UNSURE = `${TEXT}, if it keeps messages only for those who want them`;
  const origin = (retention: RetentionPolicy) => ({
    "catalog.json": catalogText((stack) => {
      new PlatformConstruct(stack, "shop", { servers: SERVERS }).addStream("inter", { retention });
    }),
  });
  const asked = (catalog: object = {}) =>
    command(["check-plan", "plan.json"], { "plan.json": JSON.stringify(planOf(ended)), ...catalog });

  test("loses what that keeps for those who want it, as far as the catalog knows it", () => {
    expect(asked()).toMatchObject({ status: 4, out: expect.stringContaining(UNSURE) });
    const sure = asked(origin(RetentionPolicy.INTEREST));
    expect(sure).toMatchObject({ status: 4, out: expect.stringContaining(`${TEXT}; to allow it`) });
    expect(asked(origin(RetentionPolicy.LIMITS)).status).toBe(0);
  });

  test("loses it as the plan says too", () => {
    const inter = { ...stream, name: "shop_inter", retention: "interest" };
    const kept = change("jetstream_stream.shop_inter", ["no-op"], { before: inter, after: inter });
    expect(check(planOf(kept, ended)).out).toContain(`${TEXT}; to allow it`);
  });
});

describe("that no catalog was read", () => {
  const catalog = catalogText((stack) => {
    prodOf(stack);
  });
  const lost = JSON.stringify(planOf(change(JOBS, ["delete"], { before: stream })));
  const fine = JSON.stringify(planOf(change(JOBS, ["no-op"], { before: stream, after: stream })));
  const noteOf = (plan: string, files: object, ...options: string[]) => {
    const { out } = command(["check-plan", "plan.json", "--format", "json", ...options], {
      "plan.json": plan,
      ...files,
    });
    return JSON.parse(out).note;
  };

  test("is said where there is one that cannot be used, and why", () => {
    for (const plan of [lost, fine]) {
      expect(noteOf(plan, { "catalog.json": catalog.slice(1) })).toContain(
        "(not a catalog, since it is not JSON: catalog.json)",
      );
      const two = { "cdktf.out/stacks/a/catalog.json": catalog, "cdktf.out/stacks/b/catalog.json": catalog };
      expect(noteOf(plan, two)).toContain("(there are 2 near plan.json)");
    }
  });

  test("is said where there is none, if something is lost", () => {
    expect(noteOf(lost, {})).toContain("(there is none near plan.json)");
    expect(noteOf(fine, {})).toBeUndefined();
  });

  test("is not said where one was", () => {
    expect(noteOf(lost, { "catalog.json": catalog })).toBeUndefined();
    expect(noteOf(lost, { "other.json": catalog }, "--catalog", "other.json")).toBeUndefined();
  });
});

describe("a bucket that is forgotten, and made by its other type in an isolated app's own account", () => {
  const isolated = (accessEntries: boolean, isolation?: Isolation) => ({
    "catalog.json": catalogText((stack) => {
      new AppConstruct(prodOf(stack, { accessEntries }), "cache", isolation && { isolation });
    }),
  });
  const back = change("jetstream_stream.prod_cache", ["create"], { after: { ...stream, name: "KV_prod_cache" } });
  const plan = JSON.stringify(planOf(change("jetstream_kv_bucket.prod_cache", ["forget"], { before: bucket }), back));
  const asked = (catalog: object) => command(["check-plan", "plan.json"], { "plan.json": plan, ...catalog });

  test("may have been in another account, where no entry of the plan shows that", () => {
    const { status, out } = asked(isolated(false, Isolation.ACCOUNT));
    expect(status).toBe(4);
    expect(out).toMatch(
      /key-value bucket prod_cache is no longer managed, and made in account PROD_CACHE: if that is not where it was, .*--allow leftBehind:prod_cache\n/,
    );
  });

  test.each([
    ["entries show it", isolated(true, Isolation.ACCOUNT)],
    ["the app is not isolated", isolated(false)],
  ])("is the same bucket where %s", (_, catalog) => {
    expect(asked(catalog).status).toBe(0);
  });
});

test("what a stack forgets and another one is to delete stays behind, unless that has it already", () => {
  const catalogOf = (data: RetiredData) =>
    catalogText((stack) => {
      new AppConstruct(prodOf(stack), "cache", { wal: {}, retired: data });
    });
  const wal = { ...stream, name: "prod_cache_wal" };
  const plan = JSON.stringify(planOf(change("jetstream_stream.prod_cache_wal", ["forget"], { before: wal })));
  const asked = (data: RetiredData, ...options: string[]) =>
    command(["check-plan", "plan.json", ...options], { "plan.json": plan, "catalog.json": catalogOf(data) });
  const { status, out } = asked(RetiredData.DELETE, "--allow", "unmanaged:prod_cache_wal");
  expect(status).toBe(4);
  expect(out).toMatch(
    /stream prod_cache_wal is no longer managed by this stack, and not destroyed: another stack .*; to allow it: --allow leftBehind:prod_cache_wal\n/,
  );
  expect(out).toContain("apply the move in both stacks without retired first");
  expect(asked(RetiredData.KEEP, "--allow", "unmanaged:prod_cache_wal").status).toBe(0);
});

test("a key that becomes another one is to be declared beside it first", () => {
  const key = { bucket: "prod_cache", key: "old", value: "1" };
  const moved = change("jetstream_kv_entry.mode", ["delete", "create"], { before: key, after: { ...key, key: "new" } });
  const { out } = check(planOf(moved));
  expect(out).toContain(
    "key old of key-value bucket prod_cache becomes another key: declare that beside this one first",
  );
  expect(out).not.toContain("apply this plan before the server gets");
});

test("a plan that only records what was changed on the server names keys that the next apply overwrites", () => {
  const key = { bucket: "prod_cache", key: "mode", value: "on" };
  const drift = (after: Values) => ({
    ...planOf(),
    resource_drift: [change("jetstream_kv_entry.mode", ["update"], { before: key, after })],
  });
  const { status, out } = check(drift({ ...key, value: "by people" }));
  expect(out).toContain("this records it, and the next apply overwrites it");
  expect(out).toContain("--allow overwritten:prod_cache/mode");
  expect(status).toBe(4);
  expect(check(drift(key)).status).toBe(0);
});

test("access documents are those in the bucket of a platform", () => {
  const entry = (bucketName: string) => {
    const after = { bucket: bucketName, key: "access.users.eve", value: "{}" };
    return planOf(change("jetstream_kv_entry.x", ["create"], { after }));
  };
  expect(check(entry("prod_platform")).out).toContain("user eve");
  expect(check(entry("prod_cache")).out).not.toContain("user eve");
});

describe("the owner of a stream", () => {
  const owned = (owner: string | undefined) => ({
    ...stream,
    metadata: owner === undefined ? {} : { "cdktf-nats-platform.owner": owner },
  });
  const goesOver = (before: string | undefined, after: string | undefined, more: Values = {}) =>
    check(planOf(change(JOBS, ["update"], { before: owned(before), after: { ...owned(after), ...more } })));

  test.each([
    ["another", "acme/b", "stream prod_jobs gets the owner acme/b; before, acme/a"],
    ["none", undefined, "stream prod_jobs has no owner any more; before, acme/a"],
  ])("is overwritten by %s, which is named", (_, after, text) => {
    const { status, out } = goesOver("acme/a", after);
    expect([status, out]).toEqual([4, expect.stringContaining(text)]);
    expect(out).toContain("to allow it: --allow overwritten:prod_jobs\n");
  });

  test("is as before, or is set at last, which loses nothing", () => {
    expect(goesOver("acme/a", "acme/a", { description: "x" }).status).toBe(0);
    expect(goesOver(undefined, "acme/a").status).toBe(0);
  });
});

describe("keys of a bucket", () => {
  const key = { bucket: "prod_cache", key: "settings.mode", value: "on" };
  const kv = (name: string, actions: string[], source: object[] = [], more: object = {}) => {
    const values = { ...stream, name: `KV_${name}`, source };
    return change(`jetstream_stream.${name}`, actions, { before: values, after: values, ...more });
  };

  test("of which the deletion is copied are named with the copy", () => {
    const gone = change("jetstream_kv_entry.mode", ["delete"], { before: key, after: null });
    const copy = kv("prod_store", ["no-op"], [{ name: "KV_prod_cache", filter_subject: "" }]);
    const { status, out } = check(planOf(gone, copy));
    expect([status, out]).toEqual([4, expect.stringContaining("its deletion is copied by KV_prod_store")]);
    expect(check(planOf(gone, kv("prod_store", ["no-op"]))).out).not.toContain("is copied by");
  });

  test("that a stack forgets with their bucket are written anew by the one that takes it in", () => {
    const forgotten = (...keys: string[]) =>
      planOf(
        change("jetstream_stream.prod_cache", ["forget"], { before: { ...stream, name: "KV_prod_cache" } }),
        ...keys.map((each) => change(`jetstream_kv_entry.${each}`, ["forget"], { before: { ...key, key: each } })),
      );
    const ANEW = "anew, over a value that was changed on the server";
    expect(check(forgotten("a")).out).toContain(`      a stack that takes it in writes a ${ANEW}`);
    expect(check(forgotten("a", "b")).out).toContain(`      a stack that takes them in writes a and b ${ANEW}`);
    expect(check(forgotten()).out).not.toContain(ANEW);
    const alone = change("jetstream_kv_entry.mode", ["forget"], { before: key });
    expect(check(planOf(alone)).out).toContain(`a stack that takes it in writes settings.mode ${ANEW}`);
  });

  const made = change("jetstream_kv_entry.mode", ["create"], { before: null, after: key });

  test.each<[string, object[], string]>([
    [
      "is taken in",
      [kv("prod_cache", ["no-op"], [], { importing: { id: "JETSTREAM_STREAM_KV_prod_cache" } })],
      "is written anew, since this stack takes in its bucket: a value that was changed is overwritten",
    ],
    [
      "is there already",
      [kv("prod_cache", ["no-op"])],
      "is made in a bucket that the plan does not make: a value that it has there is overwritten",
    ],
    ["is in another stack", [], "is made in a bucket that the plan does not make"],
    [
      "is there already, under another key than before",
      [
        kv("prod_cache", ["no-op"]),
        change("jetstream_kv_entry.other", ["delete", "create"], { before: { ...key, key: "x" }, after: key }),
      ],
      "is made in a bucket that the plan does not make",
    ],
  ])("that are made where their bucket %s are overwritten", (_, others, text) => {
    const plan = planOf(...(others.length > 1 ? others : [made, ...others]));
    const { status, out } = check(plan);
    expect([status, out]).toEqual([
      4,
      expect.stringContaining(`Overwritten\n  ~ key settings.mode of key-value bucket`),
    ]);
    expect(out).toContain(text);
    expect(out).toContain("; to allow it: --allow overwritten:prod_cache/settings.mode\n");
    const names = ["overwritten:prod_cache/settings.mode", "destroyed:prod_cache/x"];
    expect(check(plan, ...names.flatMap((name) => ["--allow", name])).status).toBe(0);
  });

  test("that were changed on the server since the last apply are overwritten", () => {
    const changing = (before: string, after: string) =>
      change("jetstream_kv_entry.mode", ["update"], {
        before: { ...key, value: before },
        after: { ...key, value: after },
      });
    const drifted = (plan: object, drift: object) => ({ ...plan, resource_drift: [drift] });
    const back = planOf(changing("by hand", "on"));
    const { status, out } = check(drifted(back, changing("on", "by hand")));
    expect(out).toContain("prod_cache was changed on the server since the last apply: it is overwritten; to allow it");
    expect(status).toBe(4);
    expect(check(back).status).toBe(0);
    expect(check(drifted(back, changing("by hand", "by hand"))).status).toBe(0);
  });

  test.each<[string, object[]]>([
    ["that are made with their bucket", [made, kv("prod_cache", ["create"], [], {})]],
    [
      "of a native bucket that is made with them",
      [made, change("jetstream_kv_bucket.prod_cache", ["create"], { after: bucket })],
    ],
    [
      "that are changed",
      [change("jetstream_kv_entry.mode", ["update"], { before: key, after: { ...key, value: "" } })],
    ],
    [
      "that are access documents",
      [change("jetstream_kv_entry.x", ["create"], { after: { bucket: "prod_platform", key: "access.users.x" } })],
    ],
  ])("%s are not named", (_, changes) => {
    expect(check(planOf(...changes)).out).not.toContain("Overwritten");
  });
});

describe("what the plan makes is taken for new", () => {
  const NOTE = "What the plan makes was taken for new:";
  const source = [{ name: "prod_jobs", filter_subject: "" }];
  const made = (values: Values) => change("jetstream_stream.x", ["create"], { before: null, after: values });
  const entry = { bucket: "prod_cache", key: "a", value: "1" };
  const queue = { ...stream, retention: "workqueue" };

  test.each<[string, object[]]>([
    ["a consumer", [change("jetstream_consumer.x", ["create"], { after: consumer })]],
    [
      "a key of a bucket that it makes",
      [
        made({ ...stream, name: "KV_prod_cache" }),
        change("jetstream_kv_entry.x", ["create"], { before: null, after: entry }),
      ],
    ],
    [
      "a work queue that is copied",
      [made(queue), update("jetstream_stream.y", { ...stream, name: "y" }, {}, { source })],
    ],
    [
      "what is copied by one that keeps so much",
      [made(stream), update("jetstream_stream.y", { ...stream, name: "y" }, {}, { source, max_msgs: 5 })],
    ],
    ["a copy that keeps so much", [made({ ...stream, name: "y", source, max_msgs: 5 }), interest]],
  ])("which is said where it makes %s", (_, changes) => {
    const { out } = check(planOf(...changes));
    expect(out.trimEnd().split("\n").at(-1)).toContain(
      `${NOTE} --ask-server looks whether the server has something of it already, which would be lost.`,
    );
    expect(JSON.parse(check(planOf(...changes), "--format", "json").out).note).toContain(NOTE);
    expect(
      check(planOf(...changes), "--format", "markdown")
        .out.trimEnd()
        .split("\n")
        .at(-1),
    ).toContain(NOTE);
  });

  test.each<[string, object[]]>([
    ["a stream that nothing copies", [made(stream)]],
    ["a copy that keeps all", [made({ ...stream, name: "y", source: [{ name: "KV_a" }] })]],
    [
      "access documents",
      [change("jetstream_kv_entry.x", ["create"], { after: { bucket: "prod_platform", key: "access.users.x" } })],
    ],
    ["nothing", [updateStream({}, { max_age: 5 })]],
  ])("which is not said where it makes %s", (_, changes) => {
    for (const format of ["text", "json", "markdown"]) {
      expect(check(planOf(...changes), "--format", format).out).not.toContain("taken for new");
    }
  });
});

test("what a forgotten stream goes on copying is named", () => {
  const before = { ...stream, source: [{ name: "KV_prod_cache", filter_subject: "" }] };
  expect(check(planOf(change(JOBS, ["forget"], { before }))).out).toContain("it goes on copying KV_prod_cache");
  expect(check(planOf(change(JOBS, ["forget"], { before: stream }))).out).not.toContain("it goes on copying");
});

describe("what a stream newly copies takes the place of what it has", () => {
  const source = (...names: string[]) => names.map((name) => ({ name, filter_subject: "" }));
  const bucket = (options: { readonly source: unknown; readonly [name: string]: unknown }) => ({
    ...stream,
    name: "KV_prod_store",
    ...options,
  });
  const plan = (before: Values | null, after: Values) =>
    planOf(change("jetstream_stream.prod_store", [before ? "update" : "create"], { before, after }));
  const LOST =
    "key-value bucket prod_store now copies KV_prod_cache, and exists already: what it copies takes the place of what it has, newer as that may be; to allow it: --allow emptied:prod_store";
  const none = bucket({ source: [] });
  const copying = (more: Values) => bucket({ source: source("KV_prod_cache"), ...more });

  test.each<[string, Values, Values]>([
    ["a bucket", none, copying({ max_msgs_per_subject: 1 })],
    ["one more", bucket({ source: source("KV_b") }), bucket({ source: source("KV_b", "KV_prod_cache"), max_msgs: 9 })],
    ["a limit in bytes", none, copying({ max_bytes: 9 })],
  ])("%s", (_, before, after) => {
    const { status, out } = check(plan(before, after));
    expect([status, out]).toEqual([4, expect.stringContaining(LOST)]);
    expect(check(plan(before, after), "--allow", "prod_store").status).toBe(0);
  });

  test("not what the plan makes too, which has no messages", () => {
    const update = change("jetstream_stream.prod_store", ["update"], { before: none, after: copying({ max_msgs: 9 }) });
    const origin = { ...stream, name: "KV_prod_cache" };
    const made = change("jetstream_stream.prod_cache", ["create"], { before: null, after: origin });
    expect(check(planOf(update, made)).out).not.toContain("takes the place");
  });

  test.each<[string, Values | null, Values]>([
    ["one that the plan makes", null, copying({ max_msgs_per_subject: 1 })],
    ["one that copies it already", copying({}), copying({ max_msgs_per_subject: 1 })],
    ["one that keeps all", none, copying({ max_msgs_per_subject: -1 })],
    ["one that takes no more than it has room for", none, copying({ max_bytes: 9, discard: "new" })],
  ])("not %s", (_, before, after) => {
    expect(check(plan(before, after)).out).not.toContain("takes the place");
  });
});

describe("a copy of a work queue takes its messages", () => {
  const queue = (name: string, actions = ["no-op"], retention = "workqueue") => {
    const values = { ...stream, name, retention };
    return change(`jetstream_stream.${name}`, actions, {
      before: actions[0] === "create" ? null : values,
      after: values,
    });
  };
  const copy = (after: object, before?: object, unknown: Values = {}) => {
    const values = { ...stream, name: "prod_copy" };
    return change("jetstream_stream.prod_copy", [before ? "update" : "create"], {
      before: before ? { ...values, ...before } : null,
      after: { ...values, ...after },
      after_unknown: unknown,
    });
  };
  const source = (name: string, more: object = {}) => ({ source: [{ name, filter_subject: "", ...more }] });
  const external = (api: string) => ({ external: [{ api, deliver: null }] });
  const QUEUE =
    "stream prod_jobs is a work queue that prod_copy now copies: what that has copied is deleted; to allow it: --allow emptied:prod_jobs";
  const state = (...streams: Values[]) => ({
    prior_state: {
      values: {
        root_module: {
          resources: streams.map((values) => ({ address: JOBS, mode: "managed", type: "jetstream_stream", values })),
        },
      },
    },
  });
  const other = (name: string) =>
    `stream ${name} is now copied by prod_copy: if it is a work queue, what that has copied is deleted; to allow it: --allow emptied:${name}`;

  test.each<[string, object, string]>([
    ["a new source", planOf(queue("prod_jobs"), copy(source("prod_jobs"))), QUEUE],
    [
      "one more source",
      planOf(queue("prod_jobs"), queue("prod_b", ["no-op"], "limits"), copy(source("prod_jobs"), source("prod_b"))),
      QUEUE,
    ],
    ["a mirror", planOf(queue("prod_jobs"), copy({ mirror: [{ name: "prod_jobs" }] })), QUEUE],
    [
      "a wider filter",
      planOf(
        queue("prod_jobs"),
        copy(source("prod_jobs", { filter_subject: "a.*" }), source("prod_jobs", { filter_subject: "a.b" })),
      ),
      QUEUE,
    ],
    [
      "another rewriting",
      planOf(
        queue("prod_jobs"),
        copy(
          source("prod_jobs", { subject_transform: [{ source: "a.*", destination: "x.*" }] }),
          source("prod_jobs", { subject_transform: [{ source: "a.b", destination: "x.b" }] }),
        ),
      ),
      QUEUE,
    ],
    [
      "a work queue of the state that the plan leaves alone",
      { ...planOf(copy(source("prod_jobs"))), ...state({ ...stream, retention: "workqueue" }) },
      QUEUE,
    ],
    ["a stream that is not in the plan", planOf(copy(source("prod_far"))), other("prod_far")],
    [
      "a stream of another account",
      planOf(queue("prod_jobs", ["no-op"], "limits"), copy(source("prod_jobs", external("$JS.far.API")))),
      other("prod_jobs"),
    ],
    [
      "the same name in another account",
      planOf(queue("prod_jobs"), copy(source("prod_jobs", external("$JS.far.API")), source("prod_jobs"))),
      other("prod_jobs"),
    ],
    [
      "what is known only at apply",
      planOf(copy({ source: null }, source("prod_jobs"), { source: [{ name: true }] })),
      "stream prod_copy now copies a stream that is known only at apply: if that is a work queue, what it has copied is deleted there; to allow it: --allow emptied:prod_copy",
    ],
  ])("by %s", (_, plan, text) => {
    const { status, out } = check(plan);
    expect(out).toContain(`Emptied\n  ~ ${text}`);
    expect(status).toBe(4);
    const [, entry = ""] = /--allow (\S+)$/.exec(text) ?? [];
    expect(check(plan, "--allow", entry).status).toBe(0);
    const other = entry === "emptied:prod_copy" ? "emptied:prod_jobs" : "emptied:prod_copy";
    expect(check(plan, "--allow", other).status).toBe(4);
  });

  test.each<[string, object]>([
    [
      "that is there already",
      planOf(queue("prod_jobs"), copy({ ...source("prod_jobs"), max_age: 0 }, source("prod_jobs"))),
    ],
    [
      "with a narrower filter",
      planOf(queue("prod_jobs"), copy(source("prod_jobs", { filter_subject: "a" }), source("prod_jobs"))),
    ],
    ["that is made by the same plan", planOf(queue("prod_jobs", ["create"]), copy(source("prod_jobs")))],
    ["that is no work queue", planOf(queue("prod_jobs", ["no-op"], "limits"), copy(source("prod_jobs")))],
    ["of the state that is no work queue", { ...planOf(copy(source("prod_jobs"))), ...state(stream) }],
    ["that is a bucket", planOf(copy({ source: [{ name: "KV_prod_far" }, { name: "OBJ_prod_far" }] }))],
    ["whose copy goes", planOf(queue("prod_jobs"), copy({ source: [] }, source("prod_jobs")))],
  ])("but not of one %s", (_, plan) => {
    const { status, out } = check(plan);
    expect(out).toContain("Nothing is lost that is not allowed.");
    expect(status).toBe(0);
  });
});

describe("what a plan does not say of what is copied, the catalog does", () => {
  const made = (name: string, origin: string) =>
    planOf(change(`jetstream_stream.${name}`, ["create"], { after: { ...stream, name, source: [{ name: origin }] } }));
  const renamed = catalogText((stack) => {
    const prod = prodOf(stack);
    new AppConstruct(prod, "store", { wal: {}, formerly: new AppConstruct(prod, "cache", { wal: {} }) });
  });
  const ofRename = made("prod_store_wal", "prod_cache_wal");
  const IF = "if it is a work queue, what that has copied is deleted";
  const checkWith = (files: { readonly [path: string]: string }, plan: object, path: string, ...options: string[]) =>
    command(["check-plan", path, ...options], { [path]: JSON.stringify(plan), ...files });

  test.each<[string, string, string, string[]]>([
    ["that is beside the plan", "catalog.json", "plan.json", []],
    ["that is in another stack of the program", CATALOG, "cdktf.out/stacks/two/plan.json", []],
    ["that is the only one of the last synth", CATALOG, "plan.json", []],
    ["that is named", "elsewhere.json", "plan.json", ["--catalog", "elsewhere.json"]],
  ])("the one %s", (_, at, path, options) => {
    expect(checkWith({ [at]: renamed }, ofRename, path, ...options)).toMatchObject({ status: 0, err: "" });
    expect(checkWith({ "other.json": renamed }, ofRename, path).out).toContain(
      `prod_cache_wal is now copied by prod_store_wal: ${IF}`,
    );
  });

  test("also of a platform that is restored into the account of the other one", () => {
    const catalog = catalogText((stack) => {
      const prod = prodOf(stack);
      new AppConstruct(prod, "cache", { wal: {} });
      new AppConstruct(new PlatformConstruct(stack, "live", { servers: SERVERS, formerly: prod }), "cache", {
        wal: {},
      });
    });
    const plan = made("live_cache_wal", "prod_cache_wal");
    expect(checkWith({ "catalog.json": catalog }, plan, "plan.json").status).toBe(0);
    expect(checkWith({ "catalog.json": catalog }, made("live_audit", "prod_cache_jobs"), "plan.json").out).toContain(
      IF,
    );
  });

  test.each([
    [
      RetentionPolicy.WORKQUEUE,
      4,
      "prod_cache_jobs is a work queue that prod_store_all now copies: what that has copied is deleted",
    ],
    [RetentionPolicy.INTEREST, 0, "Nothing is lost that is not allowed."],
    [RetentionPolicy.LIMITS, 0, "Nothing is lost that is not allowed."],
  ])("a stream of another stack that keeps messages by %s", (retention, status, text) => {
    const catalog = catalogText((stack) => {
      const prod = prodOf(stack);
      const jobs = new AppConstruct(prod, "cache").addStream("jobs", { retention });
      new AppConstruct(prod, "store").addStream("all", { sources: [{ stream: jobs }] });
    });
    const found = checkWith({ "catalog.json": catalog }, made("prod_store_all", "prod_cache_jobs"), "plan.json");
    expect([found.status, found.out]).toEqual([status, expect.stringContaining(text)]);
  });

  test("a catalog that is named has to be one, and one that is only near need not", () => {
    const files = { "catalog.json": "{" };
    expect(checkWith(files, ofRename, "plan.json").out).toContain(IF);
    const named = checkWith(files, ofRename, "plan.json", "--catalog", "catalog.json");
    expect([named.status, named.err]).toEqual([2, expect.stringContaining("not a catalog, since it is not JSON")]);
  });
});

describe("a stream of a new name that the plan makes when the former one goes has nothing of it", () => {
  const catalog = (retired?: RetiredData) =>
    catalogText((stack) => {
      const prod = prodOf(stack);
      new AppConstruct(prod, "store", { formerly: new AppConstruct(prod, "cache", { retired }) });
    });
  const bucket = (name: string, source: object[] = []) => ({ ...stream, name: `KV_${name}`, source });
  const made = (source?: object[]) =>
    change("jetstream_stream.prod_store", ["create"], { after: bucket("prod_store", source) });
  const went = (action: string) =>
    change("jetstream_stream.prod_cache", [action], { before: bucket("prod_cache"), after: null });
  const checked = (data: RetiredData | undefined, changes: object[], ...options: string[]) =>
    command(["check-plan", "plan.json", ...options], {
      "catalog.json": catalog(data),
      "plan.json": JSON.stringify(planOf(...changes)),
    });
  const NAMED =
    "key-value bucket prod_store is made without what KV_prod_cache has, which is retired: nothing has copied it; to allow it: --allow emptied:prod_store";

  test.each<[string, RetiredData, object[]]>([
    ["is destroyed", RetiredData.DELETE, [went("delete")]],
    ["is forgotten", RetiredData.KEEP, [went("forget")]],
    ["is in another stack", RetiredData.DELETE, []],
  ])("where that %s", (_, data, others) => {
    const { status, out } = checked(data, [made(), ...others], "--allow", "prod_cache");
    expect([status, out]).toEqual([4, expect.stringContaining(NAMED)]);
    expect(checked(data, [made(), ...others], "--allow", "prod_cache", "--allow", "prod_store").status).toBe(0);
  });

  test("and does not hide that other things that it makes were taken for new", () => {
    const NOTE = "What the plan makes was taken for new";
    const worker = change("jetstream_consumer.x", ["create"], { after: consumer });
    expect(checked(RetiredData.DELETE, [made(), worker]).out).toContain(NOTE);
    expect(checked(RetiredData.DELETE, [made()]).out).not.toContain(NOTE);
  });

  test("also one that is there already, and has not copied it", () => {
    const there = (action: string, before: object[] = []) =>
      change("jetstream_stream.prod_store", [action], {
        before: bucket("prod_store", before),
        after: bucket("prod_store"),
      });
    const allowed = ["--allow", "prod_cache"];
    const text =
      "key-value bucket prod_store does not copy what KV_prod_cache has, which is retired, and did not before this plan; to allow it: --allow emptied:prod_store";
    for (const action of ["update", "no-op"]) {
      const { status, out } = checked(RetiredData.DELETE, [there(action), went("delete")], ...allowed);
      expect([status, out]).toEqual([4, expect.stringContaining(text)]);
    }
    const copying = there("update", [{ name: "KV_prod_cache" }]);
    expect(checked(RetiredData.DELETE, [copying, went("delete")], ...allowed).status).toBe(0);
    expect(checked(RetiredData.DELETE, [there("no-op")]).status).toBe(0);
  });

  test.each<[string, RetiredData | undefined, object[]]>([
    ["it is copied", undefined, [made([{ name: "KV_prod_cache" }])]],
    [
      "it was copied before",
      RetiredData.DELETE,
      [
        went("delete"),
        change("jetstream_stream.prod_store", ["update"], {
          before: bucket("prod_store", [{ name: "KV_prod_cache" }]),
          after: bucket("prod_store"),
        }),
      ],
    ],
    [
      "both are made",
      undefined,
      [made(), change("jetstream_stream.prod_cache", ["create"], { after: bucket("prod_cache") })],
    ],
  ])("not where %s", (_, data, changes) => {
    expect(checked(data, changes).out).not.toContain("is made without");
  });
});

describe("a stream that copies a renamed one copies all of it again", () => {
  const catalog = catalogText((stack) => {
    const prod = prodOf(stack);
    new AppConstruct(prod, "store", { wal: {}, formerly: new AppConstruct(prod, "cache", { wal: {} }) });
    new AppConstruct(prod, "search").addStream("all");
  });
  const ALL = "jetstream_stream.prod_search_all";
  const all = (...source: object[]) => ({ ...stream, name: "prod_search_all", source });
  const [old, now] = [{ name: "prod_cache_wal" }, { name: "prod_store_wal" }];
  const goesOver = (source: object) => change(ALL, ["update"], { before: all(old), after: all(source) });
  const store = (source: object[]) =>
    change("jetstream_stream.prod_store_wal", ["update"], {
      before: { ...stream, name: "prod_store_wal", source },
      after: { ...stream, name: "prod_store_wal", source: [] },
    });
  const checked = (changes: object[], files: { readonly [path: string]: string } = { "catalog.json": catalog }) =>
    command(["check-plan", "plan.json"], { "plan.json": JSON.stringify(planOf(...changes)), ...files });
  const NAMED =
    "stream prod_search_all now copies prod_store_wal, which copied prod_cache_wal as this stream did: it copies all of that again, unless startSequence of the source is behind it; to allow it: --allow emptied:prod_search_all";

  test("when it goes over to the new name", () => {
    const { status, out } = checked([goesOver(now)]);
    expect([status, out]).toEqual([4, expect.stringContaining(NAMED)]);
  });

  test("when it copies both", () => {
    const both = change(ALL, ["update"], { before: all(old), after: all(old, now) });
    expect(checked([both]).out).toContain(NAMED);
  });

  test("also where only the plan says that the one has copied the other", () => {
    expect(checked([goesOver(now), store([old])], {}).out).toContain(NAMED);
    expect(checked([goesOver(now), store([])], {}).out).not.toContain("again");
  });

  test.each<[string, object]>([
    ["with a start", goesOver({ ...now, start_seq: 6 })],
    ["with a time to start at", goesOver({ ...now, start_time: "2026-01-01T00:00:00Z" })],
    ["that did not copy the old one", change(ALL, ["update"], { before: all(), after: all(now) })],
    ["that is made", change(ALL, ["create"], { after: all(now) })],
  ])("not one %s", (_, changed) => {
    expect(checked([changed]).out).not.toContain("again");
  });
});

describe("what the server will refuse fails, whatever is allowed", () => {
  const on = (attribute: string) => updateStream({ [attribute]: true }, { [attribute]: false });
  test.each<[string, object]>([
    ["a work queue that would be none", updateStream({ retention: "workqueue" }, {})],
    ["a stream that would be a work queue", updateStream({}, { retention: "workqueue" })],
    ["another storage", updateStream({}, { storage: "memory" })],
    ["another mirror", updateStream({ mirror: [{ name: "a" }] }, { mirror: [{ name: "b" }] })],
    ["messages that could be deleted again", on("deny_delete")],
    ["a stream that could be purged again", on("deny_purge")],
    ["no time to live of messages", on("allow_msg_ttl")],
    ["no time to live of keys", updateBucket({}, { limit_marker_ttl: 0 })],
    ["a history that is too long", updateBucket({}, { history: 65 })],
    ["another way to disk", updateStream({}, { persist_mode: "async" })],
    ["a window longer than the age", updateStream({ max_age: 600 }, { max_age: 600, duplicate_window: 601 })],
    [
      "roll-ups of what cannot be purged",
      updateStream({ deny_purge: true }, { deny_purge: true, allow_rollup_hdrs: true }),
    ],
    ["a consumer that would be pushed to", updateConsumer({}, { delivery_subject: "a" })],
    ["another number of requests", updateConsumer({ max_waiting: 512 }, { max_waiting: 5 })],
  ])("%s", (_, entry) => {
    const name = JSON.stringify(entry).includes("worker") ? "prod_jobs/worker" : undefined;
    const { status, out } = check(
      planOf(entry),
      "--allow",
      name ?? (JSON.stringify(entry).includes("prod_cache") ? "prod_cache" : "prod_jobs"),
    );
    expect(out).toContain("The server will refuse 1 change.");
    expect(out).toContain("Refused by the server\n  ~ ");
    expect(status).toBe(4);
  });

  test("and what only nats-server 2.11 refuses is named", () => {
    expect(check(planOf(updateStream({}, { max_consumers: 5 }))).out).toContain(
      "Refused by nats-server 2.11\n  ~ stream prod_jobs: max_consumers is `5`; before, `-1`: it cannot be changed there".replaceAll(
        "`",
        "",
      ),
    );
  });
});

describe("who gains and loses access is said and fails nothing", () => {
  const key = "access.users.prod-cache";
  const document = (publish: object, more: object = {}) => ({
    bucket: "prod_platform",
    key,
    value: JSON.stringify({ account: "PROD", credentials: "variable X", publish, role: "app", subscribe: {}, ...more }),
  });
  const entry = (actions: string[], before: Values | null, after: Values | null, unknown: Values = {}) =>
    check(planOf(change("jetstream_kv_entry.x", actions, { before, after, after_unknown: unknown })));
  const many = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`a.${index}`, ""]));

  test.each<[string, () => { status: number; out: string }, string]>([
    [
      "a new user",
      () => entry(["create"], null, document({ "a.b": "writes" }, { subscribe: { c: "" } })),
      "+ user prod-cache (app) of account PROD added, with 1 line to publish and 1 line to subscribe\n      may publish a.b (writes)\n      may subscribe to c",
    ],
    [
      "a user that is gone",
      () => entry(["delete"], document({ "a.b": "writes" }), null),
      "- user prod-cache (app) of account PROD removed, with 1 line to publish\n      could publish a.b (writes)",
    ],
    [
      "lines that come and go",
      () => entry(["update"], document({ x: "" }), document(many)),
      "~ prod-cache: gets 12 lines to publish; loses 1 line to publish\n      may now publish a.0\n",
    ],
    ["no more than ten lines", () => entry(["update"], document({}), document(many)), "      and 2 more"],
    [
      "a line of a document that a former version of the library wrote, and nothing of what that wrote otherwise",
      () =>
        entry(["update"], document({}), document({ "a.b": "" }, { version: 1, declaredBy: ["x"], permissionSet: "X" })),
      "~ prod-cache: gets 1 line to publish\n",
    ],
    [
      "other credentials",
      () => entry(["update"], document({}), document({}, { credentials: "nkey U" })),
      '~ prod-cache: credentials is "nkey U"; before, "variable X"',
    ],
    [
      "what is known only at apply",
      () => entry(["update"], document({}), { bucket: "prod_platform", key }, { value: true }),
      "~ user prod-cache: what it may do is known only at apply",
    ],
    [
      "what cannot be read",
      () => entry(["update"], document({}), { bucket: "prod_platform", key, value: "[" }),
      "~ user prod-cache: its document at jetstream_kv_entry.x cannot be read",
    ],
    [
      "accounts",
      () => {
        const account = (value: object) => ({
          bucket: "prod_platform",
          key: "access.accounts.PROD",
          value: JSON.stringify(value),
        });
        return entry(
          ["update"],
          account({ exports: { a: {} }, limits: {} }),
          account({ exports: { b: {} }, limits: { maxConnections: 5 } }),
        );
      },
      '~ account PROD changes\n      new exports: b\n      exports that are gone: a\n      limits is {"maxConnections":5}; before, {}',
    ],
    [
      "users of accounts of their own",
      () => entry(["create"], null, { ...document({ a: "" }), key: "access.accounts.PROD_CACHE.users.prod-cache" }),
      "+ user prod-cache (app)",
    ],
  ])("%s", (_, run, text) => {
    const { status, out } = run();
    expect(out).toContain("Who gains and loses access\n");
    expect(out).toContain(text);
    expect(status).toBe(0);
  });

  test.each([
    "access.users.a\nb",
    "access.users.\n",
    "access.accounts.PROD\u2028X.users.a\nb",
    "access.accounts.A\r\u0000B",
  ])("also of %j, on one line", (name) => {
    const plan = planOf(
      change("jetstream_kv_entry.x", ["create"], { after: { ...document({ "a\nb": "why\n::error::" }), key: name } }),
    );
    const { status, out } = check(plan);
    expect(status).toBe(0);
    const seen = JSON.stringify(name.split(".").at(-1))
      .slice(1, -1)
      .replace("\\r", "\\u000d")
      .replaceAll("\\n", "\\u000a");
    expect(out).toMatch(/^Nothing is lost[^\n]*\n\nWho gains and loses access\n {2}\+ (user|account) /);
    expect(out).toContain(` ${seen} `);
    expect(out.split("\n").every((line) => /^(Nothing|Who| {2}[+] | {6}may |$)/.test(line))).toBe(true);
    const markdown = check(plan, "--format", "markdown").out;
    expect(markdown).toContain(`\`${seen}\``);
    expect(JSON.parse(check(plan, "--format", "json").out).access).toHaveLength(1);
  });

  test("but not where the documents are only managed elsewhere", () => {
    expect(entry(["forget"], document({ a: "" }), null).out).toBe("Nothing is lost that is not allowed.\n");
  });
});

describe("is called in a right way", () => {
  const lost = planOf(
    gone(JOBS, stream),
    change("jetstream_stream.prod_cache", ["no-op"], { before: { ...stream, name: "KV_prod_cache" } }),
  );
  test.each<[string, unknown, string[], string]>([
    ["is not JSON", "{", [], "not a plan, since it is not JSON"],
    ["has many lines of JSON, as `plan -json` prints", "{}\n{}", [], "terraform show -json"],
    ["is in binary form", "PK\u0003\u0004xx", [], "a plan in the form that Terraform applies"],
    ["is a state", { format_version: "1.0", values: {} }, [], "not a plan: plan.json"],
    ["is a list", [], [], "not a plan: plan.json"],
    [
      "is of another version",
      { ...lost, format_version: "2.0" },
      [],
      "a plan of format 2.0, which this command does not know",
    ],
    ["has no addresses", planOf({ type: "jetstream_stream" }), [], "a change without an address"],
    ["has changes that are no list", { ...lost, resource_changes: {} }, [], "not a plan"],
    ["is to lose two at once", lost, ["--allow", "prod_jobs,prod_cache"], "can have: prod_jobs,prod_cache"],
    ["is to lose all", lost, ["--allow", "*"], "the option once for each: --allow prod_cache"],
    ["is to lose what has a space", lost, ["--allow", "prod_jobs prod_cache"], "no name that --allow can have"],
    ["is to lose what ends in no line", lost, ["--allow", "prod_jobs\r"], "can have: prod_jobs\\u000d\n"],
    ["is to be written otherwise", lost, ["--format", "md"], "There is text, json, markdown."],
    ["is allowed without a name", lost, ["--allow", ""], "--allow needs a value: --allow [KIND:]NAME"],
  ])("which is refused of a plan that %s", (_, plan, options, message) => {
    const { status, out, err } = check(plan, ...options);
    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain(message);
  });

  test.each<[string, object]>([
    ["that has nothing", { format_version: "1.2", errored: true }],
    ["that changes nothing", { ...planOf(interest), errored: true }],
    ["whose losses are allowed", { ...planOf(gone(JOBS, stream)), errored: true }],
    ["of which parts are deferred", { ...planOf(), deferred_changes: [{ reason: "provider_config_unknown" }] }],
  ])("a plan %s fails where Terraform could not finish it, and does not say that nothing is lost", (_, plan) => {
    for (const format of ["text", "json", "markdown"]) {
      const { status, out } = check(
        plan,
        "--format",
        format,
        ...(JSON.stringify(plan).includes("delete") ? ["--allow", "prod_jobs"] : []),
      );
      expect(status).toBe(4);
      expect(out).toContain("Terraform could not finish the plan, so that it says nothing about the rest.");
      expect(out).not.toContain("Nothing is lost");
    }
  });

  const refused = updateStream({ retention: "workqueue" }, {});
  test.each<[string, object, string, number, string]>([
    ["is not in the plan", planOf(interest), "staging_jobs", 0, "staging_jobs is in this plan nowhere"],
    ["loses nothing", planOf(interest), "prod_jobs", 0, "prod_jobs loses nothing of its own by this plan"],
    ["loses nothing, as another does", lost, "prod_cache", 4, "prod_cache loses nothing of its own by this plan"],
    ["is like one that does", lost, "prod_job", 4, "prod_job is in this plan nowhere; did you mean prod_jobs?"],
    ["is an address of elsewhere", lost, 'module.x["a b"].jetstream_stream.y[0]', 4, ".y[0] is in this plan nowhere"],
    [
      "the server refuses to lose",
      planOf(refused),
      "prod_jobs",
      4,
      "prod_jobs cannot be allowed, since what the server",
    ],
  ])("a name that %s is said and changes nothing", (_, plan, name, expected, says) => {
    for (const format of ["text", "json", "markdown"]) {
      const { status, out, err } = check(plan, "--allow", name, "--format", format);
      expect([status, err]).toEqual([expected, ""]);
      expect(out.replaceAll(/[`\\]/g, "")).toContain(says);
    }
    const [said] = JSON.parse(check(plan, "--allow", name, "--format", "json").out).unneeded;
    expect(said.name).toBe(name);
  });

  test("a name with what may become of it allows nothing else", () => {
    const kept = planOf(change(JOBS, ["forget"], { before: stream }));
    const list = ["--allow", "unmanaged:prod_jobs"];
    expect(check(kept, ...list).status).toBe(0);
    const { status, out } = check(lost, ...list);
    expect(status).toBe(4);
    expect(out).toContain("to allow it: --allow destroyed:prod_jobs\n");
    expect(out).toContain("~ unmanaged:prod_jobs does not allow what becomes of it by this plan: destroyed\n");
    expect(check(lost, "--allow", "destroyed:prod_jobs").status).toBe(0);
    expect(check(lost, "--allow", `destroyed:${JOBS}`).status).toBe(0);
    const emptied = planOf(updateStream({}, { max_age: 5 }));
    expect(check(emptied, "--allow", "destroyed:prod_jobs").status).toBe(4);
    expect(check(emptied, "--allow", "emptied:prod_jobs").status).toBe(0);
    const unknown = check(lost, "--allow", "destroy:prod_jobs");
    expect(unknown.status).toBe(2);
    expect(unknown.err).toContain("what becomes of it, destroyed, emptied, overwritten, leftBehind and unmanaged");
  });

  test("one list of names is for several plans", () => {
    const names = ["--allow", "prod_jobs", "--allow", "prod_cache"];
    expect(check(lost, ...names).status).toBe(0);
    expect(check(planOf(gone("jetstream_kv_bucket.prod_cache", bucket)), ...names).status).toBe(0);
    expect(check(planOf(gone("jetstream_obj_bucket.prod_uploads", store)), ...names).status).toBe(4);
    expect(check(planOf(), ...names).status).toBe(0);
    expect(check(lost, "--allow=prod_jobs").status).toBe(0);
  });

  test("a name that is given twice and not needed is said once", () => {
    const { unneeded } = JSON.parse(check(planOf(), "--allow", "x", "--allow", "x", "--format", "json").out);
    expect(unneeded.map(({ name }: { name: string }) => name)).toEqual(["x"]);
  });

  test("a name that several have must be an address", () => {
    const twice = planOf(gone(JOBS, stream), gone('jetstream_kv_bucket.x["a"]', { ...bucket, name: "prod_jobs" }));
    const { status, err } = check(twice, "--allow", "prod_jobs");
    expect(status).toBe(2);
    expect(err).toContain("--allow jetstream_stream.prod_jobs\n");
    expect(err).toContain("--allow 'jetstream_kv_bucket.x[\"a\"]'\n");
    expect(check(twice).out).toContain("to allow it: --allow 'destroyed:jetstream_kv_bucket.x[\"a\"]'");
    expect(check(twice, "--allow", JOBS, "--allow", 'jetstream_kv_bucket.x["a"]').status).toBe(0);
  });
});

describe("formats", () => {
  const hostile = "`</details>`\n::error::x <b> @me";
  const plan = planOf(gone(JOBS, { ...stream, name: hostile }), updateStream({}, { max_age: 5 }));

  test("json has the same sentences, with names and addresses", () => {
    const { status, out } = check(planOf(gone(JOBS, stream)), "--format", "json");
    expect(status).toBe(4);
    const report = JSON.parse(out);
    expect(report).toMatchObject({ passes: false, allowed: [], access: [] });
    expect(report.destroyed).toEqual([
      {
        kind: "removed",
        text: "stream prod_jobs is destroyed with all of its messages; to allow it: --allow destroyed:prod_jobs",
        details: ["at jetstream_stream.prod_jobs"],
        loss: "destroyed",
        name: "prod_jobs",
        address: JOBS,
      },
    ]);
  });

  test("markdown has names in backticks", () => {
    const { out } = check(planOf(gone(JOBS, stream)), "--format", "markdown");
    expect(out).toContain(
      "### What the plan loses on NATS\n\nThe plan loses something that is not allowed: 1 destroyed.",
    );
    expect(out).toContain("**Destroyed**\n\n- stream `prod_jobs` is destroyed");
    expect(out).toContain("to allow it: `--allow destroyed:prod_jobs`\n");
  });

  test("texts of others end nothing and begin nothing", () => {
    const markdown = check(plan, "--format", "markdown").out;
    expect(markdown).toContain("stream `` `</details>`\\u000a::error::x <b> @me `` is destroyed");
    const { out } = check(plan);
    expect(out).not.toMatch(/^\s*::error/m);
    expect(out).toContain("`</details>`\\u000a::error::x");
    expect(JSON.parse(check(plan, "--format", "json").out).destroyed[0].name).toBe(hostile);
  });
});
