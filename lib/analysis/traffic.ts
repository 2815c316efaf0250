import type { CatalogImport, CatalogResource } from "../catalog/catalog";
import { heldSubjects, originOf } from "../catalog/held-subjects";
import { addTo, valueAt } from "../collections/groups";
import { Visits } from "../collections/visits";
import { StreamPassage } from "../subjects/stream-passage";
import { isCovered } from "../subjects/subject-difference";
import { SubjectIndex } from "../subjects/subject-index";
import { SubjectMapping } from "../subjects/subject-mapping";
import { intersection } from "../subjects/subject-pattern";
import { type Copy, Course, type Step } from "./course";
import { isDeclared } from "./referred-streams";
import type { ServerAccount } from "./server-model";

/** A stream import or service import with what it makes of subjects, in the direction of the messages. */
interface Link {
  readonly step: Step & { readonly kind: "import" };
  /** The account that the messages come from. */
  readonly sender: string;
  readonly mapping: SubjectMapping;
}

/** Subjects under their names before and behind an account's mappings. */
export interface Mapped {
  /** What is published. */
  readonly from: string;
  /** What counts: for permissions, subscribers, and further accounts. */
  readonly to: string;
  /** Whether a mapping makes one of the other, even if they are equal. */
  readonly byMapping: boolean;
}

/** A stream whose new messages are seen, under what they are seen, and the ways there in order. */
export interface Seen {
  readonly resource: CatalogResource;
  /** Which of the subjects that it stores. */
  readonly subjects: readonly string[];
  readonly local: string;
  readonly through: readonly Step[];
}

/** Where subjects of a course have been found stored. */
interface Storing {
  readonly found: Stored[];
  readonly visits: Visits;
}

/** Which streams have been found to be copied. */
interface Uncopying {
  readonly found: Copied[];
  readonly visits: Visits;
}

/** Which stream imports are followed from an account. */
type Choice = (course: Course) => readonly Link[];

type Undo = (pattern: string) => string | undefined;

/** Published subjects that lead to others elsewhere. */
interface Origin {
  readonly account: string;
  readonly subject: string;
}

/** A subject that a stream listens to. */
interface Listening {
  readonly resource: CatalogResource;
  readonly subject: string;
}

/** A stream that stores something, what it is there, and the ways there in order. */
export interface Stored {
  readonly resource: CatalogResource;
  readonly subject: string;
  readonly through: readonly Step[];
  readonly course: Course;
}

/** A stream that is copied, the subjects that are, and the copies between it and another stream in order. */
export interface Copied {
  readonly resource: CatalogResource;
  readonly subjects: readonly string[];
  readonly through: readonly Copy[];
}

/** One way by which a stream gets messages of another one. */
interface CopyLink {
  readonly step: Copy;
  readonly passage: StreamPassage;
}

class AccountTraffic {
  public readonly mappings: readonly SubjectMapping[];
  public readonly mappingSources: readonly string[];
  /** Stream imports from this account, by the subject in it. */
  public readonly streamsOut = new SubjectIndex<Link>();
  /** Those of them whose subjects a stream of the importing account stores. */
  public readonly storedOut = new SubjectIndex<Link>();
  /** Stream imports of this account by the account that they are from, by the subject there. */
  public readonly streamsFrom = new Map<string, SubjectIndex<Link>>();
  /** Stream imports of this account, by the subject in it. */
  public readonly streamsIn = new SubjectIndex<Link>();
  /** Service imports of this account, by the subject in it. */
  public readonly servicesOut = new SubjectIndex<Link>();
  /** Service imports from this account, by the subject in it. */
  public readonly servicesIn = new SubjectIndex<Link>();
  /** Streams by what they store. */
  public readonly stored = new SubjectIndex<Listening>();
  /** Streams that publish again what they store. */
  public readonly republished = new Map<CatalogResource, SubjectMapping>();
  /** Streams that publish again, or are copied by such, by what they listen to. */
  public readonly republishing = new SubjectIndex<Listening>();
  /** The rewritings of streams. */
  public readonly transforms = new Map<CatalogResource, StreamPassage>();
  /** The copies of a stream. */
  public readonly copies = new Map<CatalogResource, CopyLink[]>();
  /** What a stream copies. */
  public readonly copied = new Map<CatalogResource, CopyLink[]>();
  /** What a stream takes of streams of the account that the program does not declare. */
  public readonly undeclared = new Map<CatalogResource, StreamPassage[]>();
  /** The streams of other programs that the program refers to. */
  public readonly referred: readonly CatalogResource[];

  public constructor({ name, mappings, resources }: ServerAccount) {
    this.mappings = Object.entries(mappings).map(([source, destination]) => new SubjectMapping(source, destination));
    this.mappingSources = Object.keys(mappings);
    this.referred = resources.filter((resource) => !isDeclared(resource));
    for (const resource of resources) {
      for (const subject of resource.subjects) this.stored.add(subject, { resource, subject });
    }
    for (const resource of resources) {
      const { transform, republish } = resource;
      if (transform) this.transforms.set(resource, StreamPassage.ofStream(transform));
      if (republish) this.republished.set(resource, new SubjectMapping(republish.source, republish.destination));
    }
    if (resources.some(({ origins }) => origins !== undefined)) this.linkCopies(name, resources);
    for (const resource of this.leadingTo(this.republished.keys())) {
      for (const subject of resource.subjects) this.republishing.add(subject, { resource, subject });
    }
  }

  private linkCopies(account: string, resources: readonly CatalogResource[]): void {
    const byName = new Map(resources.map((resource) => [resource.stream, resource]));
    for (const resource of resources) {
      for (const origin of resource.origins ?? []) {
        const from = originOf(origin, byName);
        const passage = StreamPassage.ofOrigin(origin);
        if (!from) {
          if (origin.externalApiPrefix === undefined) addTo(this.undeclared, resource, passage);
          continue;
        }
        if (!isDeclared(from)) addTo(this.undeclared, resource, passage);
        const step = { kind: "copy", account, resource, from, origin } as const;
        const link = { step, passage };
        addTo(this.copies, from, link);
        addTo(this.copied, resource, link);
      }
    }
  }

  /** Some streams, and those that they copy, from one to the next. */
  private leadingTo(resources: Iterable<CatalogResource>): Set<CatalogResource> {
    const found = new Set(resources);
    for (const resource of found) for (const { step } of this.copied.get(resource) ?? []) found.add(step.from);
    return found;
  }
}

/**
 * Where messages go, whoever sends and receives them: between the subjects of accounts, by mappings, imports and
 * streams that publish again (nats-server: `selectMappedSubject`, `addShadowSubscriptions`, `processServiceImport`).
 */
export class Traffic {
  private readonly accounts: ReadonlyMap<string, AccountTraffic>;

  public constructor(accounts: readonly ServerAccount[]) {
    this.accounts = new Map(accounts.map((account) => [account.name, new AccountTraffic(account)]));
    for (const { name, imports } of accounts) for (const each of imports) this.link(name, each);
  }

  private link(account: string, each: CatalogImport): void {
    const exporter = this.accounts.get(each.account);
    const importer = this.accounts.get(account);
    if (!exporter || !importer) return;
    const { kind, subject, to = subject } = each;
    const step = { kind: "import", account: kind === "stream" ? account : each.account, import: each } as const;
    if (kind === "stream") {
      const link = { step, sender: each.account, mapping: SubjectMapping.ofStreamImport(subject, to) };
      exporter.streamsOut.add(link.mapping.source, link);
      importer.streamsIn.add(link.mapping.image, link);
      valueAt(importer.streamsFrom, each.account, () => new SubjectIndex()).add(link.mapping.source, link);
      const { image } = link.mapping;
      if (importer.stored.overlapping(image).length > 0) exporter.storedOut.add(link.mapping.source, link);
    } else {
      const link = { step, sender: account, mapping: SubjectMapping.ofServiceImport(subject, to) };
      importer.servicesOut.add(link.mapping.source, link);
      exporter.servicesIn.add(link.mapping.image, link);
    }
  }

  /**
   * What the mappings of an account make of a subject, or of the subjects of a pattern. Where several mappings match one
   * subject, the server takes any of them, as its file has no order.
   */
  public mapped(account: string, pattern: string): Mapped[] {
    const { mappings, mappingSources } = this.of(account);
    const changed = mappings.flatMap((mapping): Mapped[] => {
      const to = mapping.apply(pattern);
      return to === undefined ? [] : [{ from: intersection(pattern, mapping.source) ?? "", to, byMapping: true }];
    });
    if (changed.length > 0 && isCovered(pattern, mappingSources)) return changed;
    return [{ from: pattern, to: pattern, byMapping: false }, ...changed];
  }

  /**
   * The courses of what a client publishes that is a subject of this pattern behind the account's mappings.
   *
   * @param except the subjects that are not among them
   */
  public published(account: string, pattern: string, except: readonly string[] = []): Course[] {
    const { mappings, mappingSources } = this.of(account);
    const unmapped = mappingSources.length === 0 ? except : [...except, ...mappingSources];
    const courses = [Course.from(account, pattern, unmapped)];
    for (const { image } of mappings) {
      const common = intersection(image, pattern);
      if (common !== undefined) courses.push(Course.from(account, common, except));
    }
    return courses.filter((course) => course.origin(course.subject) !== undefined);
  }

  /** The courses of what a client publishes that is a subject of this pattern before the account's mappings. */
  public sent(account: string, pattern: string, except: readonly string[] = []): Course[] {
    const { mappingSources } = this.of(account);
    return this.mapped(account, pattern).map(({ to, byMapping }) =>
      Course.from(account, to, byMapping ? except : [...except, ...mappingSources]),
    );
  }

  /** What a client publishes to get a subject of this pattern behind the account's mappings. */
  public unmapped(account: string, pattern: string): Mapped[] {
    const { mappings, mappingSources } = this.of(account);
    const plain = { from: pattern, to: pattern, byMapping: false };
    const changed = mappings.flatMap((mapping): Mapped[] => {
      const from = mapping.unapply(pattern);
      return from === undefined ? [] : [{ from, to: mapping.apply(from) ?? "", byMapping: true }];
    });
    return isCovered(pattern, mappingSources) ? changed : [plain, ...changed];
  }

  /** The course of subjects of a pattern that an account has behind its mappings, whoever publishes them. */
  public course(account: string, pattern: string): Course {
    return Course.from(account, pattern);
  }

  /** Everywhere a course leads, itself first. */
  public arrivals(course: Course): Course[] {
    const found: Course[] = [];
    this.follow(course, found, ({ account, subject }) => this.of(account).streamsOut.overlapping(subject));
    return found;
  }

  /** As `arrivals`, but of the stream imports only those that fill a stream, or that are into one account. */
  public requests(course: Course, into?: string): Course[] {
    const found: Course[] = [];
    const wanted = into === undefined ? undefined : this.of(into).streamsFrom;
    this.follow(course, found, ({ account, subject }) => {
      const storing = this.of(account).storedOut.overlapping(subject);
      const others = wanted?.get(account)?.overlapping(subject) ?? [];
      return others.length === 0 ? storing : [...new Set([...storing, ...others])];
    });
    return found;
  }

  /** The streams that store subjects of a course, by listening to them or by copying others, each with what it stores. */
  public storedBy(course: Course): Stored[] {
    return this.storing(course, this.of(course.account).stored);
  }

  /**
   * The streams that may store subjects of a course: those of other programs that this one refers to, and those that store them
   * if such a one does, which they copy.
   */
  public possiblyStoredBy(course: Course): Stored[] {
    const storing: Storing = { found: [], visits: new Visits() };
    for (const resource of this.of(course.account).referred) {
      for (const held of heldSubjects(resource)) {
        const subject = intersection(held, course.subject);
        if (subject === undefined || course.origin(subject) === undefined) continue;
        storing.found.push({ resource, subject, through: course.through, course });
      }
    }
    for (const [resource, passages] of this.of(course.account).undeclared) {
      for (const each of passages.flatMap((passage) => course.passing(passage))) this.store(each, resource, storing);
    }
    return storing.found;
  }

  private storing(course: Course, listening: SubjectIndex<Listening>): Stored[] {
    const storing: Storing = { found: [], visits: new Visits() };
    const { copies, transforms } = this.of(course.account);
    const isPlain = copies.size === 0 && transforms.size === 0;
    for (const { resource, subject } of listening.overlapping(course.subject)) {
      const common = intersection(subject, course.subject);
      if (common === undefined || course.origin(common) === undefined) continue;
      if (isPlain) storing.found.push({ resource, subject: common, through: course.through, course });
      else this.store(course.part(common), resource, storing);
    }
    return storing.found;
  }

  /** @param rewritten in which ways the subjects were rewritten so far, of which a course knows the subjects before */
  private store(course: Course, resource: CatalogResource, storing: Storing, rewritten = ""): void {
    const { found, visits } = storing;
    if (!visits.again(JSON.stringify([resource.stream, course.subject, rewritten]))) return;
    const { transforms, copies } = this.of(course.account);
    const passage = transforms.get(resource);
    for (const [way, each] of (passage ? course.passing(passage) : [course]).entries()) {
      const here = passage ? `${rewritten} ${resource.stream}#${way}` : rewritten;
      found.push({ resource, subject: each.subject, through: each.through, course: each });
      for (const { step, passage: copying } of copies.get(resource) ?? []) {
        if (each.through.some((other) => other.kind === "copy" && other.origin === step.origin)) continue;
        const through = (way: number) =>
          copying.rewrites ? ` ${step.resource.stream}<${step.resource.origins?.indexOf(step.origin)}#${way}` : "";
        for (const [number, next] of each.passing(copying, step).entries()) {
          this.store(next, step.resource, storing, here + through(number));
        }
      }
    }
  }

  /** The streams whose messages a stream copies, from one to the next, of which some get subjects of these there. */
  public copiedInto(resource: CatalogResource, subjects: readonly string[] = heldSubjects(resource)): Copied[] {
    const uncopying: Uncopying = { found: [], visits: new Visits() };
    this.uncopy(resource, subjects, [], uncopying);
    return uncopying.found;
  }

  private uncopy(
    copy: CatalogResource,
    subjects: readonly string[],
    through: readonly Copy[],
    uncopying: Uncopying,
  ): void {
    const { found, visits } = uncopying;
    if (!visits.again(JSON.stringify([copy.stream, ...subjects]))) return;
    const { copied, transforms } = this.of(copy.account);
    const links = copied.get(copy);
    if (!links) return;
    const transform = transforms.get(copy);
    const before = transform ? subjects.flatMap((subject) => transform.unapply(">", subject)) : subjects;
    for (const { step, passage } of links) {
      if (through.some(({ origin }) => origin === step.origin)) continue;
      const behind = heldSubjects(step.from).flatMap((held) => before.flatMap((each) => passage.unapply(held, each)));
      const there = [...new Set(behind)];
      if (there.length === 0) continue;
      const way = [step, ...through];
      found.push({ resource: step.from, subjects: there, through: way });
      this.uncopy(step.from, there, way, uncopying);
    }
  }

  /** What streams listen to by which subjects of a pattern come to be in a stream. */
  private entries(resource: CatalogResource, stored: string): string[] {
    const { transforms } = this.of(resource.account);
    const enters = (into: CatalogResource, patterns: readonly string[]) =>
      patterns.flatMap((pattern) => {
        const transform = transforms.get(into);
        return into.subjects.flatMap((subject) =>
          transform ? transform.unapply(subject, pattern) : (intersection(subject, pattern) ?? []),
        );
      });
    const copied = this.copiedInto(resource, [stored]).flatMap((each) => enters(each.resource, each.subjects));
    return [...new Set([...enters(resource, [stored]), ...copied])];
  }

  /**
   * The streams whose new messages those see who subscribe to a pattern in an account: at once, by an import, or as a
   * stream publishes them again, that may have copied them.
   */
  public seen(account: string, pattern: string): Seen[] {
    const own: Seen[] = this.seenAt(account, pattern, [], (each) => each);
    const imported = this.of(account)
      .streamsIn.overlapping(pattern)
      .flatMap(({ step, sender, mapping }) => {
        const there = mapping.unapply(pattern);
        return there === undefined ? [] : this.seenAt(sender, there, [step], (each) => mapping.apply(each));
      });
    return [...own, ...imported];
  }

  private seenAt(account: string, pattern: string, through: Step[], localOf: Undo): Seen[] {
    const { stored, transforms } = this.of(account);
    const found = stored.overlapping(pattern).flatMap(({ resource, subject }): Seen[] => {
      const common = intersection(subject, pattern);
      const local = common === undefined ? undefined : localOf(common);
      if (common === undefined || local === undefined) return [];
      const subjects = transforms
        .get(resource)
        ?.apply(common)
        .map(({ to }) => to) ?? [common];
      return [{ resource, subjects, local, through }];
    });
    return [
      ...found,
      ...this.seenAgain(account, pattern, through, localOf),
      ...this.seenOnTheWay(account, pattern, through, localOf),
    ];
  }

  /** Streams that publish again under a pattern what they have stored, which others may have published again, too. */
  private seenAgain(account: string, pattern: string, through: readonly Step[], localOf: Undo): Seen[] {
    return [...this.of(account).republished].flatMap(([resource, mapping]): Seen[] => {
      if (through.some((step) => step.kind === "republish" && step.resource === resource)) return [];
      const common = intersection(mapping.image, pattern);
      const local = common === undefined ? undefined : localOf(common);
      const before = common === undefined ? undefined : mapping.unapply(common);
      if (local === undefined || before === undefined) return [];
      const way = [{ kind: "republish", account, resource } as const, ...through];
      const copied = this.copiedInto(resource, [before]).map((each): Seen => {
        return { resource: each.resource, subjects: each.subjects, local, through: [...each.through, ...way] };
      });
      const earlier = this.entries(resource, before).flatMap((entry) =>
        this.seenAgain(account, entry, way, () => local),
      );
      const subjects = heldSubjects(resource).flatMap((held) => intersection(held, before) ?? []);
      return [{ resource, subjects, local, through: way }, ...copied, ...earlier];
    });
  }

  /** Streams are sent what they copy by the account's subjects, for all who subscribe to them (`syncSubject`). */
  private seenOnTheWay(account: string, pattern: string, through: readonly Step[], localOf: Undo): Seen[] {
    const { copied } = this.of(account);
    if (copied.size === 0) return [];
    const localFor = (subject: string) => {
      const common = intersection(subject, pattern);
      return common === undefined ? undefined : localOf(common);
    };
    const [mirrored, sourced] = [localFor("$JS.M.*"), localFor("$JS.S.*")];
    if (mirrored === undefined && sourced === undefined) return [];
    return [...copied.values()].flat().flatMap(({ step, passage }) => {
      const local = step.origin.mirror ? mirrored : sourced;
      if (local === undefined) return [];
      const subjects = heldSubjects(step.from).flatMap((held) => passage.unapply(held, ">"));
      return [{ resource: step.from, subjects, local, through: [step, ...through] }];
    });
  }

  /** Everything that, published in some account, may lead to subjects of a pattern in this one. */
  public origins(account: string, pattern: string): Origin[] {
    const found = new Map<string, Origin>();
    this.trace({ account, subject: pattern }, true, { found, seen: new Set(), passed: [] });
    return [...found.values()];
  }

  private follow(course: Course, found: Course[], streams: Choice): void {
    found.push(course);
    this.republish(course, found, streams);
    if (course.arrival === "stream") return;
    const { servicesOut } = this.of(course.account);
    if (course.arrival === "published") {
      for (const link of streams(course)) {
        const seen = beyond(course, link, "stream");
        if (!seen) continue;
        found.push(seen);
        this.republish(seen, found, streams);
      }
    }
    for (const link of servicesOut.overlapping(course.subject)) {
      if (course.through.some((step) => step.kind === "import" && step.import === link.step.import)) continue;
      const asked = beyond(course, link, "service");
      if (!asked) continue;
      for (const each of this.remapped(asked)) this.follow(each, found, streams);
    }
  }

  private remapped(course: Course): Course[] {
    const { mappings, mappingSources } = this.of(course.account);
    if (mappings.length === 0) return [course];
    const changed = mappings.flatMap((mapping) => {
      const to = mapping.apply(course.subject);
      return to === undefined ? [] : [course.mapped(to, [], (pattern) => mapping.unapply(pattern))];
    });
    return [course.mapped(course.subject, mappingSources), ...changed].filter(
      (each) => each.origin(each.subject) !== undefined,
    );
  }

  /**
   * What streams publish again of a course. A server of 2.15 or newer refuses to store it where it has the message by a source
   * (10227); an older one stores it, and so it is followed into streams here.
   */
  private republish(course: Course, found: Course[], streams: Choice): void {
    const { republishing, republished } = this.of(course.account);
    for (const { resource, subject, course: stored } of this.storing(course, republishing)) {
      const mapping = republished.get(resource);
      if (!mapping || stored.through.some((step) => step.kind === "republish" && step.resource === resource)) continue;
      const again = mapping.apply(subject);
      if (again === undefined) continue;
      const step = { kind: "republish", account: course.account, resource } as const;
      const next = stored.next(step, again, "published", (pattern) => {
        const before = mapping.unapply(pattern);
        return before === undefined ? undefined : intersection(before, subject);
      });
      if (next.origin(again) !== undefined) this.follow(next, found, streams);
    }
  }

  private trace(at: Origin, streams: boolean, tracing: Tracing): void {
    const { found, seen, passed } = tracing;
    const key = [streams, at.account, at.subject, ...passed.map(({ stream }) => stream)].join(" ");
    if (seen.has(key)) return;
    seen.add(key);
    found.set(`${at.account} ${at.subject}`, at);
    const { streamsIn, servicesIn, republished } = this.of(at.account);
    const go = (account: string, subject: string | undefined, further: boolean, by: readonly CatalogResource[]) => {
      if (subject !== undefined) this.trace({ account, subject }, further, { found, seen, passed: by });
    };
    for (const { from } of this.unmapped(at.account, at.subject)) {
      for (const { sender, mapping } of servicesIn.overlapping(from)) go(sender, mapping.unapply(from), false, passed);
    }
    for (const [resource, mapping] of republished) {
      const stored = passed.includes(resource) ? undefined : mapping.unapply(at.subject);
      if (stored === undefined) continue;
      const by = [...passed, resource];
      for (const subject of this.entries(resource, stored)) go(at.account, subject, true, by);
    }
    if (!streams) return;
    for (const { sender, mapping } of streamsIn.overlapping(at.subject)) {
      go(sender, mapping.unapply(at.subject), false, passed);
    }
  }

  private of(account: string): AccountTraffic {
    const found = this.accounts.get(account);
    if (!found) throw new Error(`no account ${account}`);
    return found;
  }
}

/** How far the origins of a pattern have been traced. */
interface Tracing {
  readonly found: Map<string, Origin>;
  readonly seen: Set<string>;
  /** The streams that published it again on the way: each does so once, or a subject could grow without end. */
  readonly passed: readonly CatalogResource[];
}

/** A course beyond an import, or undefined if it leads nothing of it there. */
function beyond(course: Course, { step, mapping }: Link, arrival: Course["arrival"]): Course | undefined {
  const subject = mapping.apply(course.subject);
  if (subject === undefined) return undefined;
  const next = course.next(step, subject, arrival, (pattern) => {
    const before = mapping.unapply(pattern);
    return before === undefined ? undefined : intersection(before, course.subject);
  });
  return next.origin(subject) === undefined ? undefined : next;
}
