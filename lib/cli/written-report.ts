/** A sentence of a report, with the names of things in backticks. A report may know more of it, for programs. */
export interface Sentence {
  /** Whether it is about what is new, gone or otherwise different. */
  readonly kind: "added" | "removed" | "changed";
  readonly text: string;
  /** More about it, one sentence each. */
  readonly details?: readonly string[];
}

/** A part of a report; it is left out where it has no sentence. */
export interface Section {
  /** Its name for programs. */
  readonly name: string;
  readonly title: string;
  readonly sentences: readonly Sentence[];
  /** Whether Markdown shows it only when it is asked for. */
  readonly isFolded?: boolean;
}

/** What a command has found, as it is written in each format. */
export interface WrittenReport {
  readonly title: string;
  /** Everything in one sentence. */
  readonly summary: string;
  /** What programs ask for first. */
  readonly facts: { readonly [name: string]: boolean };
  /** The most important first. */
  readonly sections: readonly Section[];
  /** What to know of how it was found, as the last sentence. */
  readonly note?: string;
}
