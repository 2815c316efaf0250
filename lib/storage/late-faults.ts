import { type TerraformResource, Token } from "cdktf";
import type { Fault } from "../problems/fault";
import { isLiteral } from "../tokens/literal";
import { resolution } from "../tokens/resolved";

const ALLOWED = "a Lazy that produces a value, or what Terraform knows at apply";

/** What cdktf resolves only when it writes, with where it is: `mirror.start_seq`. */
function* lateValues(name: string, value: unknown): Generator<readonly [name: string, value: unknown]> {
  if (isLiteral(value)) return;
  if (Token.isUnresolved(value)) yield [name, value];
  else if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) yield* lateValues(`${name}[${index}]`, each);
  } else if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    for (const [key, each] of Object.entries(value)) yield* lateValues(name === "" ? key : `${name}.${key}`, each);
  }
}

/**
 * What is wrong with values that the program itself makes only at synth: their producer throws, or makes nothing, so that
 * what follows from them would be no expression of Terraform. What has one cause is told once, where it comes first.
 *
 * @param given what the library gave to the resource of options, by the names of Terraform
 */
export function lateFaults(resource: TerraformResource, given: unknown): Fault[] {
  const told = new Set<unknown>();
  const faults: Fault[] = [];
  for (const [name, value] of lateValues("", given)) {
    const found = resolution(resource, value);
    const cause = "value" in found ? value : found.failure;
    if (told.has(cause)) continue;
    told.add(cause);
    if ("value" in found) {
      if (found.value !== undefined && found.value !== null) continue;
      faults.push({ what: `${name} is a Lazy that produces nothing`, allowed: ALLOWED, fix: "Leave the option out" });
    } else {
      faults.push({
        what: `${name} cannot be resolved: ${found.failure}`,
        allowed: ALLOWED,
        fix: "Correct what the Lazy calls",
      });
    }
  }
  return faults;
}
