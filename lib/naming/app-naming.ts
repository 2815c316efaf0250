import { assertMade } from "../problems/made-by";
import { refuseSurplus } from "../problems/surplus";
import { componentKeyFault, PREFIXED_COMPONENTS } from "./key-rules";
import { nameFault } from "./name-rules";
import * as names from "./names";
import { asText, type Refuse, refuse } from "./refuse";
import { targetFault } from "./subject-name";

/**
 * Every name that the convention gives to one app of a platform.
 *
 * ```
 * const convex = AppNaming.of("prod", "convex");
 * convex.subject("lock", "migration"); // prod.convex.lock.migration
 * convex.keyValueStore; // prod_convex
 * convex.keySubject("lock", "migration"); // $KV.prod_convex.lock.migration
 * ```
 *
 * The names that a construct has, as `naming`, throw nothing: a bad argument is reported when the program is synthesized,
 * together with all other problems.
 */
export class AppNaming {
  /**
   * The names of an app.
   *
   * @param platform the platform's name: `prod`
   * @param app the app's name: `convex`
   * @throws if the platform's or the app's name is not valid
   */
  public static of(platform: string, app: string): AppNaming {
    refuse(nameFault("platform", platform), nameFault("app", app, names.prefixes(asText(platform))));
    return new AppNaming(platform, app, refuse);
  }

  /** @internal for constructs, which report bad names and arguments together with all other problems */
  public static _unchecked(platform: string, app: string, report: Refuse): AppNaming {
    return new AppNaming(asText(platform), asText(app), report);
  }

  private constructor(
    /** The platform: `prod`. */
    public readonly platform: string,
    /** The app: `convex`. */
    public readonly app: string,
    /** @internal */
    public readonly _refuse: Refuse,
  ) {
    assertMade("AppNaming", () => typeof _refuse === "function");
  }

  /** All of the app's own subjects: `prod.convex.>`. */
  public get subjects(): string {
    return `${this.platform}.${this.app}.>`;
  }

  /**
   * A subject of the app: `prod.convex.wal.frames`.
   *
   * @param component the component: `wal`
   * @param target what stands behind the component: `frames`
   * @throws if the component or the target is not valid
   */
  public subject(component: string, target: string): string {
    this._refuse(nameFault("component", component), targetFault(target));
    return names.subject(this.platform, this.app, asText(component), asText(target));
  }

  /**
   * All subjects of one component, as a pattern: `prod.convex.wal.>`.
   *
   * @param component the component: `wal`
   * @throws if the component is not valid
   */
  public componentSubjects(component: string): string {
    this._refuse(nameFault("component", component));
    return names.subject(this.platform, this.app, asText(component), ">");
  }

  /**
   * The subject on which other apps call this one: `prod._.api.convex.query`.
   *
   * @param target what is called: `query`
   * @throws if the target is not valid
   */
  public apiSubject(target: string): string {
    this._refuse(targetFault(target));
    return names.subject(this.platform, names.PLATFORM_SCOPE, "api", `${this.app}.${asText(target)}`);
  }

  /**
   * A subject of the platform's audit log that belongs to this app: `prod._.audit.convex.query`.
   *
   * @param target what stands behind the app: `query`
   * @throws if the target is not valid
   */
  public auditSubject(target: string): string {
    this._refuse(targetFault(target));
    return names.subject(this.platform, names.PLATFORM_SCOPE, "audit", `${this.app}.${asText(target)}`);
  }

  /** The app's key-value bucket: `prod_convex`. */
  public get keyValueStore(): string {
    return names.resource(this.platform, this.app);
  }

  /** The stream of the app's write-ahead log: `prod_convex_wal`. */
  public get walStream(): string {
    return names.resource(this.platform, this.app, "wal");
  }

  /** The object store of the app's snapshots: `prod_convex_snapshots`. */
  public get snapshotsObjectStore(): string {
    return names.resource(this.platform, this.app, "snapshots");
  }

  /**
   * A further stream, key-value bucket or object store of the app: `prod_convex_jobs`.
   *
   * @param name the last part of the name: `jobs`
   * @throws if the name is not valid
   */
  public resource(name: string): string {
    this._refuse(nameFault("stream", name, names.prefixes(this.platform, this.app)));
    return names.resource(this.platform, this.app, asText(name));
  }

  /**
   * The key of a component in the app's bucket: `kv` keys are the target itself (`users/123`), those of `lock` and
   * `election` have the component as prefix (`lock.migration`).
   *
   * @param component the component: `kv`, `lock` or `election`
   * @param target the key without its prefix: `migration`
   * @throws if the component does not live in the bucket or the key is not valid
   */
  public key(component: string, target: string): string {
    this._refuse(componentKeyFault("app", component, target));
    const prefixed: readonly string[] = PREFIXED_COMPONENTS.app;
    return prefixed.includes(component) ? `${component}.${asText(target)}` : asText(target);
  }

  /**
   * The subject of such a key: `$KV.prod_convex.lock.migration`.
   *
   * @param component the component: `kv`, `lock` or `election`
   * @param target the key without its prefix: `migration`
   * @throws as `key` does
   */
  public keySubject(component: string, target: string): string {
    return names.keySubject(this.keyValueStore, this.key(component, target));
  }

  /**
   * The app's durable consumer on a stream of the platform: `convex`, and `convex_worker` if it has several.
   *
   * @param name the consumer's name, for an app that has several: `worker`
   * @throws if the name is not valid
   */
  public consumer(name?: string): string {
    if (name === undefined) return this.app;
    this._refuse(nameFault("consumer", name, names.prefixes(this.platform, this.app)));
    return names.resource(this.app, asText(name));
  }

  /** The app's NATS user: `prod-convex`. */
  public get user(): string {
    return names.user(this.platform, this.app);
  }

  /** The NATS account of an isolated app's data: `PROD_CONVEX`. */
  public get account(): string {
    return names.appAccount(this.platform, this.app);
  }

  /** The NATS account in which an isolated app exchanges messages with others: `PROD_CONVEX_MESSAGING`. */
  public get messagingAccount(): string {
    return names.messagingAccount(this.platform, this.app);
  }

  /** The NATS user with which an isolated app exchanges messages with others: `prod-convex-messaging`. */
  public get messagingUser(): string {
    return names.user(this.user, "messaging");
  }

  /** The environment variable of the server that holds the user's password: `PROD_CONVEX_PASSWORD`. */
  public get passwordVariable(): string {
    return names.passwordVariable(this.user);
  }

  /** The private inbox prefix of the app's clients: `_INBOX_prod_convex`. */
  public get inboxPrefix(): string {
    return names.inboxPrefix(this.platform, this.app);
  }
}

refuseSurplus(AppNaming, "AppNaming", () => refuse);
refuseSurplus(AppNaming.prototype, "AppNaming", (naming) => (naming as AppNaming)._refuse);
