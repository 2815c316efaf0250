import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
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

/** Why a file in an output folder is not what the last synth wrote; undefined for any other file. */
export function staleness(file: string): "of an earlier synth" | "changed since the synth" | undefined {
  let folder = dirname(file);
  for (let level = 0; level < DEPTH; level++, folder = dirname(folder)) {
    const manifest = readManifest(folder);
    if (!manifest) continue;
    const digest = ownEntry(manifest, relative(folder, file).split(sep).join("/"));
    if (digest === undefined) return "of an earlier synth";
    return digest === digestOf(readFileSync(file)) ? undefined : "changed since the synth";
  }
  return undefined;
}
