import { join } from "node:path";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { putInForce } from "../../../lib/cli/accounts/in-force";
import { SystemAccount } from "../../../lib/cli/accounts/system-account";
import type { TestServer } from "../../../scripts/tools/nats-server";
import { Cluster } from "../../support/cluster";
import { accountsText } from "./synced-server";

const STORAGE = 100_000_000;
const BEFORE = accountsText({ A: "jetstream: enabled" });
const AFTER = accountsText({ A: "jetstream: enabled", B: `jetstream: { max_file: ${2 * STORAGE} }` });
const LIMITS = [{ account: "A" }, { account: "B", maxFileBytes: 2 * STORAGE }];

let cluster: Cluster;
let connections: NatsConnection[] = [];
beforeAll(async () => {
  cluster = await Cluster.start({ accounts: BEFORE, user: "A", password: "pw", storage: STORAGE });
  connections = await Promise.all([...cluster.servers.values()].map((server) => connectTo(server)));
}, 60_000);
afterAll(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
  await cluster?.stop();
});

const connectTo = ({ url }: TestServer) =>
  connect({ servers: url, user: "sys", pass: "sys", reconnect: false, ignoreClusterUpdates: true });

test("each server of a cluster reads its own file, and none for another; limits are set aside on none", async () => {
  const servers = [...cluster.servers.values()];
  const systems = connections.map((connection) => new SystemAccount(connection));
  const states = () => Promise.all(systems.map((system) => system.state()));
  for (const [index, server] of servers.entries()) {
    const before = await states();
    const system = systems[index] as SystemAccount;
    const file = {
      path: join(server.folder, "accounts.conf"),
      content: AFTER,
      accounts: ["A", "B"],
      jetStream: LIMITS,
    };
    expect(await putInForce(system, file)).toEqual({ kind: "inForce", digest: expect.any(String) });
    const after = await states();
    const read = after.map(({ loadedAt }, each) => loadedAt !== before[each]?.loadedAt);
    expect(read).toEqual(servers.map((each) => each === server));
  }
});
