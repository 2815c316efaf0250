import { type App, TerraformStack } from "cdktf";
import {
  AppConstruct,
  AppNaming,
  Isolation,
  Monitoring,
  type NatsClient,
  PlatformConstruct,
  PlatformNaming,
} from "../../lib";
import type { Account, User } from "../../lib/access/accounts";
import { accountsText } from "../../lib/server-config/accounts-text";
import { fileAccountOf } from "../../lib/server-config/file-account";
import { passwordsFor, TestServer } from "../../scripts/tools/nats-server";
import { applyResources } from "../../scripts/tools/provider/apply";
import { KEEPER_PASSWORD, keeperOf, withKeepers } from "../support/accounts-text";
import { type Client, type ConnectionOptions, VARIANTS, type Variant } from "../support/clients/client";
import { connectClient } from "../support/clients/connect";
import { Js2Client } from "../support/clients/js2";
import { eachOf } from "../support/clients/outcomes";
import type { Scene } from "../support/clients/scene";
import { documentAccounts } from "../support/document-accounts";
import type { StackJson } from "../support/synth";
import { type AppProgram, type Rendered, render } from "./render";

/** A platform of a test, with two apps: `convex`, which does everything that an app can do, and `cache`. */
export interface TestPlatform {
  readonly name: string;
  readonly privateInbox?: boolean;
  /** The clients of both apps; all, if left out. */
  readonly clients?: NatsClient[];
  /** The apps that have an account of their own; none, if left out. */
  readonly isolated?: readonly ("convex" | "cache")[];
}

/** What is different from the generated accounts. */
export interface WorldOptions {
  /** Changes the accounts before they are written. */
  readonly change?: (accounts: readonly Account[]) => readonly Account[];
  /** Changes the text of the accounts file. */
  readonly rewrite?: (text: string) => string;
  /** The bytes that all accounts together may store. */
  readonly storage?: number;
}

const SERVERS = ["nats://nats:4222"];

/** The server keeps no key for a shorter time than its mark, so that this is also the shortest time of a lock. */
const MARKER_SECONDS = 1;

/** Declares a platform in the stack of all. */
export function declarePlatform(app: App, { name, privateInbox, clients, isolated = [] }: TestPlatform): void {
  const isolationOf = (each: "convex" | "cache") =>
    isolated.includes(each) ? Isolation.ACCOUNT : Isolation.PERMISSIONS;
  const stack = (app.node.tryFindChild(STACK) as TerraformStack | undefined) ?? new TerraformStack(app, STACK);
  const platform = new PlatformConstruct(stack, name, {
    nodes: ["node-1"],
    servers: SERVERS,
    privateInbox,
    monitoring: Monitoring.HISTORY,
    keyValueStore: { limitMarkerTtlSeconds: MARKER_SECONDS },
  });
  const convex = new AppConstruct(platform, "convex", {
    clients,
    isolation: isolationOf("convex"),
    liveEvents: [">"],
    keyValueStore: { history: 5, limitMarkerTtlSeconds: MARKER_SECONDS },
    wal: {},
    snapshots: {},
  });
  const cache = new AppConstruct(platform, "cache", {
    clients,
    isolation: isolationOf("cache"),
    liveEvents: [">"],
  });
  for (const each of [convex, cache]) {
    each.publishEvents("user.>");
    each.consumeEvents({ subjects: ["user.created"] });
    if (isolationOf(each === convex ? "convex" : "cache") === Isolation.PERMISSIONS) {
      each.usePlatformLocks(APP_KEYS.lockName);
    }
    each.readPlatformConfig(APP_KEYS.configName);
    each.publishAudit();
    each.publishHealth();
  }
  convex.serveApi("query");
  convex.callApi(cache, "get");
  cache.serveApi("get");
  cache.callApi(convex, "query");
  convex.addLitestream({ databasePath: "/data/app.db" });
}

/** A server with the generated accounts of some platforms, all their resources made by their Terraform users. */
export class World {
  /**
   * Starts a server.
   *
   * @param platforms the platforms, each an account of its own
   * @param change what is different from the generated accounts, for tests that must fail
   */
  public static start(platforms: readonly TestPlatform[], change?: WorldOptions["change"]): Promise<World> {
    return World.of(
      (app) => {
        for (const platform of platforms) declarePlatform(app, platform);
      },
      { change },
    );
  }

  /**
   * Starts a server with the accounts of a program, and makes the resources of all its stacks. The accounts are those that its
   * access documents make, as servers have them that follow these.
   */
  public static async of(program: AppProgram, { change, rewrite, storage }: WorldOptions = {}): Promise<World> {
    const rendered = render(program);
    const isDocumented = rendered.catalog.platforms.every(({ accessEntries }) => accessEntries);
    const stored = change || !isDocumented ? undefined : documentAccounts(rendered);
    const given = stored ?? (change ? change(rendered.model) : rendered.model).map(fileAccountOf);
    const text = withKeepers(accountsText(given));
    const accounts = rewrite ? rewrite(text) : text;
    const server = await TestServer.start({ accounts, env: passwordsFor(accounts), storage });
    const world = new World(rendered, server);
    try {
      await Promise.all(Object.keys(rendered.stacks).map((stack) => world.apply(stack)));
      return world;
    } catch (error) {
      await world.stop();
      throw error;
    }
  }

  private readonly clients: Client[] = [];

  private constructor(
    public readonly rendered: Rendered,
    public readonly server: TestServer,
  ) {}

  /** A client of a user, with the inbox prefix that the user is meant to have. */
  public async connect(variant: Variant, user: string, options: Partial<ConnectionOptions> = {}): Promise<Client> {
    const { inboxPrefix } = this.userOf(user);
    return this.open(variant, { user, password: passwordOf(user), inboxPrefix, ...options });
  }

  /** A client of a user of the test's own that may do everything in an account, which the generated file does not have. */
  public keeper(account: string): Promise<Client> {
    return this.open(DIRECT, { user: keeperOf(account), password: KEEPER_PASSWORD });
  }

  /** The account that a user is in. */
  public accountOf(user: string): string {
    return this.rendered.model.find(({ users }) => users.includes(this.userOf(user)))?.name ?? "";
  }

  /** The app `convex` of a platform as the user under test. */
  public async appScene(platform: string, variant: Variant): Promise<Scene> {
    const names = PlatformNaming.of(platform);
    const [app, otherApp] = [AppNaming.of(platform, "convex"), AppNaming.of(platform, "cache")];
    const account = this.accountOf(app.user);
    const speaker = this.speakerOf(app);
    const [client, node, other] = await Promise.all([
      this.connect(variant, app.user),
      this.connect(DIRECT, names.nodeUser("node-1")),
      this.connect(DIRECT, this.speakerOf(otherApp), { name: clientNameOf(otherApp.user) }),
    ]);
    const messaging = speaker === app.user ? client : await this.connect(variant, speaker);
    const keeper = account === names.account ? node : await this.keeper(account);
    const { domain } = this.userOf(speaker);
    const eventsConsumer = app.consumer();
    const group = app.user;
    const monitor = await this.keeper(MONITOR);
    const clients = { client, messaging, node, keeper, monitor, other };
    return { platform: names, app, otherApp, ...clients, eventsConsumer, domain, group, ...APP_KEYS };
  }

  /** A node of a platform as the user under test; it uses what `convex` does not, so as not to meet it. */
  public async nodeScene(platform: string, variant: Variant): Promise<Scene> {
    const scene = await this.appScene(platform, variant);
    const client = await this.connect(variant, scene.platform.nodeUser("node-1"));
    return {
      ...scene,
      client,
      messaging: client,
      group: platform,
      eventsConsumer: scene.otherApp.consumer(),
      ...NODE_KEYS,
    };
  }

  /** The user that an app exchanges messages with others as. */
  public speakerOf({ user, messagingUser }: AppNaming): string {
    const users = this.rendered.model.flatMap((account) => account.users);
    return users.some(({ name }) => name === messagingUser) ? messagingUser : user;
  }

  /** Closes all clients, stops the server and removes its data. */
  public async stop(): Promise<void> {
    await Promise.allSettled(this.clients.map((client) => client.close()));
    await this.server.stop();
  }

  private async open(variant: Variant, options: Partial<ConnectionOptions>): Promise<Client> {
    const client = await connectClient(variant, { url: this.server.url, ...options });
    this.clients.push(client);
    return client;
  }

  private userOf(name: string): User {
    const found = this.rendered.model.flatMap(({ users }) => users).find((user) => user.name === name);
    if (!found) throw new Error(`no user ${name}`);
    return found;
  }

  /** Makes the resources of a stack, those of each account as the user that Terraform has there. */
  private async apply(name: string): Promise<void> {
    const stack = this.rendered.stacks[name] as StackJson;
    const providers = (stack.provider?.jetstream ?? []) as { readonly alias?: string; readonly user: string }[];
    await eachOf(providers, CONCURRENCY, async ({ alias, user }) => {
      const terraform = await Js2Client.connect({ url: this.server.url, user, password: passwordOf(user) }, true);
      try {
        await applyResources(terraform.connection, stack as never, alias ? `jetstream.${alias}` : "jetstream");
      } finally {
        await terraform.close();
      }
    });
  }
}

const MONITOR = "MONITOR";

/** How many accounts get their resources at a time. */
const CONCURRENCY = 10;

/** The stack that all platforms are in. */
const STACK = "platforms";

/** The platform's keys that the apps may use. */
const APP_KEYS = { lockName: "global-migration", configName: "flags" };

const NODE_KEYS = { lockName: "node-migration", configName: "node-flags" };

/** The variant of clients that are not under test. */
export const DIRECT = VARIANTS.find(({ name }) => name === "js3d") as Variant;

/** What the client of another app says it is called. */
export const clientNameOf = (user: string) => `client-of-${user}`;

/** The password that the test server has in its environment for a user with the default variable. */
export const passwordOf = (user: string) => `pw-${PlatformNaming.of("any").passwordVariable(user)}`;
