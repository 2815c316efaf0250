import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { generateBindings } from "../bindings/generate.mjs";

const outDir = fileURLToPath(new URL("../../test/.generated/bench", import.meta.url));

/** As the tsconfig.json that `cdktf init` writes. */
const compilerOptions = { target: ts.ScriptTarget.ES2018, module: ts.ModuleKind.CommonJS };

const scratch = await mkdtemp(join(tmpdir(), "bench-bindings-"));
try {
  const { files } = await generateBindings({ outDir: scratch, lazy: false });
  await mkdir(outDir, { recursive: true });
  for (const file of files) {
    const { outputText } = ts.transpileModule(await readFile(join(scratch, file), "utf8"), { compilerOptions });
    await writeFile(join(outDir, file.replace(/\.ts$/, ".js")), outputText);
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
