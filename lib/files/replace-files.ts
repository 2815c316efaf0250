import {
  chmodSync,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, posix, sep } from "node:path";
import { digestOf, MANIFEST, type Manifest, manifestText, readManifest } from "../catalog/manifest";

/** Contents by their paths in the output folder. */
export type Contents = ReadonlyMap<string, string>;

/**
 * Makes the folders of a program's stacks hold these files, and of those that an earlier synth wrote there no others. Folders
 * of other stacks stay as they are: another program may have the same output folder.
 *
 * All contents are there before the first is written. Each is written beside its file first and then put in its place, so
 * that nobody reads a half. Removed is only what the manifest of the earlier synth names and nobody has changed.
 *
 * @param folders the folders of all stacks of the program, below the output folder
 * @throws if a file cannot be written; then all files are as before
 */
export function replaceFiles(outdir: string, folders: readonly string[], contents: Contents): void {
  const before = readManifest(outdir);
  if (contents.size === 0 && before === undefined) return;
  const earlier = Object.entries(before ?? {});
  const isOurs = (path: string) => folders.some((folder) => path.startsWith(posix.join(folder, "/")));
  const after: Manifest = Object.fromEntries([
    ...earlier.filter(([path]) => !isOurs(path)),
    ...[...contents].map(([path, content]) => [path, digestOf(content)] as const),
  ]);
  put(outdir, [...contents, [MANIFEST, manifestText(after)]]);
  for (const [path, digest] of earlier) if (isOurs(path) && !contents.has(path)) remove(outdir, path, digest);
}

const kindOf = (path: string) => lstatSync(path, { throwIfNoEntry: false });

/** A file to write, and where its new and its old content are until all are written. */
interface Place {
  readonly file: string;
  readonly content: string;
  readonly fresh: string;
  readonly old: string;
}

function put(outdir: string, contents: readonly (readonly [path: string, content: string])[]): void {
  const places = contents.map(([path, content]): Place => {
    const file = join(outdir, path);
    return { file, content, fresh: `${file}.${process.pid}.tmp`, old: `${file}.${process.pid}.old.tmp` };
  });
  const replaced: Place[] = [];
  try {
    for (const place of places) undisturbed(() => prepare(outdir, place));
    for (const place of places) {
      renameSync(place.fresh, place.file);
      replaced.push(place);
    }
  } catch (error) {
    for (const { file, old } of replaced) if (!attempt(() => renameSync(old, file))) attempt(() => rmSync(file));
    const { message } = error as Error;
    throw new Error(
      `NATS platform: the files of the synth cannot be written; accounts, catalog and reports are as before: ${message}`,
    );
  } finally {
    for (const { fresh, old } of places) for (const each of [fresh, old]) attempt(() => rmSync(each, { force: true }));
  }
}

/** Whether something failed because a file or folder is not there: another synth may take one away at any moment. */
const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === "ENOENT";

/** How often something is tried that another synth may disturb. */
const TRIES = 5;

/** Does something, and again where another synth takes away what it needs. */
function undisturbed(action: () => void, tries = TRIES): void {
  try {
    action();
  } catch (error) {
    if (tries === 1 || !isMissing(error)) throw error;
    undisturbed(action, tries - 1);
  }
}

/** Writes the new content beside a file and keeps the old one. */
function prepare(outdir: string, { file, content, fresh, old }: Place): void {
  const before = kindOf(file);
  if (before?.isDirectory()) throw new Error(`${file} is a folder`);
  mkdirSync(dirname(file), { recursive: true });
  if (!isInside(outdir, file)) throw new Error(`${file} is outside of the output folder, by a link`);
  writeFileSync(fresh, content);
  if (!before?.isFile()) return;
  chmodSync(fresh, before.mode);
  if (!attempt(() => linkSync(file, old))) copyFileSync(file, old);
}

function remove(outdir: string, path: string, digest: string): void {
  const file = join(outdir, path);
  try {
    if (!kindOf(file)?.isFile() || !isInside(outdir, file)) return;
    if (digestOf(readFileSync(file)) !== digest) return;
    rmSync(file);
  } catch (error) {
    if (isMissing(error)) return;
    throw new Error(`NATS platform: ${path} of an earlier synth cannot be removed: ${(error as Error).message}`);
  }
  attempt(() => rmdirSync(dirname(file)));
}

/** Whether something could be done. */
function attempt(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

/** Whether a file is in a folder, wherever links on the way lead. */
const isInside = (folder: string, file: string) =>
  `${realpathSync(dirname(file))}${sep}`.startsWith(`${realpathSync(folder)}${sep}`);
