import { ALL_CLIENTS } from "../access/clients";
import { monitorValues, waysToMonitor } from "../access/exchanges";
import { linesOf } from "../access/grant";
import { permittedText } from "../access/permissions";
import * as names from "../naming/names";
import { covers, isLiteral } from "../subjects/subject-pattern";
import type { AccountDocument, DocumentExchange, DocumentLines, UserDocument } from "./schema";

/** What the documents of one platform may say of MONITOR, which all platforms share: what it gets of them, and nothing else. */
export class MonitorRules {
  private readonly lines: ReadonlySet<string>;
  private readonly ways: ReadonlySet<string>;

  public constructor(private readonly platform: string) {
    const values = monitorValues(platform);
    const grants = (["monitor.live", "consumer.bindImported"] as const).map((capability) => ({
      capability,
      values,
      source: "",
    }));
    const lines = grants.flatMap((grant) => linesOf(grant, ALL_CLIENTS));
    this.lines = new Set(lines.map((line) => `${line.direction} ${permittedText(line)}`));
    const ways = waysToMonitor(platform, names.account(platform));
    this.ways = new Set(
      ways.map(({ from, kind, subject, as, offered }) =>
        JSON.stringify([from, kind, subject, as ?? subject, offered ?? subject]),
      ),
    );
  }

  /** Whether MONITOR's user may do all that a document says. */
  public allowsUser({ publish, subscribe, permissionSet, role }: UserDocument): boolean {
    const all = (direction: string, lines: DocumentLines) =>
      Object.keys(lines).every((text) => this.lines.has(`${direction} ${text}`));
    return role === "monitor" && permissionSet === undefined && all("publish", publish) && all("subscribe", subscribe);
  }

  /** Whether a document says of MONITOR itself only what all documents do. */
  public allowsAccount({ jetStream, mappings, exports }: AccountDocument): boolean {
    return jetStream === false && [mappings, exports].every((each) => Object.keys(each).length === 0);
  }

  /** Whether MONITOR may import something from an account of the platform. */
  public allowsWay(from: string, { kind, subject, to = subject, offered = subject }: DocumentExchange): boolean {
    if (this.ways.has(JSON.stringify([from, kind, subject, to, offered]))) return true;
    const isHealth = covers(names.healthSubjects(this.platform), subject) && isLiteral(subject.replace(/\.>$/, ""));
    return kind === "stream" && to === subject && offered === subject && isHealth;
  }
}
