import { identityOf } from "../../lib/access/credentials-model";
import { joinedAccounts, type StoredDocument } from "../../lib/documents/joined-accounts";
import { documentsInStack } from "../../lib/documents/stack-documents";
import type { FileAccount } from "../../lib/server-config/file-account";
import type { Rendered } from "../server/render";

/** The access documents of a program. */
export const documentsOf = ({ stacks }: Pick<Rendered, "stacks">): StoredDocument[] =>
  Object.entries(stacks).flatMap(([name, stack]) => documentsInStack(stack, name));

/** The hash of a fingerprint, as whoever renders the documents of a program has it from elsewhere. */
export function hashesOf({ model }: Pick<Rendered, "model">): (fingerprint: string) => string | undefined {
  const users = model.flatMap(({ identities }) => identities);
  const hashes = users.flatMap(({ credentials }): [string, string][] =>
    credentials.kind === "bcrypt" ? [[identityOf(credentials), credentials.hash]] : [],
  );
  return (fingerprint) => new Map(hashes).get(fingerprint);
}

/** The accounts of a program as its documents say them, which is what servers have that follow them. */
export function documentAccounts(rendered: Rendered): readonly FileAccount[] {
  const { accounts, problems } = joinedAccounts(documentsOf(rendered), hashesOf(rendered));
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return accounts;
}
