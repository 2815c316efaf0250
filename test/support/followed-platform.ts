import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { connect, type NodeConnectionOptions } from "@nats-io/transport-node";
import { documentsInStack } from "../../lib/documents/stack-documents";
import { accountsIn } from "../../lib/server-config/read-accounts-text";
import { AccessBucket } from "./access-bucket";
import { commandIn, type Outcome } from "./command";
import { type Program, synthFiles } from "./synth";

/** A document as Terraform stores it. */
export interface StoredText {
  readonly key: string;
  readonly text: string;
}

const passwordOf = (variable: string) => `pw-${variable}`;

/** The password of a user of a followed platform. */
export const passwordOfUser = (user: string) => passwordOf(`${user.toUpperCase().replace(/-/g, "_")}_PASSWORD`);

/** Programs in a folder, whose documents a test stores in the platform's bucket as Terraform does, and follows by the command. */
export class FollowedPlatform {
  public readonly folder = mkdtempSync(join(tmpdir(), "cdktf-nats-platform-"));
  private readonly environment = { ...process.env };
  private bucket: AccessBucket | undefined;

  /** @param platform the name of the platform */
  public constructor(private readonly platform: string) {
    Object.assign(process.env, {
      NATS_USER: "sys-sync",
      NATS_PASSWORD: passwordOfUser("sys-sync"),
      NATS_READER_PASSWORD: passwordOfUser("access-reader"),
    });
  }

  /** Synthesizes a program into a folder of its name, and gives the documents of its stack `stack`. */
  public synth(name: string, program: Program): StoredText[] {
    rmSync(join(this.folder, name), { recursive: true, force: true });
    for (const [path, text] of Object.entries(synthFiles(program))) {
      mkdirSync(dirname(join(this.folder, name, path)), { recursive: true });
      writeFileSync(join(this.folder, name, path), text);
    }
    const stack = JSON.parse(readFileSync(join(this.folder, name, "stack/cdk.tf.json"), "utf8"));
    return documentsInStack(stack, name)
      .filter(({ platform }) => platform === this.platform)
      .sort(
        (one, other) => Number(one.key.startsWith("access.stacks.")) - Number(other.key.startsWith("access.stacks.")),
      )
      .map(({ key, text }) => ({ key, text }));
  }

  /** Writes passwords for all variables that documents name, and those of the system account, but for some. */
  public secrets(documents: readonly StoredText[], without: readonly string[] = []): void {
    const named = documents.flatMap(({ text }) => /"credentials":"variable (\w+)"/.exec(text)?.[1] ?? []);
    const variables = [...new Set([...named, "SYS_SYNC_PASSWORD", "UNUSED"])].filter((name) => !without.includes(name));
    writeFileSync(join(this.folder, "secrets.env"), variables.map((name) => `${name}=${passwordOf(name)}\n`).join(""));
  }

  /** The words of a call of the command. */
  public words(to: string, ...more: readonly string[]): string[] {
    const own = ["--to", to, "--platform", this.platform, "--secrets", "secrets.env", "--reload-user", "sync"];
    return ["accounts", "sync", ...own, ...more];
  }

  /** Follows the documents once. */
  public sync(to: string, ...more: readonly string[]): Promise<Outcome> {
    return commandIn(this.folder, ...this.words(to, ...more));
  }

  /** Makes the bucket as the user that Terraform is. */
  public async open(url: string | string[], replicas = 1, more: NodeConnectionOptions = {}): Promise<AccessBucket> {
    const user = `${this.platform}-access-terraform`;
    this.bucket = await AccessBucket.at(url, this.platform, user, passwordOfUser(user), replicas, more);
    return this.bucket;
  }

  /** Ends connections, removes the folder, and makes the environment as it was. */
  public async stop(): Promise<void> {
    await this.bucket?.close();
    rmSync(this.folder, { recursive: true });
    process.env = this.environment;
  }
}

/** Whether a server lets a user in. */
export async function letsIn(url: string, user: string): Promise<boolean> {
  try {
    await (await connect({ servers: url, user, pass: passwordOfUser(user), reconnect: false, timeout: 5_000 })).close();
    return true;
  } catch {
    return false;
  }
}

/** The users that a file beside a server has, but those of the system account. */
export const usersInFile = (path: string): string[] =>
  existsSync(path)
    ? accountsIn(readFileSync(path, "utf8"))
        .users.filter((user) => !user.startsWith("sys-"))
        .sort()
    : [];
