import { Token } from "cdktf";
import { Construct } from "constructs";
import type { Fault } from "./fault";
import { type Given, isOptions, isResolvable, namesIn } from "./given-options";
import { isKind, type Kind, kindOf, kindText } from "./kinds";
import { didYouMean } from "./nearest";
import { isInterface, isObject } from "./objects";
import { ownEntry } from "./own-entry";
import { requiredOptions, type Signature, type SignatureType, signatures } from "./signatures";
import { allowedText, asList, typeText } from "./type-text";

/** A value as far as it has the type that it should have, and what is wrong with it. */
export interface Checked {
  readonly value: unknown;
  readonly faults: readonly Fault[];
}

/** Whether a value may hold a secret, so that no message repeats it. */
const isSecret = (name: string, value: unknown) =>
  /credential|password|secret|token|seed/i.test(name) || (typeof value === "string" && value.includes("@"));

/** Whether a value is one that Terraform knows only at apply. */
const isToken = (value: unknown): boolean =>
  typeof value === "string" || typeof value === "number" ? Token.isUnresolved(value) : isResolvable(value);

const isTokenList = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 1 && typeof value[0] === "string" && /^#\{TfToken\[/.test(value[0]);

/** What is wrong with a token where the library itself must know the value. */
const tokenFault = (name: string): Fault => ({
  what: `${name} is known only at apply`,
  allowed: "a value that is known at synth: what the program makes depends on it",
  fix: "Give the value itself, or read it from the environment of the program",
});

const SPREAD = "Give each text of the list by itself: `...list`";

function wrong(name: string, value: unknown, { type, optional, variadic }: Signature): Fault {
  if (isToken(value)) return tokenFault(name);
  if (typeof type === "object" && "enum" in type) {
    return { what: `${name} is not known`, value, allowed: allowedText(type), fix: `Use one of these for ${name}` };
  }
  const secret = isSecret(name, value);
  const shown = secret || typeof value === "object" || typeof value === "function" ? {} : { value };
  const what = value === null ? `${name} is null` : `${name} is not ${typeText(type)}`;
  const list = secret ? undefined : asList(value, type);
  const leaveOut = optional ? ", or leave it out" : "";
  const give = Array.isArray(value) && type === "string" && variadic ? SPREAD : `Give ${typeText(type)}${leaveOut}`;
  return {
    what: secret && value !== null ? `${what} (not repeated here)` : what,
    ...(value !== null && shown),
    allowed: allowedText(type),
    fix: list === undefined ? give : `Write ${list}`,
  };
}

const missingFault = (name: string, type: SignatureType): Fault => ({
  what: `${name} is missing`,
  allowed: allowedText(type),
  fix: `Give ${typeText(type)}`,
});

function checkedList(name: string, values: readonly unknown[], type: SignatureType, atApply = false): Checked {
  if (isTokenList(values)) {
    if (!atApply) return { value: undefined, faults: [tokenFault(name)] };
    if (type !== "string") return { value: undefined, faults: [wrong(name, values, { type: { list: type } })] };
  }
  const all = Array.from(values, (value, index) =>
    checkedValue(`${name}[${index}]`, value, { type, atApply, variadic: true }),
  );
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

/** What comes of a check, or that what was given cannot be read: getters and Proxies may throw wherever they are looked at. */
function guarded(name: string, check: () => Checked): Checked {
  try {
    return check();
  } catch (error) {
    const fault = {
      what: `${name} cannot be read: ${error instanceof Error ? error.message : "it throws"}`,
      allowed: "a value that can be read",
      fix: "Correct the getter or the Proxy behind it",
    };
    return { value: undefined, faults: [fault] };
  }
}

/** An option of an object as it is. */
const read = (name: string, given: Given, option: string): Checked =>
  guarded(name, () => ({ value: given[option], faults: [] }));

/** Options without those that are not known or of another type; without a name, the options are those of a construct. */
export function checkedStruct(name: string, given: unknown, struct: string): Checked {
  const { value = {}, faults } = guarded(name || "options", () => structOf(name, given, struct));
  return { value, faults };
}

function structOf(name: string, given: unknown, struct: string): Checked {
  if (!isOptions(given)) return { value: {}, faults: [wrong(name || "options", given, { type: { struct } })] };
  const options = signatures().structs[struct] ?? {};
  const at = (option: string) => (name === "" ? option : `${name}.${option}`);
  const value: { [option: string]: unknown } = {};
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const option of namesIn(given, options)) {
    const { value: each, faults: unread } = read(at(option), given, option);
    if (each === undefined && unread.length === 0) continue;
    seen.add(option);
    if (unread.length > 0) {
      faults.push(...unread);
      continue;
    }
    const signature = ownEntry(options, option);
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
    if (signature && !seen.has(option)) faults.push(...checkedValue(at(option), undefined, signature).faults);
  }
  return { value, faults };
}

/** A token as an option takes it that goes unchanged into Terraform: as text or number where it is one. */
function checkedToken(name: string, value: unknown, { type, atApply }: Signature): Checked {
  const isText = type === "string" || (typeof type === "object" && "enum" in type);
  if (!atApply || (!isText && type !== "number" && type !== "boolean")) {
    return { value: undefined, faults: [tokenFault(name)] };
  }
  if (isText) return { value: Token.asString(value), faults: [] };
  return { value: type === "number" ? Token.asNumber(value as number) : value, faults: [] };
}

/** What is wrong with one kind of what the library makes where another belongs. */
const otherKindFault = (name: string, value: unknown, kind: Kind, wanted: Kind, optional: boolean): Fault => ({
  what: `${name} is ${kindText(kind)}`,
  value,
  allowed: kindText(wanted),
  fix: `Give ${kindText(wanted)}${optional ? ", or leave it out" : ""}`,
});

/** What is wrong with what is given for options, as a whole. */
export function optionsFaults(name: string, value: unknown, signature: Signature): readonly Fault[] {
  if (value === undefined) return signature.optional ? [] : [missingFault(name, signature.type)];
  return guarded(name, () => ({ value, faults: isOptions(value) ? [] : [wrong(name, value, signature)] })).faults;
}

/** What is given for an interface. Of what the library did not make, only the names are left, for who takes it. */
function checkedConstruct(name: string, value: unknown, wanted: string, signature: Signature): Checked {
  const isConstruct = Construct.isConstruct(value);
  if (isKind(wanted)) {
    const kind = kindOf(value);
    if (kind === wanted) return { value, faults: [] };
    if (kind) {
      return { value: undefined, faults: [otherKindFault(name, value, kind, wanted, signature.optional === true)] };
    }
  } else if (isConstruct) return { value, faults: [] };
  if (isConstruct || isOptions(value)) return { value: textsOf(value as unknown as Given), faults: [] };
  return { value: undefined, faults: [wrong(name, value, signature)] };
}

/** The names of what only looks like a construct, for the message of who takes it. */
function textsOf(given: Given): Given {
  const texts = Object.keys(given).map((name) => [name, read(name, given, name).value] as const);
  return Object.fromEntries(texts.filter(([, value]) => typeof value === "string"));
}

/** Assigned to an object, this key is no entry: it would vanish on the way to Terraform. */
const NO_KEY = "__proto__";

function checkedMap(name: string, given: Given, type: SignatureType, atApply = false): Checked {
  const value: { [key: string]: unknown } = {};
  const faults: Fault[] = [];
  for (const key of namesIn(given, {})) {
    if (key === NO_KEY) {
      faults.push({ what: `${name} has the key ${NO_KEY}`, allowed: `any key but ${NO_KEY}`, fix: "Rename the key" });
      continue;
    }
    const found = read(`${name}.${key}`, given, key);
    const checked = found.faults.length > 0 ? found : checkedValue(`${name}.${key}`, found.value, { type, atApply });
    if (checked.faults.length === 0) value[key] = checked.value;
    else faults.push(...checked.faults);
  }
  return { value, faults };
}

/**
 * A value as an option or parameter takes it; undefined where it is of another type. The range of numbers is left to the
 * rules of their options, and whose construct it must be to who takes it.
 */
export function checkedValue(name: string, value: unknown, signature: Signature): Checked {
  return guarded(name, () => examined(name, value, signature));
}

function examined(name: string, value: unknown, signature: Signature): Checked {
  const { type, optional = false, atApply } = signature;
  const refused = () => ({ value: undefined, faults: [wrong(name, value, signature)] });
  const takenIf = (isRight: boolean | undefined) => (isRight ? { value, faults: [] } : refused());
  const isOfInterface = typeof type === "object" && "object" in type && isInterface(type.object);
  if (value === null && (optional || !isOfInterface)) return refused();
  if (isOfInterface) {
    const isNone = value === undefined || value === null;
    return isNone ? { value, faults: [] } : checkedConstruct(name, value, type.object, signature);
  }
  if (value === undefined) {
    return { value, faults: optional ? [] : [missingFault(name, type)] };
  }
  if (isToken(value)) return checkedToken(name, value, signature);
  if (type === "any") return { value, faults: [] };
  if (type === "number") return takenIf(typeof value === "number" || typeof value === "string");
  if (typeof type === "string") return takenIf(typeof value === type);
  if ("list" in type) return Array.isArray(value) ? checkedList(name, value, type.list, atApply) : refused();
  if ("enum" in type) return takenIf(signatures().enums[type.enum]?.includes(value as string));
  if ("object" in type) return takenIf(isObject(value, type.object));
  if (!isOptions(value)) return refused();
  if ("map" in type) return checkedMap(name, value, type.map, atApply);
  const checked = checkedStruct(name, value, type.struct);
  const found = checked.value as Given;
  const complete = requiredOptions(type.struct).every((option) => found[option] !== undefined);
  return complete ? checked : { ...checked, value: undefined };
}
