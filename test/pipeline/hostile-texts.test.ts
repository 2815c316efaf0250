import { TerraformOutput, TerraformStack } from "cdktf";
import { AccountsFile, AppConstruct, Findings, PlatformConstruct } from "cdktf-nats-platform";
import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import { HOSTILE, HOSTILE_TOKENS } from "../support/hostile";
import { Pipeline } from "./pipeline";
import type { Declare } from "./workspace";

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
  const { content } = new AccountsFile(stack, "accounts");
  new TerraformOutput(stack, "accounts-conf", { value: content, staticId: true });
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
    expect(planned_values.outputs["accounts-conf"].value).toBe(pipeline.workspace.accounts);
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
});
