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

/** A file that a server includes, taken apart. */
export interface FileParts {
  /** The lines with secrets by their variables. */
  readonly secrets: ReadonlyMap<string, string>;
  /** The digest of the accounts without mark. */
  readonly digest: string;
}

/** Takes a file apart that was written with secrets and mark. */
export function partsOf(file: string): FileParts {
  const secrets = new Map<string, string>();
  let at = 0;
  for (;;) {
    const end = file.indexOf("\n", at) + 1;
    const line = end > 0 ? file.slice(at, end) : "";
    if (!SECRET.test(line)) break;
    secrets.set(line.slice(0, line.indexOf(":")), line);
    at = end;
  }
  return { secrets, digest: accountsDigest(file.slice(at).replace(MARK, "")) };
}
