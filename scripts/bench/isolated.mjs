import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { App, TerraformStack } from "cdktf";
import { AccountsFile, AppConstruct, Isolation, PlatformConstruct } from "cdktf-nats-platform";

/**
 * A platform of isolated apps that publish, consume and receive events, publish audit messages and health, serve an API and
 * call one.
 */
function declare(outdir, count) {
  const app = new App({ outdir });
  const stack = new TerraformStack(app, "isolated");
  const prod = new PlatformConstruct(stack, "prod", {
    nodes: ["node-1"],
    servers: ["nats://127.0.0.1:4222"],
    isolation: Isolation.ACCOUNT,
  });
  let previous;
  for (let index = 0; index < count; index++) {
    const each = new AppConstruct(prod, `app-${index}`, { liveEvents: [">"] });
    each.publishEvents(`app-${index}.>`);
    each.consumeEvents();
    each.serveApi("query");
    each.publishAudit();
    each.publishHealth();
    if (previous) each.callApi(previous, "query");
    previous = each;
  }
  new AccountsFile(stack, "accounts", { reports: false });
  app.synth();
  return readFileSync(join(outdir, "stacks", "isolated", "accounts.conf"), "utf8");
}

async function secondsToStart(server, folder) {
  const log = join(folder, "server.log");
  const config = join(folder, "server.conf");
  writeFileSync(
    config,
    `listen: "127.0.0.1:-1"\nlog_file: "${log}"\njetstream { store_dir: "${join(folder, "data")}" }\ninclude "accounts.conf"\n`,
  );
  const started = performance.now();
  const running = spawn(server, ["-c", config], { stdio: "ignore" });
  try {
    for (let attempt = 0; attempt < 6000; attempt++) {
      if (running.exitCode !== null) throw new Error(`nats-server ended with status ${running.exitCode}`);
      const text = attempt > 0 ? readFileSync(log, { encoding: "utf8", flag: "a+" }) : "";
      if (text.includes("Server is ready")) return (performance.now() - started) / 1000;
      await sleep(20);
    }
    throw new Error("nats-server was not ready within 2 minutes");
  } finally {
    running.kill("SIGKILL");
  }
}

/** Makes the accounts of isolated apps and prints how long a server takes for them, as JSON. */
const [server, count] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "nats-bench-"));
try {
  const started = performance.now();
  const text = declare(join(folder, "out"), Number(count));
  const synth = (performance.now() - started) / 1000;
  const file = join(folder, "accounts.conf");
  writeFileSync(file, text.replace(/password: \$\w+/g, 'password: "x"'));
  const checkStarted = performance.now();
  const { status, stderr } = spawnSync(server, ["-t", "-c", file], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  const check = (performance.now() - checkStarted) / 1000;
  const start = await secondsToStart(server, folder);
  console.log(JSON.stringify({ apps: Number(count), megabytes: text.length / 1e6, synth, check, start }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
