import { readFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "@swc/core";
import * as library from "../../../lib";
import { prodOf } from "../../support/prod";
import { type Program, refusal, synthFiles } from "../../support/synth";

const ROOT = join(__dirname, "..", "..", "..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");

/** The blocks of one language, without language for `""`. */
const blocks = (language: string) =>
  [...README.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, name, text = ""]) =>
    name === language ? [text] : [],
  );

const isWhole = (text: string) => text.startsWith("import ");
const parts = blocks("ts").filter((text) => !isWhole(text));

/** The part of a program as a whole one, with the platform that it does not declare itself. */
function programOf(text: string): Program {
  const { code } = transformSync(text, { jsc: { parser: { syntax: "typescript" } }, isModule: false });
  const declaresPlatform = /\bconst prod\b/.test(text);
  const names = Object.keys(library);
  const run = new Function("stack", ...(declaresPlatform ? [] : ["prod"]), ...names, code);
  return (stack) => run(stack, ...(declaresPlatform ? [] : [prodOf(stack)]), ...Object.values(library));
}

test("the whole program is that of the example", () => {
  expect(blocks("ts").filter(isWhole)).toEqual([readFileSync(join(ROOT, "examples/quickstart/main.ts"), "utf8")]);
});

test.each(parts.map((text) => [text.split("\n")[0], text]))("the program with %s is taken", (_, text) => {
  expect(refusal(programOf(text)).message).toBeUndefined();
});

test("an app of a platform in another repository has no file but Terraform's", () => {
  const [app = "", ...others] = parts.filter((text) => text.includes("fromPlatformName"));
  expect(others).toEqual([]);
  const files = Object.keys(synthFiles(programOf(app))).filter((path) => path.startsWith("stack/"));
  expect(files).toEqual(["stack/cdk.tf.json"]);
});

test("the error is that of the program", () => {
  const { message } = refusal((stack) => {
    new library.AppConstruct(prodOf(stack), "Convex", { keyValueStore: { history: 65 } });
  });
  const [sample, ...others] = blocks("").filter((text) => text.startsWith("NATS platform: "));
  expect(others).toEqual([]);
  expect(sample?.replaceAll("[quickstart/", "[stack/")).toBe(`${message}\n`);
});
