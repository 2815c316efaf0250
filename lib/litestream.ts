import { Construct } from "constructs";
import { stringify } from "yaml";
import { ALL_CLIENTS } from "./access/clients";
import type { Credentials } from "./access/credentials";
import { grant, type UserModel } from "./access/models";
import { declareUser } from "./declare-user";
import type { AppNaming } from "./naming/app-naming";
import * as names from "./naming/names";
import { Program } from "./problems/program";
import { numberFault, rule } from "./problems/value-rules";
import type { ObjectStore } from "./storage/object-store";

/** What Litestream replicates, and where to. */
export interface LitestreamProps {
  /** The path of the SQLite database on the app's machine: `/data/app.db`. */
  readonly databasePath: string;

  /**
   * The NATS server, as `nats://host:port`.
   *
   * @default - the platform's first server
   */
  readonly server?: string;

  /**
   * The object store.
   *
   * @default - the app's snapshots
   */
  readonly objectStore?: ObjectStore;

  /**
   * The path of the replica inside of the store; different for each database.
   *
   * @default - the app's name
   */
  readonly replicaPath?: string;

  /**
   * How often changes are shipped, in seconds.
   *
   * @default 1
   */
  readonly syncIntervalSeconds?: number;

  /**
   * How Litestream proves to the server who it is: with a password, also by its bcrypt hash.
   *
   * @default - a password in the server's environment: `PROD_CONVEX_LITESTREAM_PASSWORD`
   */
  readonly credentials?: Credentials;
}

/** The replication of a SQLite database of an app. Made by the app: `app.litestream({ databasePath: "/data/app.db" })`. */
export class Litestream extends Construct {
  /** @internal */
  public static _create(
    scope: Construct,
    naming: AppNaming,
    app: UserModel,
    store: ObjectStore | undefined,
    server: string | undefined,
    props: LitestreamProps,
  ): Litestream {
    return new Litestream(scope, naming, app, store, server, props);
  }

  /** The NATS user that Litestream connects as: `prod-convex-litestream`. */
  public readonly userName: string;

  /**
   * The fragment of `litestream.yml` for this database. The password is the environment variable of Litestream that has
   * the name of the server's: `PROD_CONVEX_LITESTREAM_PASSWORD`.
   */
  public readonly config: string;

  /** @internal */
  public readonly _user: UserModel;

  private constructor(
    scope: Construct,
    naming: AppNaming,
    app: UserModel,
    store: ObjectStore | undefined,
    server: string | undefined,
    props: LitestreamProps,
  ) {
    super(scope, "Litestream");
    this.userName = names.user(naming.user, "litestream");
    this._user = declareUser(this, {
      app: naming.app,
      account: app.account,
      name: this.userName,
      role: "litestream",
      permissionSet: names.permissionSet(naming.platform, naming.app, "litestream"),
      clients: ALL_CLIENTS,
      inboxPrefix: names.DEFAULT_INBOX_PREFIX,
      credentials: props.credentials,
    });
    this.reportProblems(store, server, props);
    const storeName = store?.bucketName ?? "";
    this._user.grants.push(grant(this._user, "litestream", { store: storeName, inbox: this._user.inboxPrefix }));
    this.config = stringify({
      dbs: [
        {
          path: props.databasePath,
          replica: {
            type: "nats",
            url: `${server}/${storeName}`,
            username: this.userName,
            password: `$${names.passwordVariable(this.userName)}`,
            path: props.replicaPath ?? naming.app,
            "sync-interval": `${props.syncIntervalSeconds ?? 1}s`,
          },
        },
      ],
    });
  }

  private reportProblems(store: ObjectStore | undefined, server: string | undefined, props: LitestreamProps): void {
    Program.of(this).report(
      this,
      numberFault("syncIntervalSeconds", props.syncIntervalSeconds, {
        ...rule.seconds,
        whenTooSmall: "Use at least 1",
      }),
      store
        ? undefined
        : {
            what: "Litestream has no object store to write to",
            allowed: "an app with snapshots, or the property objectStore",
            fix: "Give the app snapshots: {}, or name one of its object stores",
          },
      server
        ? undefined
        : {
            what: "Litestream has no server to connect to",
            allowed: "nats://host:port",
            fix: "Give server here, or servers to the platform",
          },
      this._user.credentials.kind === "nkey"
        ? {
            what: "Litestream is given an nkey",
            allowed: "a password: Credentials.variable or Credentials.bcrypt",
            fix: "Leave credentials out, or give a bcrypt hash",
          }
        : undefined,
    );
  }
}
