import type { Problem } from "./fault";
import { shown } from "./shown";

/** A name that nobody gives. */
const PLACEHOLDER = "without-name-8d1f6c-";

/** A valid name in place of one that was not given, so that the rest can be checked; no message shows it. */
export const placeholder = (count: number): string => `${PLACEHOLDER}${count}`;

const AROUND = new RegExp(`"?[^\\s"/[\\],;()]*${PLACEHOLDER}[^\\s"/[\\],;)]*"?`, "g");

const inWords = (text: string) => text.replace(AROUND, "(without a name)");

/** A problem without names that nobody has given: at the construct around what has no name. */
export function withoutPlaceholders({ path, what, value, allowed, fix }: Problem): Problem {
  const steps = path.split("/");
  const nameless = steps.findIndex((step) => step.includes(PLACEHOLDER));
  return {
    path: nameless < 0 ? path : steps.slice(0, nameless).join("/"),
    what: inWords(what),
    value: shown(value).includes(PLACEHOLDER) ? undefined : value,
    allowed: inWords(allowed),
    fix: inWords(fix),
  };
}
