import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type NatsConnection } from "nats";
import { TestServer } from "../../scripts/tools/nats-server";
import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import { ServerApi } from "../../scripts/tools/provider/server-api";
import { streamConfigOf } from "../../scripts/tools/provider/stream-config";
import { Terraform } from "../../scripts/tools/terraform";
import { expression } from "../support/synth";

// What the library relies on in the provider, whichever one the tests run with.

jest.setTimeout(60_000);

interface Types {
  readonly [type: string]: { readonly [name: string]: object };
}

let toolchain: Toolchain;
let server: TestServer;
let connection: NatsConnection;
let api: ServerApi;
let folder: string;
let terraform: Terraform;

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterAll(() => toolchain?.close());

beforeEach(async () => {
  server = await TestServer.start();
  connection = await connect({ servers: server.url });
  api = new ServerApi(connection);
  folder = mkdtempSync(join(tmpdir(), "provider-"));
  terraform = new Terraform(toolchain, folder);
});

afterEach(async () => {
  await connection?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function write(resource: Types, blocks: object = {}): void {
  const json = {
    terraform: { required_providers: { jetstream: { source: "nats-io/jetstream" } } },
    provider: { jetstream: [{ servers: server.url }] },
    resource,
    ...blocks,
  };
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(json));
}

async function use(resource: Types, blocks: object = {}): Promise<void> {
  write(resource, blocks);
  await terraform.init();
}

const ALL_TYPES = {
  jetstream_stream: { jobs: { name: "jobs", subjects: ["jobs.>"], max_age: 3600, metadata: { team: "core" } } },
  jetstream_consumer: {
    worker: {
      stream_id: expression("jetstream_stream.jobs.id"),
      durable_name: "worker",
      deliver_all: true,
      ack_wait: 45,
      backoff: [45, 90],
      max_delivery: 3,
    },
  },
  jetstream_kv_bucket: { settings: { name: "settings", ttl: 600, limit_marker_ttl: 10 } },
  jetstream_kv_entry: {
    greeting: { bucket: expression("jetstream_kv_bucket.settings.name"), key: "a.b", value: "hello" },
  },
};

const IDS = {
  "jetstream_stream.jobs": "JETSTREAM_STREAM_jobs",
  "jetstream_consumer.worker": "JETSTREAM_STREAM_jobs_CONSUMER_worker",
  "jetstream_kv_bucket.settings": "JETSTREAM_KV_settings",
  "jetstream_kv_entry.greeting": "JETSTREAM_KV_settings_ENTRY_a.b",
};

test("has these ids, counts in seconds and finds nothing to do after it", async () => {
  await use(ALL_TYPES);
  await terraform.apply();
  const state = await terraform.state();
  expect(Object.fromEntries(state.map(({ address, values }) => [address, values.id]))).toEqual(IDS);
  expect((await api.stream("jobs"))?.config).toMatchObject({ max_age: 3600e9, duplicate_window: 120e9 });
  expect((await api.consumer("jobs", "worker"))?.config).toMatchObject({ ack_wait: 45e9, backoff: [45e9, 90e9] });
  expect((await api.stream("KV_settings"))?.config).toMatchObject({ max_age: 600e9, max_msgs_per_subject: 5 });
  expect((await terraform.plan()).changes).toEqual([]);
});

test("imports by id and finds nothing to do", async () => {
  await use(ALL_TYPES);
  await terraform.apply();
  rmSync(join(folder, "terraform.tfstate"));
  write(ALL_TYPES, { import: Object.entries(IDS).map(([to, id]) => ({ to, id })) });
  const { changes } = await terraform.plan();
  expect(changes.map(({ address, change }) => [address, ...change.actions, change.importing?.id])).toEqual(
    Object.entries(IDS)
      .sort()
      .map(([address, id]) => [address, "no-op", id]),
  );
  await terraform.applyPlan();
  expect((await terraform.plan()).changes).toEqual([]);
});

test("fails to import what does not exist", async () => {
  await use({ jetstream_stream: ALL_TYPES.jetstream_stream });
  await expect(terraform.import("jetstream_stream.jobs", "JETSTREAM_STREAM_jobs")).rejects.toThrow(
    "Cannot import non-existent remote object",
  );
});

test("updates in place, writes over an existing value, and removes", async () => {
  await use(ALL_TYPES);
  await terraform.apply();
  const { jetstream_stream, jetstream_kv_entry, ...rest } = ALL_TYPES;
  const jobs = { ...jetstream_stream.jobs, max_age: 7200 };
  const greeting = { ...jetstream_kv_entry.greeting, value: "good day" };
  write({ ...rest, jetstream_stream: { jobs }, jetstream_kv_entry: { greeting } });
  const { changes } = await terraform.plan();
  expect(changes.map(({ address, change }) => [address, ...change.actions])).toEqual([
    ["jetstream_kv_entry.greeting", "update"],
    ["jetstream_stream.jobs", "update"],
  ]);
  await terraform.applyPlan();
  expect((await api.stream("jobs"))?.config.max_age).toBe(7200e9);
  expect((await api.entry("settings", "a.b"))?.value).toBe("good day");
  await terraform.destroy();
  expect(await api.streams()).toEqual([]);
});

test("replaces what cannot be changed", async () => {
  await use({ jetstream_stream: { jobs: { name: "jobs", subjects: ["jobs.>"] } } });
  await terraform.apply();
  write({ jetstream_stream: { jobs: { name: "jobs", subjects: ["jobs.>"], storage: "memory" } } });
  const { changes } = await terraform.plan();
  expect(changes.map(({ change }) => change.actions)).toEqual([["delete", "create"]]);
});

test("takes in a stream that exists with the same configuration", async () => {
  await api.createStream(streamConfigOf("jetstream_stream", ALL_TYPES.jetstream_stream.jobs));
  connection.publish("jobs.one");
  await use({ jetstream_stream: ALL_TYPES.jetstream_stream });
  await terraform.apply();
  expect((await api.stream("jobs"))?.state.messages).toBe(1);
  expect((await terraform.plan()).changes).toEqual([]);
});

test("refuses a stream that exists with another configuration", async () => {
  await api.createStream({ name: "jobs", subjects: ["jobs.>"] });
  await use({ jetstream_stream: ALL_TYPES.jetstream_stream });
  await expect(terraform.apply()).rejects.toThrow(/stream name already in use/);
});

test("refuses a key-value bucket that exists, even the same one", async () => {
  const bucket = { name: "settings" };
  await api.createStream(streamConfigOf("jetstream_kv_bucket", bucket));
  await use({ jetstream_kv_bucket: { bucket } });
  await expect(terraform.apply()).rejects.toThrow("bucket settings already exist");
});

test("says that a stream cannot have three replicas on one server", async () => {
  await use({ jetstream_stream: { jobs: { name: "jobs", subjects: ["jobs.>"], replicas: 3 } } });
  await expect(terraform.apply()).rejects.toThrow(/replicas > 1 not supported in non-clustered mode/);
});

test("hides why a key-value bucket cannot have three replicas on one server", async () => {
  await use({ jetstream_kv_bucket: { settings: { name: "settings", replicas: 3 } } });
  const refusal = terraform.apply().catch((error: Error) => error.message);
  expect(await refusal).toMatch(/was\s+present,\s+but\s+now\s+absent/);
  expect(await refusal).not.toMatch(/replicas > 1/);
});

test.each([
  [{ jetstream_kv_bucket: { b: { name: "b", history: 129 } } }, /expected history to be/],
  [{ jetstream_kv_bucket: { b: { name: "b", storage: "tape" } } }, /expected storage to be one of/],
  [
    {
      jetstream_consumer: {
        c: {
          stream_id: "JETSTREAM_STREAM_s",
          durable_name: "c",
          deliver_all: true,
          filter_subject: "a",
          filter_subjects: ["b", "c"],
        },
      },
    },
    /conflicts with filter_subjects/,
  ],
  [
    {
      jetstream_consumer: {
        c: { stream_id: "JETSTREAM_STREAM_s", durable_name: "c", deliver_all: true, deliver_new: true },
      },
    },
    /only one of/,
  ],
])("refuses the configuration %j", async (resources: Types, message: RegExp) => {
  await use(resources);
  await expect(terraform.validate()).rejects.toThrow(message);
});

test("says that it cannot connect", async () => {
  await use({ jetstream_stream: ALL_TYPES.jetstream_stream });
  await connection.close();
  await server.halt();
  await expect(terraform.apply()).rejects.toThrow(/no servers available|CONNECTION_REFUSED|ECONNREFUSED/);
});

/** Object buckets are newer than release 0.4.0 of the real provider. */
async function hasObjectBuckets(): Promise<boolean> {
  const outcome = await terraform.validate().catch((error: Error) => error.message);
  return !outcome?.includes("does not support resource type");
}

test("creates object buckets, where it has them, and refuses one that exists", async () => {
  const bucket = { name: "files", ttl: 60, compression: true };
  await use({ jetstream_obj_bucket: { bucket } });
  if (!(await hasObjectBuckets())) return;
  await terraform.apply();
  expect((await terraform.state())[0]?.values.id).toBe("JETSTREAM_OBJ_files");
  expect((await api.stream("OBJ_files"))?.config).toMatchObject(streamConfigOf("jetstream_obj_bucket", bucket));
  expect((await terraform.plan()).changes).toEqual([]);
  rmSync(join(folder, "terraform.tfstate"));
  await expect(terraform.apply()).rejects.toThrow("bucket files already exist");
});
