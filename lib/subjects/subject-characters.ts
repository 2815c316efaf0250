/**
 * Letters and digits of any script, and the marks of ASCII but quotes and back-ticks, backslashes, braces, `#` and `<`:
 * those open, end or hide something in a file that a subject is written to.
 */
const TOKENS = /^[\p{L}\p{M}\p{N}!$%&'()*+,\-./:;=>?@[\]^_|~]*$/u;

/** What subjects may hold, in words. */
export const SUBJECT_CHARACTERS = "no white space, control characters, quotes, back-ticks, \\, {, }, # and <";

/** What the server takes for the number of a wildcard, in a mapping: `$1`, also `$+1`. */
const PLACEHOLDER = /(?:^|\.)\$[+-]?\d/;

/** The end of a name that the official Helm chart takes for the command `include`, with what the name stands for. */
const INCLUDE = /\$include$/;

/** Whether every character is one that a subject of this convention can have. */
export const hasSubjectCharacters = (text: string): boolean => TOKENS.test(text);

/** Why a subject, or a part of one, would be read as something else in the server's file; undefined if it would not. */
export function subjectCharacterFault(text: string): string | undefined {
  if (text.includes("{{") || PLACEHOLDER.test(text)) return "has a token that the server takes for a part of a mapping";
  if (INCLUDE.test(text)) return "ends with a word that the official Helm chart takes for a command";
  return hasSubjectCharacters(text) ? undefined : "has a character that a subject of this convention cannot have";
}
