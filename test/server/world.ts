import { type App, TerraformStack } from "cdktf";
import { AppConstruct, AppNaming, type NatsClient, PlatformConstruct, PlatformNaming } from "../../lib";
import type { Account } from "../../lib/access/accounts";
import { accountsText } from "../../lib/server-config/accounts-file";
import { type Client, type ConnectionOptions, VARIANTS, type Variant } from "../support/clients/client";
import { connectClient } from "../support/clients/connect";
import { Js2Client } from "../support/clients/js2";
import type { Scene } from "../support/clients/scene";
import { passwordsFor, TestServer } from "../support/nats-server";
import { applyResources } from "../support/provider/apply";
import { type Rendered, render } from "./render";

/** A platform of a test, with two apps: `convex`, which does everything that an app can do, and `cache`. */
export interface TestPlatform {
  readonly name: string;
  readonly privateInbox?: boolean;
  /** The clients of both apps; all, if left out. */
  readonly clients?: NatsClient[];
}

const SERVERS = ["nats://nats:4222"];

/** The server keeps no key for a shorter time than its mark, so that this is also the shortest time of a lock. */
const MARKER_SECONDS = 1;

/** Declares a platform in a stack of its own. */
export function declarePlatform(app: App, { name, privateInbox, clients }: TestPlatform): void {
  const stack = new TerraformStack(app, name);
  const platform = new PlatformConstruct(stack, "platform", {
    platform: name,
    nodes: ["node-1"],
    servers: SERVERS,
    privateInbox,
    auditHistory: true,
    keyValueStore: { limitMarkerTtlSeconds: MARKER_SECONDS },
  });
  const convex = new AppConstruct(platform, "convex", {
    app: "convex",
    clients,
    keyValueStore: { history: 5, limitMarkerTtlSeconds: MARKER_SECONDS },
    wal: {},
    snapshots: {},
  });
  const cache = new AppConstruct(platform, "cache", { app: "cache", clients });
  for (const each of [convex, cache]) {
    each.publishEvents("user.>");
    each.consumeEvents({ subjects: ["user.created"] });
    each.usePlatformLock(APP_KEYS.lockName);
    each.readPlatformConfig(APP_KEYS.configName);
  }
  convex.serveApi("query");
  convex.callApi(cache, "get");
  cache.serveApi("get");
  cache.callApi(convex, "query");
  convex.litestream({ databasePath: "/data/app.db" });
}

/** A server with the generated accounts of some platforms, all their resources made by their Terraform users. */
export class World {
  /**
   * Starts a server.
   *
   * @param platforms the platforms, each an account of its own
   * @param change what is different from the generated accounts, for tests that must fail
   */
  public static async start(
    platforms: readonly TestPlatform[],
    change: (accounts: readonly Account[]) => readonly Account[] = (accounts) => accounts,
  ): Promise<World> {
    const rendered = render((app) => {
      for (const platform of platforms) declarePlatform(app, platform);
    });
    const accounts = accountsText(change(rendered.model));
    const server = await TestServer.start({ accounts, env: passwordsFor(accounts) });
    const world = new World(rendered, server);
    try {
      await Promise.all(platforms.map(({ name }) => world.apply(name)));
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
    const found = this.rendered.model.flatMap(({ users }) => users).find(({ name }) => name === user);
    if (!found) throw new Error(`no user ${user}`);
    const client = await connectClient(variant, {
      url: this.server.url,
      user,
      password: passwordOf(user),
      inboxPrefix: found.inboxPrefix,
      ...options,
    });
    this.clients.push(client);
    return client;
  }

  /** The app `convex` of a platform as the user under test. */
  public async appScene(platform: string, variant: Variant): Promise<Scene> {
    const names = PlatformNaming.of(platform);
    const [app, otherApp] = [AppNaming.of(platform, "convex"), AppNaming.of(platform, "cache")];
    const [client, node, other] = await Promise.all([
      this.connect(variant, app.user),
      this.connect(DIRECT, names.nodeUser("node-1")),
      this.connect(DIRECT, otherApp.user),
    ]);
    return { platform: names, app, otherApp, client, node, other, eventsConsumer: app.consumer(), ...APP_KEYS };
  }

  /** A node of a platform as the user under test; it uses what `convex` does not, so as not to meet it. */
  public async nodeScene(platform: string, variant: Variant): Promise<Scene> {
    const scene = await this.appScene(platform, variant);
    const client = await this.connect(variant, scene.platform.nodeUser("node-1"));
    return { ...scene, client, eventsConsumer: scene.otherApp.consumer(), ...NODE_KEYS };
  }

  /** Closes all clients, stops the server and removes its data. */
  public async stop(): Promise<void> {
    await Promise.allSettled(this.clients.map((client) => client.close()));
    await this.server.stop();
  }

  private async apply(platform: string): Promise<void> {
    const user = PlatformNaming.of(platform).terraformUser;
    const terraform = await Js2Client.connect({ url: this.server.url, user, password: passwordOf(user) }, true);
    try {
      await applyResources(terraform.connection, this.rendered.stacks[platform] as never);
    } finally {
      await terraform.close();
    }
  }
}

/** The platform's keys that the apps may use. */
const APP_KEYS = { lockName: "global-migration", configName: "flags" };

const NODE_KEYS = { lockName: "node-migration", configName: "node-flags" };

/** The variant of clients that are not under test. */
export const DIRECT = VARIANTS.find(({ name }) => name === "js3d") as Variant;

/** The password that the test server has in its environment for a user with the default variable. */
export const passwordOf = (user: string) => `pw-${PlatformNaming.of("any").passwordVariable(user)}`;
