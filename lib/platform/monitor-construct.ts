import { Construct } from "constructs";
import { ALL_CLIENTS } from "../access/clients";
import type { Credentials } from "../access/credentials";
import { type AccountLimits, limitFaults } from "../access/limits";
import * as names from "../naming/names";
import { checkedProps, placed } from "../problems/checked-props";
import { Program } from "../problems/program";
import { reportSurplus } from "../problems/surplus";
import { declare } from "../program/declaration";
import { declareUser } from "../program/declare-user";
import { join } from "../program/synth-guard";

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
    const program = Program.of(this);
    program.claim("account", names.MONITOR.account, this);
    program.report(this, ...limitFaults(props.accountLimits));
    const { credentials, source } = declareUser(this, {
      name: names.MONITOR.user,
      role: "monitor",
      clients: ALL_CLIENTS,
      inboxPrefix: names.DEFAULT_INBOX_PREFIX,
      credentials: props.credentials,
    });
    declare(this, { monitor: { credentials, limits: props.accountLimits ?? {}, source } });
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
