import type { CatalogImport, CatalogOrigin, CatalogResource } from "../catalog/catalog";
import type { StreamPassage } from "../subjects/stream-passage";
import { isCovered } from "../subjects/subject-difference";
import { overlaps } from "../subjects/subject-pattern";

/** A stream that copies another one of its account. */
export interface Copy {
  readonly kind: "copy";
  readonly account: string;
  /** The stream that the messages get into. */
  readonly resource: CatalogResource;
  /** The stream that they are from. */
  readonly from: CatalogResource;
  readonly origin: CatalogOrigin;
}

/** A way by which subjects get from one account to another, are published again in one, or from one stream into another. */
export type Step =
  | { readonly kind: "import"; readonly account: string; readonly import: CatalogImport }
  | { readonly kind: "republish"; readonly account: string; readonly resource: CatalogResource }
  | Copy;

/** What changes subjects on the way: what a pattern behind it was before. */
type Undo = (pattern: string) => string | undefined;

/** How subjects come to be in an account, from where they were published on. */
export class Course {
  /**
   * The subjects that somebody publishes, behind the mappings of the account.
   *
   * @param except the subjects of the pattern that are not among them
   */
  public static from(account: string, subject: string, except: readonly string[] = []): Course {
    return new Course(account, subject, "published", [], except);
  }

  private readonly except: readonly string[];

  private constructor(
    public readonly account: string,
    /** The pattern of the subjects, as those who subscribe in this account see them. */
    public readonly subject: string,
    /** How the subjects are here: as published, seen by the account's stream import, or as requests to its service. */
    public readonly arrival: "published" | "stream" | "service",
    /** The ways from where they were published, in order. */
    public readonly through: readonly Step[],
    except: readonly string[] = [],
    private readonly previous?: Course,
    private readonly undo: Undo = (pattern) => pattern,
  ) {
    this.except = except.length === 0 ? except : except.filter((each) => overlaps(each, subject));
  }

  /** The course of these subjects beyond a step. */
  public next(step: Step, subject: string, arrival: Course["arrival"], undo: Undo): Course {
    return new Course(step.account, subject, arrival, [...this.through, step], [], this, undo);
  }

  /** The same course, without subjects that are mapped to others, or with what they are mapped to. */
  public mapped(subject: string, except: readonly string[], undo?: Undo): Course {
    return new Course(this.account, subject, this.arrival, this.through, except, this, undo);
  }

  /** The parts of the course that a stream takes, under the subjects that it gives them; by a step, if it copies them. */
  public passing(passage: StreamPassage, step?: Step): Course[] {
    return passage
      .apply(this.subject)
      .map(({ from, except, to, undo }) => {
        const part = this.mapped(from, except);
        return step ? part.next(step, to, "published", undo) : part.mapped(to, [], undo);
      })
      .filter((each) => each.origin(each.subject) !== undefined);
  }

  /** The part of the course that has subjects of a pattern. */
  public part(subject: string): Course {
    return this.mapped(subject, []);
  }

  /** What was published where a pattern of these subjects is here, or undefined if nothing was. */
  public origin(pattern: string): string | undefined {
    if (this.except.length > 0 && isCovered(pattern, this.except)) return undefined;
    if (!this.previous) return pattern;
    const before = this.undo(pattern);
    return before === undefined ? undefined : this.previous.origin(before);
  }
}
