import type { Exchange } from "../access/accounts";
import type { CapabilityName } from "../access/capabilities";
import { ALL_CLIENTS } from "../access/clients";
import { accessValues, monitorValues, waysToAccess, waysToMonitor } from "../access/exchanges";
import { type GrantValues, linesOf } from "../access/grant";
import { permittedText } from "../access/permissions";
import * as names from "../naming/names";
import { covers, isLiteral } from "../subjects/subject-pattern";
import type { AccountDocument, DocumentExchange, DocumentLines, UserDocument } from "./schema";

/** An account that all platforms lead to, with what it may have of each of them at most. */
interface SharedAccountKind {
  readonly user: string;
  readonly role: string;
  readonly capabilities: readonly CapabilityName[];
  readonly values: (platform: string) => GrantValues;
  readonly ways: (platform: string) => Exchange[];
  /** Whether streams of an app's health come too. */
  readonly hasHealth: boolean;
}

const KINDS: { readonly [account: string]: SharedAccountKind } = {
  [names.ACCESS.account]: {
    user: names.ACCESS.user,
    role: "reader",
    capabilities: ["access.read"],
    values: accessValues,
    ways: (platform) => waysToAccess(platform, ""),
    hasHealth: false,
  },
  [names.MONITOR.account]: {
    user: names.MONITOR.user,
    role: "monitor",
    capabilities: ["monitor.live", "consumer.bindImported"],
    values: monitorValues,
    ways: (platform) => waysToMonitor(platform, names.account(platform)),
    hasHealth: true,
  },
};

/** Whether all platforms lead to an account, so that the documents of each say a part of it. */
export const isShared = (account: string): boolean => Object.hasOwn(KINDS, account);

/** What the documents of one platform may say of an account that all platforms share: what it gets of them, and nothing else. */
export class SharedAccountRules {
  private readonly kind: SharedAccountKind;
  private readonly lines: ReadonlySet<string>;
  private readonly ways: ReadonlySet<string>;

  /** @param account one that is shared */
  public constructor(
    account: string,
    private readonly platform: string,
  ) {
    this.kind = KINDS[account] as SharedAccountKind;
    const { capabilities, values, ways } = this.kind;
    const lines = capabilities.flatMap((capability) =>
      linesOf({ capability, values: values(platform), source: "" }, ALL_CLIENTS),
    );
    this.lines = new Set(lines.map((line) => `${line.direction} ${permittedText(line)}`));
    this.ways = new Set(
      ways(platform).map(({ from, kind, subject, as, offered }) =>
        JSON.stringify([from, kind, subject, as ?? subject, offered ?? subject]),
      ),
    );
  }

  /** Whether a document is that of the account's user, who may do all that it says. */
  public allowsUser(name: string, { publish, subscribe, permissionSet, role }: UserDocument): boolean {
    const all = (direction: string, lines: DocumentLines) =>
      Object.keys(lines).every((text) => this.lines.has(`${direction} ${text}`));
    const isRight = name === this.kind.user && role === this.kind.role && permissionSet === undefined;
    return isRight && all("publish", publish) && all("subscribe", subscribe);
  }

  /** Whether a document says of the account itself only what all documents do. */
  public allowsAccount({ jetStream, mappings, exports }: AccountDocument): boolean {
    return jetStream === false && [mappings, exports].every((each) => Object.keys(each).length === 0);
  }

  /** Whether the account may import something from an account of the platform. */
  public allowsWay(from: string, { kind, subject, to = subject, offered = subject }: DocumentExchange): boolean {
    if (this.ways.has(JSON.stringify([from, kind, subject, to, offered]))) return true;
    const isHealth = covers(names.healthSubjects(this.platform), subject) && isLiteral(subject.replace(/\.>$/, ""));
    return this.kind.hasHealth && kind === "stream" && to === subject && offered === subject && isHealth;
  }
}
