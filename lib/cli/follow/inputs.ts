import { valueAt } from "../../collections/groups";
import type { Rendering } from "../accounts/rendering";
import type { Secrets } from "../accounts/secrets";
import type { Reading } from "./proposal";
import { type Notice, ownerId, type RevisedDocument, type Unit, unitId } from "./unit";

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

const CREDENTIALS = /"credentials":"(variable|bcrypt) ([^"\\]+)"/;

/** What documents say of credentials, as far as it refers to something else; of thousands only few change at a time. */
const references = new WeakMap<RevisedDocument, string>();

const referenceIn = (document: RevisedDocument): string =>
  valueAt(references, document, () => {
    const [, kind = "", value = ""] = CREDENTIALS.exec(document.text) ?? [];
    return kind && `${kind} ${value}`;
  });

/** What documents and accounts refer to. */
export interface References {
  readonly variables: readonly string[];
  readonly fingerprints: readonly string[];
}

/** What the documents of buckets and units, and further accounts, refer to. */
export function referencesIn({ readings, start, rendering }: Inputs, accepted: readonly Unit[]): References {
  const documents = [
    ...[...accepted, ...start].flatMap((unit) => unit.documents),
    ...readings.flatMap((each) => (each.kind === "read" ? each.documents : [])),
  ];
  const named = [...new Set(documents.map(referenceIn))].map((each) => each.split(" "));
  const further = rendering.besides.flatMap(({ users }) => users.map(({ credentials }) => credentials));
  const variables = [
    ...named.flatMap(([kind, name = ""]) => (kind === "variable" ? [name] : [])),
    ...further.flatMap((each) => (each.kind === "variable" ? [each.variable] : [])),
  ];
  const fingerprints = named.flatMap(([kind, value = ""]) => (kind === "bcrypt" ? [value] : []));
  return { variables: variables.sort(), fingerprints: fingerprints.sort() };
}

/** A text that is another one whenever the buckets have, or the start has, other documents, or cannot be read. */
export const documentsPrint = ({ readings, start }: Inputs): string =>
  JSON.stringify([
    readings.map((each) => [ownerId(each), each.kind === "read" ? each.version : each.why]),
    start.map((unit) => [unitId(unit), unit.digest]),
  ]);

/** A text that is another one whenever what documents refer to has another value. Nobody shows it: it has secrets. */
export const valuesPrint = ({ rendering, secrets }: Inputs, { variables, fingerprints }: References): string =>
  JSON.stringify([
    secrets && variables.map((name) => [name, secrets(name)]),
    fingerprints.map((each) => [each, rendering.hashOf(each)]),
  ]);
