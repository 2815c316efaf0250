import { type App, TerraformStack } from "cdktf";
import {
  AppConstruct,
  type AppConstructProps,
  Isolation,
  PlatformConstruct,
  type PlatformConstructProps,
  type PlatformOptions,
  RetiredData,
} from "cdktf-nats-platform";
import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import type { ResourceChange, Terraform } from "../../scripts/tools/terraform";
import { wholeStacks } from "../support/access-documents";
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

/** Another program, with an app of the same platform. */
const reports =
  (options: PlatformOptions = {}): Declare =>
  (app) => {
    const stack = new TerraformStack(app, "reports");
    const owner = "acme/reports";
    const platform = PlatformConstruct.fromPlatformName(stack, "shop", "shop", { servers, owner, ...options });
    new AppConstruct(stack, "reports", { platform, wal: {} }).consumeEvents();
  };

/** Everything that is applied: the stacks of both programs, those first that others need. */
class Company {
  /** The server and the states as a former version left them, with messages in streams. */
  public static async former(program = company()): Promise<Company> {
    const pipeline = await Pipeline.start(toolchain, program);
    const other = pipeline.addWorkspace();
    other.synth(reports());
    await pipeline.nats.reload(formerAccounts(pipeline.workspace.accounts));
    const places: readonly [string, Workspace][] = [
      ["one", pipeline.workspace],
      ["two", pipeline.workspace],
      ["reports", other],
    ];
    const stacks = new Map<string, Terraform>();
    for (const [name, workspace] of places) {
      workspace.rewrite(name, (text) => formerStack(text, "shop"));
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
    .filter(
      (each) =>
        !/^(create (jetstream_kv_entry\.shop_access_access_|jetstream_stream\.shop_access$)|delete jetstream_kv_entry\.shop_platform_access_)/.test(
          each,
        ),
    );

test("the documents of a former version come into their account with one apply, and nothing else changes", async () => {
  const before = await Company.former();
  const { pipeline } = before;
  try {
    const old = await before.platform();
    expect(old.keys.filter(isDocument)).toHaveLength(13);
    await reload(pipeline);
    pipeline.workspace.synth(company());
    expect(others(await before.plans())).toEqual([]);
    await before.apply();
    expect(await before.plans()).toEqual(NONE);
    expect(await before.platform()).toEqual({ ...old, keys: old.keys.filter((key) => !isDocument(key)) });
    const documents = await (await pipeline.documents("shop")).all();
    expect(Object.fromEntries(documents.map(({ key, text }) => [key, text]))).toEqual(before.documents());
    expect(wholeStacks(documents)).toEqual({ one: true, two: true, "acme/reports/reports": true });
    expect(pipeline.violations).toEqual([]);
  } finally {
    await pipeline.stop();
  }
});

/** A change of the program in the same step, the addresses that its plans destroy, and what is stored under no name any more. */
interface Together {
  readonly before?: Shape;
  readonly after: Shape;
  readonly forgets?: RegExp;
}

const TOGETHER: readonly [string, Together][] = [
  ["an app moves to another stack", { after: { orders: "two", from: "one" }, forgets: /_orders(_wal)?$/ }],
  ["an app moves from another stack", { before: { orders: "two" }, after: { orders: "one", from: "two" } }],
];

test.each(TOGETHER)("the documents of a former version come into their account while %s", async (_, together) => {
  const before = await Company.former(company(together.before));
  const { pipeline } = before;
  try {
    const old = await before.platform();
    await reload(pipeline);
    pipeline.workspace.synth(company(together.after));
    await before.apply();
    expect(await before.plans()).toEqual(NONE);
    expect(await before.platform()).toEqual({ ...old, keys: old.keys.filter((key) => !isDocument(key)) });
    const documents = await (await pipeline.documents("shop")).all();
    expect(Object.fromEntries(documents.map(({ key, text }) => [key, text]))).toEqual(before.documents());
    expect(wholeStacks(documents)).toEqual({ one: true, two: true, "acme/reports/reports": true });
    expect(pipeline.violations).toEqual([]);
  } finally {
    await pipeline.stop();
  }
});

test.each([RetiredData.KEEP, RetiredData.DELETE])("a platform of a former version is retired: %s", async (retired) => {
  const before = await Company.former();
  const { pipeline } = before;
  try {
    const old = await before.platform();
    await reload(pipeline);
    pipeline.workspace.synth(company({ platform: { retired } }));
    await pipeline.nats.reload(pipeline.workspace.accounts);
    await before.other;
    for (const name of ["one", "two"]) await before.stacks.get(name)?.apply();
    for (const name of ["one", "two"]) expect((await before.stacks.get(name)?.plan())?.changes).toEqual([]);
    console.log(old, JSON.stringify(await before.stacks.get("one")?.state()), pipeline.violations);
  } finally {
    await pipeline.stop();
  }
});

test("documents are taken away in two steps", async () => {
  const before = await Company.former();
  const { pipeline } = before;
  try {
    await reload(pipeline);
    pipeline.workspace.synth(company());
    await before.apply();
    const steps: Partial<PlatformConstructProps>[] = [
      { accessStore: { retired: RetiredData.DELETE } },
      { accessEntries: false },
    ];
    for (const platform of steps) {
      pipeline.workspace.synth(company({ platform }));
      before.other.synth(reports({ accessEntries: platform.accessEntries }));
      await reload(pipeline);
      console.log(JSON.stringify(platform), others(await before.plans()));
      await before.apply();
      expect(await before.plans()).toEqual(NONE);
      console.log(
        (await before.stacks.get("one")?.state())?.map(({ address }) => address).join("\n"),
        await (await pipeline.documentsApi("shop")).stream("KV_shop_access").catch((e) => String(e)),
      );
    }
  } finally {
    await pipeline.stop();
  }
});
