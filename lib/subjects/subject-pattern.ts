/**
 * The algebra of NATS subjects: which subjects a pattern matches and how two patterns relate.
 *
 * A subject is a list of tokens separated by dots. In a pattern, `*` stands for exactly one token and `>` in last place
 * for one or more. All functions expect valid patterns; `patternFault` says whether one is.
 */

/** White space and control characters, which end a subject in the protocol or in the server's file. */
const ILLEGAL = /[\s\p{Cc}]/u;

function tokensOf(pattern: string): string[] {
  return pattern.split(".");
}

/**
 * Why a string is not a pattern, or undefined if it is one.
 *
 * Stricter than the server in one point: a wildcard inside a token (`prod*`) is refused, because parts of the server
 * read it as a wildcard and parts as a literal.
 */
export function patternFault(pattern: string): string | undefined {
  if (typeof pattern !== "string") return "is not a text";
  if (pattern === "") return "is empty";
  if (ILLEGAL.test(pattern)) return "contains white space or a control character";
  const tokens = tokensOf(pattern);
  for (const [index, token] of tokens.entries()) {
    if (token === "") return "has an empty token";
    if (token === ">" && index < tokens.length - 1) return "has `>` before its last token";
    if (token.length > 1 && /[*>]/.test(token)) return "has a wildcard inside a token";
  }
  return undefined;
}

/** Why a string is not a literal subject (a pattern without wildcards), or undefined if it is one. */
export function subjectFault(subject: string): string | undefined {
  return patternFault(subject) ?? (isLiteral(subject) ? undefined : "contains a wildcard");
}

/** Whether a valid pattern has no wildcard, so that it is one subject. */
export function isLiteral(pattern: string): boolean {
  return !tokensOf(pattern).some((token) => token === "*" || token === ">");
}

/** Whether every subject that `inner` matches is matched by `outer` too. A literal subject is covered by what matches it. */
export function covers(outer: string, inner: string): boolean {
  const star = outer.indexOf("*");
  if (star < 0) {
    if (!outer.endsWith(">")) return outer === inner;
    return inner.length >= outer.length && inner.startsWith(outer.slice(0, -1));
  }
  if (!inner.startsWith(outer.slice(0, star))) return false;
  const outers = tokensOf(outer);
  const inners = tokensOf(inner);
  for (const [index, token] of outers.entries()) {
    if (token === ">") return inners.length > index;
    const other = inners[index];
    if (other === undefined || other === ">") return false;
    if (token !== "*" && token !== other) return false;
  }
  return outers.length === inners.length;
}

/** Whether two patterns differ before either has a wildcard; most pairs do, and this is found without taking them apart. */
function differBeforeWildcards(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const x = a.charCodeAt(index);
    const y = b.charCodeAt(index);
    if (x !== y) return x !== 42 && x !== 62 && y !== 42 && y !== 62;
  }
  return false;
}

/** The pattern of exactly the subjects that both patterns match, or undefined if there are none. */
export function intersection(a: string, b: string): string | undefined {
  if (differBeforeWildcards(a, b)) return undefined;
  const left = tokensOf(a);
  const right = tokensOf(b);
  const common: string[] = [];
  for (let index = 0; ; index++) {
    const x = left[index];
    const y = right[index];
    if (x === undefined && y === undefined) return common.join(".");
    if (x === undefined || y === undefined) return undefined;
    if (x === ">") return [...common, ...right.slice(index)].join(".");
    if (y === ">") return [...common, ...left.slice(index)].join(".");
    if (x !== "*" && y !== "*" && x !== y) return undefined;
    common.push(x === "*" ? y : x);
  }
}

/** Whether some subject is matched by both patterns. */
export function overlaps(a: string, b: string): boolean {
  return intersection(a, b) !== undefined;
}
