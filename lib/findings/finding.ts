import type { Catalog } from "../catalog/catalog";

/** How much a finding matters: an error stops the synth, a warning is told. */
export type FindingLevel = "error" | "warning";

/** Something that a finding about a platform is true of: an app, a user, a stream. */
export interface FoundPart {
  readonly name: string;
  /** The path of its construct, where it can be acknowledged alone. */
  readonly source: string;
}

/** Something found about one construct. */
export interface Found {
  /** What is found, in words. */
  readonly message: string | ((parts: string) => string);
  /** The path of the construct that it is about. */
  readonly source: string;
  /** What a finding about a platform is true of; `message` takes their names. */
  readonly parts?: readonly FoundPart[];
}

/** A rule with a stable id. Its page, `docs/findings/{id}.md`, has a program that it finds something in. */
export interface FindingRule {
  readonly id: string;
  readonly level: FindingLevel;
  /** What it finds, as a title. */
  readonly title: string;
  /** Whether it is found in an app or not as others come and go, so that an acknowledgement stays where it is not. */
  readonly byOthers?: boolean;
  /** What it finds in a program. */
  readonly find: (catalog: Catalog) => Found[];
}

/** What a program's author said about a finding. */
export interface Acknowledgement {
  readonly id: string;
  /** The path of the construct below which it holds. */
  readonly source: string;
  readonly reason: string;
}
