import { isCovered } from "./subject-difference";
import { SubjectMapping } from "./subject-mapping";
import { intersection } from "./subject-pattern";

/** A rewriting of subjects as a stream has it; without a destination it only lets its subjects through. */
interface Rewriting {
  readonly source: string;
  readonly destination: string;
}

/** What of some subjects passes in one way. */
export interface Passed {
  /** The subjects before, of which `except` do not pass in this way. */
  readonly from: string;
  readonly except: readonly string[];
  /** The subjects behind it. */
  readonly to: string;
  /** What subjects of a pattern behind it were before. */
  readonly undo: (pattern: string) => string | undefined;
}

interface Way {
  readonly source: string;
  readonly except: readonly string[];
  readonly mapping?: SubjectMapping;
}

function rewritings(transforms: readonly Rewriting[]): Way[] {
  const sources: string[] = [];
  return transforms.map(({ source, destination }) => {
    const except = [...sources];
    sources.push(source);
    return { source, except, mapping: new SubjectMapping(source, destination) };
  });
}

/**
 * What subjects a stream takes, and under which it stores them: of several rewritings the first that matches counts
 * (nats-server: `processInboundSourceMsg`, `processInboundMirrorMsg`, `processJetStreamMsg`).
 */
export class StreamPassage {
  /** What a stream's own rewriting makes of all that it stores; subjects that it does not match stay. */
  public static ofStream(transform: Rewriting): StreamPassage {
    const ways = rewritings([transform]);
    return new StreamPassage([...ways, { source: ">", except: ways.map(({ source }) => source) }]);
  }

  /** What a stream takes of one that it copies. */
  public static ofOrigin(origin: {
    readonly filter?: string;
    readonly transforms?: readonly Rewriting[];
  }): StreamPassage {
    const { filter = ">", transforms = [] } = origin;
    const ways = rewritings(transforms.filter(({ destination }) => destination !== ""));
    const except = ways.map(({ source }) => source);
    const kept = transforms.filter(({ destination }) => destination === "").map(({ source }) => source);
    const unchanged = transforms.length === 0 ? [">"] : kept;
    return new StreamPassage(
      [...ways, ...unchanged.map((source) => ({ source, except }))],
      filter === "" ? ">" : filter,
    );
  }

  private constructor(
    private readonly ways: readonly Way[],
    private readonly filter = ">",
  ) {}

  /** Whether subjects behind it are others than before. */
  public get rewrites(): boolean {
    return this.ways.some(({ mapping, except }) => mapping !== undefined || except.length > 0);
  }

  /** What becomes of subjects of a pattern, for each way that some of them pass in. */
  public apply(pattern: string): Passed[] {
    const filtered = intersection(pattern, this.filter);
    if (filtered === undefined) return [];
    return this.ways.flatMap(({ source, except, mapping }) => {
      const from = intersection(filtered, source);
      if (from === undefined || isCovered(from, except)) return [];
      const undo = (behind: string) => {
        const before = mapping ? mapping.unapply(behind) : behind;
        return before === undefined ? undefined : intersection(before, from);
      };
      return [{ from, except, to: mapping?.apply(from) ?? from, undo }];
    });
  }

  /** The subjects of a pattern of which some become one that another pattern matches. */
  public unapply(pattern: string, wanted: string): string[] {
    return this.apply(pattern).flatMap(({ undo }) => undo(wanted) ?? []);
  }
}
