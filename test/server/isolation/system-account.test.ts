import { setTimeout as sleep } from "node:timers/promises";
import { connect, type NatsConnection } from "nats";
import { withoutPermissions } from "../../support/accounts-text";
import { DIRECT, declarePlatform, World } from "../world";

const PLATFORM = "apart";
const SYSTEM = { user: "system", pass: "system" };

/** The requests that the server itself imports into every account, and answers with what it knows of an account. */
const STATISTICS = ["CONNZ", "STATZ"].map((name) => `$SYS.REQ.ACCOUNT.PING.${name}`);

let world: World;
let system: NatsConnection;

beforeAll(async () => {
  world = await World.of((app) => declarePlatform(app, { name: PLATFORM, isolated: ["convex", "cache"] }), {
    rewrite: (text) =>
      withoutPermissions(text, `${PLATFORM}-convex`).replace(
        /^accounts:? \{$/m,
        (head) =>
          `system_account: SYSTEM\n${head}\n  SYSTEM: { users: [{ user: "${SYSTEM.user}", password: "${SYSTEM.pass}" }] }`,
      ),
  });
  system = await connect({ servers: world.server.url, ...SYSTEM });
}, 30_000);

afterAll(async () => {
  await system?.close();
  await world?.stop();
});

test.each(STATISTICS)(
  "what an isolated app stores gets to the server as %s, and the answer not to the app",
  async (subject) => {
    const { client, app } = await world.appScene(PLATFORM, DIRECT);
    const arrived: string[] = [];
    const watching = system.subscribe("$SYS.REQ.>", { callback: (_, message) => arrived.push(message.subject) });
    const stored = system.subscribe(app.componentSubjects("wal"), {
      callback: (_, message) => arrived.push(message.subject),
    });
    const told: string[] = [];
    await client.subscribe(">", (message) => told.push(message.string()));
    await system.flush();
    const name = `asks-${subject.split(".").at(-1)}`;
    const config = { name, ack_policy: "none", deliver_policy: "all", deliver_subject: subject };
    const made = await client.request(
      `$JS.API.CONSUMER.CREATE.${app.walStream}.${name}`,
      JSON.stringify({ stream_name: app.walStream, config }),
    );
    expect(JSON.parse(made.string()).error).toBeUndefined();
    await client.store(app.subject("wal", "PROD.x"), "stored");
    for (let attempt = 0; attempt < 200 && arrived.length === 0; attempt++) await sleep(15);
    await sleep(200);
    watching.unsubscribe();
    stored.unsubscribe();
    expect(arrived).toContain(app.subject("wal", "PROD.x"));
    expect(told.filter((text) => text.includes("server_id") || text.includes("connections"))).toEqual([]);
  },
);
