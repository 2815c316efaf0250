import type { OriginModel, ResourceModel } from "../access/models";
import { grouped } from "../collections/groups";
import { Visits } from "../collections/visits";
import type { Problem } from "../problems/fault";
import { StreamPassage } from "../subjects/stream-passage";
import { SubjectIndex } from "../subjects/subject-index";
import { SubjectMapping } from "../subjects/subject-mapping";
import { intersection, patternFault } from "../subjects/subject-pattern";
import { ownOrigins } from "./stream-circles";

/** Subjects that a stream stores. */
interface Held {
  readonly resource: ResourceModel;
  readonly subject: string;
}

/** One step further than messages have come, and how. */
interface Onward extends Held {
  readonly again: boolean;
  /** How many tokens the subjects have more than before; what gets shorter with each round comes to an end. */
  readonly growth: number;
}

/** More steps than any program takes whose subjects do not grow from one to the next. */
const MAX_STEPS = 50;

/** Streams of one account that give messages on to each other. */
class Streams {
  private readonly listening = new SubjectIndex<Held>();
  private readonly copies = new Map<string, { readonly resource: ResourceModel; readonly origin: OriginModel }[]>();

  public constructor(resources: readonly ResourceModel[]) {
    for (const resource of resources) {
      for (const subject of resource.subjects.filter((each) => patternFault(each) === undefined)) {
        this.listening.add(subject, { resource, subject });
      }
    }
    const copying = resources.flatMap((resource) => ownOrigins(resource).map((origin) => ({ resource, origin })));
    this.copies = grouped(copying, ({ origin }) => origin.stream);
  }

  /** Whether a stream publishes again on subjects that some stream stores. */
  public feeds({ republish }: ResourceModel): boolean {
    return (
      republish !== undefined &&
      this.listening.overlapping(new SubjectMapping(">", republish.destination).image).length > 0
    );
  }

  /** Whether messages that a stream publishes again come back to be published again, without end. */
  public loopsFrom(resource: ResourceModel): boolean {
    return this.returns({ resource, subject: ">" }, [], new Visits());
  }

  private returns(held: Held, way: readonly Onward[], visits: Visits): boolean {
    if (way.length > MAX_STEPS) return isEndless(way);
    const before = way.findIndex(({ resource, subject }) => resource === held.resource && subject === held.subject);
    if (before >= 0) return isEndless(way.slice(before));
    if (!visits.again(`${held.resource.stream} ${held.subject}`)) return false;
    return this.onward(held).some(({ resource, subject, ...step }) =>
      this.returns({ resource, subject }, [...way, { ...held, ...step }], visits),
    );
  }

  /** Where messages come next. A stream that publishes onto itself is refused by itself. */
  private onward({ resource, subject }: Held): Onward[] {
    const { republish, stream } = resource;
    const copied = (this.copies.get(stream) ?? []).flatMap(({ resource: copy, origin }) =>
      StreamPassage.ofOrigin(origin)
        .apply(subject)
        .flatMap(({ from, to }) => stored(copy, to, { again: false, growth: growthOf(from, to) })),
    );
    const from = republish && intersection(subject, republish.source);
    const to = republish && from && new SubjectMapping(republish.source, republish.destination).apply(from);
    if (from === undefined || to === undefined) return copied;
    const taken = this.listening.overlapping(to).flatMap(({ resource: other, subject: own }) => {
      const common = other === resource ? undefined : intersection(to, own);
      return common === undefined ? [] : stored(other, common, { again: true, growth: growthOf(from, to) });
    });
    return [...copied, ...taken];
  }
}

const growthOf = (before: string, after: string) => after.split(".").length - before.split(".").length;

const isEndless = (way: readonly Onward[]) =>
  way.some(({ again }) => again) && way.reduce((sum, { growth }) => sum + growth, 0) >= 0;

/** What a stream stores of subjects that it takes. */
function stored(resource: ResourceModel, subject: string, step: Pick<Onward, "again" | "growth">): Onward[] {
  const { transform } = resource;
  if (!transform) return [{ resource, subject, ...step }];
  return StreamPassage.ofStream(transform)
    .apply(subject)
    .map(({ from, to }) => ({ resource, subject: to, ...step, growth: step.growth + growthOf(from, to) }));
}

/**
 * What is wrong with streams that publish messages again which come back to them, through other streams and copies. The
 * server refuses only a stream that publishes onto its own subjects; it makes hundreds of messages of one (2.11 to 2.15).
 */
export function loopProblems(resources: readonly ResourceModel[]): Problem[] {
  const again = resources.filter(({ republish }) => republish !== undefined);
  const accounts = grouped(again.length > 0 ? resources : [], ({ account }) => account);
  return [...accounts.values()].flatMap((own) => {
    const streams = new Streams(own);
    return own
      .filter((each) => streams.feeds(each) && streams.loopsFrom(each))
      .map(({ republish, source }) => ({
        path: source,
        what: "a stream publishes messages again that come back to it through other streams",
        value: republish?.destination,
        allowed: "a destination from which no message comes back: each would be stored again and again",
        fix: "Choose another destination, or narrow the source of republish or what the other streams take",
      }));
  });
}
