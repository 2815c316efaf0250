import * as names from "../../naming/names";
import {
  accountOfKey,
  isOfPlatform,
  type Notice,
  type Owner,
  ownerId,
  type RevisedDocument,
  type Unit,
  type UnitsFound,
  unitId,
  unitsIn,
} from "./unit";

/** Units by their ids. */
export type Units = ReadonlyMap<string, Unit>;

/** What a bucket has, or why it cannot be read. */
export type Reading =
  | {
      readonly kind: "read";
      readonly platform: string;
      readonly app?: string | undefined;
      readonly documents: readonly RevisedDocument[];
      /** The keys that have a mark that they were deleted. */
      readonly deleted: ReadonlySet<string>;
      /** A number that is another one whenever the documents are. */
      readonly version: number;
    }
  | {
      readonly kind: "unreadable";
      readonly platform: string;
      readonly app?: string | undefined;
      readonly why: string;
    };

/** A change of what is in force: a unit that is other than before, or is not there any more. */
export interface Candidate extends Owner {
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

/** Where a stack's documents are in a bucket, for people. */
export const originInBucket =
  ({ platform, app }: Owner) =>
  (stack: string) =>
    `bucket ${names.accessStore(platform, app)}, stack ${stack}`;

/** The units of a bucket that are in force. */
const unitsOf = (units: Units, owner: Owner) => [...units.values()].filter((unit) => ownerId(unit) === ownerId(owner));

const candidateOf = ({ platform, app, stack }: Owner & Pick<Unit, "stack">, unit: Unit | undefined): Candidate => ({
  ...{ platform, app, stack, unit },
  id: unitId({ platform, app, stack }),
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

const TRACELESS =
  "its documents are gone without a mark that they were deleted: the bucket was purged or made anew. To do: apply the stack again, " +
  "or let it go by --max-removals none";

/** Whether each document of a unit was deleted, or is one of another stack. */
function isDeleted({ documents: own }: Unit, { documents, deleted }: Reading & { readonly kind: "read" }): boolean {
  const there = new Set(documents.map(({ key }) => key));
  return own.every(({ key }) => deleted.has(key) || there.has(key));
}

function proposed(reading: Reading, accepted: Units, takesTraceless: boolean): Proposal {
  const { platform, app } = reading;
  const before = unitsOf(accepted, reading);
  if (reading.kind === "unreadable") {
    const isUnknown = app !== undefined && before.length === 0;
    return { candidates: [], notices: isUnknown ? [] : [{ platform, app, kind: "unreadable", why: reading.why }] };
  }
  const found = unitsIn(reading.documents, { platform, app, originOf: originInBucket(reading) }, accepted);
  if (isEmptied(before, found, reading.documents)) {
    return { candidates: [], notices: [{ platform, kind: "unreadable", why: GONE }] };
  }
  const changed = found.whole.filter((unit) => {
    const known = accepted.get(unitId(unit));
    return known ? known.digest !== unit.digest : unit.documents.length > 0;
  });
  const missing = before.filter(({ stack }) => !found.stacks.has(stack));
  const gone = missing.filter((unit) => takesTraceless || isDeleted(unit, reading));
  const held = missing.filter((unit) => !gone.includes(unit));
  return {
    candidates: [
      ...changed.map((unit) => candidateOf(unit, unit.documents.length > 0 ? unit : undefined)),
      ...gone.map((unit) => candidateOf(unit, undefined)),
    ],
    notices: [
      ...found.waiting,
      ...held.map(({ stack }): Notice => ({ platform, app, stack, kind: "held", why: TRACELESS })),
    ],
  };
}

/** The apps that platforms delegate, by the accounts that their own documents have. */
export function delegatedIn(documents: readonly (Owner & { readonly key: string })[]): Owner[] {
  return documents.flatMap(({ platform, app, key }) => {
    const owner = names.ownerOfAccessStore((accountOfKey(key) ?? "").toLowerCase());
    const isDelegated = app === undefined && owner?.platform === platform && owner.app !== undefined;
    return isDelegated ? [owner] : [];
  });
}

/**
 * What may change of what is in force, by what the buckets have. A unit that is not whole changes nothing, a bucket that cannot
 * be read neither. Platforms of which no bucket is asked any more go, and apps that their platform does not delegate any more.
 *
 * @param takesTraceless whether a unit also goes if its documents are gone without a mark that they were deleted
 */
export function proposalOf(accepted: Units, readings: readonly Reading[], takesTraceless = false): Proposal {
  const asked = new Set(readings.map(({ platform }) => platform));
  const known = [...accepted.values()].flatMap(({ platform, app, documents }) =>
    documents.map(({ key }) => ({ platform, app, key })),
  );
  const delegated = new Set(delegatedIn(known).map(ownerId));
  const isEnded = (unit: Unit) =>
    !asked.has(unit.platform) || (unit.app !== undefined && !delegated.has(ownerId(unit)));
  const ended = [...accepted.values()].filter(isEnded);
  const all = readings.map((reading) => proposed(reading, accepted, takesTraceless));
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
