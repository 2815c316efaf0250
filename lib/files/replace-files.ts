import {
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, sep } from "node:path";
import { digestOf, MANIFEST, type Manifest, manifestText, readManifest } from "../catalog/manifest";

/** Contents by their paths in the output folder. */
export type Contents = ReadonlyMap<string, string>;

/**
 * Makes an output folder hold these files, and of those that an earlier synth wrote no others.
 *
 * All contents are there before the first is written. Each is written beside its file first and then put in its place, so
 * that nobody reads a half. Removed is only what the manifest of the earlier synth names and nobody has changed.
 *
 * @throws if a file cannot be written; then all files are as before
 */
export function replaceFiles(outdir: string, contents: Contents): void {
  const before = readManifest(outdir) ?? {};
  if (contents.size === 0 && Object.keys(before).length === 0) return;
  const after: Manifest = Object.fromEntries([...contents].map(([path, content]) => [path, digestOf(content)]));
  const manifest = Object.keys(after).length > 0 ? [[MANIFEST, manifestText(after)] as const] : [];
  put(outdir, [...contents, ...manifest]);
  for (const [path, digest] of Object.entries(before)) if (!contents.has(path)) remove(outdir, path, digest);
  if (manifest.length === 0) rmSync(join(outdir, MANIFEST), { force: true });
}

const kindOf = (path: string) => lstatSync(path, { throwIfNoEntry: false });

function put(outdir: string, contents: readonly (readonly [path: string, content: string])[]): void {
  const files = contents.map(([path, content]) => {
    const file = join(outdir, path);
    return { file, temporary: `${file}.${process.pid}.tmp`, content };
  });
  try {
    for (const { file, temporary, content } of files) {
      if (kindOf(file)?.isDirectory()) throw new Error(`${file} is a folder`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(temporary, content);
    }
  } catch (error) {
    for (const { temporary } of files) rmSync(temporary, { force: true });
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`NATS platform: the files of the synth cannot be written, all are as before: ${why}`);
  }
  for (const { file, temporary } of files) renameSync(temporary, file);
}

function remove(outdir: string, path: string, digest: string): void {
  const file = join(outdir, path);
  if (!kindOf(file)?.isFile() || !isInside(outdir, file)) return;
  if (digestOf(readFileSync(file)) !== digest) return;
  rmSync(file);
  try {
    rmdirSync(dirname(file));
  } catch {
    return;
  }
}

/** Whether a file is in a folder, wherever links on the way lead. */
const isInside = (folder: string, file: string) =>
  `${realpathSync(dirname(file))}${sep}`.startsWith(`${realpathSync(folder)}${sep}`);
