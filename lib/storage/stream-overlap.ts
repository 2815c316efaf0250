import type { Construct, IConstruct } from "constructs";
import { Program } from "../problems/program";
import { SubjectIndex } from "../subjects/subject-index";

/** A subject pattern and the stream that stores it. */
interface StoredSubject {
  readonly account: string;
  readonly pattern: string;
  readonly stream: Construct;
}

/**
 * The subjects of all streams of a program. The server refuses a stream whose subjects overlap with those of another
 * one of its account.
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

  private readonly stored: StoredSubject[] = [];

  /** Notes the subjects of a stream in an account. */
  public add(account: string, stream: Construct, patterns: readonly string[]): void {
    for (const pattern of patterns) this.stored.push({ account, pattern, stream });
  }

  private reportOverlaps(): void {
    const accounts = new Map<string, SubjectIndex<StoredSubject>>();
    for (const other of this.stored) {
      const index = accounts.get(other.account) ?? new SubjectIndex<StoredSubject>();
      accounts.set(other.account, index);
      for (const one of index.overlapping(other.pattern)) report(one, other);
      index.add(other.pattern, other);
    }
  }
}

function report(one: StoredSubject, other: StoredSubject): void {
  if (one.stream === other.stream || Program.of(other.stream).isDuplicate(other.stream)) return;
  Program.of(other.stream).report(other.stream, {
    what: `subjects overlap with those of stream [${one.stream.node.path}] (${one.pattern})`,
    value: other.pattern,
    allowed: "each subject in one stream of an account",
    fix: "Narrow one of the two, or let one stream be a mirror or have a source of the other",
  });
}
