import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type App, TerraformStack } from "cdktf";
import {
  AppConstruct,
  type AppConstructProps,
  jetstream,
  PlatformConstruct,
  RetentionPolicy,
  RetiredData,
} from "cdktf-nats-platform";
import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import { accountContents } from "../support/account-contents";
import { held } from "../support/held-messages";
import { Pipeline } from "./pipeline";

let toolchain: Toolchain;

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterAll(() => toolchain?.close());

/** A step of a rename: which of the two names an app has, and what becomes of the first. */
interface Step {
  readonly cache: boolean;
  /** Under its new name the app first has a user and an empty bucket, then everything. */
  readonly store: "bare" | "whole";
  readonly retired?: RetiredData;
}

const program =
  ({ cache, store, retired }: Step) =>
  (app: App): void => {
    const stack = new TerraformStack(app, "shop");
    const shop = new PlatformConstruct(stack, "shop", { nodes: ["node-1"], servers: ["nats://127.0.0.1:4222"] });
    const declare = (name: string, props: AppConstructProps) => {
      const declared = new AppConstruct(shop, name, { wal: {}, snapshots: {}, ...props });
      declared.addStream("jobs", { subjects: [`shop.${name}.jobs.*.in`] });
      declared.addStream("work", { retention: RetentionPolicy.WORKQUEUE });
      declared.addKeyValueStore("sessions", { history: 3 });
      return declared;
    };
    const formerly = cache ? declare("cache", { retired }) : undefined;
    if (store === "bare") new AppConstruct(shop, "store");
    else declare("store", { formerly });
  };

test("an app gets another name, and all that it stored comes with it, in the same order", async () => {
  const pipeline = await Pipeline.start(toolchain, program({ cache: true, store: "bare" }));
  try {
    const terraform = await pipeline.terraform("shop");
    const apply = async () => {
      await terraform.apply();
      expect((await terraform.plan()).changes).toEqual([]);
    };
    await apply();
    const keeper = await pipeline.connect("shop-node-1");
    const contents = () => accountContents({ request: (subject, data) => keeper.request(subject, data) });
    const old = (await pipeline.connect("shop-cache")).jetstream();
    const [keys, sessions] = [await old.views.kv("shop_cache"), await old.views.kv("shop_cache_sessions")];
    for (const round of [1, 2, 3, 4]) {
      await keys.put(`key/${round}`, `value ${round}`);
      await sessions.put("one", `session ${round}`);
      await old.publish("shop.cache.wal.frame", `frame ${round}`);
      await old.publish(`shop.cache.jobs.${round}.in`, `job ${round}`);
      await old.publish("shop.cache.work.do", `work ${round}`);
    }
    await keys.delete("key/2");
    const files = await old.views.os("shop_cache_snapshots");
    await files.putBlob({ name: "snapshot" }, new Uint8Array(300_000).fill(7));

    await pipeline.change(program({ cache: true, store: "whole" }));
    expect((await terraform.plan()).changes).toEqual(expect.not.arrayContaining([expect.stringMatching(/cache/)]));
    await apply();
    await old.publish("shop.cache.wal.frame", "written while it is copied");
    const check = () => pipeline.command("shop-node-1", "check-copies");
    const queued = check();
    expect(queued).toEqual({
      status: 4,
      text: expect.stringMatching(/^shop_store_wal has all of shop_cache_wal: 5 messages$/m),
    });
    expect(queued.text).toMatch(/^shop_cache_work is copied by nothing: 4 messages$/m);
    const { "*_work": work, ...before } = held(await contents(), "shop_cache");
    expect(work).toHaveLength(4);
    await keeper.request("$JS.API.STREAM.PURGE.shop_cache_work");
    expect(check()).toEqual({ status: 0, text: expect.not.stringContaining("warning") });
    expect(held(await contents(), "shop_store")).toEqual({ ...before, "*_work": [] });
    expect(Object.values(before).map((messages) => messages.length > 0)).not.toContain(false);

    const now = (await pipeline.connect("shop-store")).jetstream();
    const renamed = await now.views.kv("shop_store");
    expect((await renamed.get("key/3"))?.string()).toBe("value 3");
    expect((await renamed.get("key/2"))?.operation).toBe("DEL");
    expect(await (await now.views.os("shop_store_snapshots")).getBlob("snapshot")).toHaveLength(300_000);
    await renamed.put("key/1", "changed under the new name");
    expect(check()).toEqual({
      status: 0,
      text: expect.stringMatching(
        /^warning: KV_shop_store has 1 message of its own, and still copies KV_shop_cache: /m,
      ),
    });
    await keeper.request("$JS.API.STREAM.MSG.DELETE.shop_store_wal", JSON.stringify({ seq: 2 }));
    expect(check()).toEqual({
      status: 4,
      text: expect.stringMatching(/^shop_store_wal lacks 1 of 5 messages of shop_cache_wal: 2$/m),
    });

    await pipeline.change(program({ cache: true, store: "whole", retired: RetiredData.DELETE }));
    expect(check()).toEqual({
      status: 4,
      text: expect.stringMatching(/^shop_store_wal lacks 1 of 5 messages of shop_cache_wal: 2$/m),
    });
    await apply();
    const gone = check();
    expect(gone).toEqual({ status: 0, text: expect.stringMatching(/^shop_cache_wal, which is retired, is gone$/m) });
    expect(gone.text).not.toMatch(/warning|Nothing lacks/);
    await pipeline.change(program({ cache: false, store: "whole" }));
    await apply();
    const after = await contents();
    expect(held(after, "shop_cache")).toEqual({});
    expect(after.shop_store_wal?.config.sources).toBeUndefined();
    expect(held(after, "shop_store")["*_wal"]).toHaveLength(4);
    expect((await renamed.get("key/1"))?.string()).toBe("changed under the new name");
  } finally {
    await pipeline.stop();
  }
});

/** An app that gets another name, with a key of its bucket that Terraform writes. */
const withEntry =
  ({ copies, entry }: { readonly copies: boolean; readonly entry: boolean }) =>
  (app: App): void => {
    const stack = new TerraformStack(app, "shop");
    const shop = new PlatformConstruct(stack, "shop", { nodes: ["node-1"], servers: ["nats://127.0.0.1:4222"] });
    const cache = new AppConstruct(shop, "cache");
    new AppConstruct(shop, "store", { formerly: copies ? cache : undefined });
    if (!entry) return;
    const { bucketName: bucket, resource } = cache.keyValueStore;
    const { provider } = resource;
    new jetstream.KvEntry(stack, "mode", { bucket, key: "mode", value: "on", provider, dependsOn: [resource] });
  };

test("a key whose deletion would be copied is named before, and stays when the copying ends first", async () => {
  const pipeline = await Pipeline.start(toolchain, withEntry({ copies: true, entry: true }));
  try {
    const terraform = await pipeline.terraform("shop");
    await terraform.apply();
    const check = async () => {
      await terraform.run("plan", "-out=check.tfplan");
      const plan = await terraform.run("show", "-json", "check.tfplan");
      writeFileSync(join(pipeline.workspace.folder, "plan.json"), plan);
      return pipeline.command("shop-node-1", "check-plan", "plan.json");
    };
    pipeline.workspace.synth(withEntry({ copies: true, entry: false }));
    const named =
      /key mode of key-value bucket shop_cache is destroyed [^\n]*\n[^\n]*\n +its deletion is copied by KV_shop_store$/m;
    expect(await check()).toEqual({ status: 4, text: expect.stringMatching(named) });
    await pipeline.change(withEntry({ copies: false, entry: true }));
    await terraform.apply();
    pipeline.workspace.synth(withEntry({ copies: false, entry: false }));
    expect(await check()).toEqual({ status: 4, text: expect.not.stringContaining("its deletion is copied") });
    await terraform.apply();
    const { views } = (await pipeline.connect("shop-node-1")).jetstream();
    const values = await Promise.all(
      ["shop_cache", "shop_store"].map(async (each) => (await (await views.kv(each)).get("mode"))?.operation),
    );
    expect(values).toEqual(["DEL", "PUT"]);
  } finally {
    await pipeline.stop();
  }
});
