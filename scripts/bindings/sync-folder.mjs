import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

const GENERATED = "// generated from terraform resource schema";

/**
 * Makes `folder` hold `files` (a map from file name to text) and returns the names of those it had to write.
 *
 * A file whose text is already right is not touched, so that incremental compilers do not start over. Generated files
 * that `files` no longer has are deleted. Files without the generator's mark are somebody's work and stay.
 */
export async function syncFolder(folder, files) {
  await mkdir(folder, { recursive: true });
  const written = [];
  for (const [name, text] of files) {
    if ((await readIfPresent(join(folder, name))) !== text) {
      await writeFile(join(folder, name), text);
      written.push(name);
    }
  }
  await removeStale(folder, files);
  return written;
}

async function removeStale(folder, files) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile() && !files.has(entry.name) && (await readFile(path, "utf8")).includes(GENERATED)) {
      await rm(path);
    }
  }
}

async function readIfPresent(path) {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}
