import { ALL_CLIENTS } from "../access/clients";
import { linesOf } from "../access/grant";
import { permittedText } from "../access/permissions";
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

/** The subjects of calls among the lines of a user of a platform; all calls at once are none. */
export const apiSubjects = (lines: DocumentLines, platform: string): string[] =>
  Object.keys(lines).filter(
    (text) => covers(names.apiSubjects(platform), text) && text !== names.apiSubjects(platform),
  );

/**
 * What users of one account may publish besides what their documents say, since others of the account call them: each program
 * knows the inboxes of its own users only.
 */
export class FurtherReplies {
  private readonly calls = new SubjectIndex<string>();
  private readonly inboxes: ReadonlySet<string>;

  public constructor(users: readonly Talker[]) {
    const apps = users.filter(({ document }) => document.role === "app");
    this.inboxes = new Set(apps.map(({ document }) => document.inboxPrefix));
    for (const { platform, document } of apps) {
      for (const call of apiSubjects(document.publish, platform)) this.calls.add(call, document.inboxPrefix);
    }
  }

  /** What a user may publish besides: the inboxes of those who call it, which for a node are all apps. */
  public of({ platform, document: { role, publish, subscribe } }: Talker): FileLine[] {
    const served = apiSubjects(subscribe, platform).flatMap((subject) => this.calls.overlapping(subject));
    const callers = role === "node" ? this.inboxes : new Set(served);
    const lines = [...callers]
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
