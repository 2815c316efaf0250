import type { Fault } from "../problems/fault";
import { assertMade } from "../problems/made-by";
import { refuseSurplus } from "../problems/surplus";
import { SUBJECT_CHARACTERS, subjectCharacterFault } from "../subjects/subject-characters";
import { subjectLengthFault } from "../subjects/subject-length";
import { subjectFault } from "../subjects/subject-pattern";
import { nameFault } from "./name-rules";
import { PLATFORM_SCOPE, subject } from "./names";
import { refuse, textFault } from "./refuse";

/** What is wrong with the target of a subject (everything behind the component), or undefined if nothing is. */
export function targetFault(target: string): Fault | undefined {
  const fault = subjectFault(target) ?? subjectCharacterFault(target);
  return fault === undefined
    ? subjectLengthFault("target of a subject", target)
    : {
        what: `target of a subject ${fault}`,
        value: target,
        allowed: `one or more tokens separated by dots, without \`*\` and \`>\`; ${SUBJECT_CHARACTERS}`,
        fix: "Change the target",
      };
}

/**
 * A subject of the convention, taken apart: `{platform}.{app}.{component}.{target}`.
 *
 * `prod.convex.lock.migration` is the lock `migration` of the app `convex`; `prod._.events.user.created` is an event of
 * the platform itself.
 */
export class SubjectName {
  /**
   * Takes a subject apart.
   *
   * @param text the subject: `prod.convex.lock.migration`
   * @throws if the subject does not follow the convention; the message says where
   */
  public static parse(text: string): SubjectName {
    refuse(textFault("subject", text));
    const [platform = "", app = "", component = "", ...rest] = text.split(".");
    if (rest.length === 0) {
      refuse({
        what: "subject has fewer than four tokens",
        value: text,
        allowed: "{platform}.{app}.{component}.{target}, with `_` for the app in subjects of the platform",
        fix: "Add the missing tokens",
      });
    }
    const target = rest.join(".");
    refuse(
      nameFault("platform", platform),
      app === PLATFORM_SCOPE ? undefined : nameFault("app", app),
      nameFault("component", component),
      targetFault(target),
    );
    return new SubjectName(platform, app === PLATFORM_SCOPE ? undefined : app, component, target);
  }

  private constructor(
    /** The platform: `prod`. */
    public readonly platform: string,
    /** The app, or undefined for a subject of the platform itself. */
    public readonly app: string | undefined,
    /** The component: `kv`, `lock`, `events`, `election`, `wal`, `api`, `audit`, `health` or one of your own. */
    public readonly component: string,
    /** Everything behind the component, in one token or several: `user.created`. */
    public readonly target: string,
  ) {
    assertMade("SubjectName", () => [platform, component, target].every((each) => typeof each === "string"));
  }

  /** The subject, as it was given to `parse`. */
  public toString(): string {
    return subject(this.platform, this.app ?? PLATFORM_SCOPE, this.component, this.target);
  }
}

refuseSurplus(SubjectName, "SubjectName", () => refuse);
