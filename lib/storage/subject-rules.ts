import type { Fault } from "../problems/fault";
import { SUBJECT_CHARACTERS, subjectCharacterFault } from "../subjects/subject-characters";
import { subjectLengthFault } from "../subjects/subject-length";
import { covers, overlaps, patternFault } from "../subjects/subject-pattern";

const PATTERN = `tokens separated by dots; \`*\` for one token, \`>\` in last place for the rest; ${SUBJECT_CHARACTERS}`;

/** What is wrong with a subject pattern given by the user; a token is refused, since names must be known at synth. */
export function givenPatternFault(name: string, pattern: string): Fault | undefined {
  const why = whyNot(pattern);
  if (why === undefined) return subjectLengthFault(name, pattern);
  return { what: `${name} ${why}`, value: pattern, allowed: PATTERN, fix: `Correct the ${name}` };
}

function whyNot(pattern: string): string | undefined {
  if (typeof pattern !== "string") return "is no text";
  if (/[$%#]\{/.test(pattern)) return "is known only at apply";
  return patternFault(pattern) ?? subjectCharacterFault(pattern);
}

/**
 * What is wrong with the subjects of a stream whose owner may use `space`.
 *
 * @param own further ones that the stream has by itself: those of a bucket
 */
export function subjectFaults(
  subjects: readonly string[],
  space: string,
  own: readonly string[] = [],
): (Fault | undefined)[] {
  const valid = subjects.filter((pattern) => givenPatternFault("subject", pattern) === undefined);
  const foreign = valid.filter((pattern) => !covers(space, pattern) && !own.includes(pattern));
  const overlapping = valid.flatMap((pattern, index) =>
    valid.slice(index + 1).flatMap((other) => (overlaps(pattern, other) ? [`${pattern} and ${other}`] : [])),
  );
  return [
    ...subjects.map((pattern) => givenPatternFault("subject", pattern)),
    ...foreign.map((value) => ({
      what: "subject is not one of the stream's owner",
      value,
      allowed: `subjects that ${space} covers`,
      fix: "Give the stream to the owner of these subjects, or use a mirror or a source of that owner's stream",
    })),
    ...overlapping.map((value) => ({
      what: "subjects of one stream overlap",
      value,
      allowed: "subjects that have no subject in common",
      fix: "Remove the narrower one",
    })),
  ];
}
