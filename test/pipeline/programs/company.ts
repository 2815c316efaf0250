import { type App, TerraformStack } from "cdktf";
import { AppConstruct, Monitoring, NatsClient, PlatformConstruct } from "cdktf-nats-platform";

const servers = ["nats://127.0.0.1:4222"];

/** The first program: two platforms in one stack, without apps. */
export function platforms(app: App): void {
  const stack = new TerraformStack(app, "platforms");
  new PlatformConstruct(stack, "live", { nodes: ["node-1"], servers, monitoring: Monitoring.HISTORY });
  new PlatformConstruct(stack, "trial", { nodes: ["node-1"], servers });
}

/** The second program: an app of each of the two platforms, which this program does not own. */
export function apps(app: App): void {
  const stack = new TerraformStack(app, "apps");
  for (const platformName of ["live", "trial"]) {
    const platform = PlatformConstruct.fromPlatformName(stack, platformName, platformName, {
      owner: "github.com/acme/search",
      servers,
    });
    const reports = new AppConstruct(platform, "reports", {
      platform,
      wal: {},
      snapshots: {},
      clients: [NatsClient.NATS_JS_V2],
    });
    reports.consumeEvents({ subjects: ["order.>"] });
    reports.addConsumer("replay", { stream: reports.addStream("jobs") });
  }
}
