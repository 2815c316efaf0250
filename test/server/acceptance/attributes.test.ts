import { isDeepStrictEqual } from "node:util";
import { Aspects, type TerraformResource } from "cdktf";
import { connect, type NatsConnection } from "nats";
import {
  AppConstruct,
  BucketResource,
  type KeyValueStore,
  type ObjectStore,
  type PlatformConstruct,
  RetentionPolicy,
} from "../../../lib";
import { ATTRIBUTES, valueFault } from "../../../lib/storage/attribute-rules";
import { TestServer } from "../../../scripts/tools/nats-server";
import { normalized } from "../../../scripts/tools/provider/plan";
import { type BlockSchema, providerSchema, resourceSchema } from "../../../scripts/tools/provider/schema";
import { ServerApi } from "../../../scripts/tools/provider/server-api";
import type { Attributes } from "../../../scripts/tools/provider/stream-config";
import { configurationErrors } from "../../../scripts/tools/provider/validate";
import { prodOf } from "../../support/prod";
import { randomNumbers } from "../../support/random";
import { ALL, sample } from "../../support/sample";
import { problemsIn, synth } from "../../support/synth";
import { TYPES } from "./trial";

/** How many random sets of attributes are tried with each kind of resource; of single values, `all` or one in twelve. */
const SETS = Number(process.env.ATTRIBUTE_SETS ?? (ALL ? 400 : 12));
const SEED = Number(process.env.ATTRIBUTE_SEED ?? 1);

/** The kinds of resources whose attributes can be set, each with a declaration of an app of its own. */
const KINDS: { readonly [kind: string]: (app: AppConstruct) => TerraformResource } = {
  "a stream": (app) => app.addStream("jobs").resource,
  "a stream with an age limit": (app) => app.addStream("jobs", { maxAgeSeconds: 60 }).resource,
  "a mirror": (app) => app.addStream("jobs", { mirror: { stream: app.addStream("origin") } }).resource,
  "a stream with sources": (app) => app.addStream("jobs", { sources: [{ stream: app.addStream("origin") }] }).resource,
  "a bucket": (app) => (app.keyValueStore as KeyValueStore).resource,
  "a native bucket": (app) => app.addKeyValueStore("old", { bucketResource: BucketResource.NATIVE }).resource,
  "an object store": (app) => (app.addObjectStore("files") as ObjectStore).resource,
  "a native object store": (app) => app.addObjectStore("files", { bucketResource: BucketResource.NATIVE }).resource,
  "a consumer": (app) => app.addConsumer("worker", { stream: app.addStream("jobs") }).resource,
  "a consumer with steps": (app) =>
    app.addConsumer("worker", { stream: app.addStream("jobs"), backoffSeconds: [5, 10], maxDeliver: 4 }).resource,
  "a consumer of a work queue": (app) =>
    app.addConsumer("worker", { stream: app.addStream("jobs", { retention: RetentionPolicy.WORKQUEUE }) }).resource,
};

const LONG = "x".repeat(5_000);

const NUMBERS = [-5, -1, 0, 1, 2, 5, 6, 64, 65, 100, 101, 2 ** 31, 1.5, "7", "x", true, [1]];

const VALUES: { readonly [type: string]: readonly unknown[] } = {
  number: NUMBERS,
  bool: [true, false, "true", "false", "yes", 1, [true]],
  string: ["", "x", "a b", LONG, 5, ["x"], "old", "new", "file", "memory", "limits", "interest", "workqueue"],
  list: [
    [],
    ["prod.app.jobs.a"],
    ["prod.app.jobs.a", "prod.app.jobs.b"],
    ["prod.app.jobs.>"],
    ["x"],
    ["x", "x"],
    ["a b"],
    [LONG],
    "x",
    [1],
    [30, 60],
    [5, 10, 20, 40, 80],
    [-1],
    [0],
    [""],
  ],
  map: [{}, { a: "b" }, { "": "b" }, { "_nats.x": "b" }, { a: 1 }, { a: "x".repeat(140_000) }, "x"],
};

/** Words that single attributes know, beside the values of their types. */
const WORDS: { readonly [attribute: string]: readonly unknown[] } = {
  compression: ["none", "s2"],
  persist_mode: ["default", "async"],
  ack_policy: ["explicit", "all", "none", "flow_control"],
  replay_policy: ["instant", "original"],
  priority_policy: ["none", "overflow", "pinned_client", "prioritized"],
  republish_source: [">", "prod.app.jobs.>"],
  republish_destination: ["prod.app.again.>"],
  start_time: ["2026-01-31T00:00:00Z", "2026-01-31T00:00:00.000Z", "2026-01-31T00:00:00.5Z"],
  filter_subject: ["prod.x", "prod.app.jobs.a"],
};

interface Variant {
  readonly kind: string;
  readonly set: Attributes;
}

const typeOf = (kind: string): string => {
  let type = "";
  synth((stack) => {
    const app = new AppConstruct(prodOf(stack), "app");
    type = (KINDS[kind] as (app: AppConstruct) => TerraformResource)(app).terraformResourceType;
  });
  return type;
};

const TYPE_OF = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, typeOf(kind)]));

/** One block that a stream may have of an origin, with what is right and wrong in it. */
const ORIGINS = [
  {},
  { start_seq: 5 },
  { start_seq: -1 },
  { start_seq: 1.5 },
  { start_time: "2026-01-31T00:00:00Z" },
  { start_time: "2026-01-31T00:00:00.000Z" },
  { start_time: "yesterday" },
  { start_time: "" },
  { filter_subject: "" },
  { filter_subject: "x.>" },
  { filter_subject: "x", subject_transform: [{ source: "x", destination: "y" }] },
  { subject_transform: [{ source: "x.*", destination: "y.{{wildcard(1)}}" }] },
  { subject_transform: [{ source: "x.>" }] },
  { external: [{ api: "$JS.hub.API" }] },
  { external: { api: "$JS.hub.API", deliver: "d" } },
  { external: [] },
  { external: [{}] },
];

const named = ORIGINS.map((each) => [{ name: "elsewhere", ...each }]);

const BLOCKS: { readonly [block: string]: readonly unknown[] } = {
  mirror: ["x", [], [{}], [{ name: null }], [...named, ...named].slice(0, 2).flat(), ...named],
  source: ["x", [], [{}], [null], { name: "elsewhere" }, [{ name: "a" }, { name: "a" }], [{ name: "a.b" }], ...named],
  subject_transform: [
    "x",
    [],
    [{ source: "x" }],
    [{ source: "x.>", destination: "y.>" }],
    { source: "x.>", destination: "y.>" },
    [{ source: "x.*", destination: "y" }],
    [{ source: ">", destination: "" }],
    [1, 2].map((each) => ({ source: `x${each}`, destination: "y" })),
  ],
};

/** The attributes of a type of resource that may be set, with the values that are tried. */
function valuesOf(type: string): [string, readonly unknown[]][] {
  const { attributes, block_types = {} } = resourceSchema(type);
  return [
    ...Object.entries(attributes).map(([name, { type: of }]): [string, readonly unknown[]] => [
      name,
      [null, ...(VALUES[[of].flat()[0] ?? ""] ?? []), ...(WORDS[name] ?? [])],
    ]),
    ...Object.keys(block_types).map((name): [string, readonly unknown[]] => [name, BLOCKS[name] ?? []]),
  ];
}

/** The same without values that are wrong by themselves. */
function rightOf(type: string): [string, readonly unknown[]][] {
  return valuesOf(type).flatMap(([name, values]) => {
    const right = values.filter((value) => !valueFault(name, value, ATTRIBUTES[type]?.[name]));
    return right.length > 0 ? [[name, right]] : [];
  });
}

function singles(): Variant[] {
  const all = Object.keys(KINDS).flatMap((kind) =>
    valuesOf(TYPE_OF[kind] ?? "").flatMap(([name, values]) =>
      values.map((value) => ({ kind, set: { [name]: value } })),
    ),
  );
  return sample(all, 24);
}

/** Attributes of which rules say how they go together. */
const TOGETHER = [
  ["priority_policy", "priority_groups", "priority_timeout"],
  ["max_age", "duplicate_window", "mirror"],
  ["max_age", "duplicate_window", "source"],
  ["allow_rollup_hdrs", "deny_purge", "subject_delete_marker_ttl", "allow_msg_ttl"],
  ["discard", "discard_new_per_subject", "max_msgs_per_subject", "allow_msg_counter"],
  ["backoff", "ack_wait", "max_delivery"],
  ["republish_source", "republish_destination"],
  ["deliver_all", "deliver_new", "deliver_last_per_subject", "start_time", "stream_sequence", "filter_subject"],
  ["filter_subject", "filter_subjects"],
  ["mirror", "source", "subjects", "mirror_direct"],
  ["placement_cluster", "placement_tags"],
  ["persist_mode", "storage", "allow_atomic"],
];

function sets(): Variant[] {
  const random = randomNumbers(SEED);
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  return Object.keys(KINDS).flatMap((kind) => {
    const choices = rightOf(TYPE_OF[kind] ?? "");
    const drawn = () => {
      const [name, values] = one(choices);
      return [name, one(values)] as const;
    };
    const related = TOGETHER.map((names) => choices.filter(([name]) => names.includes(name))).filter(
      (group) => group.length > 0,
    );
    const drawnOf = (group: typeof choices) => group.map(([name, values]) => [name, one(values)] as const);
    return Array.from({ length: SETS }, (_, index) => ({
      kind,
      set: Object.fromEntries(index % 2 === 0 ? [drawn(), drawn(), drawn()] : [...drawnOf(one(related)), drawn()]),
    }));
  });
}

/** What Terraform makes of a value of a type. */
function converted(type: unknown, value: unknown): unknown {
  const [kind, of] = [type].flat() as [string, unknown];
  const fail = (): never => {
    throw new Error(`Terraform makes no ${JSON.stringify(type)} of ${JSON.stringify(value)}`);
  };
  if (value === null || value === undefined) return value;
  if (kind === "list") return Array.isArray(value) ? value.map((each) => converted(of, each)) : fail();
  if (kind === "map") {
    if (typeof value !== "object" || Array.isArray(value)) return fail();
    return Object.fromEntries(Object.entries(value as object).map(([name, each]) => [name, converted(of, each)]));
  }
  if (typeof value === "object") return fail();
  if (kind === "string") return String(value);
  if (kind === "bool") return ["true", "false"].includes(String(value)) ? String(value) === "true" : fail();
  return Number.isInteger(Number(value)) && value !== "" && typeof value !== "boolean" ? Number(value) : fail();
}

/** Blocks as the provider gets them; what Terraform finds missing is refused. */
function blocksAs(name: string, schema: BlockSchema | undefined, value: unknown): unknown {
  if (value === null || value === undefined) return [];
  if (!schema) throw new Error(`Terraform knows no ${name}`);
  const { attributes, block_types = {} } = schema;
  return [value].flat().map((block) => {
    if (typeof block !== "object" || block === null) throw new Error(`${name} is no block`);
    const given = block as Attributes;
    for (const [each, { required }] of Object.entries(attributes)) {
      if (required && (given[each] === null || given[each] === undefined)) throw new Error(`${name} lacks ${each}`);
    }
    return Object.fromEntries(
      Object.entries(given).map(([each, inner]) => [
        each,
        attributes[each] ? converted(attributes[each].type, inner) : blocksAs(each, block_types[each]?.block, inner),
      ]),
    );
  });
}

/** The attributes of a resource in a stack's JSON as the provider gets them. */
function asked(
  type: string,
  { "//": _, lifecycle: __, depends_on: ___, provider: ____, ...given }: Attributes,
): Attributes {
  const { attributes, block_types = {} } = resourceSchema(type);
  const all = Object.entries(given).map(([name, value]) => [
    name,
    attributes[name] ? converted(attributes[name].type, value) : blocksAs(name, block_types[name]?.block, value),
  ]);
  return Object.fromEntries(all);
}

/** A value with the name of an app in its subjects. */
const inApp = (app: string, value: unknown) =>
  JSON.parse(JSON.stringify(value).replaceAll("prod.app.", `prod.${app}.`));

/** A program in which each variant has an app of its own, and its attributes are set by an Aspect. */
const program =
  (variants: readonly (readonly [string, Variant])[]) =>
  (stack: Parameters<Parameters<typeof synth>[0]>[0]): void => {
    const prod: PlatformConstruct = prodOf(stack);
    for (const [name, { kind, set }] of variants) {
      const app = new AppConstruct(prod, name);
      const resource = (KINDS[kind] as (app: AppConstruct) => TerraformResource)(app);
      Aspects.of(app).add({
        visit: (node) => {
          if (node !== resource) return;
          for (const [attribute, value] of Object.entries(set)) resource.addOverride(attribute, inApp(name, value));
        },
      });
    }
  };

function messageOf(action: () => unknown): string {
  try {
    action();
    return "";
  } catch (error) {
    return String(error);
  }
}

/** The variants that synth accepts, by the names of their apps, which begin with a letter. */
function acceptedOf(letter: string, all: readonly Variant[]) {
  const named = all.map((variant, index) => [`${letter}${index}`, variant] as const);
  const message = messageOf(() => synth(program(named)));
  const refused = new Set(problemsIn(message).map((problem) => /\[stack\/prod\/([a-z]\d+)\b/.exec(problem)?.[1]));
  return named.filter(([name]) => !refused.has(name));
}

let server: TestServer;
let connection: NatsConnection;

beforeAll(async () => {
  server = await TestServer.start({ storage: 1_000_000_000_000 });
  connection = await connect({ servers: server.url });
});

afterAll(async () => {
  await connection?.close();
  await server?.stop();
}, 60_000);

/** Makes one resource; says what is wrong with that. A single server makes one replica of each stream. */
async function trial(api: ServerApi, type: string, given: Attributes): Promise<string | undefined> {
  try {
    const attributes = asked(type, given);
    const [refused] = configurationErrors(type, normalized(type, attributes));
    const wrong = configurationErrors(type, { ...attributes });
    if (wrong.length > 0) return wrong[0] ?? refused;
    const planned = normalized(type, attributes) as Attributes;
    const single = Number(planned.replicas) > 1 ? { ...planned, replicas: 1 } : planned;
    const resource = TYPES[type];
    const id = await resource?.create(api, single);
    const found = await resource?.read(api, id ?? "");
    if (!found) return "it is not there";
    const next = normalized(type, { ...single, ...found }) as Attributes;
    const differ = Object.keys(single).filter((name) => name !== "id" && !isDeepStrictEqual(single[name], next[name]));
    const { attributes: schema } = resourceSchema(type);
    const isKept = (name: string) => schema[name]?.computed === true && (attributes[name] ?? null) === null;
    const restless = differ.filter((name) => !isKept(name));
    return restless.length === 0
      ? undefined
      : `never at rest: ${restless.map((name) => `${name} ${JSON.stringify(single[name])} is ${JSON.stringify(next[name])}`)}`;
  } catch (error) {
    return String(error);
  }
}

/** What the provider and the server refuse of what synth accepts. */
async function failures(letter: string, variants: readonly Variant[]) {
  const accepted = acceptedOf(letter, variants);
  const { resource = {} } = synth(program(accepted));
  const api = new ServerApi(connection);
  const found: string[] = [];
  const byApp = new Map<string, Variant>(accepted);
  for (const type of ["jetstream_stream", "jetstream_kv_bucket", "jetstream_obj_bucket", "jetstream_consumer"]) {
    for (const [address, attributes] of Object.entries(resource[type] ?? {})) {
      const variant = byApp.get(/^prod_([a-z]\d+)/.exec(address)?.[1] ?? "");
      const fault = await trial(api, type, attributes);
      if (fault) found.push(`${variant?.kind} with ${JSON.stringify(variant?.set ?? address).slice(0, 160)}: ${fault}`);
    }
  }
  return { found, accepted: accepted.length };
}

test("each attribute of the provider has a rule", () => {
  for (const type of new Set(Object.values(TYPE_OF))) {
    const { attributes, block_types = {} } = resourceSchema(type);
    expect(Object.keys(ATTRIBUTES[type] ?? {}).sort()).toEqual(
      [...Object.keys(attributes), ...Object.keys(block_types)].sort(),
    );
  }
  expect(new Set(Object.values(TYPE_OF)).size).toBe(Object.keys(providerSchema.resource_schemas).length - 1);
});

test("the server takes whatever synth accepts of single attributes, and keeps it", async () => {
  const { found, accepted } = await failures("v", singles());
  expect(found).toEqual([]);
  expect(accepted).toBeGreaterThan(30);
}, 600_000);

test("the server takes whatever synth accepts of several attributes, and keeps it", async () => {
  const { found, accepted } = await failures("w", sets());
  expect(found).toEqual([]);
  expect(accepted).toBeGreaterThan(SETS);
}, 600_000);
