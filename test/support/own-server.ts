import { type JetStreamManager, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/nats-core";
import { connect } from "@nats-io/transport-node";
import { TestServer } from "../../scripts/tools/nats-server";

/** A server that the tests of one file have for themselves, with a client that may do everything. */
export interface OwnServer {
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
}

/**
 * Starts a server before the tests of a file and stops it behind them. The command finds it in the environment, which is as
 * before after each test, and then no stream is left.
 */
export function ownServer(): OwnServer {
  let server: TestServer | undefined;
  let connection: NatsConnection | undefined;
  let manager: JetStreamManager | undefined;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    server = await TestServer.start();
    connection = await connect({ servers: server.url });
    manager = await jetstreamManager(connection);
  });

  beforeEach(() => {
    environment = { ...process.env };
    process.env.NATS_URL = server?.url;
  });

  afterEach(async () => {
    process.env = environment;
    for await (const { config } of manager?.streams.list() ?? []) await manager?.streams.delete(config.name);
  });

  afterAll(async () => {
    await connection?.close();
    await server?.stop();
  });

  const started = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error("the server is started before the tests of the file");
    return value;
  };
  return {
    get connection() {
      return started(connection);
    },
    get manager() {
      return started(manager);
    },
  };
}
