import type { Construct } from "constructs";
import { PlatformConstruct, type PlatformConstructProps } from "../../lib";

/** The servers of the platforms in tests that connect to none. */
export const SERVERS = ["nats://nats:4222"];

/** The platform `prod`, below a scope. */
export const prodOf = (scope: Construct, props: PlatformConstructProps = {}): PlatformConstruct =>
  new PlatformConstruct(scope, "prod", { servers: SERVERS, ...props });
