import { AppConstruct, PlatformConstruct, type PlatformOptions, type StorageDefaults, StorageType } from "../../../lib";
import { block, storageAddresses, synth } from "../../support/synth";

const servers = ["nats://nats:4222"];

/** The attributes of one stream for what its platform, its app and it itself say. */
const stream = (platform: StorageDefaults, app: StorageDefaults, own: StorageDefaults) =>
  block(
    synth((scope) => {
      const prod = new PlatformConstruct(scope, "prod", { servers, ...platform });
      new AppConstruct(prod, "convex", { ...app }).addStream("jobs", own);
    }),
    "jetstream_stream.prod_convex_jobs",
  );

describe.each<
  [option: string, values: [StorageDefaults, StorageDefaults, StorageDefaults], of: [object, object, object]]
>([
  [
    "replicas",
    [{ replicas: 5 }, { replicas: 3 }, { replicas: 1 }],
    [{ replicas: 5 }, { replicas: 3 }, { replicas: 1 }],
  ],
  [
    "storage",
    [{ storage: StorageType.MEMORY }, { storage: StorageType.FILE }, { storage: StorageType.MEMORY }],
    [{ storage: "memory" }, { storage: "file" }, { storage: "memory" }],
  ],
  [
    "placement",
    [{ placement: { cluster: "a" } }, { placement: { cluster: "b" } }, { placement: { cluster: "c" } }],
    [{ placement_cluster: "a" }, { placement_cluster: "b" }, { placement_cluster: "c" }],
  ],
  [
    "preventDestroy",
    [{ preventDestroy: false }, { preventDestroy: true }, { preventDestroy: false }],
    [{ lifecycle: undefined }, { lifecycle: { prevent_destroy: true } }, { lifecycle: undefined }],
  ],
])("%s", (_option, [platform, app, own], [ofPlatform, ofApp, ofOwn]) => {
  const shown = (attributes: object, like: object) =>
    Object.fromEntries(Object.keys(like).map((name) => [name, (attributes as { [name: string]: unknown })[name]]));

  test("comes from the platform", () => {
    expect(shown(stream(platform, {}, {}), ofPlatform)).toEqual(ofPlatform);
  });

  test("comes from the app before the platform", () => {
    expect(shown(stream(platform, app, {}), ofApp)).toEqual(ofApp);
  });

  test("comes from the resource before both", () => {
    expect(shown(stream(platform, app, own), ofOwn)).toEqual(ofOwn);
  });
});

test("a placement is inherited as a whole", () => {
  const attributes = stream({ placement: { cluster: "a", tags: ["ssd"] } }, {}, { placement: { cluster: "b" } });
  expect(attributes.placement_cluster).toBe("b");
  expect(attributes.placement_tags).toBeUndefined();
});

test("an option that is undefined counts as left out", () => {
  expect(stream({ replicas: 3 }, { replicas: undefined }, { replicas: undefined }).replicas).toBe(3);
});

test("every resource of the platform and its apps inherits the platform's values", () => {
  const stack = synth((scope) => {
    const prod = new PlatformConstruct(scope, "prod", { servers, replicas: 3 });
    new AppConstruct(prod, "convex", { wal: {}, snapshots: {} });
  });
  expect(storageAddresses(stack)).toHaveLength(7);
  expect(storageAddresses(stack).map((address) => block(stack, address).replicas)).toEqual(Array(7).fill(3));
});

test("apps of a platform that another program owns inherit what the reference says", () => {
  const options: PlatformOptions = { owner: "github.com/acme/search", servers, replicas: 3, preventDestroy: false };
  const stack = synth((scope) => {
    const prod = PlatformConstruct.fromPlatformName(scope, "prod", "prod", options);
    new AppConstruct(scope, "convex", { platform: prod });
  });
  expect(block(stack, "jetstream_stream.prod_convex")).toMatchObject({ replicas: 3 });
  expect(block(stack, "jetstream_stream.prod_convex").lifecycle).toBeUndefined();
});

test("the audit stream can be told to allow what it denies by default", () => {
  const stack = synth((scope) => {
    const audit = { denyPurge: false, maxAgeSeconds: 3600 };
    new PlatformConstruct(scope, "prod", { servers, audit });
  });
  expect(block(stack, "jetstream_stream.prod_audit")).toMatchObject({
    deny_delete: true,
    deny_purge: false,
    max_age: 3600,
  });
});

test("an audit stream whose denyDelete is undefined still denies deletion", () => {
  const stack = synth((scope) => {
    new PlatformConstruct(scope, "prod", { servers, audit: { denyDelete: undefined } });
  });
  expect(block(stack, "jetstream_stream.prod_audit").deny_delete).toBe(true);
});
