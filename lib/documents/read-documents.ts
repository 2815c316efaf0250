import { hashFault, publicKeyFault, variableFault } from "../access/credential-rules";
import type { CredentialsModel } from "../access/credentials-model";
import { valueAt } from "../collections/groups";
import type { Fault } from "../problems/fault";
import { hasSubjectCharacters } from "../subjects/subject-characters";
import { patternFault } from "../subjects/subject-pattern";
import { type AccountDocument, DOCUMENT_VERSION, type StackDocument, type UserDocument } from "./schema";

/** A value of JSON that is an object. */
type Json = { readonly [member: string]: unknown };

/** Whether a value is right. */
type Check = (value: unknown) => boolean;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText: Check = (value) => typeof value === "string";
const isFlag: Check = (value) => typeof value === "boolean";
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isSubject: Check = (value) =>
  typeof value === "string" && hasSubjectCharacters(value) && patternFault(value) === undefined;
const isPermitted: Check = (value) =>
  typeof value === "string" && value.split(" ").length <= 2 && value.split(" ").every(isSubject);
const isDestination: Check = (value) =>
  typeof value === "string" && isSubject(value.replace(/\{\{wildcard\(\d+\)\}\}/g, "x"));

/** Whether mappings lead to subjects with no more wildcards than the ones that they begin with. */
const areMappings: Check = (value) =>
  Object.entries(value as Json).every(([from, each]) => {
    const numbers = [...String((each as Json).to).matchAll(/\{\{wildcard\((\d+)\)\}\}/g)].map(([, number]) => number);
    const wildcards = from.split(".").filter((token) => token === "*").length;
    return numbers.every((number) => Number(number) >= 1 && Number(number) <= wildcards);
  });

/** Names as synth makes them, which the server's file has unquoted and in the names of folders. */
const isAccountName: Check = (value) => typeof value === "string" && /^[A-Z][A-Z0-9_-]{0,199}$/.test(value);
const isUserName: Check = (value) => typeof value === "string" && /^[a-z][a-z0-9-]{0,199}$/.test(value);
const isInbox: Check = (value) => typeof value === "string" && /^_INBOX(_[\w-]+)?$/.test(value);
const isKind: Check = (value) => value === "stream" || value === "service";

const oneOf =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.some((check) => check(value));
const allOf =
  (...checks: readonly Check[]): Check =>
  (value) =>
    checks.every((check) => check(value));
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const mapOf =
  (check: Check, isName: Check = isText): Check =>
  (value) =>
    isObject(value) && Object.entries(value).every(([name, each]) => isName(name) && check(each));

/** The members of an object: those that must be there, and those that may. */
const members =
  (needed: { readonly [name: string]: Check }, further: { readonly [name: string]: Check } = {}): Check =>
  (value) =>
    isObject(value) &&
    Object.entries(needed).every(([name, check]) => check(value[name])) &&
    Object.entries(value).every(
      ([name, each]) =>
        Object.hasOwn(needed, name) || (Object.hasOwn(further, name) && (further[name]?.(each) ?? false)),
    );

const isVersion: Check = (value) => value === DOCUMENT_VERSION;

const isUser = members(
  {
    version: isVersion,
    stack: isText,
    user: isUserName,
    account: isAccountName,
    credentials: isText,
    declaredBy: listOf(isText),
    inboxPrefix: isInbox,
    publish: mapOf(isText, isSubject),
    role: isText,
    subscribe: mapOf(isText, isPermitted),
  },
  { domain: isText, permissionSet: isText, queueGroup: isText },
);

const isExchange = members(
  { account: isAccountName, kind: isKind, subject: isSubject, source: isText },
  { to: isSubject, offered: isSubject, manyResponses: isFlag },
);

const isAccount = members({
  version: isVersion,
  stack: isText,
  about: isText,
  account: isAccountName,
  accountsFile: isFlag,
  exports: mapOf(isExchange),
  imports: mapOf(isExchange),
  jetStream: oneOf((value) => value === false, mapOf(isCount)),
  limits: mapOf(isCount),
  mappings: allOf(mapOf(members({ to: isDestination }), isSubject), areMappings),
  source: isText,
});

const isStack = members({ version: isVersion, documents: isCount, digest: isText });

const AGAIN = "Synthesize and apply again with the version of the library that this command is of";

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A document that a text is, or what is wrong with it. Nothing is taken of one that is not understood as a whole. */
function read<T>(text: string, check: Check): T | Fault {
  const value = parsed(text);
  if (!isObject(value)) return { what: "access document is not JSON", allowed: "what synth writes", fix: AGAIN };
  if (value.version !== DOCUMENT_VERSION) {
    return {
      what: "access document has a version that this command does not know",
      value: value.version,
      allowed: `version ${DOCUMENT_VERSION}`,
      fix: AGAIN,
    };
  }
  if (!check(value)) {
    return {
      what: "access document has a member that is not as it should be",
      allowed: "what synth writes",
      fix: AGAIN,
    };
  }
  return value as T;
}

/** A document as it is stored; it is read once, since of thousands only few change at a time. */
export interface Stored {
  readonly text: string;
}

function readOnce<T extends object>(check: Check): (stored: Stored) => T | Fault {
  const known = new WeakMap<Stored, T | Fault>();
  return (stored) => valueAt<Stored, T | Fault>(known, stored, () => read(stored.text, check));
}

/** The document of a user that something stored is, or what is wrong with it. */
export const readUser = readOnce<UserDocument>(isUser);

/** The document of an account that something stored is, or what is wrong with it. */
export const readAccount = readOnce<AccountDocument>(isAccount);

/** The document of a stack that a text is, or what is wrong with it. */
export const readStack = (text: string): StackDocument | Fault => read(text, isStack);

/** Whether something is what is wrong, and no document. */
export const isFault = (read: object): read is Fault => "what" in read;

/**
 * How a user proves who it is, or what is wrong with what its document says of it.
 *
 * @param hashOf the bcrypt hash of a fingerprint; undefined if none is known
 */
export function readCredentials(
  text: string,
  hashOf: (fingerprint: string) => string | undefined,
): CredentialsModel | Fault {
  const [, kind, value = ""] = /^(variable|nkey|bcrypt) (.+)$/s.exec(text) ?? [];
  if (kind === undefined) {
    return {
      what: "access document has credentials of a kind that this command does not know",
      allowed: "variable, nkey, bcrypt",
      fix: AGAIN,
    };
  }
  const hash = kind === "bcrypt" ? hashOf(value) : undefined;
  if (kind === "bcrypt" && hash === undefined) {
    return {
      what: "bcrypt hash of a password is not known",
      value,
      allowed: "the hash of which the document has the fingerprint",
      fix: "Give it by --hashes FILE: a line for each user, with the hash behind the name",
    };
  }
  switch (kind) {
    case "variable":
      return variableFault(value) ?? { kind, variable: value };
    case "nkey":
      return publicKeyFault(value) ?? { kind, publicKey: value };
    default:
      return hashFault(hash ?? "") ?? { kind: "bcrypt", hash: hash ?? "" };
  }
}
