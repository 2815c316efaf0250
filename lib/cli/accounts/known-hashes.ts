import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { identityOf } from "../../access/credentials-model";
import { Refusal } from "../refusal";

const LINE = /^\s*([\w-]+)[\s:=]+["']?(\$2[aby]\$\d\d\$[./A-Za-z0-9]{53})["']?\s*$/;

/**
 * The bcrypt hashes in a file, by their fingerprints: the documents have no more than those. A line of the file is a user and its
 * hash; empty lines and those that begin with `#` are none.
 *
 * @throws a refusal for a file that is not there, and for another line, which is not repeated: it might hold a password
 */
export function knownHashes(path: string | undefined, cwd: string): (fingerprint: string) => string | undefined {
  if (path === undefined) return () => undefined;
  const file = resolve(cwd, path);
  if (!existsSync(file)) throw new Refusal(`no such file: ${path}`);
  const lines = readFileSync(file, "utf8").split(/\r?\n/);
  const hashes = lines.flatMap((line, index): [string, string][] => {
    if (line.trim() === "" || line.trim().startsWith("#")) return [];
    const [, , hash] = LINE.exec(line) ?? [];
    if (hash === undefined) throw new Refusal(`line ${index + 1} of ${path} is no user with a bcrypt hash`);
    return [[identityOf({ kind: "bcrypt", hash }), hash]];
  });
  const byFingerprint = new Map(hashes);
  return (fingerprint) => byFingerprint.get(fingerprint);
}
