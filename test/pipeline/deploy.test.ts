import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppConstruct, Isolation, PlatformConstruct } from "cdktf-nats-platform";
import { connect } from "nats";
import { passwordsFor, serverProgram, TestServer } from "../../scripts/tools/nats-server";
import { sample } from "../support/sample";
import { synthFiles } from "../support/synth";

const SCRIPT = join(__dirname, "../../examples/pipeline/deploy-accounts.sh");

/** The accounts file of a platform with these apps, the last of which calls the first and has an account of its own. */
function accountsOf(apps: readonly string[], maxFileBytes?: number): string {
  const files = synthFiles((stack) => {
    const platform = new PlatformConstruct(stack, "prod", {
      servers: ["nats://host:4222"],
    });
    const [first, ...others] = apps.map((app, index) => {
      const isolation = index > 0 ? Isolation.ACCOUNT : Isolation.PERMISSIONS;
      const limits = isolation === Isolation.ACCOUNT && maxFileBytes ? { jetStreamLimits: { maxFileBytes } } : {};
      return new AppConstruct(platform, app, { isolation, ...limits });
    });
    first?.serveApi("query");
    for (const other of others) if (first) other.callApi(first, "query");
  });
  return files["stack/accounts.conf"] ?? "";
}

/** Programs that stand for those that the script finds on two machines. */
const PROGRAMS = {
  ssh: '#!/usr/bin/env bash\nfor command; do :; done\nexec bash -c "$command"\n',
  "nats-server": `#!/usr/bin/env bash\nexec "${serverProgram()}" "$@"\n`,
  curl: "#!/usr/bin/env node\nfetch(process.argv.at(-1)).then((r) => r.text()).then(console.log);\n",
};

const programs = mkdtempSync(join(tmpdir(), "deploy-"));
let server: TestServer;

beforeAll(async () => {
  for (const [name, text] of Object.entries(PROGRAMS)) writeFileSync(join(programs, name), text, { mode: 0o755 });
  server = await TestServer.start({ config: 'http: "127.0.0.1:-1"', storage: 1_000_000_000 });
});

afterAll(async () => {
  await server?.stop();
  rmSync(programs, { recursive: true, force: true });
});

function giveSecrets(passwords: Readonly<Record<string, string>>): void {
  const lines = Object.entries(passwords).map(([name, password]) => `${name}: "${password}"`);
  writeFileSync(join(server.folder, "secrets.conf"), lines.join("\n"));
}

function deploy(accounts: string, env: Readonly<Record<string, string>> = {}, hosts: readonly string[] = ["host"]) {
  const file = join(programs, "accounts.conf");
  writeFileSync(file, accounts);
  return spawnSync("bash", [SCRIPT, file, ...hosts], {
    encoding: "utf8",
    env: {
      PATH: `${programs}:${process.env.PATH}`,
      SSH_KEY: "key",
      SSH_KNOWN_HOSTS: "host",
      NATS_FOLDER: server.folder,
      NATS_PID_FILE: String(server.pid),
      NATS_MONITOR: server.monitor,
      ...env,
    },
  });
}

const login = (user: string, pass: string) => connect({ servers: server.url, user, pass, reconnect: false });

test("the script brings an accounts file to a server that runs, with new users and accounts, or fails", async () => {
  const first = accountsOf(["convex"]);
  giveSecrets(passwordsFor(first));
  expect(deploy(first)).toMatchObject({ status: 0 });
  const convex = await login("prod-convex", "pw-PROD_CONVEX_PASSWORD");
  convex.subscribe("prod._.api.convex.query", { callback: (_, message) => void message.respond("3 rows") });
  await convex.flush();

  const second = accountsOf(["convex", "cache"]);
  const refused = deploy(second);
  expect(refused.status).not.toBe(0);
  expect(refused.stderr).toContain("variable reference for 'PROD_CACHE_");
  await expect(login("prod-cache-messaging", "pw-PROD_CACHE_MESSAGING_PASSWORD")).rejects.toThrow(
    "Authorization Violation",
  );

  const unknownToServer = deploy(second, passwordsFor(second));
  expect(unknownToServer.status).toBe(1);
  expect(unknownToServer.stderr).toContain("the server does not run with the new accounts file");

  giveSecrets(passwordsFor(second));
  expect(deploy(second)).toMatchObject({ status: 0 });
  const cache = await login("prod-cache-messaging", "pw-PROD_CACHE_MESSAGING_PASSWORD");
  expect((await cache.request("prod._.api.convex.query")).string()).toBe("3 rows");
  expect(convex.isClosed()).toBe(false);

  giveSecrets({ ...passwordsFor(second), PROD_CACHE_PASSWORD: "another" });
  expect(deploy(second)).toMatchObject({ status: 0 });
  await (await login("prod-cache", "another")).close();
  for (const connection of [convex, cache]) await connection.close();
}, 60_000);

const SPELLINGS = ['"accounts.conf"', "accounts.conf", "'accounts.conf'", "./accounts.conf", '"./accounts.conf"'];

test.each(sample(SPELLINGS, SPELLINGS.length))(
  "the script finds the include as it is spelled: %s",
  (spelling) => {
    const config = join(server.folder, "nats.conf");
    const before = readFileSync(config, "utf8");
    try {
      writeFileSync(config, before.replace(/include "accounts\.conf"/, `include ${spelling}`));
      const accounts = accountsOf(["convex"]);
      giveSecrets(passwordsFor(accounts));
      expect(deploy(accounts)).toMatchObject({ status: 0 });
      writeFileSync(config, before.replace(/include "accounts\.conf"/, ""));
      const { status, stderr } = deploy(accounts);
      expect([status, stderr]).toEqual([1, expect.stringContaining("nats.conf includes no accounts.conf")]);
    } finally {
      writeFileSync(config, before);
    }
  },
  60_000,
);

test("the script takes any folder, any number of servers, and the secrets with the file, and leaves nothing beside it", () => {
  const odd = join(programs, `it's "here" $x`);
  symlinkSync(server.folder, odd);
  rmSync(join(server.folder, "secrets.conf"), { force: true });
  const accounts = accountsOf(["convex", "cache"]);
  const secrets = join(programs, "secrets");
  writeFileSync(
    secrets,
    Object.entries(passwordsFor(accounts))
      .map(([name, value]) => `${name}: "${value}"\n`)
      .join(""),
  );
  const env = { NATS_FOLDER: odd, NATS_SECRETS: secrets };
  expect(deploy(accounts, env, ["one", "two"])).toMatchObject({ status: 0 });
  expect(statSync(join(server.folder, "accounts.conf")).mode & 0o777).toBe(0o600);
  expect(deploy(`${accounts}\nx: [`, env).status).not.toBe(0);
  expect(readdirSync(server.folder).filter((name) => name.endsWith(".new"))).toEqual([]);
}, 60_000);

test("the script fails where the limits of all accounts are above what the server has", async () => {
  const fits = accountsOf(["convex", "cache", "desk"], 400_000_000);
  giveSecrets(passwordsFor(fits));
  expect(deploy(fits, passwordsFor(fits))).toMatchObject({ status: 0 });
  const much = accountsOf(["convex", "cache", "desk", "shop"], 400_000_000);
  giveSecrets(passwordsFor(much));
  const { status, stderr } = deploy(much, passwordsFor(much));
  expect(stderr).toMatch(/accounts without JetStream.*: PROD_\w+/);
  expect(status).toBe(1);
  expect(server.log).toContain("Error enabling jetstream on configured accounts");
}, 60_000);
