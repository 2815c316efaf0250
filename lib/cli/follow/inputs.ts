import type { Rendering } from "../accounts/rendering";
import type { Secrets } from "../accounts/secrets";
import type { Reading } from "./proposal";
import type { Notice, Unit } from "./unit";

/** Everything that decides what is to be in force. */
export interface Inputs {
  readonly readings: readonly Reading[];
  /** The units of platforms that have no bucket yet. */
  readonly start: readonly Unit[];
  readonly startNotices: readonly Notice[];
  readonly rendering: Rendering;
  /** The passwords; undefined where the server has them in its environment. */
  readonly secrets: Secrets | undefined;
}

const CREDENTIALS = /"credentials":"variable ([A-Za-z_][\w-]*)"/;

/** The variables that documents of units name, and those of further accounts. */
export function variablesOf(units: readonly Unit[], { besides }: Rendering): string[] {
  const named = units.flatMap(({ documents }) => documents.flatMap(({ text }) => CREDENTIALS.exec(text)?.[1] ?? []));
  const further = besides.flatMap(({ users }) =>
    users.flatMap(({ credentials }) => (credentials.kind === "variable" ? [credentials.variable] : [])),
  );
  return [...new Set([...named, ...further])];
}

/** A text that is another one whenever the inputs are, as far as these variables and hashes matter. Nobody shows it. */
export function printOf(
  { readings, start, rendering, secrets }: Inputs,
  variables: readonly string[],
  fingerprints: readonly string[],
): string {
  return JSON.stringify([
    readings.map((each) => [each.platform, each.kind === "read" ? each.version : each.why]),
    start.map(({ platform, stack, digest }) => [platform, stack, digest]),
    secrets && variables.map((name) => secrets(name) ?? null),
    fingerprints.map((each) => rendering.hashOf(each) ?? null),
  ]);
}

const FINGERPRINT = /"credentials":"bcrypt ([^"]+)"/;

/** The fingerprints of hashes that documents of units name. */
export const fingerprintsOf = (units: readonly Unit[]): string[] => [
  ...new Set(units.flatMap(({ documents }) => documents.flatMap(({ text }) => FINGERPRINT.exec(text)?.[1] ?? []))),
];
