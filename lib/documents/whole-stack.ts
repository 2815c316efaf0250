import { createHash } from "node:crypto";
import { by } from "../collections/order";
import { DOCUMENT_VERSION, type StackDocument } from "./schema";

/** A document by its key. */
export interface KeyedText {
  readonly key: string;
  readonly text: string;
}

/**
 * The document by which a reader knows that it has all documents of a stack as one apply has written them. Terraform
 * writes it after all others, and while it changes these their digest is another one.
 */
export function stackDocument(documents: readonly KeyedText[]): StackDocument {
  const digest = createHash("sha256");
  for (const { key, text } of [...documents].sort(by((each) => each.key)))
    digest.update(`${key} ${Buffer.byteLength(text)}\n${text}\n`);
  return { version: DOCUMENT_VERSION, documents: documents.length, digest: `sha256:${digest.digest("hex")}` };
}

/** Whether documents are all that their stack has, as one apply has written them. */
export function isWhole(documents: readonly KeyedText[], said: StackDocument): boolean {
  const { digest, documents: count } = stackDocument(documents);
  return said.documents === count && said.digest === digest;
}
