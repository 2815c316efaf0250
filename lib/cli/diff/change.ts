import type { Sentence } from "../written-report";

/** What is new, gone or otherwise different. */
export type ChangeKind = Sentence["kind"];

/** One difference in words. */
export interface Change extends Sentence {
  /** The users that it is about. */
  readonly users?: readonly string[];
  /** Whether what somebody may do differs by it. */
  readonly access: boolean;
}

type More = Pick<Change, "users" | "details">;

/** A difference in what somebody may do. */
export const accessChange = (kind: ChangeKind, text: string, more: More = {}): Change => ({
  kind,
  text,
  ...more,
  access: true,
});

/** A difference after which everybody may do what they could before. */
export const otherChange = (kind: ChangeKind, text: string, more: More = {}): Change => ({
  ...accessChange(kind, text, more),
  access: false,
});

/** The parts of a report, the most important first. */
export const SECTIONS = {
  risks: "Data at risk",
  gained: "Access gained",
  lost: "Access lost",
  identities: "Identities",
  accounts: "Between accounts",
  beyond: "Beyond permissions",
  findings: "Findings",
  resources: "Streams and buckets",
  clients: "Client settings",
  lines: "Lines of permissions",
} as const;

/** The name of a part of a report. */
export type SectionName = keyof typeof SECTIONS;

/** What differs between two catalogs. */
export interface Report {
  /** Whether what somebody may do differs. */
  readonly accessChanged: boolean;
  /** Whether something that is stored may be lost. */
  readonly dataAtRisk: boolean;
  /** Everything in one sentence. */
  readonly summary: string;
  readonly sections: { readonly [name in SectionName]: readonly Change[] };
}
