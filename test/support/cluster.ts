import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "nats";
import { type ServerOptions, TestServer } from "../../scripts/tools/nats-server";
import { ServerApi } from "../../scripts/tools/provider/server-api";

/** What a cluster is started with. */
export interface ClusterOptions extends Pick<ServerOptions, "accounts" | "env" | "storage"> {
  /** A user that may create streams: how the cluster is asked whether it is ready. */
  readonly user: string;
  readonly password: string;
  /** The tags of each server. */
  readonly tags?: readonly (readonly string[])[];
}

const SIZE = 3;
const READY_MILLISECONDS = 30_000;

/** Three servers on the loopback interface that keep JetStream together. */
export class Cluster {
  /** Starts the servers and waits until a stream can have three replicas. */
  public static async start(options: ClusterOptions): Promise<Cluster> {
    const cluster = new Cluster(options);
    try {
      await cluster.startServers();
      await cluster.ready();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  private readonly byName = new Map<string, TestServer>();

  private constructor(private readonly options: ClusterOptions) {}

  /** The servers by name: `server-1` to `server-3`. */
  public get servers(): ReadonlyMap<string, TestServer> {
    return this.byName;
  }

  /** Where clients connect: all servers. */
  public get urls(): string[] {
    return [...this.byName.values()].map(({ url }) => url);
  }

  /** Everything that the servers have logged. */
  public get log(): string {
    return [...this.byName.values()].map(({ log }) => log).join("\n");
  }

  /** Stops all servers and removes their data. */
  public async stop(): Promise<void> {
    await Promise.all([...this.byName.values()].map((server) => server.stop()));
  }

  private async startServers(): Promise<void> {
    const ports = await freePorts(SIZE);
    const routes = ports.map((port) => `"nats://127.0.0.1:${port}"`).join(", ");
    const starts = ports.map(async (port, index) => {
      const name = `server-${index + 1}`;
      const config = [
        `server_name: ${name}`,
        `server_tags: ${JSON.stringify(this.options.tags?.[index] ?? [])}`,
        `cluster { name: test, listen: "127.0.0.1:${port}", routes: [${routes}] }`,
      ].join("\n");
      const { accounts, env, storage } = this.options;
      this.byName.set(name, await TestServer.start({ accounts, env, config, storage }));
    });
    const outcomes = await Promise.allSettled(starts);
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  }

  private async ready(): Promise<void> {
    const { user, password } = this.options;
    const connection = await connect({ servers: this.urls, user, pass: password });
    try {
      const api = new ServerApi(connection);
      const probe = { name: "ready", subjects: ["ready"], num_replicas: SIZE };
      const end = Date.now() + READY_MILLISECONDS;
      for (;;) {
        try {
          await api.createStream(probe);
          await api.deleteStream(probe.name);
          return;
        } catch (error) {
          if (Date.now() > end) throw error;
          await sleep(100);
        }
      }
    } finally {
      await connection.close();
    }
  }
}

/** Ports that are free now; a cluster must know those of all its servers before it starts. */
export async function freePorts(count: number): Promise<number[]> {
  const listeners = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    listeners.map(
      (listener) =>
        new Promise<number>((resolve, reject) => {
          listener.once("error", reject);
          listener.listen(0, "127.0.0.1", () => resolve((listener.address() as { port: number }).port));
        }),
    ),
  );
  await Promise.all(listeners.map((listener) => new Promise((resolve) => listener.close(resolve))));
  return ports;
}
