import type { Step } from "../analysis/course";
import type { Hole } from "../analysis/holes";
import type { Act } from "../analysis/jetstream-api";
import { ACTS } from "../analysis/level";
import type { ResourceAccess } from "../analysis/resource-access";
import type { Ability, Cell, UserAccess } from "../analysis/user-access";
import { isWhole } from "../analysis/whole";
import type { CatalogResource } from "../catalog/catalog";
import { heldSubjects } from "../catalog/held-subjects";
import { intersection } from "../subjects/subject-pattern";

/** What a user does with a resource: with all of it, or with a part of its subjects. */
export interface Doing {
  readonly act: Act;
  readonly part: boolean;
  readonly abilities: readonly Ability[];
}

/** The subjects of a resource that an ability is about. */
function subjectsOf(resource: CatalogResource, { by, subjects, line, through }: Ability): readonly string[] {
  if (subjects) return subjects;
  const held = heldSubjects(resource);
  if (by !== "subscribe") return held;
  const [first] = through;
  const seen = first === undefined ? line.subject : seenBy(first);
  return held.flatMap((subject) => intersection(subject, seen) ?? []);
}

const seenBy = (step: Step) =>
  step.kind === "import" ? step.import.subject : (step.resource.republish?.source ?? ">");

/** What a user does with a resource by its lines, from the highest act on. */
export function doingsOf({ resource, abilities }: Cell): Doing[] {
  return [...ACTS].reverse().flatMap((act) => {
    const same = abilities.filter((ability) => ability.act === act);
    if (same.length === 0) return [];
    const subjects = same.flatMap((ability) => subjectsOf(resource, ability));
    const part = act !== "look" && !isWhole(resource, subjects);
    return [{ act, part, abilities: same }];
  });
}

/** A cell of the matrix. */
export interface MatrixCell {
  readonly user: UserAccess;
  readonly resource: CatalogResource;
  readonly doings: readonly Doing[];
  readonly holes: readonly Hole[];
}

/** What a user can do with a resource, by its lines and through holes. */
export function matrixCell(access: ResourceAccess, user: UserAccess, resource: CatalogResource): MatrixCell {
  const cell = user.cells.get(resource);
  return { user, resource, doings: cell ? doingsOf(cell) : [], holes: access.holesTo(user, resource) };
}
