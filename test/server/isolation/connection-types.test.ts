import { connect } from "node:net";
import { passwordsFor, TestServer } from "../../../scripts/tools/nats-server";
import { render } from "../render";
import { declarePlatform, passwordOf } from "../world";

/** How long a server may take to answer a leaf node, in milliseconds. */
const PATIENCE = 3000;

const PLATFORMS = [{ name: "shared" }, { name: "apart", isolated: ["convex", "cache"] }] as const;

const { accounts, model } = render((app) => {
  for (const platform of PLATFORMS) declarePlatform(app, platform);
});

const users = model.flatMap((account) => account.users.map(({ name }) => name));

/** What a server says to a leaf node that connects as a user: `refused`, or `accepted`. */
function leafOf(server: TestServer, user: string, pass: string): Promise<string> {
  const port = Number(/leafnode connections on 127\.0\.0\.1:(\d+)/.exec(server.log)?.[1]);
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    const timer = setTimeout(() => reject(new Error("the server says nothing")), PATIENCE);
    const end = (verdict: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(verdict);
    };
    let heard = "";
    socket.on("error", reject).on("data", (data) => {
      if (heard === "") {
        const options = { user, pass, name: "leaf", server_id: "N", version: "2.15.0", headers: true, protocol: 1 };
        socket.write(`CONNECT ${JSON.stringify(options)}\r\nPING\r\n`);
      }
      heard += data;
      if (heard.includes("Authorization Violation")) end("refused");
      else if (/^(LS\+|PONG)/m.test(heard)) end("accepted");
    });
  });
}

async function withServer(text: string, use: (server: TestServer) => Promise<void>): Promise<void> {
  const env = passwordsFor(text);
  const server = await TestServer.start({ accounts: text, env, config: 'leafnodes { listen: "127.0.0.1:-1" }' });
  try {
    await use(server);
  } finally {
    await server.stop();
  }
}

test("no generated user may connect as a leaf node, for which the server checks less than for a client", async () => {
  expect(users.length).toBeGreaterThan(10);
  await withServer(accounts, async (server) => {
    for (const user of users) expect([user, await leafOf(server, user, passwordOf(user))]).toEqual([user, "refused"]);
  });
});

test("without the limit of connection types, every user may", async () => {
  const free = accounts.replace(/, allowed_connection_types: \[[^\]]*\]/g, "");
  expect(free).not.toContain("allowed_connection_types");
  await withServer(free, async (server) => {
    for (const user of ["shared-convex", "apart-convex-messaging", "monitor"]) {
      expect([user, await leafOf(server, user, passwordOf(user))]).toEqual([user, "accepted"]);
    }
  });
});
