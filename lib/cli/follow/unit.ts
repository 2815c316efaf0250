import { grouped, valueAt } from "../../collections/groups";
import { by } from "../../collections/order";
import { accountOfKey, stackOfKey, userOfKey } from "../../documents/document-key";
import { isFault, readAccount, readStack, readUser } from "../../documents/read-documents";
import type { StackDocument } from "../../documents/schema";
import { type KeyedText, stackDocument } from "../../documents/whole-stack";
import * as names from "../../naming/names";
import { describeFault, type Fault } from "../../problems/fault";
import { counted } from "../../wording/lists";

/** A document of a bucket, with the sequence number under which the bucket has it; 0 for one that is in none. */
export interface RevisedDocument extends KeyedText {
  readonly revision: number;
}

/** Whose documents a bucket has: those of a platform, or of an app that it delegates to another program. */
export interface Owner {
  readonly platform: string;
  readonly app?: string | undefined;
}

/** How the owner of a bucket is called among all. */
export const ownerId = ({ platform, app }: Owner): string => (app === undefined ? platform : `${platform}/${app}`);

/** The documents of one bucket that one stack writes: they are followed together or not at all. */
export interface Unit extends Owner {
  readonly stack: string;
  /** Where it was found, for people. */
  readonly origin: string;
  /** All but the document of the stack, by their keys. */
  readonly documents: readonly RevisedDocument[];
  /** The digest of keys and texts. */
  readonly digest: string;
}

/** What is not followed, and why. */
export interface Notice extends Owner {
  /** The stack that it is about; undefined where it is about the whole bucket. */
  readonly stack?: string;
  /** `waiting` for the end of an apply, `refused` for what it says, `held` by a limit; `unreadable` is a bucket. */
  readonly kind: "waiting" | "refused" | "held" | "unreadable";
  readonly why: string;
}

/** The documents of one bucket by their stacks. */
export interface UnitsFound {
  readonly whole: readonly Unit[];
  readonly waiting: readonly Notice[];
  /** All stacks of which there is any document. */
  readonly stacks: ReadonlySet<string>;
}

/** How a unit is called among those of all buckets. */
export const unitId = ({ stack, ...owner }: Owner & Pick<Unit, "stack">): string => `${ownerId(owner)} ${stack}`;

/** A unit of documents, in their order. */
export function unitOf(given: Omit<Unit, "digest">): Unit {
  const documents = [...given.documents].sort(by(({ key }) => key));
  return { ...given, documents, digest: stackDocument(documents).digest };
}

/** Whether a unit has the document of its platform's own account. */
export const isOfPlatform = ({ platform, app, documents }: Owner & Pick<Unit, "documents">): boolean =>
  app === undefined && documents.some(({ key }) => key === names.accessKey.account(names.account(platform)));

/** The stack that a document says it is of; undefined where it says none. */
function stackSaidBy({ text }: KeyedText): string | undefined {
  try {
    const { stack } = JSON.parse(text) as { readonly stack?: unknown };
    return typeof stack === "string" ? stack : undefined;
  } catch {
    return undefined;
  }
}

/** What is not understood of a document; undefined if all is. */
function faultOf(stored: KeyedText): Fault | undefined {
  const { key } = stored;
  const read = userOfKey(key) !== undefined ? readUser : accountOfKey(key) !== undefined ? readAccount : undefined;
  if (!read)
    return { what: "key is of no kind that this command knows", allowed: "what synth writes", fix: "Remove it" };
  const document = read(stored);
  return isFault(document) ? document : undefined;
}

/** What a document says of its stack, and what is not understood of it. */
interface Understood {
  readonly stack: string | undefined;
  readonly fault: Fault | undefined;
}

/** Documents that were looked at before: of thousands only few change at a time. */
const understood = new WeakMap<RevisedDocument, Understood>();

const understand = (document: RevisedDocument): Understood =>
  valueAt(understood, document, () => ({ stack: stackSaidBy(document), fault: faultOf(document) }));

/** The unit that is known of a stack, if these are its documents; or else a new one. */
function unitLike(known: Unit | undefined, given: Omit<Unit, "digest">): Unit {
  const documents = new Set(known?.documents);
  const isSame = documents.size === given.documents.length && given.documents.every((each) => documents.has(each));
  return known && isSame && known.origin === given.origin ? known : unitOf(given);
}

/** Why documents are not all of their stack as one apply has written them; undefined if they are. */
function lackOf({ documents, digest }: Unit, said: StackDocument | Fault | undefined): string | undefined {
  if (said === undefined) return "its stack document is not there: an apply is under way, or has ended with an error";
  if (isFault(said)) return `its stack document is not understood: ${describeFault(said)}`;
  if (said.documents === documents.length && said.digest === digest) return undefined;
  const found = `${counted(documents.length, "document")} found, of ${said.documents} that an apply has written`;
  return documents.length === said.documents ? `${found}, with other texts` : found;
}

/** The keys of documents that differ from those of a unit, in words. */
function differences(documents: readonly RevisedDocument[], unit: Unit | undefined): string {
  if (unit === undefined) return "";
  const before = new Map(unit.documents.map(({ key, text }) => [key, text]));
  const now = new Map(documents.map(({ key, text }) => [key, text]));
  const keys = [...new Set([...before.keys(), ...now.keys()])].filter((key) => before.get(key) !== now.get(key));
  const shown = keys
    .slice(0, 5)
    .map((key) => `${key} (${now.has(key) ? (before.has(key) ? "other" : "new") : "gone"})`);
  const more = keys.length > shown.length ? ` and ${keys.length - shown.length} more` : "";
  return shown.length === 0 ? "" : `; since it was whole: ${shown.join(", ")}${more}`;
}

/** What documents of one bucket are found in, and how. */
export interface Place extends Owner {
  /** Where a stack of them is, for people. */
  originOf(stack: string): string;
  /** Whether documents without one of their stack are taken: those of a synth that has none. */
  readonly isLoose?: boolean;
}

/**
 * Documents of one bucket by the stacks that write them.
 *
 * @param before what was whole before, to say what has changed since
 */
export function unitsIn(
  documents: readonly RevisedDocument[],
  { platform, app, originOf, isLoose = false }: Place,
  before: ReadonlyMap<string, Unit> = new Map(),
): UnitsFound {
  const ends = new Map(
    documents.flatMap(({ key, text }) => {
      const stack = stackOfKey(key);
      return stack === undefined ? [] : [[stack, readStack(text)] as const];
    }),
  );
  const others = documents.filter(({ key }) => stackOfKey(key) === undefined);
  const said = grouped(others, (each) => understand(each).stack);
  const stacks = new Set([...ends.keys(), ...[...said.keys()].filter((stack) => stack !== undefined)]);
  const whole: Unit[] = [];
  const waiting = (said.get(undefined) ?? []).map(
    ({ key, revision }): Notice => ({
      platform,
      app,
      kind: "waiting",
      why: `${key} (revision ${revision}) says no stack`,
    }),
  );
  for (const stack of [...stacks].sort()) {
    const own = said.get(stack) ?? [];
    const known = before.get(unitId({ platform, app, stack }));
    const unit = unitLike(known, { platform, app, stack, origin: originOf(stack), documents: own });
    const end = ends.get(stack);
    const lack = isLoose && end === undefined ? undefined : lackOf(unit, end);
    const wrong = own.find((each) => understand(each).fault !== undefined);
    const fault = wrong && understand(wrong).fault;
    if (lack === undefined && fault === undefined) whole.push(unit);
    else {
      const why = lack ? `${lack}${differences(unit.documents, known)}` : "";
      const misread = fault ? `${wrong?.key} is not understood: ${describeFault(fault)}` : "";
      waiting.push({ platform, app, stack, kind: "waiting", why: why || misread });
    }
  }
  return { whole, waiting, stacks };
}
