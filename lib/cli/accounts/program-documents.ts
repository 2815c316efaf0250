import { existsSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { stackFolders } from "../../catalog/manifest";
import type { StoredDocument } from "../../documents/joined-accounts";
import { documentsInStack, type WrittenStack } from "../../documents/stack-documents";
import { Refusal } from "../refusal";

const STACK = "cdk.tf.json";
const HCL_STACK = "cdk.tf";
const SYNTH = "Give the output folder of a program (`cdktf.out`), or the folder of one of its stacks.";

/** The folders of the stacks in an output folder, or the folder itself if it is that of a stack. */
function stacksIn(path: string, cwd: string): string[] {
  const folder = resolve(cwd, path);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Refusal(`no such folder: ${path}`, [SYNTH]);
  if ([STACK, HCL_STACK].some((file) => existsSync(join(folder, file)))) return [folder];
  const stacks = stackFolders(folder);
  if (stacks === undefined) throw new Refusal(`no output folder of cdktf: ${path}`, [SYNTH]);
  return stacks.map((stack) => join(folder, stack));
}

/** The resources of a stack. */
function stackAt(folder: string, path: string): WrittenStack {
  const file = join(folder, STACK);
  if (!existsSync(file)) {
    throw new Refusal(`no ${STACK} in ${path}`, [
      existsSync(join(folder, HCL_STACK))
        ? "The stack is written as HCL, of which this command reads nothing: leave SYNTH_HCL_OUTPUT out."
        : "Synthesize the program again.",
    ]);
  }
  try {
    return JSON.parse(readFileSync(file, "utf8")) as WrittenStack;
  } catch {
    throw new Refusal(`not what cdktf writes, since it is not JSON: ${join(path, STACK)}`, ["Synthesize again."]);
  }
}

/**
 * The access documents that programs have synthesized, each with the folder of its stack.
 *
 * @param paths output folders, or folders of single stacks
 * @throws a refusal for a folder that is none, and for one without documents
 */
export function programDocuments(paths: readonly string[], cwd: string): StoredDocument[] {
  return paths.flatMap((path) => {
    const documents = stacksIn(path, cwd).flatMap((folder) => {
      const origin = relative(cwd, folder) || ".";
      return documentsInStack(stackAt(folder, origin), origin);
    });
    if (documents.length === 0) {
      throw new Refusal(`no access documents in ${path}`, [
        "A platform with `accessEntries: false` has none: what its users may do is then in its own accounts file only.",
      ]);
    }
    return documents;
  });
}
