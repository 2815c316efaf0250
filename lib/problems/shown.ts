/** Whether a string holds a value that Terraform knows only at apply, in the form in which cdktf writes such values. */
export function isTokenText(value: string): boolean {
  return /[$#]\{TfToken\[/.test(value);
}

/** The numbers by which cdktf stands for values that Terraform knows only at apply: a number, and one of a list. */
const isTokenNumber = (value: number) =>
  (value < -1.888e289 && value > -1.889e289) || (value < -8.1e298 && value > -8.2e298);

/** How much of a value is shown: characters of a text, entries of a list or an object, and how deep. */
const MOST = { characters: 400, entries: 10, depth: 3 };

const AT_APPLY = "a value known only at apply";

/** A value as a message has it, as JSON where it can be that. It is whatever a program gives, and never makes this throw. */
export function shown(value: unknown): string {
  try {
    return text(value, 0);
  } catch {
    return "an object that cannot be shown";
  }
}

function text(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return isTokenText(value) ? AT_APPLY : quoted(value);
    case "number":
      return isTokenNumber(value) ? AT_APPLY : String(value);
    case "bigint":
      return `${value}n`;
    case "function":
      return value.name === "" ? "a function" : `the function ${value.name}`;
    case "object":
      return value === null ? "null" : objectText(value, depth);
    default:
      return String(value);
  }
}

function quoted(value: string): string {
  const characters = value.slice(0, MOST.characters);
  return `${JSON.stringify(characters)}${characters.length < value.length ? "…" : ""}`;
}

function objectText(value: object, depth: number): string {
  const { node, resolve } = value as { readonly node?: { readonly path?: unknown }; readonly resolve?: unknown };
  if (typeof node?.path === "string") return `[${node.path}]`;
  if (typeof resolve === "function") return AT_APPLY;
  if (depth >= MOST.depth) return "…";
  if (Array.isArray(value)) {
    return `[${limited(Array.from(value.slice(0, MOST.entries + 1), (each) => text(each, depth + 1)))}]`;
  }
  const name = Object.getPrototypeOf(value)?.constructor?.name;
  if (typeof name === "string" && name !== "" && name !== "Object") return `an object of the class ${name}`;
  const keys = Object.keys(value).slice(0, MOST.entries + 1);
  const entries = keys.map(
    (key) => `${JSON.stringify(key)}:${text((value as Record<string, unknown>)[key], depth + 1)}`,
  );
  return `{${limited(entries)}}`;
}

const limited = (items: readonly string[]) =>
  [...items.slice(0, MOST.entries), ...(items.length > MOST.entries ? ["…"] : [])].join(",");
