import { wildcardsNumbered } from "../subjects/mapping-function";
import { SubjectMapping } from "../subjects/subject-mapping";
import { overlaps, patternFault } from "../subjects/subject-pattern";
import { transformFault } from "../subjects/subject-transform";
import type { NamedOptions } from "./named-source";
import type { Republish } from "./stream-options";

const ALL = ">";

/**
 * Options whose republish of everything to the same subjects is written out, where a transform of all that comes in lets
 * messages be stored under other subjects. The server takes the short form for this one, and refuses it of Terraform.
 */
export function withRepublish(options: NamedOptions, subjects: readonly string[]): NamedOptions {
  const { republish } = options;
  const stored = republish && isWhole(republish) ? storedSubjects(options, subjects) : undefined;
  if (!republish || stored === undefined) return options;
  return { ...options, republish: { ...republish, source: stored, destination: wildcardsNumbered(stored) } };
}

const isWhole = ({ source = ALL, destination }: Republish) => source === ALL && destination === ALL;

/** The pattern under which a stream stores everything, where that is one of the same length and no subject of its own. */
function storedSubjects({ subjectTransform }: NamedOptions, subjects: readonly string[]): string | undefined {
  const [only] = subjects;
  if (!subjectTransform || only === undefined || subjects.length > 1 || subjectTransform.source !== only)
    return undefined;
  if (patternFault(only) !== undefined) return undefined;
  if (transformFault(only, subjectTransform.destination) !== undefined) return undefined;
  const { image } = new SubjectMapping(only, subjectTransform.destination);
  return image.endsWith(ALL) === only.endsWith(ALL) && !overlaps(image, only) ? image : undefined;
}
