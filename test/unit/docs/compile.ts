import { join } from "node:path";
import ts from "typescript";

const root = join(__dirname, "..", "..", "..");

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node20,
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: ["node"],
  paths: { "cdktf-nats-platform": [join(root, "build", "index.d.ts")] },
};

/** What the compiler says of programs, by their names, that import the built library. */
export function compileErrors(programs: ReadonlyMap<string, string>): string[] {
  const files = new Map([...programs].map(([name, text]) => [join(root, `${name}.example.ts`), text]));
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile } = host;
  host.getSourceFile = (path, version, ...rest) => {
    const text = files.get(path);
    return text === undefined ? getSourceFile(path, version, ...rest) : ts.createSourceFile(path, text, version);
  };
  const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram([...files.keys()], OPTIONS, host));
  return diagnostics.map(
    ({ file, messageText }) => `${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
  );
}
