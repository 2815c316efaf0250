import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AppConstruct, PlatformConstruct } from "../../../../lib";
import { stackDocument } from "../../../../lib/documents/whole-stack";
import { serverProgram, type TestServer } from "../../../../scripts/tools/nats-server";
import { AccessBucket } from "../../../support/access-bucket";
import { Cluster } from "../../../support/cluster";
import { FollowedPlatform, passwordOfUser, type StoredText } from "../../../support/followed-platform";
import { SERVERS } from "../../../support/prod";

const PROGRAM = join(__dirname, "../../../../bin/cdktf-nats-platform.js");

/** The documents of a stack with apps, by the apps' names; another variant has other permissions. */
export type Apps = ReadonlyMap<string, number>;

/** Three servers, each with a process beside it that follows the documents of platform prod. */
export class FollowedCluster {
  /** Starts servers with the documents of the platform alone. */
  public static async start(): Promise<FollowedCluster> {
    const followed = new FollowedPlatform("prod");
    const platform = followed.synth("shop", (stack) => {
      new PlatformConstruct(stack, "prod", { servers: SERVERS, nodes: ["node-1"], owner: "shop" });
    });
    const template = followed.synth("template", (stack) => {
      const prod = PlatformConstruct.fromPlatformName(stack, "prod", "prod", { servers: SERVERS, owner: "template" });
      new AppConstruct(stack, "tmpl", { platform: prod });
    });
    followed.secrets(platform);
    process.env.NATS_URL = "nats://127.0.0.1:1";
    const first = join(followed.folder, "first.conf");
    await followed.sync(first, "--start", "shop/stack");
    const accounts = readFileSync(first, "utf8");
    const cluster = await Cluster.start({ accounts, user: "prod-node-1", password: passwordOfUser("prod-node-1") });
    return new FollowedCluster(followed, cluster, platform, template);
  }

  public readonly servers: readonly TestServer[];
  private readonly followers: (ChildProcess | undefined)[] = [];
  private readonly said: string[] = [];
  private readonly stored = new Map<string, ReadonlyMap<string, string>>();
  private bucket: Promise<AccessBucket> | undefined;

  private constructor(
    private readonly followed: FollowedPlatform,
    private readonly cluster: Cluster,
    private readonly platform: readonly StoredText[],
    private readonly template: readonly StoredText[],
  ) {
    this.servers = [...cluster.servers.values()];
  }

  /** What the followers have said. */
  public get log(): string {
    return this.said.join("");
  }

  /** Gives the passwords of apps. */
  public secrets(apps: readonly string[]): void {
    const named = apps.map((app) => ({ key: "", text: `"credentials":"variable PROD_${app.toUpperCase()}_PASSWORD"` }));
    this.followed.secrets([...this.platform, ...named]);
  }

  /** Stores the documents of the platform. */
  public async storePlatform(): Promise<void> {
    await this.store("shop", this.platform);
  }

  /** Stores the documents of a stack as an apply does: those that change, then that of the stack; without apps it is destroyed. */
  public async storeApps(stack: string, apps: Apps): Promise<void> {
    const texts = [...apps].flatMap(([app, variant]) => this.documentsOf(stack, app, variant));
    const last = { key: `access.stacks.${stack}`, text: JSON.stringify(stackDocument(texts)) };
    await this.store(stack, apps.size === 0 ? [] : [...texts, last]);
  }

  /** Starts a follower beside a server, which looks again every so many seconds. */
  public follow(index: number, watch = "0.1"): void {
    const server = this.servers[index] as TestServer;
    const target = join(server.folder, "accounts.conf");
    const words = this.followed.words(target, "--watch", watch, "--max-removals", "none");
    const env = { ...process.env, NATS_URL: server.url };
    const follower = spawn(process.execPath, [PROGRAM, ...words], { cwd: this.followed.folder, env });
    for (const stream of [follower.stdout, follower.stderr])
      stream.on("data", (data) => this.said.push(`${index}: ${data}`));
    this.followers[index] = follower;
  }

  /** Kills a follower as a loss of power does. */
  public async killFollower(index: number): Promise<void> {
    const follower = this.followers[index];
    this.followers[index] = undefined;
    if (!follower || follower.exitCode !== null) return;
    const ended = new Promise((resolve) => follower.once("exit", resolve));
    follower.kill("SIGKILL");
    await ended;
  }

  /** What `nats-server -t` says to what is on the disk of a server now. */
  public check(index: number): string {
    const { folder } = this.servers[index] as TestServer;
    const copy = mkdtempSync(join(tmpdir(), "nats-copy-"));
    try {
      for (const file of ["nats.conf", "accounts.conf"]) copyFileSync(join(folder, file), join(copy, file));
      const { status, stdout, stderr } = spawnSync(serverProgram(), ["-t", "-c", join(copy, "nats.conf")], {
        encoding: "utf8",
      });
      return status === 0 ? "valid" : stdout + stderr;
    } finally {
      rmSync(copy, { recursive: true });
    }
  }

  /** What `accounts status` says behind some seconds at most: nothing if all servers have in force what is stored. */
  public async lacking(seconds: number): Promise<string> {
    const words = ["accounts", "status", "--platform", "prod", "--reload-user", "sync", "--servers", "3", "--wait"];
    const env = { ...process.env, NATS_URL: this.cluster.urls.join() };
    const asking = spawn(process.execPath, [PROGRAM, ...words, String(seconds)], { cwd: this.followed.folder, env });
    let said = "";
    for (const stream of [asking.stdout, asking.stderr])
      stream.on("data", (data) => {
        said += data;
      });
    const status = await new Promise((resolve) => asking.once("exit", resolve));
    return status === 0 ? "" : said;
  }

  /** Ends all. */
  public async stop(): Promise<void> {
    await Promise.all(this.servers.map((_, index) => this.killFollower(index)));
    await this.bucket?.then((bucket) => bucket.close()).catch(() => undefined);
    await this.cluster.stop();
    await this.followed.stop();
  }

  private documentsOf(stack: string, app: string, variant: number): StoredText[] {
    return this.template
      .filter(({ key }) => !key.startsWith("access.stacks.") && key.includes("tmpl"))
      .map(({ key, text }) => {
        const named = text.replaceAll("tmpl", app).replaceAll("TMPL", app.toUpperCase());
        const document = JSON.parse(named);
        const publish = { ...document.publish, [`prod.${app}.variant.v${variant}`]: "the variant" };
        return { key: key.replaceAll("tmpl", app), text: JSON.stringify({ ...document, stack, publish }) };
      });
  }

  private async store(stack: string, documents: readonly StoredText[]): Promise<void> {
    const before = this.stored.get(stack) ?? new Map<string, string>();
    const after = new Map(documents.map(({ key, text }) => [key, text]));
    const gone = [...before.keys()].filter((key) => !after.has(key));
    const isLast = (key: string) => key.startsWith("access.stacks.");
    for (const key of gone.filter(isLast)) await this.write((bucket) => bucket.delete(key));
    for (const [key, text] of after)
      if (before.get(key) !== text && !isLast(key)) await this.write((bucket) => bucket.write({ key, text }));
    for (const key of gone.filter((each) => !isLast(each))) await this.write((bucket) => bucket.delete(key));
    for (const [key, text] of after)
      if (before.get(key) !== text && isLast(key)) await this.write((bucket) => bucket.write({ key, text }));
    this.stored.set(stack, after);
  }

  /** Writes something, again and again while no server takes it. */
  private async write(action: (bucket: AccessBucket) => Promise<void>): Promise<void> {
    for (let tries = 0; ; tries++) {
      this.bucket ??= this.opened();
      const opened = this.bucket;
      try {
        return await action(await opened);
      } catch (error) {
        if (tries === 100) throw error;
        if (this.bucket === opened) this.bucket = undefined;
        await opened.then((bucket) => bucket.close()).catch(() => undefined);
        await sleep(100);
      }
    }
  }

  private opened(): Promise<AccessBucket> {
    const user = "prod-access-terraform";
    return AccessBucket.at(this.cluster.urls, "prod", user, passwordOfUser(user), 3);
  }
}

/** Writes a line of a proof. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Ends a proof with what is wrong, if anything is. */
export function conclude(wrong: readonly string[]): void {
  for (const each of wrong) say(`WRONG: ${each}`);
  if (wrong.length > 0) process.exitCode = 1;
}
