import { App, LocalBackend, TerraformStack } from "cdktf";
import { AppConstruct, PlatformConstruct } from "cdktf-nats-platform";

const app = new App();
const stack = new TerraformStack(app, "search");

// The platform of the quickstart, which another repository declares.
const prod = PlatformConstruct.fromPlatformName(stack, "prod", "prod", {
  owner: "github.com/acme/search",
  servers: ["nats://127.0.0.1:4222"],
  preventDestroy: false,
});

const search = new AppConstruct(stack, "search", { platform: prod });
search.callApi(AppConstruct.fromAppName(stack, "convex", "convex", prod), "query");

// The state lies beside the folder cdktf.out, whatever folder Terraform runs in.
new LocalBackend(stack, { path: "../../../terraform.search.tfstate" });

app.synth();
