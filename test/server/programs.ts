import type { TerraformStack } from "cdktf";
import { AppConstruct, PlatformConstruct } from "../../lib";

const SERVERS = ["nats://nats:4222"];

/** The specification's accounts: PROD with two nodes and the app `convex`, STAGING with one node, and MONITOR. */
export function specification(stack: TerraformStack): void {
  const prod = new PlatformConstruct(stack, "prod", {
    nodes: ["node-1", "node-2"],
    servers: SERVERS,
  });
  new AppConstruct(prod, "convex", { wal: {}, snapshots: {} });
  new PlatformConstruct(stack, "staging", { nodes: ["node-1"], servers: SERVERS });
}
