import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Isolation } from "cdktf-nats-platform";
import { connect } from "nats";
import { AppConstruct, PlatformConstruct } from "../../lib";
import { passwordsFor, serverProgram } from "../support/nats-server";
import { synthFiles } from "../support/synth";

const SCRIPT = join(__dirname, "../../examples/pipeline/deploy-accounts.sh");

/** The accounts file of a platform with these apps, the last of which calls the first and has an account of its own. */
function accountsOf(...apps: readonly string[]): string {
  const files = synthFiles((stack) => {
    const platform = new PlatformConstruct(stack, "prod", {
      platform: "prod",
      nodes: [],
      servers: ["nats://host:4222"],
    });
    const [first, ...others] = apps.map((app, index) => {
      const isolation = index > 0 ? Isolation.ACCOUNT : Isolation.PERMISSIONS;
      return new AppConstruct(platform, app, { app, isolation });
    });
    first?.serveApi("query");
    for (const other of others) if (first) other.callApi(first, "query");
  });
  return files["stack/accounts.conf"] ?? "";
}

/** A server as the script expects it, and programs that stand for those that the script finds on two machines. */
class Host {
  public readonly folder = mkdtempSync(join(tmpdir(), "deploy-"));
  private readonly programs = join(this.folder, "bin");
  private server: ChildProcess | undefined;
  private ports: { readonly nats: readonly string[]; readonly monitoring: readonly string[] } | undefined;

  public async start(): Promise<void> {
    mkdirSync(this.programs);
    mkdirSync(join(this.folder, "ports"));
    this.program("ssh", '#!/usr/bin/env bash\nfor command; do :; done\nexec bash -c "$command"\n');
    this.program("nats-server", `#!/usr/bin/env bash\nexec "${serverProgram()}" "$@"\n`);
    this.program("curl", "#!/usr/bin/env node\nfetch(process.argv.at(-1)).then((r) => r.text()).then(console.log);\n");
    writeFileSync(join(this.folder, "accounts.conf"), "");
    writeFileSync(
      join(this.folder, "nats.conf"),
      [
        'listen: "127.0.0.1:-1"',
        'http: "127.0.0.1:-1"',
        `ports_file_dir: "${join(this.folder, "ports")}"`,
        `pid_file: "${join(this.folder, "pid")}"`,
        `log_file: "${join(this.folder, "log")}"`,
        `jetstream { store_dir: "${join(this.folder, "data")}" }`,
        'include "accounts.conf"',
      ].join("\n"),
    );
    this.server = spawn(serverProgram(), ["-c", join(this.folder, "nats.conf")], { stdio: "ignore" });
    for (let attempt = 0; attempt < 500 && !this.ports; attempt++) {
      await sleep(10);
      const [file] = readdirSync(join(this.folder, "ports"));
      const text = file ? readFileSync(join(this.folder, "ports", file), "utf8") : "";
      if (text.trim().endsWith("}")) this.ports = JSON.parse(text);
    }
  }

  public get url(): string {
    return this.ports?.nats[0] ?? "";
  }

  public secrets(passwords: Readonly<Record<string, string>>): void {
    const lines = Object.entries(passwords).map(([name, password]) => `${name}: "${password}"`);
    writeFileSync(join(this.folder, "secrets.conf"), lines.join("\n"));
  }

  public deploy(accounts: string) {
    const file = join(this.folder, "generated.conf");
    writeFileSync(file, accounts);
    return spawnSync("bash", [SCRIPT, file, "host"], {
      encoding: "utf8",
      env: {
        PATH: `${this.programs}:${process.env.PATH}`,
        SSH_KEY: "key",
        SSH_KNOWN_HOSTS: "host",
        NATS_FOLDER: this.folder,
        NATS_PID_FILE: join(this.folder, "pid"),
        NATS_MONITOR: this.ports?.monitoring[0],
      },
    });
  }

  public async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.server?.once("exit", resolve));
    this.server?.kill("SIGTERM");
    if (this.server) await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private program(name: string, text: string): void {
    writeFileSync(join(this.programs, name), text, { mode: 0o755 });
  }
}

const host = new Host();

beforeAll(() => host.start());
afterAll(() => host.stop());

const login = (user: string, pass: string) => connect({ servers: host.url, user, pass, reconnect: false });

test("the script brings an accounts file to a server that runs, with new users and accounts, or fails", async () => {
  const first = accountsOf("convex");
  host.secrets(passwordsFor(first));
  expect(host.deploy(first)).toMatchObject({ status: 0 });
  const convex = await login("prod-convex", "pw-PROD_CONVEX_PASSWORD");
  convex.subscribe("prod._.api.convex.query", { callback: (_, message) => void message.respond("3 rows") });
  await convex.flush();

  const second = accountsOf("convex", "cache");
  const refused = host.deploy(second);
  expect(refused.status).not.toBe(0);
  expect(refused.stderr).toContain("variable reference for 'PROD_CACHE_");
  await expect(login("prod-cache", "pw-PROD_CACHE_PASSWORD")).rejects.toThrow("Authorization Violation");

  host.secrets(passwordsFor(second));
  expect(host.deploy(second)).toMatchObject({ status: 0 });
  const cache = await login("prod-cache", "pw-PROD_CACHE_PASSWORD");
  expect((await cache.request("prod._.api.convex.query")).string()).toBe("3 rows");
  expect(convex.isClosed()).toBe(false);

  host.secrets({ ...passwordsFor(second), PROD_CACHE_PASSWORD: "another" });
  expect(host.deploy(second)).toMatchObject({ status: 0 });
  await (await login("prod-cache", "another")).close();
  for (const connection of [convex, cache]) await connection.close();
}, 60_000);
