/** A text in quotes; or space with comments, as the server reads its configuration. */
const PIECE = /("(?:[^"\\]|\\.)*"|'[^']*')|(?:\s+|(?<=^|\s)(?:#|\/\/)[^\n]*)+/g;

const withoutComments = (text: string) => text.replace(PIECE, (_, quoted?: string) => quoted ?? " ").trim();

/** A file with secrets that the accounts file includes, and the variables that it may have in its place. */
const INCLUDE = /^include\s+\S+$/gm;
const VARIABLE = /^[A-Za-z_][\w-]*: "(?:[^"\\]|\\.)*"$/gm;

/**
 * Whether two texts of the server's configuration differ in comments and space only, so that its digest is the same; or in where
 * variables come from: the first includes other files, and the second has them itself.
 */
export function saysTheSame(one: string, other: string): boolean {
  if (withoutComments(one) === withoutComments(other)) return true;
  const included = one.replace(INCLUDE, "");
  return included !== one && withoutComments(included) === withoutComments(other.replace(VARIABLE, ""));
}
