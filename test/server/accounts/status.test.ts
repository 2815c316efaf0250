import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "@nats-io/transport-node";
import { AppConstruct, PlatformConstruct } from "../../../lib";
import type { TestServer } from "../../../scripts/tools/nats-server";
import type { AccessBucket } from "../../support/access-bucket";
import { Cluster } from "../../support/cluster";
import { commandIn } from "../../support/command";
import { FollowedPlatform, passwordOfUser, type StoredText } from "../../support/followed-platform";
import { SERVERS } from "../../support/prod";
import type { Program } from "../../support/synth";

const shop =
  (...apps: readonly string[]): Program =>
  (stack) => {
    const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS, nodes: ["node-1"], owner: "shop" });
    for (const app of apps) new AppConstruct(prod, app);
  };

let followed: FollowedPlatform;
let cluster: Cluster;
let bucket: AccessBucket;
let documents: StoredText[];

beforeAll(async () => {
  followed = new FollowedPlatform("prod");
  documents = followed.synth("shop", shop());
  followed.secrets([...documents, ...followed.synth("next", shop("a"))]);
  process.env.NATS_URL = "nats://127.0.0.1:1";
  const first = join(followed.folder, "first.conf");
  await followed.sync(first, "--start", "shop/stack");
  const accounts = readFileSync(first, "utf8");
  cluster = await Cluster.start({ accounts, user: "prod-node-1", password: passwordOfUser("prod-node-1") });
  bucket = await followed.open(cluster.urls, 3);
  await bucket.write(...documents);
}, 60_000);

afterAll(async () => {
  await cluster?.stop();
  await followed?.stop();
});

async function syncAt({ url, folder }: TestServer) {
  process.env.NATS_URL = url;
  const { status, out } = await followed.sync(join(folder, "accounts.conf"));
  expect([status, out]).toEqual([0, expect.stringContaining("In force")]);
}

function status(...more: readonly string[]) {
  process.env.NATS_URL = cluster.urls.join();
  return commandIn(followed.folder, "accounts", "status", "--platform", "prod", "--reload-user", "sync", ...more);
}

test("it says which servers have what is stored in force, waits until all have, and names older monitors", async () => {
  const servers = [...cluster.servers].sort().map(([, server]) => server);
  for (const server of servers) await syncAt(server);
  expect(await status("--servers", "3")).toMatchObject({
    status: 0,
    out: expect.stringMatching(
      /^In force: accounts \w{32} on 3 of 3 servers\n( {2}server-\d has them in force since .*\n){3}$/,
    ),
  });
  const monitor = await connect({
    servers: cluster.urls,
    user: "monitor",
    pass: passwordOfUser("monitor"),
    name: "watcher",
  });

  const next = followed.synth("shop", shop("a"));
  await bucket.write(...next.slice(0, -1));
  const half = await status();
  expect([half.status, half.out]).toEqual([
    5,
    expect.stringMatching(/^Not in force: .*\n[\s\S]*stack shop\/stack of prod waits/),
  ]);
  await bucket.write(...next.slice(-1));
  await syncAt(servers[0] as TestServer);
  const one = JSON.parse((await status("--json")).out);
  expect(one).toMatchObject({ inForce: false, notices: [], problem: null, expectedServers: null });
  expect(one.servers.map((each: { inForce: boolean }) => each.inForce)).toEqual([true, false, false]);
  expect(one.olderConnections).toEqual([expect.objectContaining({ user: "monitor", client: "watcher" })]);

  const waiting = status("--wait", "20", "--servers", "3");
  for (const server of servers.slice(1)) await syncAt(server);
  expect(await waiting).toMatchObject({ status: 0, out: expect.stringContaining("watcher of monitor on server-") });
  await monitor.close();

  expect((await status("--servers", "4")).out).toMatch(/^Not in force: .* on 3 of 4 servers/);
  await servers[2]?.halt();
  expect((await status("--servers", "3")).status).toBe(5);
  expect((await status()).out).toMatch(/^In force: .* on 2 of 2 servers/);
}, 60_000);

test("who may not ask is told so, and servers that cannot be reached are", async () => {
  const deploy = { ...process.env };
  Object.assign(process.env, { NATS_USER: "prod-node-1", NATS_PASSWORD: passwordOfUser("prod-node-1") });
  expect(await status()).toMatchObject({ status: 2, err: expect.stringContaining("the user may not ask the servers") });
  process.env.NATS_PASSWORD = "wrong";
  expect(await status()).toMatchObject({
    status: 5,
    out: expect.stringMatching(/on 0 of 0 servers\n {2}the servers cannot be asked: .*Auth/),
  });
  process.env = deploy;
});
