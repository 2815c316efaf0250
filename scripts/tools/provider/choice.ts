import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { TestProvider } from "./provider";

/** How long `terraform init` may take to install the real provider, before the tests fall back on theirs. */
const INSTALL_MILLISECONDS = 15_000;

const REQUIREMENT = {
  terraform: { required_providers: { jetstream: { source: "nats-io/jetstream", version: ">= 0.4.0" } } },
};

/** Terraform together with the provider that it is to use. */
export interface Toolchain {
  /** Which of the two providers it is. */
  readonly provider: "real" | "test";
  /** The program: terraform or tofu. */
  readonly program: string;
  /** The environment that Terraform runs with, besides its variables. */
  readonly env: Readonly<Record<string, string>>;
  /** Arguments for `terraform init`. */
  readonly initArguments: readonly string[];
  /** Ends the provider and removes what was installed. */
  close(): void;
}

/** `terraform`, or else `tofu`, in the PATH. */
export function terraformProgram(): string {
  const folders = (process.env.PATH ?? "").split(delimiter);
  for (const name of ["terraform", "tofu"]) {
    const folder = folders.find((each) => existsSync(join(each, name)));
    if (folder) return join(folder, name);
  }
  throw new Error(
    "neither terraform nor tofu is in the PATH. Install Terraform 1.7 or OpenTofu 1.10, or newer: " +
      "https://developer.hashicorp.com/terraform/install or https://opentofu.org/docs/intro/install",
  );
}

/**
 * Finds Terraform and decides on the provider: the environment variable JETSTREAM_PROVIDER (`real` or `test`), or else
 * the real one where `terraform init` can install it. Says which it is.
 */
export async function openToolchain(): Promise<Toolchain> {
  const wanted = process.env.JETSTREAM_PROVIDER;
  if (wanted && wanted !== "real" && wanted !== "test") {
    throw new Error(`JETSTREAM_PROVIDER is "${wanted}"; it can be "real" or "test"`);
  }
  const program = terraformProgram();
  const folder = mkdtempSync(join(tmpdir(), "terraform-"));
  const env = environment(folder);
  const installed = wanted === "test" ? "not asked for" : install(program, folder, env);
  if (installed === undefined) {
    announce(program, "the real provider nats-io/jetstream");
    const close = () => rmSync(folder, { recursive: true, force: true });
    return { provider: "real", program, env, initArguments: [`-plugin-dir=${pluginFolder(folder)}`], close };
  }
  if (wanted === "real") {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`nats-io/jetstream cannot be installed:\n${installed}`);
  }
  const provider = await TestProvider.start();
  announce(program, "the provider of the tests");
  const close = () => {
    provider.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    provider: "test",
    program,
    env: { ...env, TF_REATTACH_PROVIDERS: provider.reattach },
    initArguments: [],
    close,
  };
}

function announce(program: string, provider: string): void {
  process.stdout.write(`${basename(program)} with ${provider}\n`);
}

const pluginFolder = (folder: string) => join(folder, ".terraform", "providers");

/** Tries to install the real provider into a folder; returns what went wrong. */
function install(program: string, folder: string, env: Readonly<Record<string, string>>): string | undefined {
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(REQUIREMENT));
  const { status, stdout, stderr } = spawnSync(program, ["init", "-input=false", "-no-color", "-backend=false"], {
    cwd: folder,
    env: { ...env, ...proxySettings() },
    encoding: "utf8",
    timeout: INSTALL_MILLISECONDS,
  });
  return status === 0 ? undefined : `${stdout}${stderr}` || "no answer in time";
}

/** The settings that a machine needs to reach a registry. */
function proxySettings(): Record<string, string> {
  const names = Object.keys(process.env).filter((name) => /^(https?_proxy|no_proxy|ssl_cert_)/i.test(name));
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? ""]));
}

/** Terraform's environment: nothing of the user's but a configuration file that says where providers come from. */
function environment(folder: string): Record<string, string> {
  const given = process.env.TF_CLI_CONFIG_FILE;
  const own = join(folder, "cli.tfrc");
  writeFileSync(own, "disable_checkpoint = true\n");
  return {
    PATH: process.env.PATH ?? "",
    HOME: folder,
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    // A command ends before it needs memory back.
    GOGC: "off",
    TF_CLI_CONFIG_FILE: given && existsSync(given) ? given : own,
  };
}
