import { App, LocalBackend, TerraformStack } from "cdktf";
import { AccountsFile, AppConstruct, Monitoring, NatsClient, PlatformConstruct } from "cdktf-nats-platform";

const app = new App();

/** One stack, and so one Terraform state, for each platform. */
function stackFor(platform: string): TerraformStack {
  const stack = new TerraformStack(app, platform);
  new LocalBackend(stack, { path: `../../../terraform.${platform}.tfstate` });
  return stack;
}

const servers = ["nats://127.0.0.1:4222"];

const production = stackFor("prod");
const prod = new PlatformConstruct(production, "prod", { nodes: ["node-1", "node-2"], servers });

const convex = new AppConstruct(prod, "convex", { wal: {}, snapshots: {} });
convex.serveApi("query");
convex.publishEvents("user.>");
convex.usePlatformLocks("global-migration");

const cache = new AppConstruct(prod, "cache", { clients: [NatsClient.NATS_GO] });
cache.callApi(convex, "query");
cache.consumeEvents({ subjects: ["user.created"] });

const api = new AppConstruct(prod, "api", { privateInbox: true });
api.callApi(convex, "query");
api.readPlatformConfig("flags");

const staging = new PlatformConstruct(stackFor("staging"), "staging", {
  nodes: ["node-1"],
  servers,
  monitoring: Monitoring.NONE,
});
new AppConstruct(staging, "convex", { wal: { maxAgeSeconds: 86_400 }, snapshots: {} });

// One file for the server, with the accounts of both platforms and MONITOR, in the folder of the stack "prod".
new AccountsFile(production, "accounts");

app.synth();
