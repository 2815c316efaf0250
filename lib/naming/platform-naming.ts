import { assertMade } from "../problems/made-by";
import { refuseSurplus } from "../problems/surplus";
import { AppNaming } from "./app-naming";
import { componentKeyFault } from "./key-rules";
import { nameFault } from "./name-rules";
import * as names from "./names";
import { asText, type Refuse, refuse, textFault } from "./refuse";
import { targetFault } from "./subject-name";

/**
 * Every name that the convention gives to a platform.
 *
 * ```
 * const prod = PlatformNaming.of("prod");
 * prod.subject("events", "user.created"); // prod._.events.user.created
 * prod.eventsStream; // prod_events
 * prod.nodeUser("node-1"); // prod-node-1
 * ```
 *
 * The names that a construct has, as `naming`, throw nothing: a bad argument is reported when the program is synthesized,
 * together with all other problems.
 */
export class PlatformNaming {
  /**
   * The names of a platform.
   *
   * @param platform the platform's name: `prod`
   * @throws if the platform's name is not valid
   */
  public static of(platform: string): PlatformNaming {
    refuse(nameFault("platform", platform));
    return new PlatformNaming(platform, refuse);
  }

  /** @internal for constructs, which report bad names and arguments together with all other problems */
  public static _unchecked(platform: string, report: Refuse): PlatformNaming {
    return new PlatformNaming(asText(platform), report);
  }

  private constructor(
    /** The platform: `prod`. */
    public readonly platform: string,
    /** @internal */
    public readonly _refuse: Refuse,
  ) {
    assertMade("PlatformNaming", () => typeof _refuse === "function");
  }

  /**
   * The names of one of the platform's apps.
   *
   * @param app the app's name: `convex`
   * @throws if the app's name is not valid
   */
  public app(app: string): AppNaming {
    this._refuse(nameFault("app", app, names.prefixes(this.platform)));
    return AppNaming._unchecked(this.platform, app, this._refuse);
  }

  /** All subjects of the platform and its apps: `prod.>`. */
  public get subjects(): string {
    return `${this.platform}.>`;
  }

  /**
   * A subject of the platform itself: `prod._.events.user.created`.
   *
   * @param component the component: `events`
   * @param target what stands behind the component: `user.created`
   * @throws if the component or the target is not valid
   */
  public subject(component: string, target: string): string {
    this._refuse(nameFault("component", component), targetFault(target));
    return names.subject(this.platform, names.PLATFORM_SCOPE, asText(component), asText(target));
  }

  /**
   * All platform-wide subjects of one component, as a pattern: `prod._.events.>`.
   *
   * @param component the component: `events`
   * @throws if the component is not valid
   */
  public componentSubjects(component: string): string {
    this._refuse(nameFault("component", component));
    return names.subject(this.platform, names.PLATFORM_SCOPE, asText(component), ">");
  }

  /** The platform's key-value bucket: `prod_platform`. */
  public get keyValueStore(): string {
    return names.resource(this.platform, "platform");
  }

  /** The bucket with the platform's access documents, in an account of its own: `prod_access`. */
  public get accessStore(): string {
    return names.accessStore(this.platform);
  }

  /** The stream of the platform's events: `prod_events`. */
  public get eventsStream(): string {
    return names.resource(this.platform, "events");
  }

  /** The stream of the platform's audit log: `prod_audit`. */
  public get auditStream(): string {
    return names.resource(this.platform, "audit");
  }

  /**
   * A further stream, key-value bucket or object store of the platform: `prod_jobs`.
   *
   * @param name the last part of the name: `jobs`
   * @throws if the name is not valid
   */
  public resource(name: string): string {
    this._refuse(nameFault("stream", name, names.prefixes(this.platform)));
    return names.resource(this.platform, asText(name));
  }

  /**
   * The key of a component in the platform's bucket: `lock.global-migration`, `config.flags`.
   *
   * @param component the component: `lock` or `config`
   * @param target the key without its prefix: `flags`
   * @throws if the component does not live in the bucket or the key is not valid
   */
  public key(component: string, target: string): string {
    this._refuse(componentKeyFault("platform", component, target));
    return `${asText(component)}.${asText(target)}`;
  }

  /**
   * The subject of such a key: `$KV.prod_platform.lock.global-migration`.
   *
   * @param component the component: `lock` or `config`
   * @param target the key without its prefix: `flags`
   * @throws as `key` does
   */
  public keySubject(component: string, target: string): string {
    return names.keySubject(this.keyValueStore, this.key(component, target));
  }

  /** The platform's NATS account: `PROD`. A hyphen is kept: `PROD-EU`. */
  public get account(): string {
    return names.account(this.platform);
  }

  /** The NATS account with the platform's access documents: `PROD_ACCESS`. */
  public get accessAccount(): string {
    return names.accessAccount(this.platform);
  }

  /**
   * The NATS user of a node: `prod-node-1`.
   *
   * @param node the node's name: `node-1`
   * @throws if the node's name is not valid
   */
  public nodeUser(node: string): string {
    this._refuse(nameFault("node", node, names.prefixes(this.platform)));
    return names.user(this.platform, asText(node));
  }

  /** The NATS user that Terraform connects as: `prod-terraform`. */
  public get terraformUser(): string {
    return names.user(this.platform, "terraform");
  }

  /** The NATS user that Terraform writes the access documents as: `prod-access-terraform`. */
  public get accessTerraformUser(): string {
    return names.accessTerraformUser(this.platform);
  }

  /** The Terraform variable with the password of `terraformUser`: `prod_terraform_password`, set by `TF_VAR_prod_terraform_password`. */
  public get terraformPasswordVariable(): string {
    return names.terraformPasswordVariable(this.terraformUser);
  }

  /** The Terraform variable with the password of `accessTerraformUser`: `prod_access_terraform_password`. */
  public get accessTerraformPasswordVariable(): string {
    return names.terraformPasswordVariable(this.accessTerraformUser);
  }

  /**
   * The environment variable of the server that holds a user's password: `PROD_NODE_1_PASSWORD` for `prod-node-1`.
   *
   * @param user the user's name: `prod-node-1`
   */
  public passwordVariable(user: string): string {
    this._refuse(textFault("user name", user));
    return names.passwordVariable(asText(user));
  }
}

refuseSurplus(PlatformNaming, "PlatformNaming", () => refuse);
refuseSurplus(PlatformNaming.prototype, "PlatformNaming", (naming) => (naming as PlatformNaming)._refuse);
