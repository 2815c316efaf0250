import { Token } from "cdktf";
import { Construct } from "constructs";
import type { Fault } from "./fault";
import { didYouMean } from "./nearest";
import { requiredOptions, type Signature, type SignatureType, signatures } from "./signatures";

/** A value as far as it has the type that it should have, and what is wrong with it. */
export interface Checked {
  readonly value: unknown;
  readonly faults: readonly Fault[];
}

/** What a type is called, to be read behind "is not". */
function typeText(type: SignatureType): string {
  if (type === "string") return "a text";
  if (type === "any") return "a value";
  if (typeof type === "string") return `a ${type}`;
  if ("list" in type) return "a list";
  if ("enum" in type) return type.enum;
  if ("map" in type || "struct" in type) return "an object of options";
  return `${/^[AEIO]/.test(type.object) ? "an" : "a"} ${type.object}`;
}

/** What a type allows. */
function allowedText(type: SignatureType): string {
  if (typeof type === "string" || "object" in type) return typeText(type);
  if ("list" in type)
    return typeof type.list === "string" ? `a list, each of which is ${typeText(type.list)}` : "a list";
  if ("enum" in type) return signatures().enums[type.enum]?.join(", ") ?? "";
  if ("map" in type) return "an object whose values are each of one name";
  return Object.keys(signatures().structs[type.struct] ?? {}).join(", ");
}

/** Whether a value may hold a secret, so that no message repeats it. */
const isSecret = (name: string, value: unknown) =>
  /credential|password|secret|token|seed/i.test(name) || (typeof value === "string" && value.includes("@"));

function wrong(name: string, value: unknown, { type, optional }: Signature): Fault {
  if (typeof type === "object" && "enum" in type) {
    return { what: `${name} is not known`, value, allowed: allowedText(type), fix: `Use one of these for ${name}` };
  }
  const secret = isSecret(name, value);
  const shown = secret || typeof value === "object" || typeof value === "function" ? {} : { value };
  const what = value === null ? `${name} is null` : `${name} is not ${typeText(type)}`;
  const inList = typeof type === "object" && "list" in type && typeof value === "string" && !secret;
  const leaveOut = optional ? ", or leave it out" : "";
  return {
    what: secret && value !== null ? `${what} (not repeated here)` : what,
    ...(value !== null && shown),
    allowed: allowedText(type),
    fix: inList ? `Write [${JSON.stringify(value)}]` : `Give ${typeText(type)}${leaveOut}`,
  };
}

const isPlain = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !Construct.isConstruct(value);

/** The names of the classes that an object is of; two copies of a package have the same. */
function* classesOf(value: object): Generator<string> {
  for (let current = Object.getPrototypeOf(value); current; current = Object.getPrototypeOf(current)) {
    yield current.constructor?.name ?? "";
  }
}

/** Whether a type is an interface: who takes such an object knows which it can be. */
const isInterface = (name: string) => /^I[A-Z]/.test(name);

const isObject = (value: unknown, name: string) =>
  typeof value === "object" && value !== null && [...classesOf(value)].includes(name);

function checkedList(name: string, values: readonly unknown[], type: SignatureType): Checked {
  const all = values.map((value, index) => checkedValue(`${name}[${index}]`, value, { type }));
  const good = all.flatMap((each) => (each.faults.length > 0 ? [] : [each.value]));
  return {
    value: good.length === 0 && all.length > 0 ? undefined : good,
    faults: all.flatMap((each) => each.faults),
  };
}

function unknownFault(name: string, option: string, struct: string): Fault {
  const names = Object.keys(signatures().structs[struct] ?? {});
  return { what: `option ${name} is not known`, allowed: names.join(", "), fix: didYouMean(option, names) };
}

/** What is given in an object, also by the getters of its class. */
function givenIn(given: { readonly [option: string]: unknown }, options: object): (readonly [string, unknown])[] {
  const own = Object.entries(given);
  if ([Object.prototype, null].includes(Object.getPrototypeOf(given))) return own;
  const others = Object.keys(options).filter((option) => !Object.hasOwn(given, option));
  return [...own, ...others.map((option) => [option, given[option]] as const)];
}

/** Options without those that are not known or of another type; without a name, the options are those of a construct. */
export function checkedStruct(name: string, given: unknown, struct: string): Checked {
  if (!isPlain(given)) return { value: {}, faults: [wrong(name || "options", given, { type: { struct } })] };
  const options = signatures().structs[struct] ?? {};
  const at = (option: string) => (name === "" ? option : `${name}.${option}`);
  const value: { [option: string]: unknown } = {};
  const faults: Fault[] = [];
  for (const [option, each] of givenIn(given, options)) {
    if (each === undefined) continue;
    const signature = Object.hasOwn(options, option) ? options[option] : undefined;
    if (!signature) {
      faults.push(unknownFault(at(option), option, struct));
      continue;
    }
    const checked = checkedValue(at(option), each, signature);
    if (checked.value !== undefined) value[option] = checked.value;
    faults.push(...checked.faults);
  }
  for (const option of requiredOptions(struct)) {
    const signature = options[option];
    if (signature && given[option] === undefined) faults.push(...checkedValue(at(option), undefined, signature).faults);
  }
  return { value, faults };
}

/** Choices that the resource hands on as they are, so that Terraform may make them. */
const DECIDED_BY_TERRAFORM: ReadonlySet<string> = new Set([
  "ackPolicy",
  "allowMessageTtl",
  "allowRollup",
  "compression",
  "denyDelete",
  "denyPurge",
  "discard",
  "discardNewPerSubject",
  "headersOnly",
  "memory",
  "mirrorDirect",
  "replayPolicy",
  "storage",
]);

/** Whether an option is a choice, yes or no or one of some values: what the program makes depends on most of them. */
const shapesProgram = (type: SignatureType): boolean =>
  type === "boolean" || (typeof type === "object" && ("enum" in type || ("list" in type && shapesProgram(type.list))));

const lateFault = (name: string, type: SignatureType): Fault => ({
  what: `${name} is known only at apply`,
  allowed: `${allowedText(type)}, known at synth: what the program makes depends on it`,
  fix: "Give the value itself, or read it from the environment of the program",
});

/**
 * A value as an option or parameter takes it; undefined where it is of another type. Numbers are left to the rules of their
 * options, which know the range, and interfaces to who takes them.
 */
export function checkedValue(name: string, value: unknown, signature: Signature): Checked {
  const { type, optional = false } = signature;
  const refused = () => ({ value: undefined, faults: [wrong(name, value, signature)] });
  const isOfInterface = typeof type === "object" && "object" in type && isInterface(type.object);
  if (value === null && (optional || !isOfInterface)) return refused();
  if (isOfInterface) return { value, faults: [] };
  if (value === undefined) {
    const missing = { what: `${name} is missing`, allowed: allowedText(type), fix: `Give ${typeText(type)}` };
    return { value, faults: optional ? [] : [missing] };
  }
  if (type === "number") return { value, faults: [] };
  if (type === "any") return { value, faults: [] };
  if (typeof value !== "function" && Token.isUnresolved(value)) {
    const early = shapesProgram(type) && !DECIDED_BY_TERRAFORM.has(name.split(".").at(-1) ?? "");
    return early ? { value: undefined, faults: [lateFault(name, type)] } : { value, faults: [] };
  }
  if (typeof type === "string") {
    return typeof value === type && !Number.isNaN(value) ? { value, faults: [] } : refused();
  }
  if ("list" in type) return Array.isArray(value) ? checkedList(name, value, type.list) : refused();
  if ("enum" in type) {
    return signatures().enums[type.enum]?.includes(value as string) ? { value, faults: [] } : refused();
  }
  if ("object" in type) return isObject(value, type.object) ? { value, faults: [] } : refused();
  if (!isPlain(value)) return refused();
  if ("struct" in type) {
    const checked = checkedStruct(name, value, type.struct);
    const found = checked.value as { readonly [option: string]: unknown };
    const complete = requiredOptions(type.struct).every((option) => found[option] !== undefined);
    return complete ? checked : { ...checked, value: undefined };
  }
  const entries = Object.entries(value).map(
    ([key, each]) => [key, checkedValue(`${name}.${key}`, each, { type: type.map })] as const,
  );
  return {
    value: Object.fromEntries(entries.flatMap(([key, each]) => (each.faults.length > 0 ? [] : [[key, each.value]]))),
    faults: entries.flatMap(([, { faults }]) => faults),
  };
}
