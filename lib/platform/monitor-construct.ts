import { Construct } from "constructs";
import type { Credentials } from "../access/credentials";
import type { AccountLimits } from "../access/limits";
import * as names from "../naming/names";
import { checkedProps, placed } from "../problems/checked-props";
import { reportSurplus } from "../problems/surplus";
import { declare } from "../program/declaration";
import { join } from "../program/synth-guard";
import { declareSharedAccount } from "./shared-account";

/** Properties of the account MONITOR. */
export interface MonitorConstructProps {
  /**
   * How the user `monitor` proves to the server who it is.
   *
   * @default - a password in the server's environment: `MONITOR_PASSWORD`
   */
  readonly credentials?: Credentials;

  /**
   * Limits of the account.
   *
   * @default - no limits
   */
  readonly accountLimits?: AccountLimits;
}

/**
 * The account MONITOR, whose user `monitor` receives the health and audit messages of every platform of the program. A
 * program with a monitored platform has it without this construct, which is for what differs from the defaults.
 *
 * @example
 * import { App, TerraformStack } from "cdktf";
 * import { MonitorConstruct, PlatformConstruct } from "cdktf-nats-platform";
 *
 * const stack = new TerraformStack(new App(), "nats");
 * new PlatformConstruct(stack, "prod", { servers: ["nats://nats.example.com:4222"] });
 * new MonitorConstruct(stack, "monitor", { accountLimits: { maxConnections: 10 } });
 */
export class MonitorConstruct extends Construct {
  /**
   * Declares the account MONITOR.
   *
   * @param scope the stack, or a construct in it
   * @param id the construct's id
   * @param props what differs from the defaults
   */
  public constructor(scope: Construct, id: string, props: MonitorConstructProps = {}) {
    super(...placed("MonitorConstruct", scope, id));
    join(this);
    reportSurplus(this, "MonitorConstruct", arguments);
    props = checkedProps(this, "MonitorConstructProps", props);
    declare(this, { monitor: declareSharedAccount(this, { ...names.MONITOR, role: "monitor" }, props) });
  }

  /** The account's name: `MONITOR`. */
  public get accountName(): string {
    return names.MONITOR.account;
  }

  /** The user's name: `monitor`. */
  public get userName(): string {
    return names.MONITOR.user;
  }
}
