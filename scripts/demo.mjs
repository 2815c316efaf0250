import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build, ensureInstalled, main, root, run } from "./tasks.mjs";

const kinds = [
  ["Key-value bucket", "jetstream_kv_bucket"],
  ["Stream", "jetstream_stream"],
  ["Consumer", "jetstream_consumer"],
];

/** What a stack's JSON holds, one row for each resource. */
function rows(stack) {
  const file = join("cdktf.out", "stacks", stack, "cdk.tf.json");
  const { resource } = JSON.parse(readFileSync(join(root, file), "utf8"));
  return kinds.flatMap(([kind, type]) =>
    Object.entries(resource[type] ?? {}).map(([label, attributes]) => [
      attributes.name?.startsWith("OBJ_") ? "Object store" : kind,
      label,
      (attributes.subjects ?? [`$KV.${label}.>`]).join("  "),
      `${type}.${label}`,
    ]),
  );
}

function print(header, table) {
  const widths = header.map((title, column) => Math.max(title.length, ...table.map((row) => row[column].length)));
  for (const row of [header, widths.map((width) => "─".repeat(width)), ...table]) {
    console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column])).join("  ")}`.trimEnd());
  }
}

await main(() => {
  ensureInstalled();
  build();
  run(process.execPath, ["--import", "tsx", "examples/quickstart/main.ts"]);
  for (const stack of readdirSync(join(root, "cdktf.out", "stacks"))) {
    console.log(`\nexamples/quickstart/main.ts makes, in stack "${stack}":\n`);
    print(["What", "Name", "Subjects", "Address in Terraform"], rows(stack));
    console.log(`\nFor Terraform: cdktf.out/stacks/${stack}/cdk.tf.json`);
  }
});
