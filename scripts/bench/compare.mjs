import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

/**
 * Compares what two programs wrote, but for the paths of constructs and for `removed` blocks, and prints the number of resources; exits with 1
 * and says where they differ if they do: `node compare.mjs <outdir> <outdir>`.
 */
const [one, other] = process.argv.slice(2).map(readStack);
const difference = firstDifference(one, other, "$");
if (difference) {
  console.error(`The two programs write different JSON at ${difference}`);
  process.exitCode = 1;
} else {
  const labels = Object.values(one.resource).flatMap((resources) => Object.keys(resources));
  console.log(labels.length);
}

/** The JSON of the stack, without the metadata that cdktf adds under `//`, and without what only one program forgets. */
function readStack(outdir) {
  const text = readFileSync(join(outdir, "stacks", "bench", "cdk.tf.json"), "utf8");
  return JSON.parse(text, (key, value) => (key === "//" || key === "removed" ? undefined : value));
}

function firstDifference(left, right, path) {
  if (isDeepStrictEqual(left, right)) return undefined;
  if (!isObject(left) || !isObject(right)) return `${path}: ${JSON.stringify(left)}, ${JSON.stringify(right)}`;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  for (const key of keys) {
    const difference = firstDifference(left[key], right[key], `${path}.${key}`);
    if (difference) return difference;
  }
  return `${path}: one is a list, the other is not`;
}

function isObject(value) {
  return typeof value === "object" && value !== null;
}
