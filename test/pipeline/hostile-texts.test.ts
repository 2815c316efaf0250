import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Fn, Lazy, TerraformOutput, TerraformStack } from "cdktf";
import { AccountsFile, AppConstruct, Findings, jetstream, PlatformConstruct } from "cdktf-nats-platform";
import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import { Terraform } from "../../scripts/tools/terraform";
import { HOSTILE, HOSTILE_TOKENS } from "../support/hostile";
import { Pipeline } from "./pipeline";
import { type Declare, OVERRIDE } from "./workspace";

let toolchain: Toolchain;

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterAll(() => toolchain?.close());

/** What Terraform's own language means something by, besides. */
const TEMPLATES = [
  `$\${x}`,
  `$$\${x}`,
  "%%{x}",
  `a\${`,
  "%{",
  `\${`,
  `$\${`,
  `\${jetstream_stream.prod_audit.name}`,
  "#{x}",
  `$\${a}%{b}\${c}`,
];

const TEXTS = [...HOSTILE, ...HOSTILE_TOKENS, ...TEMPLATES].filter((text) => text !== "__proto__");

/** A program with every text in a description, in names and values of metadata, and some in ids and in a placement. */
const program: Declare = (app) => {
  const stack = new TerraformStack(app, "stack");
  const prod = new PlatformConstruct(stack, "prod", { nodes: ["node-1"], servers: ["nats://127.0.0.1:4222"] });
  const convex = new AppConstruct(prod, "convex");
  for (const [index, text] of TEXTS.entries()) {
    convex.addStream(`s${index}`, { description: text, metadata: { [text]: text } });
  }
  for (const [index, text] of TEXTS.filter((each) => /[$%]\{/.test(each)).entries()) {
    const placement = { cluster: text.replace(/\s/g, ""), tags: [text.replace(/\s/g, "")] };
    new AppConstruct(prod, `app ${text}`, { appName: `app${index}`, placement }).publishEvents(`x.${index}`);
    Findings.of(prod).acknowledge("NP001", text);
  }
  for (const text of HOSTILE_TOKENS) convex.serveApi(text);
  const { content, helmValues } = new AccountsFile(stack, "accounts", { helmValues: true });
  new TerraformOutput(stack, "accounts-conf", { value: content, staticId: true });
  new TerraformOutput(stack, "helm", { value: helmValues, staticId: true });
  new TerraformOutput(stack, "secret", {
    value: { encoded: Fn.base64encode(content), json: Fn.jsonencode({ content }) },
    staticId: true,
  });
  new TerraformOutput(stack, "within", { value: Fn.base64encode(`begin ${helmValues} end`), staticId: true });
  const { bucketName, resource } = prod.keyValueStore;
  for (const [index, text] of [...HOSTILE, "[1]", "{}", "1", "-1", "true", ""].entries()) {
    new jetstream.KvEntry(stack, `entry${index}`, {
      bucket: bucketName,
      key: `texts.${index}`,
      value: Lazy.stringValue({ produce: () => text.replace(/([$%])\{/g, "$1$1{") }),
      provider: resource.provider,
    });
  }
  convex.addStream("keys", { metadata: { for: "a", "-a": "c", "1": "2", "a.b": "[x]", null: "null" } });
};

/** A text as Terraform has it: JSON of half a character is no text there. */
const known = (text: string) => Buffer.from(text).toString();

/** A text of the file as it is meant: the doubled characters begin no template. */
const meant = (text: string) => text.replaceAll("$${", "${").replaceAll("%%{", "%{");

/** Where two values differ; what the file leaves out, the provider decides. */
function differences(file: unknown, planned: unknown, path: string): string[] {
  if (typeof file === "string")
    return known(meant(file)) === planned ? [] : [`${path}: ${JSON.stringify([file, planned])}`];
  if (typeof file !== "object" || file === null) return [];
  const fields = planned as { readonly [key: string]: unknown } | undefined;
  return Object.entries(file).flatMap(([key, value]) =>
    differences(value, fields?.[known(meant(key))], `${path}.${key}`),
  );
}

test("Terraform takes all texts as they are, those of the accounts file too, and evaluates none", async () => {
  const pipeline = await Pipeline.start(toolchain, program);
  try {
    const terraform = await pipeline.terraform("stack");
    await terraform.validate();
    const { changes } = await terraform.plan();
    const { planned_values } = JSON.parse(await terraform.run("show", "-json", "test.tfplan"));
    const { outputs } = planned_values;
    const { accounts } = pipeline.workspace;
    expect(outputs["accounts-conf"].value).toBe(accounts);
    const encoded = (text: string) => Buffer.from(text).toString("base64");
    expect(outputs.secret.value).toEqual({
      encoded: encoded(accounts),
      json: expect.anything(),
    });
    expect(JSON.parse(outputs.secret.value.json)).toEqual({ content: accounts });
    expect(outputs.within.value).toBe(encoded(`begin ${outputs.helm.value} end`));
    const planned = new Map(changes.map(({ address, change }) => [address, change.after ?? {}]));
    for (const [index, text] of TEXTS.entries()) {
      const { description, metadata } = planned.get(`jetstream_stream.prod_convex_s${index}`) ?? {};
      expect({ description, metadata }).toEqual({ description: known(text), metadata: { [known(text)]: known(text) } });
    }
    const resources = Object.entries(pipeline.workspace.json("stack").resource ?? {});
    const declared = resources.flatMap(([type, blocks]) =>
      Object.entries(blocks).map(
        ([name, block]) => [`${type}.${name}`, block as { readonly [attribute: string]: unknown }] as const,
      ),
    );
    expect(declared.map(([address]) => address).sort()).toEqual([...planned.keys()].sort());
    const found = declared.flatMap(([address, { "//": _, provider, depends_on, lifecycle, ...block }]) =>
      differences(block, planned.get(address), address),
    );
    expect(found.filter((each) => !/"\$\{jetstream_\w+\.[\w-]+\.\w+\}"/.test(each))).toEqual([]);
  } finally {
    await pipeline.stop();
  }
}, 180_000);

test("Terraform takes all texts of HCL output as those of JSON", async () => {
  const pipeline = await Pipeline.start(toolchain, program);
  const outdir = mkdtempSync(join(tmpdir(), "hcl-"));
  try {
    process.env.SYNTH_HCL_OUTPUT = "true";
    const app = new App({ outdir });
    program(app);
    app.synth();
    const folder = join(outdir, "stacks", "stack");
    copyFileSync(join(pipeline.workspace.folderOf("stack"), OVERRIDE), join(folder, OVERRIDE));
    const hcl = new Terraform(toolchain, folder, {
      prod_terraform_password: pipeline.passwordOf("prod-terraform") ?? "",
      prod_access_terraform_password: pipeline.passwordOf("prod-access-terraform") ?? "",
    });
    await hcl.init();
    const terraform = await pipeline.terraform("stack");
    const [{ changes }, expected] = [await hcl.plan(), await terraform.plan()];
    expect(changes).toEqual(expected.changes);
    const [outputs, others] = await Promise.all(
      [hcl, terraform].map(
        async (each) => JSON.parse(await each.run("show", "-json", "test.tfplan")).planned_values.outputs,
      ),
    );
    expect(outputs).toEqual(others);
  } finally {
    delete process.env.SYNTH_HCL_OUTPUT;
    rmSync(outdir, { recursive: true });
    await pipeline.stop();
  }
}, 180_000);
