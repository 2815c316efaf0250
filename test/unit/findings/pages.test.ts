import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "@swc/core";
import * as library from "../../../lib";
import { catalogFrom } from "../../../lib/catalog/catalog-text";
import { RULES } from "../../../lib/findings/rules";
import { type Program, refusal, synthFiles } from "../../support/synth";

const FOLDER = join(__dirname, "..", "..", "..", "docs", "findings");
const pages = readdirSync(FOLDER).filter((file) => /^NP\d{3}\.md$/.test(file));

/** The program in a page below a heading. */
function programIn(page: string, heading: string): Program {
  const text = readFileSync(join(FOLDER, page), "utf8");
  const [, code] = new RegExp(`## ${heading}\n\n\`\`\`ts\n([\\s\\S]*?)\`\`\``).exec(text) ?? [];
  if (code === undefined) throw new Error(`${page} has no program below "${heading}"`);
  const { code: script } = transformSync(code, { jsc: { parser: { syntax: "typescript" } }, isModule: false });
  const run = new Function("stack", "servers", ...Object.keys(library), script);
  return (stack) => run(stack, ["nats://host:4222"], ...Object.values(library));
}

/** The ids of what is found in a program, whether it stops the synth or not. */
function foundIn(program: Program): string[] {
  const { message } = refusal(program);
  if (message !== undefined) return [...message.matchAll(/NP\d{3}(?=: )/g)].map(([id]) => id);
  const { findings } = catalogFrom(JSON.parse(synthFiles(program)["stack/catalog.json"] ?? "{}"));
  return findings.filter(({ acknowledged }) => acknowledged === undefined).map(({ id }) => id);
}

test("every rule has a page, and every page a rule", () => {
  expect(pages.map((page) => page.slice(0, 5)).sort()).toEqual([...RULES.map(({ id }) => id), "NP010"].sort());
});

test.each(pages)("the first program of %s has the finding, the second has not", (page) => {
  const id = page.slice(0, 5);
  expect(foundIn(programIn(page, "Found"))).toContain(id);
  expect(foundIn(programIn(page, "Not found"))).not.toContain(id);
});

test.each(RULES.map(({ id, title, level }) => [id, title, level]))(
  "%s has its title and level on its page",
  (id, title, level) => {
    const text = readFileSync(join(FOLDER, `${id}.md`), "utf8");
    expect(text).toContain(`# ${id}: ${title}\n\nLevel: ${level}\n`);
  },
);
