import { createHash } from "node:crypto";
import * as names from "../../naming/names";

/** The subject of which the marker is a mapping, with the digest behind it, and where that leads. */
const SUBJECT = "accounts";

const HEAD = `  ${names.ACCESS.account} {\n`;
const MARK = new RegExp(`^ {4}mappings: \\{ "${SUBJECT}\\.[0-9a-f]{32}": "${SUBJECT}" \\}\\n`, "m");
const SECRET = /^[A-Za-z_][\w-]*: "(?:[^"\\]|\\.)*"\n/;

/** The digest by which it is known which accounts a server has in force. */
export const accountsDigest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32);

/**
 * An accounts file with a mark of its digest: a mapping of account ACCESS, of which servers say that they have it. It has no
 * effect, and no connection is closed when it changes. A file without that account has no mark.
 */
export function withMarker(text: string): string {
  const mark = `    mappings: { "${SUBJECT}.${accountsDigest(text)}": "${SUBJECT}" }\n`;
  return text.replace(`\n${HEAD}`, `\n${HEAD}${mark}`);
}

/** The digest among the mappings that a server has of account ACCESS; undefined if there is none. */
export function digestInMappings(subjects: readonly string[]): string | undefined {
  const prefix = `${SUBJECT}.`;
  return subjects.find((subject) => subject.startsWith(prefix))?.slice(prefix.length);
}

/** The lines with secrets in front of the accounts of a file, by their variables. */
export function secretsIn(file: string): ReadonlyMap<string, string> {
  const secrets = new Map<string, string>();
  for (let at = 0; ; ) {
    const line = file.slice(at, file.indexOf("\n", at) + 1);
    if (!SECRET.test(line)) return secrets;
    secrets.set(line.slice(0, line.indexOf(":")), line);
    at += line.length;
  }
}

/** The digest of the accounts of a file, without its secrets and its mark. */
export function digestIn(file: string): string {
  const secrets = [...secretsIn(file).values()].reduce((length, line) => length + line.length, 0);
  return accountsDigest(file.slice(secrets).replace(MARK, ""));
}
