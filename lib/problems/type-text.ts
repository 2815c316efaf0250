import { isKind, kindText } from "./kinds";
import { ownEntry } from "./own-entry";
import { type SignatureType, signatures } from "./signatures";

/** What several values of a type are called. */
function pluralText(type: SignatureType): string {
  if (type === "string") return "texts";
  if (typeof type === "string") return `${type}s`;
  return "object" in type ? type.object : "values";
}

/** What a type is called, to be read behind "is not". */
export function typeText(type: SignatureType): string {
  if (type === "string") return "a text";
  if (type === "any") return "a value";
  if (typeof type === "string") return `a ${type}`;
  if ("list" in type) return "a list";
  if ("enum" in type) return type.enum;
  if ("map" in type) return `an object of names and ${pluralText(type.map)}`;
  if ("struct" in type) return "an object of options";
  if (isKind(type.object)) return kindText(type.object);
  return `${/^[AEIO]/.test(type.object) ? "an" : "a"} ${type.object}`;
}

/** Where an object of a class comes from, if not from its constructor. */
const MADE_BY: { readonly [type: string]: string } = {
  Credentials: "what Credentials.variable, Credentials.nkey or Credentials.bcrypt returns",
};

/** What a type allows. */
export function allowedText(type: SignatureType): string {
  if (typeof type === "string" || "map" in type) return typeText(type);
  if ("object" in type) return ownEntry(MADE_BY, type.object) ?? typeText(type);
  if ("list" in type)
    return typeof type.list === "string" ? `a list, each of which is ${typeText(type.list)}` : "a list";
  if ("enum" in type) return signatures().enums[type.enum]?.join(", ") ?? "";
  return Object.keys(signatures().structs[type.struct] ?? {}).join(", ");
}

/** A method with its parameters, as a message names it: `addStream(name, options?)`. */
export function callText(call: string): string {
  const parameters = (signatures().calls[call] ?? []).map(({ name, optional, variadic }) => {
    if (variadic) return `...${name}`;
    return optional ? `${name}?` : name;
  });
  return `${call.slice(call.indexOf(".") + 1)}(${parameters.join(", ")})`;
}

/** A text as the list that was meant by it; undefined where it cannot be one. */
export function asList(value: unknown, type: SignatureType): string | undefined {
  if (typeof value !== "string" || typeof type !== "object" || !("list" in type)) return undefined;
  if (type.list === "string" || (typeof type.list === "object" && "enum" in type.list)) return JSON.stringify([value]);
  const isNumbers = type.list === "number" && /^\s*\d+(\s*,\s*\d+)*\s*$/.test(value);
  return isNumbers ? JSON.stringify(value.split(",").map(Number)) : undefined;
}
