import type { ExchangeKind } from "../access/capabilities";
import type { AccountLimits, JetStreamLimits } from "../access/limits";

/*
 * The schema of the access documents: what Terraform stores of users and accounts in a platform's bucket, one document for each.
 * Together they say all that the server's accounts file does, but for the hashes of passwords, of which they have fingerprints.
 */

/** The version of the documents. A reader refuses those of another one. */
export const DOCUMENT_VERSION = 1;

/** Subjects, also with a queue group behind a space, each with what it is for. The order is that of the server's file. */
export interface DocumentLines {
  readonly [subject: string]: string;
}

/** What every document says. */
interface Document {
  readonly version: typeof DOCUMENT_VERSION;
  /** The name of the stack that Terraform writes the document with: `shop/nats`. */
  readonly stack: string;
}

/** A user: what it may do, and how it proves who it is. */
export interface UserDocument extends Document {
  /** The user's name, which is that of the key too: a document that is copied to another key is none. */
  readonly user: string;
  readonly account: string;
  /** `variable PROD_CONVEX_PASSWORD`, `nkey U…`, or `bcrypt sha256:…` with a fingerprint of the hash. */
  readonly credentials: string;
  /** The paths of the constructs that give it what it may do, its own first. */
  readonly declaredBy: readonly string[];
  /** What its clients must set as JetStream domain, if anything. */
  readonly domain?: string;
  readonly inboxPrefix: string;
  /** The name under which the server's file has the permissions, where several users have the same. */
  readonly permissionSet?: string;
  readonly publish: DocumentLines;
  /** The queue group in which it may subscribe. */
  readonly queueGroup?: string;
  readonly role: string;
  readonly subscribe: DocumentLines;
}

/** One way between two accounts: the export of the one and the import of the other. */
export interface DocumentExchange {
  /** The other account. */
  readonly account: string;
  readonly kind: ExchangeKind;
  readonly subject: string;
  /** The subject in the importing account, where that differs. */
  readonly to?: string;
  /** What is exported, where that is more than is imported. */
  readonly offered?: string;
  readonly manyResponses?: boolean;
  /** The path of the construct that declares it. */
  readonly source: string;
}

/** Ways between accounts, by words for people: `stream prod._.events.> from PROD`. */
export interface DocumentExchanges {
  readonly [words: string]: DocumentExchange;
}

/**
 * An account: its limits, its JetStream, and what goes from and to other accounts. A way is in the document of only one of the
 * two: that of the isolated app, if one is of such, or else that of the importing account. So no document grows with the number of apps.
 */
export interface AccountDocument extends Document {
  readonly about: string;
  readonly account: string;
  /** Whether the account is part of the accounts file. */
  readonly accountsFile: boolean;
  /** What other accounts import from it. */
  readonly exports: DocumentExchanges;
  readonly imports: DocumentExchanges;
  readonly jetStream: JetStreamLimits | false;
  readonly limits: AccountLimits;
  readonly mappings: { readonly [subject: string]: { readonly to: string } };
  /** The path of the construct that declares it. */
  readonly source: string;
}

/** All other documents of a stack together, as one apply writes them. */
export interface StackDocument {
  readonly version: typeof DOCUMENT_VERSION;
  /** How many there are. */
  readonly documents: number;
  /** A digest of their keys and texts: `sha256:…`. */
  readonly digest: string;
}
