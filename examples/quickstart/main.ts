import { App, LocalBackend, TerraformStack } from "cdktf";
import { AppConstruct, PlatformConstruct } from "cdktf-nats-platform";

const app = new App();
const stack = new TerraformStack(app, "quickstart");

const prod = new PlatformConstruct(stack, "prod", {
  nodes: ["node-1", "node-2"],
  servers: ["nats://127.0.0.1:4222"],
});

// A database that ships its write-ahead log and its snapshots.
const convex = new AppConstruct(prod, "convex", { wal: {}, snapshots: {} });
convex.serveApi("query");

// Two apps that need no more than the key-value bucket that every app has; one of them calls the database.
new AppConstruct(prod, "cache").callApi(convex, "query");
new AppConstruct(prod, "api");

// The state lies beside the folder cdktf.out, whatever folder Terraform runs in.
new LocalBackend(stack, { path: "../../../terraform.quickstart.tfstate" });

app.synth();
