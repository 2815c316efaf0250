import type { TerraformElement } from "cdktf";
import { resolvedAll } from "./resolved";

/** What means something between the quotes of Terraform's own language, or ends them. */
const MEANS = /[\\"\p{Cc}]|[$%]\{/gu;

const codeOf = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

function quotedCharacter(found: string): string {
  if (found === "\\" || found === '"') return `\\${found}`;
  return found.length === 1 ? codeOf(found) : `${found[0]}${codeOf("{")}`;
}

/** A text as it stands between the quotes of Terraform's own language, on one line. */
export const quotedText = (text: string): string => text.replace(MEANS, quotedCharacter);

/** An expression of Terraform that is a text. It has no closing brace, which cdktf would take for the end of an expression. */
export const textExpression = (text: string): string => `"${quotedText(text).replaceAll("}", codeOf("}"))}"`;

/** What begins an expression or a directive in a template, or stands for such a beginning itself. */
const OPENING = /\$\$\{|%%\{|[$%]\{/g;

/** A part of a template: a text that means itself, or an expression or directive with its braces. */
interface Part {
  readonly text: string;
  readonly isCode: boolean;
}

function partsOf(template: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  const add = (end: number, isCode: boolean, text = template.slice(at, end)) => {
    if (end > at) parts.push({ text, isCode });
    at = end;
  };
  for (;;) {
    OPENING.lastIndex = at;
    const found = OPENING.exec(template);
    add(found?.index ?? template.length, false);
    if (!found) return parts;
    const [opening] = found;
    if (opening.length > 2) add(at + opening.length, false, opening.slice(1));
    else add(endOfCode(template, at + opening.length), true);
  }
}

/** Where an expression ends that begins behind its opening brace. */
function endOfCode(template: string, from: number): number {
  let depth = 1;
  for (let at = from; at < template.length; at++) {
    const character = template[at];
    if (character === '"') at = endOfQuotes(template, at + 1);
    else if (character === "{") depth++;
    else if (character === "}" && --depth === 0) return at + 1;
  }
  return template.length;
}

/** Where quotes close in an expression; what is in them may hold expressions again. */
function endOfQuotes(template: string, from: number): number {
  for (let at = from; at < template.length; at++) {
    const character = template[at];
    if (character === '"') return at;
    if (character === "\\") at++;
    else if (/^(\$\$|%%)\{/.test(template.slice(at, at + 3))) at += 2;
    else if (/^[$%]\{/.test(template.slice(at, at + 2))) at = endOfCode(template, at + 2) - 1;
  }
  return template.length;
}

/** A template of Terraform's JSON as it stands between the quotes of its own language; expressions stay as they are. */
export function quotedTemplate(template: string): string {
  return partsOf(template)
    .map(({ text, isCode }) => (isCode ? text : quotedText(text)))
    .join("");
}

/** Whether an expression in a template is on several lines: cdktf then writes it as another text. */
export const hasLongCode = (template: string): boolean =>
  partsOf(template).some(({ text, isCode }) => isCode && /[\r\n]/.test(text));

const IDENTIFIER = /^[A-Za-z_][\w-]*$/;

/** A key of a map, of which cdktf writes some without quotes that need them. */
function quotedKey(key: string): string {
  if (key === "") return `\${""}`;
  if (IDENTIFIER.test(key) && key !== "for") return key;
  const quoted = quotedTemplate(key);
  return /^[\w-]/.test(quoted) ? `${codeOf(quoted)}${quoted.slice(1)}` : quoted;
}

/** Text that cdktf writes without quotes where it does not know the type of an attribute. */
const TAKEN_FOR_CODE = /^(?:[[{]|-?\d+$)/;

function quotedValue(value: string): string {
  const quoted = quotedTemplate(value);
  return TAKEN_FOR_CODE.test(quoted) ? `${codeOf(quoted)}${quoted.slice(1)}` : quoted;
}

interface Fields {
  readonly [name: string]: unknown;
}

/** Whether cdktf says what an attribute is, beside its value. */
const isAttribute = (fields: Fields) => Object.hasOwn(fields, "value") && Object.hasOwn(fields, "isBlock");

const quotedFields = (fields: object, quoted: (part: unknown) => unknown): object =>
  Object.fromEntries(
    Object.entries(fields).map(([name, each]) => (name === "//" ? [name, each] : [quotedKey(name), quoted(each)])),
  );

/** Values of which cdktf does not say what they are, or those of one of which it does: texts, lists and maps of them. */
function quotedPlain(part: unknown, quoted = quotedValue): unknown {
  if (typeof part === "string") return quoted(part);
  if (Array.isArray(part)) return part.map((each) => quotedPlain(each, quoted));
  return typeof part === "object" && part !== null ? quotedFields(part, (each) => quotedPlain(each, quoted)) : part;
}

function quotedPart(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(quotedPart);
  if (typeof part !== "object" || part === null) return quotedPlain(part);
  const fields = part as Fields;
  if (fields.type === "reference" || fields.storageClassType === "reference") return part;
  if (!isAttribute(fields)) return quotedFields(part, quotedPart);
  const isOfTexts = fields.type === "map" || /^string/.test(String(fields.storageClassType));
  return { ...part, value: isOfTexts ? quotedPlain(fields.value, quotedTemplate) : quotedPart(fields.value) };
}

/**
 * What an element gives cdktf for Terraform's own language, with each text as it stands between quotes there: cdktf writes
 * most texts as they are.
 */
export const hcl = (element: TerraformElement, parts: object): object =>
  quotedPart(resolvedAll(element, parts)) as object;
