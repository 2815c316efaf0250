import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { ownEntry } from "../problems/own-entry";

/** The file in the output folder of cdktf that says which files the last synth wrote. */
export const MANIFEST = ".cdktf-nats-platform.json";

/** The files that a synth wrote, by their paths in the output folder, each with the digest of its content. */
export interface Manifest {
  readonly [path: string]: string;
}

const VERSION = 1;

/** What tells a content from others. */
export const digestOf = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");

/** The manifest as text. */
export const manifestText = (files: Manifest): string => `${JSON.stringify({ version: VERSION, files }, null, 1)}\n`;

/** Whether a path stays below the folder that it is relative to. */
const isBelow = (path: string) => path !== "" && !path.startsWith("/") && !path.split("/").includes("..");

/** The manifest of an output folder; nothing where there is none that is understood. */
export function readManifest(outdir: string): Manifest | undefined {
  const file = join(outdir, MANIFEST);
  if (!existsSync(file)) return undefined;
  try {
    const { version, files } = JSON.parse(readFileSync(file, "utf8"));
    const entries = Object.entries(files as object);
    const isRight = entries.every(([path, digest]) => isBelow(path) && typeof digest === "string");
    return version === VERSION && isRight ? (files as Manifest) : undefined;
  } catch {
    return undefined;
  }
}

/** How many folders a file of a synth is below the output folder: `stacks/nats/catalog.json`. */
const DEPTH = 3;

/** The folders of the stacks of the last synth, by the manifest that cdktf writes; undefined where there is none. */
export function stackFolders(outdir: string): string[] | undefined {
  try {
    const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8"));
    return Object.values(stacks as { [name: string]: { readonly workingDirectory: string } }).map(
      ({ workingDirectory }) => workingDirectory,
    );
  } catch {
    return undefined;
  }
}

/** The output folder that a file is in, by the manifest of its synth. */
function outputFolderOf(file: string): string | undefined {
  let folder = dirname(file);
  for (let level = 0; level < DEPTH; level++, folder = dirname(folder)) if (readManifest(folder)) return folder;
  return undefined;
}

/** Why a file in an output folder is not what the last synth wrote; undefined for any other file. */
export function staleness(path: string): "of an earlier synth" | "changed since the synth" | undefined {
  const file = realpathSync(path);
  const outdir = outputFolderOf(file);
  if (outdir === undefined) return undefined;
  const inFolder = relative(outdir, file).split(sep).join("/");
  const digest = ownEntry(readManifest(outdir) ?? {}, inFolder);
  const isOfStack = stackFolders(outdir)?.some((each) => inFolder.startsWith(`${each}/`)) ?? true;
  if (digest === undefined || !isOfStack) return "of an earlier synth";
  return digest === digestOf(readFileSync(file)) ? undefined : "changed since the synth";
}

/**
 * Whether the last synth beside a file has a resource of this name in one of its stacks. A program that has nothing to do with
 * NATS any more leaves the files of an earlier synth, since it does not run this library.
 */
export function isInStacks(path: string, name: string): boolean {
  const outdir = outputFolderOf(realpathSync(path));
  const files = (outdir === undefined ? undefined : stackFolders(outdir))?.flatMap((folder) =>
    ["cdk.tf.json", "cdk.tf"].map((file) => join(outdir as string, folder, file)).filter((file) => existsSync(file)),
  );
  return !files?.length || files.some((file) => readFileSync(file, "utf8").includes(`"${name}"`));
}
