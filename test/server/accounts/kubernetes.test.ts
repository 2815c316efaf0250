import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AppConstruct, PlatformConstruct } from "../../../lib";
import { serverProgram } from "../../../scripts/tools/nats-server";
import type { AccessBucket } from "../../support/access-bucket";
import { freePorts } from "../../support/cluster";
import { FollowedPlatform, letsIn, type StoredText, usersInFile } from "../../support/followed-platform";
import { type ChartRelease, type Container, chartRelease, renderedRelease } from "../../support/helm-chart";
import { SERVERS } from "../../support/prod";
import type { Program } from "../../support/synth";

const FOLDER = join(__dirname, "../../../examples/kubernetes");
const VALUES = readFileSync(join(FOLDER, "values.yaml"), "utf8");
const { NATS_CHART } = process.env;
const release: ChartRelease = NATS_CHART ? renderedRelease(VALUES, NATS_CHART) : chartRelease(VALUES);

const PORTS = { nats: "4222", cluster: "6222", monitor: "8222", metrics: "9100" } as const;

const shop =
  (...apps: readonly string[]): Program =>
  (stack) => {
    const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS, replicas: 3 });
    for (const app of apps) new AppConstruct(prod, app);
  };

const only = (containers: readonly Container[] | undefined, name: string): Container => {
  const [found, more] = (containers ?? []).filter((each) => each.name === name);
  if (found === undefined || more) throw new Error(`not one container ${name}`);
  return found;
};

const SERVER = only(release.pod.containers, "nats");
const SYNC = only(release.pod.containers, "accounts");
const START = only(release.pod.initContainers, "accounts-start");

let followed: FollowedPlatform;
let documents: StoredText[];
let pods: Pod[] = [];
let bucket: AccessBucket;

/** A pod of the release in a folder, which is its root. */
class Pod {
  private readonly ports: { readonly [name in keyof typeof PORTS]: string };
  private readonly processes = new Map<string, ChildProcess>();
  private said = "";

  public constructor(
    public readonly name: string,
    ports: readonly number[],
    private readonly routes: readonly number[],
  ) {
    const names = Object.keys(PORTS) as (keyof typeof PORTS)[];
    this.ports = Object.fromEntries(names.map((each, index) => [each, `${ports[index]}`])) as Pod["ports"];
    for (const { mountPath } of [...(SERVER.volumeMounts ?? []), ...(SYNC.volumeMounts ?? [])])
      mkdirSync(this.at(mountPath), { recursive: true });
    cpSync(join(followed.folder, "shop/stack/cdk.tf.json"), this.at("/etc/nats-start/cdk.tf.json"));
    for (const line of readFileSync(join(followed.folder, "secrets.env"), "utf8").trimEnd().split("\n")) {
      const [variable = "", value = ""] = line.split("=");
      writeFileSync(this.at(`/etc/nats-secrets/${variable}`), value);
    }
    writeFileSync(this.at("/etc/nats-config/nats.conf"), this.config());
  }

  public get url(): string {
    return `nats://127.0.0.1:${this.ports.nats}`;
  }

  public at(path: string): string {
    return join(followed.folder, this.name, path);
  }

  /** What a container is called with, below the root of this pod. */
  public words(...words: readonly string[]): string[] {
    return words.map((word) =>
      word
        .replace(/(^|[= ])(\/(?:data|etc)\/)/g, (_, before, path) => `${before}${this.at(path)}`)
        .replace("0.0.0.0:9100", `127.0.0.1:${this.ports.metrics}`),
    );
  }

  public environment({ env = [] }: Container): NodeJS.ProcessEnv {
    const values = env.map(({ name, value, valueFrom }) => {
      const key = valueFrom?.secretKeyRef?.key;
      const given = key ? readFileSync(this.at(`/etc/nats-secrets/${key}`), "utf8") : (value ?? "");
      return [name, given.replace(PORTS.nats, this.ports.nats)];
    });
    return { PATH: `${followed.folder}${delimiter}${process.env.PATH}`, ...Object.fromEntries(values) };
  }

  /** Runs the init container to its end. */
  public prepare(): void {
    const [program = "", ...words] = this.words(...(START.command ?? []), ...(START.args ?? []));
    const { status, stdout, stderr } = spawnSync(program, words, { env: this.environment(START), encoding: "utf8" });
    expect([status, stdout + stderr]).toEqual([0, expect.stringContaining("no connection")]);
  }

  public startServer(): void {
    const env = { PATH: process.env.PATH, SERVER_NAME: this.name };
    this.start("server", serverProgram(), this.words(...(SERVER.args ?? [])), env);
  }

  public startSync(): void {
    const [program = "", ...words] = this.words(...(SYNC.command ?? []), ...(SYNC.args ?? []));
    this.start("sync", program, words, this.environment(SYNC));
  }

  /** What the server or sync answers to a probe or to Prometheus. */
  public async get(port: "monitor" | "metrics", path: string): Promise<string> {
    return fetch(`http://127.0.0.1:${this.ports[port]}${path}`).then(
      (answer) => answer.text(),
      (error: Error) => error.message,
    );
  }

  public async until(port: "monitor" | "metrics", path: string, text: string): Promise<void> {
    for (let tries = 0; tries < 300; tries++) {
      if ((await this.get(port, path)).includes(text)) return;
      await sleep(50);
    }
    throw new Error(`${this.name}${path}: ${await this.get(port, path)}\n${this.said}`);
  }

  public async stop(): Promise<void> {
    const ended = [...this.processes.values()].map(
      (each) => new Promise((resolve) => (each.exitCode === null ? each.once("exit", resolve) : resolve(undefined))),
    );
    for (const each of this.processes.values()) each.kill("SIGKILL");
    await Promise.all(ended);
    this.processes.clear();
  }

  private start(name: string, program: string, words: readonly string[], env: NodeJS.ProcessEnv): void {
    const started = spawn(program, words, { env });
    for (const stream of [started.stdout, started.stderr])
      stream.on("data", (data) => {
        this.said += data;
      });
    this.processes.set(name, started);
  }

  /** The configuration, with this pod's folders and ports in place of those in a cluster. */
  private config(): string {
    return release.config
      .replace(/"(\/(?:data|var)\b[^"]*)"/g, (_, path) => JSON.stringify(this.at(path)))
      .replace(/"nats:\/\/nats-(\d)[^"]*"/g, (_, index) => `"nats://127.0.0.1:${this.routes[Number(index)]}"`)
      .replace(`"port": ${PORTS.nats}`, `"listen": "127.0.0.1:${this.ports.nats}"`)
      .replace(`"port": ${PORTS.cluster}`, `"listen": "127.0.0.1:${this.ports.cluster}"`)
      .replace(`"http_port": ${PORTS.monitor}`, `"http": "127.0.0.1:${this.ports.monitor}"`);
  }
}

beforeAll(async () => {
  followed = new FollowedPlatform("prod");
  documents = followed.synth("shop", shop());
  followed.secrets([...documents, ...followed.synth("next", shop("cache"))]);
  symlinkSync(join(__dirname, "../../../bin/cdktf-nats-platform.js"), join(followed.folder, "cdktf-nats-platform"));
  const ports = await freePorts(12);
  pods = [0, 1, 2].map((index) => {
    const routes = [1, 5, 9].map((each) => ports[each] as number);
    return new Pod(`nats-${index}`, ports.slice(4 * index, 4 * index + 4), routes);
  });
}, 30_000);

afterAll(async () => {
  await Promise.all(pods.map((pod) => pod.stop()));
  await followed?.stop();
});

if (NATS_CHART) {
  test("the chart makes of the values what these tests take for it", () => {
    const { text, config, pod } = renderedRelease(VALUES, NATS_CHART);
    const known = chartRelease(VALUES);
    expect(config).toBe(known.config);
    expect(pod).toMatchObject(known.pod);
    expect(text).not.toContain("reloader");
  });
}

test("the server includes one file, which is the one that sync writes, on the volume of the server", () => {
  const includes = [...release.config.matchAll(/include (\S+);/g)].map(([, path = ""]) => path);
  expect(includes.map((path) => join("/etc/nats-config", path))).toEqual(["/data/accounts/accounts.conf"]);
  const volume = SERVER.volumeMounts?.find(({ mountPath }) => mountPath === "/data")?.name;
  for (const { args, volumeMounts } of [SYNC, START]) {
    expect(args).toContain("--to=/data/accounts/accounts.conf");
    expect(volumeMounts).toContainEqual({ name: volume, mountPath: "/data/accounts", subPath: "accounts" });
  }
  expect(JSON.stringify(release.pod)).not.toMatch(/PASSWORD","value"/);
  expect(release.config).not.toMatch(/password/i);
});

test("servers start with the first file, follow an apply, and start again with what was in force", async () => {
  for (const pod of pods) pod.prepare();
  for (const pod of pods) {
    expect(statSync(pod.at("/data/accounts/accounts.conf")).mode & 0o777).toBe(0o600);
    pod.startServer();
    pod.startSync();
  }
  for (const pod of pods) await pod.until("monitor", "/healthz", '"ok"');
  const [first] = pods as [Pod, Pod, Pod];
  await first.until("metrics", "/healthz", "ok");
  bucket = await opened();
  await bucket.write(...documents, ...followed.synth("shop", shop("cache")));
  const words = ["accounts", "status", "--platform=prod", "--reload-user=sync", "--servers=3", "--wait=20"];
  const options = { env: first.environment(SYNC), encoding: "utf8" } as const;
  const { status, stdout } = spawnSync("cdktf-nats-platform", words, options);
  expect([status, stdout]).toEqual([0, expect.stringContaining("on 3 of 3 servers")]);
  for (const pod of pods) await pod.until("metrics", "/metrics", "nats_accounts_in_force 1\n");

  const last = pods.at(-1) as Pod;
  await last.stop();
  last.prepare();
  last.startServer();
  await last.until("monitor", "/healthz", '"ok"');
  expect(await letsIn(last.url, "prod-cache")).toBe(true);
  expect(usersInFile(last.at("/data/accounts/accounts.conf"))).toContain("prod-cache");
  expect(existsSync(last.at("/data/jetstream"))).toBe(true);
}, 60_000);

/** The bucket, once the servers have found each other. */
async function opened(): Promise<AccessBucket> {
  const urls = pods.map(({ url }) => url);
  for (let tries = 0; ; tries++) {
    try {
      return await followed.open(urls, 3);
    } catch (error) {
      if (tries === 50) throw error;
      await sleep(200);
    }
  }
}
