import type { Fault } from "../problems/fault";
import { ownEntry } from "../problems/own-entry";
import { isTokenText } from "../problems/shown";

/** What a name stands for; the words are the ones used in messages. */
export type NameKind =
  | "platform"
  | "app"
  | "node"
  | "stream"
  | "key-value store"
  | "object store"
  | "consumer"
  | "system user"
  | "component";

/**
 * Lower-case letters, digits and hyphens, beginning with a letter.
 *
 * No underscore, since it separates the parts of a resource name and the mapping must stay one-to-one; no dot, since it
 * separates the tokens of a subject.
 */
const NAME = /^[a-z][a-z0-9-]*$/;
const ALLOWED = "lower-case letters, digits and hyphens, beginning with a letter";

/** Names that are taken by something of the platform, and by what. */
const RESERVED: { readonly [kind in NameKind]?: { readonly [name: string]: string } } = {
  platform: {
    monitor: "its account would be MONITOR, which receives every platform's health and audit subjects",
    sys: "its account would be SYS, which is commonly the server's system account",
    access: "its account would be ACCESS, which reads every platform's access documents",
  },
  app: {
    platform: "its bucket would be the platform's own key-value bucket",
    events: "its bucket would have the name of the platform's events stream",
    audit: "its bucket would have the name of the platform's audit stream",
    terraform: "its user would be the platform's Terraform user",
    access: "its account would be that of the platform's access documents",
  },
  node: { terraform: "its user would be the platform's Terraform user" },
};

function nearest(value: string): string | undefined {
  const near = value
    .trim()
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[\s_.]+/g, "-")
    .replace(/[^a-z0-9-]/g, "")
    .replace(/^[^a-z]+/, "")
    .replace(/-+$/, "");
  return near !== value && NAME.test(near) ? near : undefined;
}

/** What is wrong with a name that begins with what the convention puts before it. */
function repeatedNameFault(kind: NameKind, value: string, repeated: string, before: readonly string[]): Fault {
  let rest = value;
  for (let next: string | undefined = repeated; next !== undefined; ) {
    rest = rest.slice(next.length);
    next = before.find((each) => each.length < rest.length && rest.startsWith(each));
  }
  const name = NAME.test(rest) ? rest : nearest(rest);
  return {
    what: `${kind} name repeats what stands before it`,
    value,
    allowed: `what comes after ${repeated}`,
    fix: name === undefined ? `Leave out ${repeated}` : `Did you mean "${name}"?`,
  };
}

/**
 * What is wrong with a name given by the user, or undefined if nothing is.
 *
 * @param before what the convention puts before it: `prod_convex_`
 */
export function nameFault(kind: NameKind, value: string, before: readonly string[] = []): Fault | undefined {
  if (typeof value !== "string" && value !== undefined && value !== null) {
    return { what: `${kind} name is not a text`, value, allowed: ALLOWED, fix: `Give the ${kind} a name` };
  }
  if (typeof value !== "string" || value === "") {
    return { what: `${kind} name is missing`, value, allowed: ALLOWED, fix: `Give the ${kind} a name` };
  }
  if (isTokenText(value)) {
    return {
      what: `${kind} name is a token`,
      value,
      allowed: "a string known at synth, because names of resources, users and subjects are made from it",
      fix: "Pass a plain string instead of a Terraform variable or an attribute of a resource",
    };
  }
  const repeated = before.find((each) => each.length < value.length && value.startsWith(each));
  if (repeated !== undefined) return repeatedNameFault(kind, value, repeated, before);
  if (!NAME.test(value)) {
    const near = nearest(value);
    return {
      what: `${kind} name has a character that is not allowed`,
      value,
      allowed: ALLOWED,
      fix: near ? `Did you mean "${near}"?` : "Choose another name",
    };
  }
  const reserved = RESERVED[kind] ?? {};
  const why = ownEntry(reserved, value);
  if (why === undefined) return undefined;
  return {
    what: `${kind} name is reserved (${why})`,
    value,
    allowed: `any ${kind} name but ${Object.keys(reserved).join(", ")}`,
    fix: "Choose another name",
  };
}

/**
 * What is wrong with a name that is the construct's id unless a property gives it.
 *
 * @param property the property: `appName`
 * @param given its value
 * @param id the construct's id
 */
export function nameOrIdFault(
  kind: NameKind,
  property: string,
  given: string | undefined,
  id: string,
  before: readonly string[] = [],
) {
  const fault = nameFault(kind, given ?? id, before);
  if (!fault || given !== undefined) return fault;
  const advice = fault.fix.endsWith("?") ? fault.fix : `${fault.fix}.`;
  return { ...fault, fix: `${advice} Give it as ${property}, which by default is the construct's id` };
}

/**
 * The longest names that a server accepts: 255 characters for streams and consumers. A bucket is a stream whose name
 * has the prefix `KV_` or `OBJ_`.
 */
const MAX_NAME_LENGTH = { stream: 255, consumer: 255, "key-value store": 252, "object store": 251 } as const;

/** What is wrong with the length of a resource's full name, or undefined if nothing is. */
export function lengthFault(kind: keyof typeof MAX_NAME_LENGTH, fullName: string): Fault | undefined {
  const max = MAX_NAME_LENGTH[kind];
  if (typeof fullName !== "string" || fullName.length <= max) return undefined;
  return {
    what: `${kind} name has ${fullName.length} characters`,
    value: fullName,
    allowed: `at most ${max} characters, platform and app name included`,
    fix: "Shorten the platform, app or resource name",
  };
}
