/** A pattern as the destination of a rewriting of it, or of one with as many wildcards: each `*` as `{{wildcard(n)}}`, from 1 on. */
export function wildcardsNumbered(pattern: string): string {
  let count = 0;
  return pattern.replace(/\*/g, () => `{{wildcard(${++count})}}`);
}

/** How many tokens of a destination a function makes of one of the source: exactly one, or one or more. */
export type FunctionResult = "one" | "many";

/** A function in the destination of a rewriting: `{{wildcard(1)}}`, `{{partition(5,1,2)}}`. */
export interface MappingFunction {
  readonly name: string;
  /** The wildcards of the source that it takes, from 1 on. */
  readonly wildcards: readonly number[];
  readonly makes: FunctionResult;
}

/** What the arguments of a function are, one after the other; `rest` stands for any number of wildcards. */
type Argument = "wildcard" | "number" | "text" | "rest";

interface FunctionRule {
  /** The name, of which the first letter of each word may be of either case. */
  readonly name: RegExp;
  readonly takes: readonly Argument[];
  readonly makes: FunctionResult;
}

/** The server's functions (`indexPlaceHolders` of nats-server). */
const FUNCTIONS: readonly FunctionRule[] = [
  { name: /^[wW]ildcard$/, takes: ["wildcard"], makes: "one" },
  { name: /^[pP]artition$/, takes: ["number", "rest"], makes: "one" },
  { name: /^[sS]plit[fF]rom[lL]eft$/, takes: ["wildcard", "number"], makes: "many" },
  { name: /^[sS]plit[fF]rom[rR]ight$/, takes: ["wildcard", "number"], makes: "many" },
  { name: /^[sS]lice[fF]rom[lL]eft$/, takes: ["wildcard", "number"], makes: "many" },
  { name: /^[sS]lice[fF]rom[rR]ight$/, takes: ["wildcard", "number"], makes: "many" },
  { name: /^[rR]ight$/, takes: ["wildcard", "number"], makes: "one" },
  { name: /^[lL]eft$/, takes: ["wildcard", "number"], makes: "one" },
  { name: /^[sS]plit$/, takes: ["wildcard", "text"], makes: "many" },
  { name: /^[rR]andom$/, takes: ["number"], makes: "one" },
];

const CALL = /^\{\{\s*(\w+)\s*\((.*)\)\s*\}\}$/;
const OLD_WILDCARD = /^\$(\d+)$/;
const MAX_NUMBER = 2_147_483_647;

const isNumber = (text: string | undefined) => /^\d+$/.test(text?.trim() ?? "") && Number(text) <= MAX_NUMBER;

function fits(text: string | undefined, argument: Argument): boolean {
  if (argument === "text") return text !== undefined && text !== "" && !/[\s.]/.test(text);
  return isNumber(text);
}

/**
 * The function that a token of a destination is, or undefined if it is none: a token that stands for itself.
 *
 * @returns a text that says why not, if the token looks like a function and the server refuses it
 */
export function mappingFunction(token: string): MappingFunction | string | undefined {
  const [, old] = OLD_WILDCARD.exec(token) ?? [];
  if (old !== undefined) return { name: "wildcard", wildcards: [Number(old)], makes: "one" };
  if (!/\{\{|\}\}/.test(token)) return undefined;
  if (!token.startsWith("{{")) return `has the function in ${token} beside other text of one token`;
  const [, name = "", inner = ""] = CALL.exec(token) ?? [];
  const rule = FUNCTIONS.find((each) => each.name.test(name));
  if (!rule) return `has the unknown function ${token}`;
  const given = inner.split(/,\s*/);
  const open = rule.takes.at(-1) === "rest";
  const takes = open ? [...rule.takes.slice(0, -1), ...given.slice(1).map((): Argument => "wildcard")] : rule.takes;
  if (given.length !== takes.length || !takes.every((argument, index) => fits(given[index], argument))) {
    return `has ${token}, whose arguments are not those of ${name.toLowerCase()}`;
  }
  return {
    name: name.toLowerCase(),
    wildcards: takes.flatMap((argument, index) => (argument === "wildcard" ? [Number(given[index])] : [])),
    makes: rule.makes,
  };
}

/** The tokens of a destination; the server cuts at each dot, also inside of a function. */
export const destinationTokens = (destination: string): string[] => destination.split(".");
