import { type TerraformStack, TerraformVariable } from "cdktf";
import { AppConstruct } from "../../../lib";
import { type Signature, signatures } from "../../../lib/problems/signatures";
import { prodOf } from "../../support/prod";
import { synthFiles } from "../../support/synth";

/** A value of a type that Terraform knows only at apply. */
function unknownOf(variable: TerraformVariable, { type }: Signature): unknown {
  if (type === "number") return variable.numberValue;
  if (type === "boolean") return variable.booleanValue;
  if (typeof type === "object" && "list" in type) return [unknownOf(variable, { type: type.list })];
  if (typeof type === "object" && "map" in type) return { key: variable.stringValue };
  return variable.stringValue;
}

/** Options of a struct with all that may be known only at apply, but those that the server takes only without others. */
function optionsOf(stack: TerraformStack, struct: string, ...without: readonly string[]): object {
  const variable = new TerraformVariable(stack, `of-${struct}-${without.length}`, {});
  const options = Object.entries(signatures().structs[struct] ?? {});
  return Object.fromEntries(
    options.flatMap(([option, signature]) =>
      signature.atApply && !without.includes(option) ? [[option, unknownOf(variable, signature)]] : [],
    ),
  );
}

test("what is known only at apply is in the plan as Terraform names it, and in no file as a token", () => {
  const files = synthFiles((stack) => {
    const placement = optionsOf(stack, "Placement") as never;
    const app = new AppConstruct(prodOf(stack), "convex", {
      keyValueStore: { ...optionsOf(stack, "KeyValueStoreOptions"), placement },
      snapshots: optionsOf(stack, "ObjectStoreOptions"),
    });
    const source = optionsOf(stack, "StreamSource", "startTime", "name");
    const options = optionsOf(stack, "StreamOptions", "discardNewPerSubject", "mirrorDirect");
    const stream = app.addStream("jobs", { ...options, sources: [{ ...source, name: "elsewhere" }] });
    app.addConsumer("worker", { ...optionsOf(stack, "ConsumerOptions", "startTime", "ackWaitSeconds"), stream });
    app.addLitestream(optionsOf(stack, "LitestreamOptions") as never);
  });
  expect(Object.keys(files)).toEqual(expect.arrayContaining(["stack/catalog.json", "stack/report.html"]));
  for (const text of Object.values(files)) expect(text).not.toMatch(/TfToken|-1\.888\d*e\+?289/);
  const plan = files["stack/cdk.tf.json"] ?? "";
  for (const struct of [
    "Placement",
    "KeyValueStoreOptions",
    "ObjectStoreOptions",
    "StreamSource-2",
    "StreamOptions-2",
  ]) {
    expect(plan).toContain(`\${var.of-${struct}`);
  }
});

test("every option that may be known only at apply goes into a resource, or into a text that does", () => {
  const marked = Object.entries(signatures().structs).flatMap(([struct, options]) =>
    Object.entries(options).flatMap(([option, { type, atApply }]) =>
      atApply ? [{ name: `${struct}.${option}`, type }] : [],
    ),
  );
  expect(marked.filter(({ type }) => typeof type === "object" && ("struct" in type || "object" in type))).toEqual([]);
  expect(marked.map(({ name }) => name.replace(/.*\./, ""))).not.toEqual(
    expect.arrayContaining([
      "isolation",
      "clients",
      "privateInbox",
      "adopt",
      "retention",
      "subjects",
      "preventDestroy",
    ]),
  );
});
