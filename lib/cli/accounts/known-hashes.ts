import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { identityOf } from "../../access/credentials-model";
import { Refusal } from "../refusal";
import { entriesIn } from "./entry-lines";

const LINE = /^\s*([\w-]+)[\s:=]+["']?(\$2[aby]\$\d\d\$[./A-Za-z0-9]{53})["']?\s*$/;

/** The hash on a line, with its fingerprint. */
function hashOn(line: string): [fingerprint: string, hash: string] | undefined {
  const [, , hash] = LINE.exec(line) ?? [];
  return hash === undefined ? undefined : [identityOf({ kind: "bcrypt", hash }), hash];
}

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
  const hashes = entriesIn(file, path, hashOn, "user with a bcrypt hash");
  const byFingerprint = new Map(hashes);
  return (fingerprint) => byFingerprint.get(fingerprint);
}
