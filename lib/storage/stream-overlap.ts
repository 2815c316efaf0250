import type { Construct, IConstruct } from "constructs";
import { Program } from "../problems/program";
import { overlaps } from "../subjects/subject-pattern";

/** A subject pattern and the stream that stores it. */
interface StoredSubject {
  readonly pattern: string;
  readonly stream: Construct;
}

/**
 * The subjects of all streams of a program. The server refuses a stream whose subjects overlap with those of another
 * one of its account.
 *
 * Patterns of one owner have the same first two tokens, so only patterns with a wildcard there are compared with all.
 */
export class StreamSubjects {
  private static readonly programs = new WeakMap<IConstruct, StreamSubjects>();

  /** The subjects of the program that a construct belongs to. */
  public static of(construct: Construct): StreamSubjects {
    const root = construct.node.root;
    let subjects = StreamSubjects.programs.get(root);
    if (!subjects) {
      subjects = new StreamSubjects();
      StreamSubjects.programs.set(root, subjects);
      const created = subjects;
      Program.of(construct).atSynth(() => created.reportOverlaps());
    }
    return subjects;
  }

  private readonly byOwner = new Map<string, StoredSubject[]>();
  private readonly wide: StoredSubject[] = [];

  /** Notes the subjects of a stream. */
  public add(stream: Construct, patterns: readonly string[]): void {
    for (const pattern of patterns) {
      const [platform, owner] = pattern.split(".");
      const stored = { pattern, stream };
      if (platform === "*" || owner === undefined || owner === "*" || owner === ">") {
        this.wide.push(stored);
        continue;
      }
      const key = `${platform}.${owner}`;
      const known = this.byOwner.get(key);
      if (known) known.push(stored);
      else this.byOwner.set(key, [stored]);
    }
  }

  private reportOverlaps(): void {
    for (const stored of this.byOwner.values()) reportPairs(stored);
    reportPairs(this.wide);
    for (const wide of this.wide) {
      for (const stored of this.byOwner.values()) {
        for (const other of stored) reportPair(wide, other);
      }
    }
  }
}

function reportPairs(stored: readonly StoredSubject[]): void {
  for (const [index, one] of stored.entries()) {
    for (const other of stored.slice(index + 1)) reportPair(one, other);
  }
}

function reportPair(one: StoredSubject, other: StoredSubject): void {
  if (one.stream === other.stream || !overlaps(one.pattern, other.pattern)) return;
  if (Program.of(other.stream).isDuplicate(other.stream)) return;
  Program.of(other.stream).report(other.stream, {
    what: `subjects overlap with those of stream [${one.stream.node.path}] (${one.pattern})`,
    value: other.pattern,
    allowed: "each subject in one stream of an account",
    fix: "Narrow one of the two, or let one stream be a mirror or have a source of the other",
  });
}
