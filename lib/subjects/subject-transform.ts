import { patternFault } from "./subject-pattern";

/** The functions of a destination and how many of their arguments, from the first on, name a wildcard of the source. */
const FUNCTION = /^\{\{\s*(\w+)\(([^)]*)\)\s*\}\}$/;

/** What the server calls its functions, without regard to case: `{{wildcard(1)}}`, `{{partition(5, 1, 2)}}`. */
const FUNCTIONS = [
  "wildcard",
  "partition",
  "splitfromleft",
  "splitfromright",
  "slicefromleft",
  "slicefromright",
  "left",
  "right",
  "split",
  "random",
];

/**
 * Why the server would not take a rewriting of subjects, or undefined if it would (`NewSubjectTransform` of
 * nats-server; the source must be a valid pattern).
 */
export function transformFault(source: string, destination: string): string | undefined {
  const wildcards = source.split(".").filter((token) => token === "*").length;
  const tokens = destination.split(/\.(?![^{]*\}\})/);
  const plain = tokens.map((token) => (token.startsWith("{{") ? "x" : token)).join(".");
  const why = patternFault(plain);
  if (why !== undefined) return why;
  if (tokens.includes("*")) return "has `*` in place of {{wildcard(1)}}";
  if (source.endsWith(">") !== destination.endsWith(">")) {
    return source.endsWith(">")
      ? "does not end with `>` as its source does"
      : "ends with `>`, which its source does not";
  }
  for (const token of tokens) {
    const [, name, index = ""] =
      FUNCTION.exec(token) ?? (/^\$\d+$/.test(token) ? [token, "wildcard", token.slice(1)] : []);
    if (token.startsWith("{{") && (name === undefined || !FUNCTIONS.includes(name.toLowerCase()))) {
      return `has the unknown function ${token}`;
    }
    if (name?.toLowerCase() === "wildcard" && (Number(index) < 1 || Number(index) > wildcards)) {
      return `names wildcard ${index} of a source that has ${wildcards}`;
    }
  }
  return undefined;
}
