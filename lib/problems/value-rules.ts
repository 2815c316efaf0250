import { Token } from "cdktf";
import type { Fault } from "./fault";

/** The range of a whole number and what it counts. */
export interface NumberRule {
  readonly min: number;
  readonly max: number;
  /** What the number counts, if it does: `seconds`, `bytes`, `revisions of each key`. */
  readonly unit?: string;
  /** What to do instead of giving a number that is too small. */
  readonly whenTooSmall?: string;
}

/** A table of rules for the number properties of one kind of options. */
export type NumberRules<T> = { readonly [name in keyof T]?: NumberRule };

/** The longest duration that fits the server's 64-bit nanoseconds: 292 years. */
const MAX_SECONDS = 9_223_372_036;

const NO_LIMIT = "Leave it out for no limit";

/** Rules that several kinds of options share. */
export const rule = {
  seconds: { min: 1, max: MAX_SECONDS, unit: "seconds", whenTooSmall: NO_LIMIT },
  bytes: { min: 1, max: Number.MAX_SAFE_INTEGER, unit: "bytes", whenTooSmall: NO_LIMIT },
  messageBytes: { min: 1, max: 2_147_483_647, unit: "bytes", whenTooSmall: NO_LIMIT },
  count: { min: 1, max: Number.MAX_SAFE_INTEGER, unit: "messages", whenTooSmall: NO_LIMIT },
  sequence: { min: 1, max: Number.MAX_SAFE_INTEGER, whenTooSmall: "Leave it out to begin with the first message" },
  replicas: { min: 1, max: 5, unit: "servers" },
} as const satisfies Record<string, NumberRule>;

/** What is wrong with one number; a value known only at apply is taken as it is. */
export function numberFault(
  name: string,
  value: unknown,
  { min, max, unit, whenTooSmall }: NumberRule,
): Fault | undefined {
  if (value === undefined || Token.isUnresolved(value)) return undefined;
  const allowed = `a whole number${unit ? ` of ${unit}` : ""} from ${min} to ${max}`;
  if (typeof value !== "number" || !Number.isInteger(value)) {
    const verb = Number.isFinite(value) ? "Round" : "Set";
    return { what: `${name} is not a whole number`, value, allowed, fix: `${verb} ${name} to a whole number` };
  }
  if (value >= min && value <= max) return undefined;
  const fix = value < min && whenTooSmall ? whenTooSmall : `Set ${name} to a number in this range`;
  return { what: `${name} is out of range`, value, allowed, fix };
}

/** What is wrong with the numbers of an options object. */
export function numberFaults<T extends object>(options: T, rules: NumberRules<T>): (Fault | undefined)[] {
  const values = options as { readonly [name: string]: unknown };
  return Object.entries<NumberRule | undefined>(rules).map(([name, numberRule]) =>
    numberRule ? numberFault(name, values[name], numberRule) : undefined,
  );
}

/**
 * Whether Terraform reads a text of its JSON otherwise than it is written: a template in a line in which a carriage return
 * stands alone before it (measured with Terraform 1.11 and OpenTofu 1.10).
 */
const isMisread = (text: string): boolean =>
  text.split(/\r?\n/).some((line) => /[$%]\{/.test(line.includes("\r") ? line.slice(line.indexOf("\r")) : ""));

/** What is wrong with a text that the server limits in length (in bytes of UTF-8), or that Terraform reads otherwise. */
export function textFault(name: string, value: string | undefined, maxBytes: number): Fault | undefined {
  if (value === undefined || Token.isUnresolved(value)) return undefined;
  if (isMisread(value)) {
    return {
      what: `${name} has a carriage return before \`\${\` or \`%{\`, which Terraform then reads otherwise`,
      allowed: "line feeds, also after carriage returns",
      fix: "Replace the carriage return by a line feed",
    };
  }
  const bytes = Buffer.byteLength(value);
  if (bytes <= maxBytes) return undefined;
  return { what: `${name} has ${bytes} bytes`, allowed: `at most ${maxBytes} bytes`, fix: `Shorten the ${name}` };
}

/** What is wrong with a time given as text. A form that the provider reads back differently never lets a plan come to rest. */
export function timeFault(name: string, time: string): Fault | undefined {
  if (Token.isUnresolved(time)) return undefined;
  const parsed = new Date(time);
  const canonical = Number.isNaN(parsed.getTime()) ? "" : parsed.toISOString().replace(".000Z", "Z");
  if (canonical === time && !time.includes(".") && parsed.getTime() >= 0) return undefined;
  return {
    what: `${name} is not a time`,
    value: time,
    allowed:
      "a time of UTC in whole seconds, from 1970 on: 2026-01-31T00:00:00Z (the provider writes any other form differently)",
    fix: `Write ${name} in this form`,
  };
}

/** A rule over several options: when it is broken, and what is said then. */
export interface OptionsRule<T> extends Omit<Fault, "value"> {
  readonly broken: (options: T) => boolean;
  /** The option whose value is wrong, where it is one. */
  readonly shows?: keyof T;
}

/** The rules that an options object breaks. */
export function brokenRules<T>(options: T, rules: readonly OptionsRule<T>[]): Fault[] {
  return rules
    .filter(({ broken }) => broken(options))
    .map(({ broken: _, shows, ...fault }) => ({ ...fault, value: shows && options[shows] }));
}
