import { type App, TerraformStack } from "cdktf";
import { AppConstruct, Isolation, jetstream, PlatformConstruct } from "cdktf-nats-platform";
import { connect } from "nats";
import { joinedAccounts } from "../../lib/documents/joined-accounts";
import { documentsInStack } from "../../lib/documents/stack-documents";
import { accountsText } from "../../lib/server-config/accounts-text";
import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import { Pipeline } from "./pipeline";
import type { Workspace } from "./workspace";

const servers = ["nats://127.0.0.1:4222"];

let toolchain: Toolchain;

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterAll(() => toolchain?.close());

/** The program of the platform. */
const owner = (isolation: Isolation) => (app: App) => {
  const prod = new PlatformConstruct(new TerraformStack(app, "owner"), "prod", { servers, nodes: ["node-1"] });
  new AppConstruct(prod, "convex").serveApi("query");
  prod.delegateApp("search", { isolation, ...(isolation === Isolation.PERMISSIONS && { resources: ["jobs"] }) });
};

/** The program of the app, in another repository. */
const guest = (isolation: Isolation, more: (stack: TerraformStack, app: AppConstruct) => unknown = () => undefined) => {
  return (app: App) => {
    const stack = new TerraformStack(app, "guest");
    const prod = PlatformConstruct.fromPlatformName(stack, "prod", "prod", { servers, delegatedApp: "search" });
    const search = new AppConstruct(stack, "search", { platform: prod, isolation, wal: {}, snapshots: {} });
    search.addStream("jobs");
    search.callApi(AppConstruct.fromAppName(stack, "Convex", "convex", prod), "query");
    if (isolation === Isolation.PERMISSIONS) search.consumeEvents();
    more(stack, search);
  };
};

/** The password of a user, as servers of tests have it. */
const passwordOf = (variable: string) => `pw-${variable}`;

const documentsOf = (workspace: Workspace) =>
  workspace.stacks.flatMap((stack) => documentsInStack(workspace.json(stack), stack));

/** What the servers have after documents of both programs are there; a problem of any is one of the test. */
function fileOf(...workspaces: readonly Workspace[]): string {
  const { accounts, problems } = joinedAccounts(workspaces.flatMap(documentsOf));
  expect(problems).toEqual([]);
  return accountsText(accounts).replace(/\$(\w+_PASSWORD)\b/g, (_, variable: string) => `"${passwordOf(variable)}"`);
}

test.each([[Isolation.PERMISSIONS], [Isolation.ACCOUNT]])(
  "a program makes an app that is delegated to it, as users of that app only (%s)",
  async (isolation) => {
    const pipeline = await Pipeline.start(toolchain, owner(isolation));
    try {
      await (await pipeline.terraform("owner")).apply();
      const second = pipeline.addWorkspace();
      second.synth(guest(isolation));
      const terraform = await pipeline.terraform("guest", second);
      await terraform.apply();
      expect((await terraform.plan()).changes).toEqual([]);
      const made = await terraform.state();
      expect(made.map(({ address }) => address)).toContain("jetstream_kv_entry.prod_search_access_access_stacks_guest");
      await pipeline.nats.reload(fileOf(pipeline.workspace, second));
      expect((await terraform.plan()).changes).toEqual([]);
      const search = await connect({
        servers: pipeline.nats.url,
        user: "prod-search",
        pass: passwordOf("PROD_SEARCH_PASSWORD"),
      });
      const bucket = await search.jetstream().views.kv("prod_search", { bindOnly: true });
      await bucket.put("key", "value");
      expect((await bucket.get("key"))?.string()).toBe("value");
      await search.close();
      expect(pipeline.violations).toEqual([]);
    } finally {
      await pipeline.stop();
    }
  },
);

test.each<[string, (stack: TerraformStack, app: AppConstruct) => unknown]>([
  [
    "a stream of another app",
    (stack, { keyValueStore: { resource } }) =>
      new jetstream.Stream(stack, "evil", {
        name: "prod_convex_evil",
        subjects: ["prod.convex.evil"],
        provider: resource.provider,
      }),
  ],
  ["a stream that was not agreed", (_, app) => app.addStream("more")],
  [
    "a document of the platform",
    (stack) => {
      const provider = stack.node.findChild("nats-prod_search_access").node.findChild("Provider") as never;
      new jetstream.KvEntry(stack, "evil", {
        bucket: "prod_access",
        key: "access.users.prod-x",
        value: "{}",
        provider,
      });
    },
  ],
])("the users of a delegated app make nothing else: %s", async (_, more) => {
  const pipeline = await Pipeline.start(toolchain, owner(Isolation.PERMISSIONS));
  try {
    await (await pipeline.terraform("owner")).apply();
    const second = pipeline.addWorkspace();
    second.synth(guest(Isolation.PERMISSIONS, more));
    const terraform = await pipeline.terraform("guest", second);
    await expect(terraform.apply()).rejects.toThrow(
      /deadline exceeded|permissions violation|bucket not found|stream not found/i,
    );
    const streams = await (await pipeline.view("prod-node-1")).contents([]);
    expect(Object.keys(streams.streams)).not.toContain("prod_convex_evil");
    expect(Object.keys(streams.streams)).not.toContain("prod_search_more");
  } finally {
    await pipeline.stop();
  }
});
