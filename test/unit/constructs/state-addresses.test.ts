import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, LocalBackend, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { AppConstruct, BucketResource, jetstream, KeyValueStore, PlatformConstruct, Stream } from "../../../lib";
import {
  addresses,
  type Block,
  block,
  type Program,
  problemsIn,
  refusal,
  type StackJson,
  synth,
  synthStacks,
  synthTexts,
  testingSynth,
} from "../../support/synth";

const servers = ["nats://nats:4222"];
const prodOf = (scope: Construct, id = "prod") => new PlatformConstruct(scope, id, { platformName: "prod", servers });

function convexOf(scope: Construct, platform: PlatformConstruct, id = "convex"): void {
  const convex = new AppConstruct(scope, id, { appName: "convex", platform, wal: {}, snapshots: {} });
  convex.addConsumer("worker", { stream: convex.addStream("jobs") });
}

/** A resource without where the constructs are that its access document is of. */
function withoutPaths({ value, ...block }: Block): object {
  if (typeof value !== "string") return { value, ...block };
  // The document of a stack has a digest of the others, with their paths.
  const isPath = (name: string) => name === "source" || name === "declaredBy" || name === "digest";
  return { ...block, value: JSON.parse(value, (name, each) => (isPath(name) ? undefined : each)) };
}

const plain: Program = (stack) => {
  const prod = prodOf(stack);
  convexOf(prod, prod);
  new AppConstruct(prod, "cache");
};

describe.each<[string, Program]>([
  [
    "below another scope",
    (stack) => {
      const prod = prodOf(new Construct(new Construct(stack, "team"), "nats"));
      convexOf(prod, prod);
      new AppConstruct(prod, "cache");
    },
  ],
  [
    "with other ids",
    (stack) => {
      const prod = prodOf(stack, "Platform");
      convexOf(prod, prod, "Database");
      new AppConstruct(prod, "Something", { appName: "cache" });
    },
  ],
  [
    "with apps beside the platform",
    (stack) => {
      const prod = prodOf(stack);
      convexOf(stack, prod);
      new AppConstruct(new Construct(stack, "apps"), "cache", { platform: prod });
    },
  ],
  [
    "in another order",
    (stack) => {
      const prod = prodOf(stack);
      new AppConstruct(prod, "cache");
      convexOf(prod, prod);
    },
  ],
])("a program %s", (_where, moved) => {
  test("has the same resources at the same addresses", () => {
    const [before, after] = [synth(plain), synth(moved)];
    expect(addresses(after)).toEqual(addresses(before));
    for (const address of addresses(before)) {
      expect(withoutPaths(block(after, address))).toEqual(withoutPaths(block(before, address)));
    }
  });
});

test("a program below another scope gives the same bytes, but for the paths of its constructs", () => {
  const nested: Program = (stack) => {
    const prod = new PlatformConstruct(new Construct(stack, "team"), "p", { platformName: "prod", servers });
    new AppConstruct(prod, "c", { appName: "convex", wal: {} });
  };
  const flat: Program = (stack) => {
    const prod = new PlatformConstruct(stack, "prod", { servers });
    new AppConstruct(stack, "convex", { platform: prod, wal: {} });
  };
  const { resource: below = {}, ...rest } = JSON.parse(testingSynth(nested)) as StackJson;
  const { resource = {}, ...others } = JSON.parse(testingSynth(flat)) as StackJson;
  expect(rest).toEqual(others);
  const blocks = (types: NonNullable<StackJson["resource"]>) =>
    Object.values(types).flatMap((all) => Object.values(all).map(withoutPaths));
  expect(blocks(below)).toEqual(blocks(resource));
});

test("a program gives the same bytes twice", () => {
  expect(synthTexts(plain)).toEqual(synthTexts(plain));
});

test("a program gives the same bytes from another working directory", () => {
  const program: Program = (stack, app) => {
    plain(stack, app);
    new LocalBackend(stack, { path: "terraform.tfstate" });
  };
  const here = process.cwd();
  const elsewhere = realpathSync(mkdtempSync(join(tmpdir(), "elsewhere-")));
  const before = synthTexts(program);
  try {
    process.chdir(elsewhere);
    expect(process.cwd()).toBe(elsewhere);
    expect(synthTexts(program)).toEqual(before);
  } finally {
    process.chdir(here);
    rmSync(elsewhere, { recursive: true });
  }
});

test("the address of a resource is its name, also with hyphens", () => {
  const stack = synth((scope) => {
    const prod = new PlatformConstruct(scope, "p", { platformName: "prod-eu", servers });
    new AppConstruct(prod, "c", { appName: "image-cache", wal: {} });
  });
  expect(block(stack, "jetstream_stream.prod-eu_image-cache").name).toBe("KV_prod-eu_image-cache");
  expect(block(stack, "jetstream_stream.prod-eu_image-cache_wal").name).toBe("prod-eu_image-cache_wal");
});

describe("what a construct shows of itself", () => {
  const stack = synth((scope) => {
    const prod = prodOf(scope);
    const convex = new AppConstruct(prod, "convex", { wal: {}, snapshots: {} });
    const cache = new AppConstruct(prod, "cache");

    test("its names", () => {
      expect([prod.platformName, prod.naming.account, prod.nodes]).toEqual(["prod", "PROD", []]);
      expect([convex.appName, convex.naming.user]).toEqual(["convex", "prod-convex"]);
    });

    test("the buckets and streams that it has", () => {
      expect([prod.keyValueStore.bucketName, prod.keyValueStore.streamName]).toEqual([
        "prod_platform",
        "KV_prod_platform",
      ]);
      expect([prod.events.streamName, prod.audit.streamName]).toEqual(["prod_events", "prod_audit"]);
      expect(convex.keyValueStore.bucketName).toBe("prod_convex");
      expect(convex.wal?.streamName).toBe("prod_convex_wal");
      expect(convex.snapshots?.bucketName).toBe("prod_convex_snapshots");
      expect(convex.snapshots?.streamName).toBe("OBJ_prod_convex_snapshots");
      expect([cache.wal, cache.snapshots]).toEqual([undefined, undefined]);
      expect(convex.keyValueStore).toBeInstanceOf(KeyValueStore);
      expect(convex.wal).toBeInstanceOf(Stream);
    });

    test("copies of its lists", () => {
      convex.wal?.subjects.push("prod.convex.other");
      expect(convex.wal?.subjects).toEqual(["prod.convex.wal.>"]);
      prod.nodes.push("node-9");
      expect(prod.nodes).toEqual([]);
    });
  });

  test("and the same in Terraform's JSON", () => {
    expect(block(stack, "jetstream_stream.prod_convex_wal").subjects).toEqual(["prod.convex.wal.>"]);
  });
});

test("what the options do not cover can be set on the Terraform resource", () => {
  const stack = synth((scope) => {
    const convex = new AppConstruct(prodOf(scope), "convex", { wal: {} });
    convex.keyValueStore.resource.addOverride("compression", "s2");
    convex.wal?.resource.addOverride("lifecycle.ignore_changes", ["max_bytes"]);
  });
  expect(block(stack, "jetstream_stream.prod_convex").compression).toBe("s2");
  expect(block(stack, "jetstream_stream.prod_convex_wal").lifecycle).toEqual({
    prevent_destroy: true,
    ignore_changes: ["max_bytes"],
  });
});

test("later changes of a list that was passed have no effect", () => {
  const subjects = ["prod._.jobs.a"];
  const nodes = ["node-1"];
  const stack = synth((scope) => {
    const prod = new PlatformConstruct(scope, "prod", { nodes, servers });
    prod.addStream("jobs", { subjects });
    subjects.push("prod._.jobs.b");
    nodes.push("node-2");
    expect(prod.nodes).toEqual(["node-1"]);
  });
  expect(block(stack, "jetstream_stream.prod_jobs").subjects).toEqual(["prod._.jobs.a"]);
});

test("streams and buckets of a platform and its apps with one last name do not meet", () => {
  const stack = synth((scope) => {
    const prod = prodOf(scope);
    prod.addStream("jobs");
    prod.addKeyValueStore("sessions");
    prod.addObjectStore("files");
    for (const app of ["convex", "cache"]) {
      const owner = new AppConstruct(prod, app);
      owner.addStream("jobs");
      owner.addKeyValueStore("sessions");
      owner.addObjectStore("files");
    }
  });
  expect(addresses(stack)).toEqual(
    expect.arrayContaining([
      "jetstream_stream.prod_cache_sessions",
      "jetstream_stream.prod_convex_sessions",
      "jetstream_stream.prod_sessions",
      "jetstream_stream.prod_cache_files",
      "jetstream_stream.prod_convex_files",
      "jetstream_stream.prod_files",
      "jetstream_stream.prod_cache_jobs",
      "jetstream_stream.prod_convex_jobs",
      "jetstream_stream.prod_jobs",
    ]),
  );
});

test("a stack that is not part of the platform is written as it is", () => {
  const texts = synthTexts((stack, app) => {
    prodOf(stack);
    new TerraformStack(app, "unrelated");
  });
  expect(Object.keys(texts).sort()).toEqual(["stack", "unrelated"]);
  expect(texts.unrelated).not.toContain("jetstream");
});

describe("a program of several stacks", () => {
  const program: Program = (stack, app) => {
    const prod = prodOf(stack);
    new AppConstruct(prod, "near");
    const other = new TerraformStack(app, "other");
    const far = new AppConstruct(other, "far", { platform: prod });
    far.consumeEvents();
    far.addKeyValueStore("native", { bucketResource: BucketResource.NATIVE });
    new TerraformStack(app, "unrelated");
  };
  const forgotten = (stack: string) =>
    ((synthStacks(program)[stack] as { removed?: { from: string; lifecycle: object }[] }).removed ?? []).map(
      ({ from }) => from,
    );

  test("forgets in each stack what is in another one, in either shape, and destroys nothing of it", () => {
    const { stack = {}, other = {} } = synthStacks(program);
    const farShapes = ["jetstream_kv_bucket.prod_far", "jetstream_stream.prod_far_native"];
    const nearShapes = ["access", "near", "platform"].map((name) => `jetstream_kv_bucket.prod_${name}`);
    expect(forgotten("stack").sort()).toEqual([...addresses(other), ...farShapes, ...nearShapes].sort());
    expect(forgotten("other").sort()).toEqual([...addresses(stack), ...farShapes, ...nearShapes].sort());
    expect(forgotten("unrelated")).toEqual([]);
  });

  test("forgets nothing that the stack has itself under the same address", () => {
    const stacks = synthStacks((stack, app) => {
      const other = new TerraformStack(app, "other");
      const prod = prodOf(stack);
      const cache = new AppConstruct(other, "cache", { platform: prod });
      for (const [scope, { bucketName: bucket, resource: made }, key] of [
        [stack, prod.keyValueStore, "config.one"],
        [other, cache.keyValueStore, "two"],
      ] as const) {
        new jetstream.KvEntry(scope, "flags", { bucket, key, value: "on", provider: made.provider });
      }
    });
    for (const json of Object.values(stacks)) {
      const { removed = [] } = json as { removed?: { from: string }[] };
      expect(removed.length).toBeGreaterThan(0);
      expect(removed.map(({ from }) => from)).not.toContain("jetstream_kv_entry.flags");
    }
  });

  /** Two stacks of which each has a platform, and an app of the other's. */
  const needing =
    (accessEntries: boolean, consumes: boolean): Program =>
    (one, app) => {
      const two = new TerraformStack(app, "two");
      const live = new PlatformConstruct(one, "live", { servers, accessEntries });
      const trial = new PlatformConstruct(two, "trial", { servers, accessEntries });
      for (const each of [
        new AppConstruct(two, "a", { platform: live }),
        new AppConstruct(one, "b", { platform: trial }),
      ]) {
        if (consumes) each.consumeEvents();
      }
    };

  test.each([
    [true, false],
    [true, true],
    [false, true],
  ])(
    "is refused where stacks need each other (entries: %s, consumers: %s): neither could be applied first",
    (...needs) => {
      const { message = "" } = refusal(needing(...needs));
      expect(problemsIn(message)).toHaveLength(1);
      expect(message).toContain(
        'the stack [two] is to be applied before that of the construct, which it needs itself: "stack"',
      );
    },
  );

  test("is free where they only know of each other", () => {
    expect(refusal(needing(false, false)).message).toBeUndefined();
  });

  test("applies the stack of a stream before that of its consumer", () => {
    const app = new App({ outdir: process.env.TMPDIR });
    const [one, two] = [new TerraformStack(app, "one"), new TerraformStack(app, "two")] as const;
    const prod = new PlatformConstruct(one, "prod", { servers, accessEntries: false });
    const a = new AppConstruct(two, "a", { platform: prod, wal: {} });
    expect([one.dependencies, two.dependencies]).toEqual([[], []]);
    a.addConsumer("worker", { stream: prod.events });
    expect([one.dependencies, two.dependencies]).toEqual([[], [one]]);
  });

  test("applies the platform's stack first", () => {
    const dependencies = (declare: (one: TerraformStack, two: TerraformStack) => void) => {
      const app = new App({ outdir: process.env.TMPDIR });
      const [one, two] = [new TerraformStack(app, "one"), new TerraformStack(app, "two")] as const;
      declare(one, two);
      return [one, two].map((each) => each.dependencies.map(({ node }) => node.id));
    };
    expect(
      dependencies((one, two) => {
        const prod = prodOf(two);
        new AppConstruct(one, "a", { platform: prod });
        new AppConstruct(two, "b", { platform: prod });
      }),
    ).toEqual([["two"], []]);
    expect(
      dependencies((one, two) => {
        const prod = PlatformConstruct.fromPlatformName(one, "prod", "prod", {
          owner: "github.com/acme/search",
          servers,
        });
        new AppConstruct(two, "a", { platform: prod });
      }),
    ).toEqual([[], []]);
  });
});
