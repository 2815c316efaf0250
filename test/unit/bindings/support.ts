import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformOutput, TerraformStack, Testing } from "cdktf";
import type * as jetstream from "../../../lib/jetstream";

/** The module of the bindings: stock and lazy ones have the same types. */
export type Bindings = typeof jetstream;

/** Fills a stack, which holds a provider already, from one or the other bindings. */
export type Scenario = (bindings: Bindings, stack: TerraformStack) => void;

/** Everything cdktf makes of a stack that `scenario` filled: the file it writes, the HCL, and the HCL's metadata. */
export function synthesize(bindings: Bindings, scenario: Scenario): { json: string; hcl: string; metadata: string } {
  const outdir = mkdtempSync(join(tmpdir(), "synthesize-"));
  try {
    const app = new App({ outdir });
    const stack = new TerraformStack(app, "stack");
    new bindings.JetstreamProvider(stack, "jetstream", { servers: "nats://localhost:4222" });
    scenario(bindings, stack);
    app.synth();
    const json = readFileSync(join(outdir, "stacks", "stack", "cdk.tf.json"), "utf8");
    return { json, hcl: Testing.synthHcl(stack), metadata: JSON.stringify(Testing.synthHcl(stack, false, true)) };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Makes `value` visible in what the stack synthesizes to, `undefined` included. */
export function show(stack: TerraformStack, id: string, value: unknown): void {
  new TerraformOutput(stack, id, { value: value === undefined ? "undefined" : value });
}
