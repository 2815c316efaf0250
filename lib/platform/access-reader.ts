import { Construct } from "constructs";
import type { Credentials } from "../access/credentials";
import type { AccountLimits } from "../access/limits";
import * as names from "../naming/names";
import { checkedProps, placed } from "../problems/checked-props";
import { reportSurplus } from "../problems/surplus";
import { declare } from "../program/declaration";
import { join } from "../program/synth-guard";
import { declareSharedAccount } from "./shared-account";

/** Properties of the account ACCESS. */
export interface AccessReaderProps {
  /**
   * How the user `access-reader` proves to the server who it is.
   *
   * @default - a password in the server's environment: `ACCESS_READER_PASSWORD`
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
 * The account ACCESS, whose user `access-reader` reads the access documents of every platform of the program, and can do
 * nothing else: programs beside the servers follow the documents as this user. A program with a platform has it without
 * this construct, which is for what differs from the defaults.
 *
 * @example
 * import { App, TerraformStack } from "cdktf";
 * import { AccessReader, PlatformConstruct } from "cdktf-nats-platform";
 *
 * const stack = new TerraformStack(new App(), "nats");
 * new PlatformConstruct(stack, "prod", { servers: ["nats://nats.example.com:4222"] });
 * new AccessReader(stack, "reader", { accountLimits: { maxConnections: 10 } });
 */
export class AccessReader extends Construct {
  /**
   * Declares the account ACCESS.
   *
   * @param scope the stack, or a construct in it
   * @param id the construct's id
   * @param props what differs from the defaults
   */
  public constructor(scope: Construct, id: string, props: AccessReaderProps = {}) {
    super(...placed("AccessReader", scope, id));
    join(this);
    reportSurplus(this, "AccessReader", arguments);
    props = checkedProps(this, "AccessReaderProps", props);
    declare(this, { reader: declareSharedAccount(this, { ...names.ACCESS, role: "reader" }, props) });
  }

  /** The account's name: `ACCESS`. */
  public get accountName(): string {
    return names.ACCESS.account;
  }

  /** The user's name: `access-reader`. */
  public get userName(): string {
    return names.ACCESS.user;
  }
}
