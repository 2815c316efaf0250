import type { Import, User } from "./accounts";
import { type PermittedSubject, permittedText } from "./permissions";

function reasons(subjects: readonly PermittedSubject[]): { readonly [subject: string]: string } {
  const entries = subjects.map((each): [string, string] => [permittedText(each), each.lines[0]?.why ?? ""]);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/**
 * What a user may do, as JSON: each subject with what it is for. The keys are sorted, so that a changed permission is a
 * changed line in Terraform's plan.
 */
export function userDocument(account: string, user: User): string {
  return JSON.stringify({
    account,
    ...(user.domain !== undefined && { domain: user.domain }),
    inboxPrefix: user.inboxPrefix,
    publish: reasons(user.permissions.publish),
    ...(user.queueGroup !== undefined && { queueGroup: user.queueGroup }),
    role: user.role,
    subscribe: reasons(user.permissions.subscribe),
  });
}

/** What an account imports, as JSON: each subject with its kind, where it is from and its name in the importing account. */
export function importsDocument(account: string, imports: readonly Import[]): string {
  const sorted = [...imports].sort((one, other) => (one.subject < other.subject ? -1 : 1));
  const entries = sorted.map(({ subject, kind, account: from, to }) => [
    subject,
    { from, kind, ...(to !== undefined && { to }) },
  ]);
  return JSON.stringify({ account, imports: Object.fromEntries(entries) });
}
