import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const require = createRequire(import.meta.url);

const PROVIDER = { name: "jetstream", source: "nats-io/jetstream", version: ">= 0.4.0" };

/**
 * Generates the bindings of the provider the way `cdktf get` does, as a map from file name to text: one file for each
 * resource, one for the provider, and a flat `index.ts`.
 *
 * The input is `provider-schema.json` beside this file, the output of `terraform providers schema -json` without its
 * `provider_versions`: with them, stacks would require the exact version the schema was taken from instead of the
 * range in `PROVIDER`.
 */
export async function stockSources() {
  const scratch = await mkdtemp(join(tmpdir(), "bindings-"));
  try {
    const generator = await newGenerator(scratch);
    await generator.save(scratch);
    return await flatten(join(scratch, "providers", PROVIDER.name));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function newGenerator(scratch) {
  const { TerraformProviderGenerator, commons, CodeMaker, sanitizeProviderSchema } = loadGenerator(scratch);
  const schema = JSON.parse(await readFile(new URL("provider-schema.json", import.meta.url), "utf8"));
  const generator = new TerraformProviderGenerator(new CodeMaker(), sanitizeProviderSchema(schema));
  const constraint = new commons.TerraformProviderConstraint(PROVIDER);
  generator.generate(new commons.ConstructsMakerProviderTarget(constraint, commons.LANGUAGES[0]));
  return generator;
}

/**
 * Loads the generator without side effects: on load, `@cdktf/commons` reads whether it may send telemetry and runs
 * `terraform version`, which contacts HashiCorp and prints complaints about the user's CLI configuration. Both
 * decisions are taken while the modules load, so the environment is back to what it was when this returns.
 */
function loadGenerator(scratch) {
  return withEnvironment({ CHECKPOINT_DISABLE: "1", TERRAFORM_BINARY_NAME: join(scratch, "no-terraform") }, () => ({
    ...require("@cdktf/provider-generator/lib/get/generator/provider-generator"),
    ...require("@cdktf/provider-schema/src/provider-schema"),
    ...require("codemaker"),
    commons: require("@cdktf/commons"),
  }));
}

function withEnvironment(overrides, action) {
  const before = Object.keys(overrides).map((name) => [name, process.env[name]]);
  Object.assign(process.env, overrides);
  try {
    return action();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = value;
      }
    }
  }
}

/**
 * Turns the generator's layout, a folder with an `index.ts` and a `README.md` for each resource, into one file each.
 * The index re-exports everything at one level (`jetstream.KvBucket`, not `jetstream.kvBucket.KvBucket`). The
 * generator's own index files are left out, among them `lazy-index.ts`, which jsii cannot compile.
 */
async function flatten(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  names.sort();
  const files = new Map();
  for (const name of names) {
    files.set(`${name}.ts`, await readOnlySource(join(folder, name)));
  }
  files.set("index.ts", names.map((name) => `export * from "./${name}";\n`).join(""));
  return files;
}

async function readOnlySource(folder) {
  const sources = (await readdir(folder)).filter((name) => name !== "README.md");
  if (sources.length !== 1 || sources[0] !== "index.ts") {
    throw new Error(`Expected only index.ts in the generated folder ${folder}, found: ${sources.join(", ")}.`);
  }
  return await readFile(join(folder, "index.ts"), "utf8");
}
