/** Subjects and patterns as lists of tokens, matched in the most direct way there is. */

const TOKENS = ["a", "b"];
const PATTERN_TOKENS = [...TOKENS, "*"];

function lists(alphabet: readonly string[], length: number): string[][] {
  if (length === 0) return [[]];
  return lists(alphabet, length - 1).flatMap((list) => alphabet.map((token) => [...list, token]));
}

const upTo = (alphabet: readonly string[], longest: number) =>
  Array.from({ length: longest }, (_, index) => lists(alphabet, index + 1)).flat();

/** Every subject over three tokens, of up to four tokens; `c` stands for all tokens that no pattern names. */
export const SUBJECTS: readonly string[] = upTo([...TOKENS, "c"], 4).map((tokens) => tokens.join("."));

/** Every pattern over the other two tokens, of up to three tokens before a `>`. */
export const PATTERNS: readonly string[] = upTo(PATTERN_TOKENS, 3)
  .concat([0, 1, 2, 3].flatMap((length) => lists(PATTERN_TOKENS, length).map((tokens) => [...tokens, ">"])))
  .map((tokens) => tokens.join("."));

/** Whether a pattern matches a subject. */
export function matches(pattern: string, subject: string): boolean {
  const match = ([want, ...wants]: string[], [have, ...haves]: string[]): boolean => {
    if (want === undefined || have === undefined) return want === have;
    if (want === ">") return true;
    return (want === "*" || want === have) && match(wants, haves);
  };
  return match(pattern.split("."), subject.split("."));
}

/** The subjects that a pattern matches. */
export const matched = (pattern: string) => SUBJECTS.filter((subject) => matches(pattern, subject));
