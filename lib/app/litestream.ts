import { isDeepStrictEqual } from "node:util";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { stringify } from "yaml";
import { ALL_CLIENTS } from "../access/clients";
import type { Credentials } from "../access/credentials";
import type { UserModel } from "../access/models";
import type { AppNaming } from "../naming/app-naming";
import * as names from "../naming/names";
import { connectionFaults } from "../platform/platform-connection";
import type { Fault } from "../problems/fault";
import { Program } from "../problems/program";
import { numberFault, rule } from "../problems/value-rules";
import { declareUser, give } from "../program/declare-user";
import { placedBelow } from "../storage/managed-resource";
import type { IObjectStore, ObjectStore } from "../storage/object-store";
import { subjectLengthFault } from "../subjects/subject-length";

/** What Litestream replicates, and where to. */
export interface LitestreamOptions {
  /**
   * The path of the SQLite database on the app's machine: `/data/app.db`.
   *
   * @knownAt apply
   */
  readonly databasePath: string;

  /**
   * The NATS server, as `nats://host:port`.
   *
   * @default - the platform's first server
   * @knownAt apply
   */
  readonly server?: string;

  /**
   * The object store.
   *
   * @default - the app's snapshots
   */
  readonly objectStore?: IObjectStore;

  /**
   * The path of the replica inside of the store. Each database of the app needs another.
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
   * How Litestream proves to the server who it is: with a password, also by its bcrypt hash. All databases of an app are
   * replicated as one user; it is enough to say this for the first.
   *
   * @default - a password in the server's environment: `PROD_CONVEX_LITESTREAM_PASSWORD`
   */
  readonly credentials?: Credentials;
}

/** What the app gives the replication of each of its databases. */
interface LitestreamOwner {
  readonly construct: Construct;
  readonly naming: AppNaming;
  readonly app: UserModel;
  readonly store: IObjectStore | undefined;
  readonly server: string | undefined;
  /** The user of an earlier database. */
  readonly user: UserModel | undefined;
}

/** The replication of a SQLite database of an app. Made by the app: `app.addLitestream({ databasePath: "/data/app.db" })`. */
export class Litestream extends Construct {
  /** @internal */
  public static _create(owner: LitestreamOwner, options: LitestreamOptions): Litestream {
    return new Litestream(owner, options);
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

  private constructor(owner: LitestreamOwner, options: LitestreamOptions) {
    super(...placedBelow("Litestream", owner, () => "Litestream"));
    const { naming, app, store, server, user } = owner;
    this.userName = names.user(naming.user, "litestream");
    this._user =
      user ??
      declareUser(this, {
        app: naming.app,
        account: app.account,
        name: this.userName,
        role: "litestream",
        clients: ALL_CLIENTS,
        inboxPrefix: names.DEFAULT_INBOX_PREFIX,
        credentials: options.credentials,
      });
    this.reportProblems(owner, options);
    const storeName = store?.bucketName ?? "";
    const path = options.replicaPath ?? naming.app;
    const replica = `${storeName}/${path}`;
    if (store)
      Program.of(this).claim("Litestream replica", replica, this, "Give each database a replicaPath of its own");
    give(this, this._user, "litestream", { store: storeName });
    this.config = stringify({
      dbs: [
        {
          path: options.databasePath,
          replica: {
            type: "nats",
            url: `${server}/${storeName}`,
            username: this.userName,
            password: `$${names.passwordVariable(this.userName)}`,
            path,
            "sync-interval": `${options.syncIntervalSeconds ?? 1}s`,
          },
        },
      ],
    });
  }

  private reportProblems({ store, server }: LitestreamOwner, options: LitestreamOptions): void {
    Program.of(this).report(
      this,
      numberFault("syncIntervalSeconds", options.syncIntervalSeconds, {
        ...rule.seconds,
        whenTooSmall: "Use at least 1",
      }),
      pathFault("databasePath", options.databasePath),
      options.replicaPath !== undefined &&
        (pathFault("replicaPath", options.replicaPath) ?? subjectLengthFault("replicaPath", options.replicaPath)),
      ...connectionFaults({ servers: options.server === undefined ? undefined : [options.server] }),
      store &&
        (store as Partial<ObjectStore>)._owner?.construct !== this.node.scope && {
          what: "objectStore is not one of the app's",
          value: store.bucketName,
          allowed: "the app's snapshots, or a store that it has from addObjectStore",
          fix: "Give the app an object store of its own",
        },
      isLeaving(store) && {
        what: "objectStore is retired",
        value: store?.bucketName,
        allowed: "a store that stays",
        fix: "Remove addLitestream, or give it another store of the app",
      },
      !store && {
        what: "Litestream has no object store to write to",
        allowed: "an app with snapshots, or the property objectStore",
        fix: "Give the app snapshots: {}, or name one of its object stores",
      },
      !server && {
        what: "Litestream has no server to connect to",
        allowed: "nats://host:port",
        fix: "Give server here, or servers to the platform",
      },
      options.credentials &&
        !isDeepStrictEqual(options.credentials._model, this._user.credentials) && {
          what: `the user ${this.userName} is given other credentials than for the app's first database`,
          allowed: "one user for all databases of an app",
          fix: "Leave credentials out for all databases but the first",
        },
      this._user.credentials.kind === "nkey" && {
        what: "Litestream is given an nkey",
        allowed: "a password: Credentials.variable or Credentials.bcrypt",
        fix: "Leave credentials out, or give a bcrypt hash",
      },
    );
  }
}

/** Whether a store is retired and its app is not. */
function isLeaving(store: Partial<ObjectStore> | undefined): boolean {
  return store?._retired !== undefined && store._owner?.defaults.retired === undefined;
}

/** Litestream puts variables of its environment into its whole file, before it reads it, and has no escape for them. */
function pathFault(name: string, path: string | undefined): Fault | undefined {
  if (path === undefined) return undefined;
  if (path === "") return { what: `${name} is empty`, allowed: "a path", fix: "Give the path" };
  if (Token.isUnresolved(path) || !/[$\p{Cc}\p{Cs}]|%\{/u.test(path)) return undefined;
  return {
    what: `${name} has a character that Litestream or Terraform reads as something else`,
    value: path,
    allowed: "a path without $, %{ and control characters",
    fix: "Rename the file",
  };
}
