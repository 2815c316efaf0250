import { grouped } from "../collections/groups";
import { inOrder } from "../collections/order";
import { StreamPassage } from "../subjects/stream-passage";
import { isCovered } from "../subjects/subject-difference";
import type { CatalogOrigin, CatalogResource } from "./catalog";

/** The subjects of a stream's messages: those that are known, and those that may come from streams that nothing is known of. */
interface Held {
  readonly known: readonly string[];
  readonly possible: readonly string[];
}

interface Origin {
  readonly passage: StreamPassage;
  /** The stream that is copied, if it is known. */
  readonly from?: CatalogResource;
}

/** The subjects that a stream's messages may have: what it listens to, rewritten, and what it copies. */
export function heldSubjects({ subjects, holds, mayHold }: CatalogResource): readonly string[] {
  return holds === undefined ? subjects : mayHold === undefined ? holds : [...holds, ...mayHold];
}

/** The stream of its account that a stream copies from one origin, or undefined if the program does not have it. */
export function originOf(
  { stream, externalApiPrefix }: CatalogOrigin,
  inAccount: ReadonlyMap<string, CatalogResource>,
): CatalogResource | undefined {
  return externalApiPrefix === undefined ? inAccount.get(stream) : undefined;
}

const isChanging = ({ origins, transform }: CatalogResource) => origins !== undefined || transform !== undefined;

/** The patterns without those that others of them cover. */
function widest(patterns: Iterable<string>, others: readonly string[] = []): string[] {
  const kept: string[] = [];
  for (const pattern of [...new Set(patterns)].sort((one, other) => one.length - other.length)) {
    if (!isCovered(pattern, [...others, ...kept])) kept.push(pattern);
  }
  const besides = (pattern: string) => kept.filter((other) => other !== pattern);
  return kept.filter((pattern) => !isCovered(pattern, besides(pattern)));
}

const through = (passage: StreamPassage | undefined, patterns: readonly string[]) =>
  passage ? patterns.flatMap((pattern) => passage.apply(pattern).map(({ to }) => to)) : [...patterns];

/** The streams of one account with the subjects that their messages may have. */
class Holdings {
  private readonly held = new Map<CatalogResource, Held>();
  private readonly origins = new Map<CatalogResource, readonly Origin[]>();
  private readonly own = new Map<CatalogResource, StreamPassage>();

  public constructor(private readonly resources: readonly CatalogResource[]) {
    const byName = new Map(resources.map((each) => [each.stream, each]));
    for (const each of resources) {
      const { origins = [], transform } = each;
      if (transform) this.own.set(each, StreamPassage.ofStream(transform));
      this.held.set(each, { known: through(this.own.get(each), each.subjects), possible: [] });
      if (origins.length === 0) continue;
      this.origins.set(
        each,
        origins.map((origin) => {
          const from = originOf(origin, byName);
          return { passage: StreamPassage.ofOrigin(origin), ...(from && { from }) };
        }),
      );
    }
  }

  public complete(): CatalogResource[] {
    const copies = [...this.origins.keys()];
    for (let round = 0; round <= copies.length; round++) {
      const grown = copies.filter((each) => this.grow(each));
      if (grown.length === 0) break;
    }
    return this.resources.map((each) => {
      const { known, possible } = this.held.get(each) ?? { known: each.subjects, possible: [] };
      if (!isChanging(each)) return each;
      return {
        ...each,
        holds: [...known].sort(inOrder),
        ...(possible.length > 0 && { mayHold: [...possible].sort(inOrder) }),
      };
    });
  }

  /** Adds what a stream gets from those that it copies; says whether that is more than before. */
  private grow(copy: CatalogResource): boolean {
    const own = this.own.get(copy);
    const before = this.held.get(copy) ?? { known: [], possible: [] };
    const known = [...before.known];
    const possible = [...before.possible];
    for (const { from, passage } of this.origins.get(copy) ?? []) {
      const there = from && this.held.get(from);
      const some = through(own, through(passage, there?.known ?? [">"]));
      (there ? known : possible).push(...some);
      possible.push(...through(own, through(passage, there?.possible ?? [])));
    }
    const now = { known: widest(known), possible: widest(possible, known) };
    this.held.set(copy, now);
    return String([now.known, "/", now.possible]) !== String([before.known, "/", before.possible]);
  }
}

/** Streams and buckets with the subjects that their messages have where those are not what they listen to. */
export function withHeldSubjects(resources: readonly CatalogResource[]): CatalogResource[] {
  if (!resources.some(isChanging)) return [...resources];
  const accounts = grouped(resources, ({ account }) => account);
  const complete = new Map(
    [...accounts.values()].flatMap((all) =>
      all.some(isChanging) ? new Holdings(all).complete().map((each, index) => [all[index], each] as const) : [],
    ),
  );
  return resources.map((each) => complete.get(each) ?? each);
}
