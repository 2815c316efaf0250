import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Fn, Lazy, TerraformOutput, TerraformStack, TerraformVariable, Testing } from "cdktf";
import { AccountsFile, jetstream, PlatformConstruct } from "../../../lib";
import { prodOf } from "../../support/prod";
import { expression, problemsIn, synthFiles } from "../../support/synth";

/** The HCL of a stack, or what is refused of it. */
function synthHcl(program: (stack: TerraformStack, prod: PlatformConstruct) => void): {
  readonly hcl: string;
  readonly problems: readonly string[];
} {
  const outdir = mkdtempSync(join(tmpdir(), "cdktf-nats-platform-"));
  process.env.SYNTH_HCL_OUTPUT = "true";
  try {
    const app = new App({ outdir });
    const stack = new TerraformStack(app, "stack");
    program(stack, new PlatformConstruct(stack, "prod", { servers: ["nats://nats:4222"] }));
    app.synth();
    return { hcl: readFileSync(join(outdir, "stacks", "stack", "cdk.tf"), "utf8"), problems: [] };
  } catch (error) {
    return { hcl: "", problems: problemsIn((error as Error).message) };
  } finally {
    delete process.env.SYNTH_HCL_OUTPUT;
    rmSync(outdir, { recursive: true });
  }
}

const own = (stack: TerraformStack) => new jetstream.Stream(stack, "own", { name: "own", metadata: { a: "b" } });

const own2 = (stack: TerraformStack) => new jetstream.Stream(stack, "own2", { name: "own2" });

describe("what cdktf cannot write as HCL is refused", () => {
  test.each<[string, (stack: TerraformStack, prod: PlatformConstruct) => void, string]>([
    [
      "an override of the stack",
      (stack) => stack.addOverride("output.x.value", 1),
      '[stack] an override is lost, since cdktf does not write it as HCL: "output"',
    ],
    [
      "an override in an attribute",
      (stack, prod) => own(stack).addOverride("metadata.c", prod.platformName),
      '[stack/own] an override is lost, since cdktf does not write it as HCL: "metadata"',
    ],
    [
      "an override that sets a block",
      (stack) => own(stack).addOverride("subject_transform", [{ source: "a", destination: "b" }]),
      '[stack/own] an override sets a block, which cdktf writes as an attribute in HCL, so that Terraform refuses it: "subject_transform"',
    ],
    [
      "an expression on several lines",
      (stack) => {
        own(stack).description = expression("join(\n)");
      },
      "[stack/own] an expression on several lines is in an attribute",
    ],
  ])("%s", (_, act, message) => {
    const { problems } = synthHcl((stack, prod) => {
      new jetstream.JetstreamProvider(stack, "provider", { servers: "nats://nats:4222" });
      act(stack, prod);
    });
    expect(problems.join("\n")).toContain(message);
    expect(problems).toHaveLength(1);
  });
});

test("an override by an expression is written", () => {
  const { hcl, problems } = synthHcl((stack) => {
    new jetstream.JetstreamProvider(stack, "provider", { servers: "nats://nats:4222" });
    const text = new TerraformVariable(stack, "text", { type: "string" });
    own(stack).addOverride("description", text.value);
    own2(stack).addOverride("subjects", Lazy.anyValue({ produce: () => ["a"] }));
  });
  expect(problems).toEqual([]);
  expect(hcl).toMatch(/description = "?(\$\{)?var\.text/);
});

test("every block of a stream is one that an override may not set", () => {
  const full = new jetstream.Stream(new TerraformStack(Testing.app(), "stack"), "full", {
    name: "full",
    mirror: { name: "a" },
    source: [{ name: "b" }],
    subjectTransform: { source: "a", destination: "b" },
  });
  const blocks = Object.entries(full.toHclTerraform().resource.jetstream_stream.full as object).filter(
    ([, value]) => (value as { readonly isBlock?: boolean }).isBlock,
  );
  expect(blocks.map(([name]) => name).sort()).toEqual(["mirror", "source", "subject_transform"]);
  for (const [name] of blocks) {
    const { problems } = synthHcl((stack) => {
      new jetstream.JetstreamProvider(stack, "provider", { servers: "nats://nats:4222" });
      own(stack).addOverride(name, [{ name: "a", source: "a", destination: "b" }]);
    });
    expect(problems.join("\n")).toContain("an override sets a block");
  }
});

test("an override of a whole attribute is written, and one for Terraform itself", () => {
  const { hcl, problems } = synthHcl((stack) => {
    new jetstream.JetstreamProvider(stack, "provider", { servers: "nats://nats:4222", password: 'a"b\\' });
    own(stack).addOverride("subjects", ['a"b']);
    stack.addOverride("terraform.backend", { local: { path: "x" } });
  });
  expect(problems).toEqual([]);
  expect(hcl).toContain('"a\\"b"');
  expect(hcl).toContain('password = "a\\"b\\\\"');
});

test("a text of the accounts file is a text in a function's argument", () => {
  const { "stack/cdk.tf.json": json = "", "stack/accounts.conf": accounts = "" } = synthFiles((stack) => {
    prodOf(stack);
    const { content } = new AccountsFile(stack, "accounts");
    new TerraformOutput(stack, "secret", { value: Fn.base64encode(content) });
  });
  const [, text = ""] = /^\$\{base64encode\((".*")\)\}$/.exec(JSON.parse(json).output.secret.value) ?? [];
  expect(JSON.parse(text)).toBe(accounts);
});
