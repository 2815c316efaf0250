import { destinationTokens, mappingFunction } from "./mapping-function";
import { hasSubjectCharacters } from "./subject-characters";
import { patternFault } from "./subject-pattern";

/**
 * Why the server would not take a rewriting of subjects, or undefined if it would (`NewSubjectTransform` of
 * nats-server; the source must be a valid pattern).
 */
export function transformFault(source: string, destination: string): string | undefined {
  const wildcards = source.split(".").filter((token) => token === "*").length;
  const tokens = destinationTokens(destination);
  const functions = tokens.map(mappingFunction);
  const plain = tokens.map((token, index) => (functions[index] === undefined ? token : "x")).join(".");
  const why = patternFault(plain);
  if (why !== undefined) return why;
  if (tokens.includes("*")) return "has `*` in place of {{wildcard(1)}}";
  if (source.endsWith(">") !== destination.endsWith(">")) {
    return source.endsWith(">")
      ? "does not end with `>` as its source does"
      : "ends with `>`, which its source does not";
  }
  for (const each of functions) {
    if (typeof each === "string") return each;
    const bad = each?.wildcards.find((index) => index < 1 || index > wildcards);
    if (bad !== undefined) return `names wildcard ${bad} of a source that has ${wildcards}`;
  }
  return hasSubjectCharacters(plain) ? undefined : "has a character that a subject of this convention cannot have";
}
