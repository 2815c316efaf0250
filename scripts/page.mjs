import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = "lib/report/page-script.generated.ts";

/** What must not be in a `script` element of HTML. */
const UNSAFE = /<\/script|<!--|[\u2028\u2029]/i;

/** The script of the page, one text made of `lib/page` and everything that it imports. */
export async function pageScript() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["lib/page/start.ts"],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2022",
    charset: "ascii",
    legalComments: "none",
    logLevel: "warning",
    tsconfig: join(root, "tsconfig.page.json"),
  });
  const script = outputFiles[0].text.trimEnd();
  if (UNSAFE.test(script))
    throw new Error(`The script of the page has ${UNSAFE.exec(script)[0]}, which ends it in HTML.`);
  return script;
}

/** Writes the script as a module of the library, unless it is there already. */
export async function writePageScript() {
  const script = await pageScript();
  const text = `/** The behaviour of the page, made of lib/page by scripts/page.mjs. */\nexport const PAGE_SCRIPT: string =\n  ${JSON.stringify(script)};\n`;
  const file = join(root, target);
  const known = readOr(file, "");
  if (text !== known) writeFileSync(file, text);
  console.log(
    `${target}: ${script.length.toLocaleString("en-US")} bytes of script${text === known ? "" : ", written"}`,
  );
}

function readOr(file, otherwise) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return otherwise;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await writePageScript();
