import type { Fault } from "../problems/fault";
import { subjectLengthFault } from "../subjects/subject-length";

/** The characters that every client accepts in a key (NATS ADR-8). */
const KEY = /^[-/_=.a-zA-Z0-9]+$/;

const ALLOWED =
  "letters, digits and - / _ = . with no dot at either end and no two dots in a row, since a key is the end of a subject";

/** Components whose keys have the component's name as prefix in an app's bucket; the keys of `kv` have none. */
export const PREFIXED_COMPONENTS = { app: ["lock", "election"], platform: ["lock", "config"] } as const;

/** What is wrong with the key that a target leads to, or undefined if nothing is. */
export function keyFault(target: string): Fault | undefined {
  const text = typeof target === "string" ? target : "";
  if (KEY.test(text) && !text.startsWith(".") && !text.endsWith(".") && !text.includes("..")) {
    return subjectLengthFault("key", text);
  }
  return { what: "key is not valid", value: target, allowed: ALLOWED, fix: "Change the key" };
}

/** What is wrong with a component that should live in a key-value bucket, or with a `kv` key that poses as one. */
export function componentKeyFault(scope: "app" | "platform", component: string, target: string): Fault | undefined {
  const prefixed: readonly string[] = PREFIXED_COMPONENTS[scope];
  const allowed = scope === "app" ? ["kv", ...prefixed] : prefixed;
  if (!allowed.includes(component)) {
    return {
      what: `component does not live in the ${scope}'s key-value bucket`,
      value: component,
      allowed: allowed.join(", "),
      fix: "Use one of these components, or a subject instead of a key",
    };
  }
  const isKv = component === "kv" && typeof target === "string";
  const taken = isKv ? prefixed.find((prefix) => target.startsWith(`${prefix}.`)) : undefined;
  if (taken) {
    return {
      what: `key begins with the prefix of another component`,
      value: target,
      allowed: `keys that do not begin with ${prefixed.map((prefix) => `\`${prefix}.\``).join(" or ")}`,
      fix: `Ask for the key of component "${taken}" instead`,
    };
  }
  return keyFault(target);
}
