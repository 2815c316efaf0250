import { ALL_CLIENTS } from "../access/clients";
import { linesOf } from "../access/grant";
import { permittedText } from "../access/permissions";
import { valueAt } from "../collections/groups";
import { inOrder } from "../collections/order";
import * as names from "../naming/names";
import type { FileLine } from "../server-config/file-account";
import { SubjectIndex } from "../subjects/subject-index";
import { covers } from "../subjects/subject-pattern";
import type { DocumentLines, UserDocument } from "./schema";

/** A user of an account that may call others, or answer them. */
interface Talker {
  readonly platform: string;
  readonly document: UserDocument;
}

/** The subjects of calls among the lines of a user of a platform. */
export const apiSubjects = (lines: DocumentLines, platform: string): string[] =>
  Object.keys(lines).filter((text) => covers(names.apiSubjects(platform), text));

/**
 * What users may publish besides what their documents say, since others call them: each program knows the inboxes of its own
 * users only, and who of other programs calls its apps in none.
 */
export class FurtherReplies {
  private readonly calls = new SubjectIndex<UserDocument>();
  /** The inboxes of the apps in each account, which all may call nodes. */
  private readonly inboxes = new Map<string, Set<string>>();

  /** @param callers all users who may call others */
  public constructor(callers: readonly Talker[]) {
    for (const { platform, document } of callers) {
      const { account, inboxPrefix, publish, role } = document;
      if (role === "app") valueAt(this.inboxes, account, () => new Set()).add(inboxPrefix);
      for (const call of apiSubjects(publish, platform)) this.calls.add(call, document);
    }
  }

  /** What a user may publish besides: the inboxes of those who call it, which for a node are all apps of its account. */
  public of({ platform, document: { account, role, publish, subscribe } }: Talker): FileLine[] {
    const callers = apiSubjects(subscribe, platform).flatMap((subject) => this.calls.overlapping(subject));
    const served = callers.map((caller) =>
      caller.account === account ? caller.inboxPrefix : names.EXCHANGE_INBOX_PREFIX,
    );
    const inboxes = role === "node" ? (this.inboxes.get(account) ?? []) : new Set(served);
    const lines = [...inboxes]
      .sort(inOrder)
      .flatMap((callerInbox) =>
        linesOf({ capability: "service.reply", values: { callerInbox }, source: "" }, ALL_CLIENTS),
      );
    const known = Object.keys(publish);
    return lines
      .filter((line) => !known.some((text) => covers(text, line.subject)))
      .map((line) => ({ text: permittedText(line), why: line.why }));
  }
}
