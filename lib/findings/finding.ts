import type { Catalog } from "../catalog/catalog";

/** How much a finding matters: an error stops the synth, a warning is told. */
export type FindingLevel = "error" | "warning";

/** Something found about one construct. */
export interface Found {
  readonly message: string;
  /** The path of the construct that it is about. */
  readonly source: string;
}

/** A rule with a stable id. Its page, `docs/findings/{id}.md`, has a program that it finds something in. */
export interface FindingRule {
  readonly id: string;
  readonly level: FindingLevel;
  /** What it finds, as a title. */
  readonly title: string;
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
