import { type App, TerraformStack, TerraformVariable } from "cdktf";
import {
  AppConstruct,
  type AppConstructProps,
  Isolation,
  jetstream,
  PlatformConstruct,
  type PlatformConstructProps,
  type PlatformOptions,
  RetiredData,
} from "cdktf-nats-platform";
import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import { ServerApi } from "../../scripts/tools/provider/server-api";
import type { ResourceChange, Terraform } from "../../scripts/tools/terraform";
import { wholeStacks } from "../support/access-documents";
import { sample } from "../support/sample";
import { formerAccounts, formerStack } from "./former-version";
import { Pipeline } from "./pipeline";
import { asked } from "./server-view";
import type { Declare, Workspace } from "./workspace";

let toolchain: Toolchain;

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterAll(() => toolchain?.close());

const servers = ["nats://127.0.0.1:4222"];

type StackName = "one" | "two";

/** What differs in the program of the company. */
interface Shape {
  readonly platform?: Partial<PlatformConstructProps>;
  /** The stack of the app `orders`. */
  readonly orders?: StackName;
  /** Where `orders` was before. */
  readonly from?: StackName;
}

/** A platform in one stack, with an app of each kind there, and apps in another stack. */
const company =
  ({ platform, orders = "one", from }: Shape = {}): Declare =>
  (app: App) => {
    const stacks = { one: new TerraformStack(app, "one"), two: new TerraformStack(app, "two") };
    const shop = new PlatformConstruct(stacks.one, "shop", { nodes: ["node-1"], servers, ...platform });
    const declare = (name: string, stack: StackName, props: Partial<AppConstructProps> = {}) => {
      const declared = new AppConstruct(stacks[stack], name, { platform: shop, wal: {}, ...props });
      declared.publishEvents(`${name}.>`);
      return declared;
    };
    declare("orders", orders, { movedFrom: from && stacks[from] }).consumeEvents();
    declare("stock", "one", { isolation: Isolation.ACCOUNT });
    declare("desk", "two");
  };

/**
 * Another program, with an app of the same platform.
 *
 * @param hasProvider whether it declares the provider of the documents itself, so that Terraform can remove those that it had
 */
const reports =
  (options: PlatformOptions = {}, hasProvider = false): Declare =>
  (app) => {
    const stack = new TerraformStack(app, "reports");
    const owner = "acme/reports";
    const platform = PlatformConstruct.fromPlatformName(stack, "shop", "shop", { servers, owner, ...options });
    new AppConstruct(stack, "reports", { platform, wal: {} }).consumeEvents();
    if (!hasProvider) return;
    const { accessStore: alias, accessTerraformUser: user, accessTerraformPasswordVariable } = platform.naming;
    const password = new TerraformVariable(stack, accessTerraformPasswordVariable, { sensitive: true });
    new jetstream.JetstreamProvider(stack, "documents", {
      alias,
      servers: servers.join(),
      user,
      password: password.value,
    });
  };

/** The version of the library by which a server came to what it has. */
type Version = "a former" | "the present";

/** Everything that is applied: the stacks of both programs, those first that others need. */
class Company {
  /** The server and the states as a version leaves them, with messages in streams. */
  public static async of(version: Version, program = company()): Promise<Company> {
    const pipeline = await Pipeline.start(toolchain, program);
    const other = pipeline.addWorkspace();
    other.synth(reports());
    if (version === "a former") await pipeline.nats.reload(formerAccounts(pipeline.workspace.accounts));
    const places: readonly [string, Workspace][] = [
      ["one", pipeline.workspace],
      ["two", pipeline.workspace],
      ["reports", other],
    ];
    const stacks = new Map<string, Terraform>();
    for (const [name, workspace] of places) {
      if (version === "a former") workspace.rewrite(name, (text) => formerStack(text, "shop"));
      const terraform = await pipeline.terraform(name, workspace);
      await terraform.apply();
      expect((await terraform.plan()).changes).toEqual([]);
      stacks.set(name, terraform);
    }
    other.synth(reports());
    for (const terraform of stacks.values()) await terraform.init();
    const node = await pipeline.connect("shop-node-1");
    for (const app of ["orders", "desk", "reports"]) await node.jetstream().publish(`shop.${app}.wal.1`, "frame");
    await node.jetstream().publish("$KV.shop_platform.config.flags", "on");
    return new Company(pipeline, stacks, other);
  }

  private constructor(
    public readonly pipeline: Pipeline,
    public readonly stacks: ReadonlyMap<string, Terraform>,
    public readonly other: Workspace,
  ) {}

  /** What the plan of each stack does. */
  public async plans(): Promise<{ readonly [stack: string]: readonly ResourceChange[] }> {
    const plans = await this.each(async (terraform) => (await terraform.plan()).changes);
    return Object.fromEntries(plans);
  }

  public async apply(): Promise<void> {
    await this.each((terraform) => terraform.apply());
  }

  /** The keys of the platform's bucket, and what its streams hold, as a node sees it. */
  public async platform() {
    const node = await this.pipeline.connect("shop-node-1");
    const keys: string[] = [];
    for await (const key of await (await node.jetstream().views.kv("shop_platform")).keys()) keys.push(key);
    const streams = (await (await this.pipeline.view("shop-node-1")).api.streams()).map(
      ({ config, created, state }) => ({
        config,
        created,
        messages: config.name === "KV_shop_platform" ? undefined : state.messages,
      }),
    );
    return { keys: keys.sort(), streams };
  }

  /** The documents that both programs ask for, by their keys. */
  public documents(): { readonly [key: string]: string } {
    const { workspace } = this.pipeline;
    const { entries } = asked(workspace.json("one"), workspace.json("two"), this.other.json("reports"));
    const isDocument = ([key]: [string, string]) => key.startsWith("shop_access access.");
    const documents = Object.entries(entries).filter(isDocument);
    return Object.fromEntries(documents.map(([key, text]) => [key.slice("shop_access ".length), text]));
  }

  private async each<T>(action: (terraform: Terraform) => Promise<T>): Promise<(readonly [string, T])[]> {
    const results: (readonly [string, T])[] = [];
    for (const [name, terraform] of this.stacks) results.push([name, await action(terraform)]);
    return results;
  }
}

/** Lets the server read the accounts of the program: twice, since it wires service imports of new accounts at the second time. */
async function reload({ nats, workspace }: Pipeline): Promise<void> {
  for (let time = 0; time < 2; time++) await nats.reload(workspace.accounts);
}

const isDocument = (key: string) => key.startsWith("access.");
const NONE = { one: [], two: [], reports: [] };

/** What a plan does with what is no access document, nor the bucket of these. */
const others = (plans: { readonly [stack: string]: readonly ResourceChange[] }) =>
  Object.values(plans)
    .flat()
    .map(({ address, change }) => `${change.actions.join()} ${address}`)
    .filter((each) => !MOVING.test(each));

/** What a plan does with the documents of a former version, and with their new bucket. */
const MOVING =
  /^(create (jetstream_kv_entry\.shop_access_access_|jetstream_stream\.shop_access$)|delete jetstream_kv_entry\.shop_platform_access_)/;

/** What may change in the step in which documents come into their account. */
const TOGETHER: readonly [string, Shape, Shape][] = [
  ["and nothing else changes", {}, {}],
  ["while an app moves to a stack that is applied later", {}, { orders: "two", from: "one" }],
  ["while an app moves to a stack that is applied before", { orders: "two" }, { orders: "one", from: "two" }],
];

test.each(sample(TOGETHER, 2))(
  "the documents of a former version come into their account with one apply, %s",
  async (_, before, after) => {
    const all = await Company.of("a former", company(before));
    const { pipeline } = all;
    try {
      const old = await all.platform();
      expect(old.keys.filter(isDocument)).toHaveLength(13);
      await reload(pipeline);
      pipeline.workspace.synth(company(after));
      if (after.from === undefined) expect(others(await all.plans())).toEqual([]);
      await all.apply();
      expect(await all.plans()).toEqual(NONE);
      expect(await all.platform()).toEqual({ ...old, keys: old.keys.filter((key) => !isDocument(key)) });
      const documents = await (await pipeline.documents("shop")).all();
      expect(Object.fromEntries(documents.map(({ key, text }) => [key, text]))).toEqual(all.documents());
      expect(wholeStacks(documents)).toEqual({
        one: true,
        "one/=accounts": true,
        two: true,
        "acme/reports/reports": true,
      });
      expect(pipeline.violations).toEqual([]);
    } finally {
      await pipeline.stop();
    }
  },
);

/** Platforms that are retired, of which version they are, and what becomes of their data. */
const RETIRED = (["a former", "the present"] as const).flatMap((version: Version) =>
  [RetiredData.KEEP, RetiredData.DELETE].map((data) => [version, data] as const),
);

test.each(sample(RETIRED, 4))(
  "a platform of %s version is retired with its apps in all stacks, and its documents go: %s",
  async (version, retired) => {
    const all = await Company.of(version);
    const { pipeline } = all;
    try {
      pipeline.workspace.synth(company({ platform: { retired } }));
      await reload(pipeline);
      const own = [...all.stacks].filter(([name]) => name !== "reports").map(([, terraform]) => terraform);
      for (const terraform of own) await terraform.apply();
      for (const terraform of own) {
        expect((await terraform.plan()).changes).toEqual([]);
        expect(await terraform.state()).toEqual([]);
      }
      const [bucket, user] =
        version === "the present" ? ["shop_access", "shop-access-terraform"] : ["shop_platform", "shop-terraform"];
      const api = new ServerApi(await pipeline.connect(user));
      const left = await api.stream(`KV_${bucket}`);
      expect(left === undefined).toBe(retired === RetiredData.DELETE);
      if (left) {
        expect(await api.entry(bucket, "access.users.shop-orders")).toBeUndefined();
        expect(await api.entry(bucket, "access.users.shop-desk")).toBeUndefined();
        expect(await api.entry(bucket, "access.users.shop-reports")).toBeDefined();
      }
      expect(pipeline.violations).toEqual([]);
    } finally {
      await pipeline.stop();
    }
  },
);

test("documents are taken away in two steps, those of another program before", async () => {
  const all = await Company.of("the present");
  const { pipeline, other } = all;
  try {
    const { streams } = await all.platform();

    for (const hasProvider of [true, false]) {
      other.synth(reports({ accessEntries: false }, hasProvider));
      await all.stacks.get("reports")?.apply();
      expect(await all.plans()).toEqual(NONE);
    }
    const left = await (await pipeline.documents("shop")).all();
    expect(left.filter(({ text }) => JSON.parse(text).stack === "acme/reports/reports")).toEqual([]);
    expect(wholeStacks(left)).toEqual({ one: true, "one/=accounts": true, two: true });

    const documents = await pipeline.documentsApi("shop");
    for (const platform of [{ accessStore: { retired: RetiredData.DELETE } }, { accessEntries: false }]) {
      pipeline.workspace.synth(company({ platform }));
      await reload(pipeline);
      await all.apply();
      expect(await all.plans()).toEqual(NONE);
      if (platform.accessStore) expect(await documents.stream("KV_shop_access")).toBeUndefined();
      expect((await all.platform()).streams).toEqual(streams);
    }
    expect(pipeline.workspace.accounts).not.toContain("ACCESS");
    expect(pipeline.violations).toEqual([]);
  } finally {
    await pipeline.stop();
  }
}, 120_000);
