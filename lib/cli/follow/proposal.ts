import * as names from "../../naming/names";
import { isOfPlatform, type Notice, type RevisedDocument, type Unit, type UnitsFound, unitId, unitsIn } from "./unit";

/** Units by their ids. */
export type Units = ReadonlyMap<string, Unit>;

/** What the bucket of a platform has, or why it cannot be read. */
export type Reading =
  | {
      readonly kind: "read";
      readonly platform: string;
      readonly documents: readonly RevisedDocument[];
      /** A number that is another one whenever the documents are. */
      readonly version: number;
    }
  | { readonly kind: "unreadable"; readonly platform: string; readonly why: string };

/** A change of what is in force: a unit that is other than before, or is not there any more. */
export interface Candidate {
  readonly platform: string;
  readonly stack: string;
  readonly id: string;
  /** The unit; undefined for one that goes. */
  readonly unit: Unit | undefined;
}

/** What may change, and what does not. */
export interface Proposal {
  readonly candidates: readonly Candidate[];
  readonly notices: readonly Notice[];
}

/** Where a stack's documents are in a platform's bucket, for people. */
export const originInBucket = (platform: string) => (stack: string) =>
  `bucket ${names.accessStore(platform)}, stack ${stack}`;

/** The units of a platform that are in force. */
const ofPlatform = (units: Units, platform: string) => [...units.values()].filter((unit) => unit.platform === platform);

const candidateOf = ({ platform, stack }: Pick<Unit, "platform" | "stack">, unit: Unit | undefined): Candidate => ({
  ...{ platform, stack, unit },
  id: unitId({ platform, stack }),
});

const GONE =
  "the document of the platform's own account is not in the bucket any more: the bucket was deleted or purged. All stays as it is. " +
  "To end the platform, call the command without it";

/** Whether a bucket has lost the account of its platform: it was purged, or made anew. */
function isEmptied(before: readonly Unit[], { whole }: UnitsFound, documents: readonly RevisedDocument[]): boolean {
  const own = before.find(isOfPlatform);
  if (own === undefined || whole.some(isOfPlatform)) return false;
  return !isOfPlatform({ platform: own.platform, documents });
}

function proposed(reading: Reading, accepted: Units): Proposal {
  const { platform } = reading;
  if (reading.kind === "unreadable") {
    return { candidates: [], notices: [{ platform, kind: "unreadable", why: reading.why }] };
  }
  const before = ofPlatform(accepted, platform);
  const found = unitsIn(reading.documents, { platform, originOf: originInBucket(platform) }, accepted);
  if (isEmptied(before, found, reading.documents)) {
    return { candidates: [], notices: [{ platform, kind: "unreadable", why: GONE }] };
  }
  const changed = found.whole.filter((unit) => {
    const known = accepted.get(unitId(unit));
    return known ? known.digest !== unit.digest : unit.documents.length > 0;
  });
  const gone = before.filter(({ stack }) => !found.stacks.has(stack));
  return {
    candidates: [
      ...changed.map((unit) => candidateOf(unit, unit.documents.length > 0 ? unit : undefined)),
      ...gone.map((unit) => candidateOf(unit, undefined)),
    ],
    notices: found.waiting,
  };
}

/**
 * What may change of what is in force, by what the buckets have. A unit that is not whole changes nothing, a bucket that cannot
 * be read neither. Platforms of which no bucket is asked any more go.
 */
export function proposalOf(accepted: Units, readings: readonly Reading[]): Proposal {
  const asked = new Set(readings.map(({ platform }) => platform));
  const ended = [...accepted.values()].filter(({ platform }) => !asked.has(platform));
  const all = readings.map((reading) => proposed(reading, accepted));
  const order = (one: Candidate, other: Candidate) => (one.id < other.id ? -1 : 1);
  return {
    candidates: [
      ...all.flatMap(({ candidates }) => candidates),
      ...ended.map((unit) => candidateOf(unit, undefined)),
    ].sort(order),
    notices: all.flatMap(({ notices }) => notices),
  };
}

/** Units with some changes made. */
export function withChanges(units: Units, candidates: readonly Candidate[]): Units {
  const changed = new Map(units);
  for (const { id, unit } of candidates) {
    if (unit) changed.set(id, unit);
    else changed.delete(id);
  }
  return changed;
}

/**
 * All units that are to be in force: those of buckets, and of a platform whose own account no bucket has yet those with which
 * it is started. Without these nobody could make the bucket.
 */
export function unitsInForce(units: Units, start: readonly Unit[]): Unit[] {
  const begun = new Set([...units.values()].filter(isOfPlatform).map(({ platform }) => platform));
  const starting = start.filter((unit) => !begun.has(unit.platform) && !units.has(unitId(unit)));
  return [...units.values(), ...starting];
}
