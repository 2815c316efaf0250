import { isDeepStrictEqual } from "node:util";
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
  /** What its lines may be for, of those that a document has. */
  readonly values: (platform: string, lines: readonly string[]) => GrantValues[];
  /** What it may have of an account of a platform. */
  readonly ways: (platform: string, from: string) => Exchange[];
  /** Whether streams of an app's health come too. */
  readonly hasHealth: boolean;
}

/** The apps of a platform whose buckets of access documents texts end with; undefined stands for the platform's own. */
function bucketsIn(platform: string, texts: readonly string[]): (string | undefined)[] {
  const owners = texts.map((text) => names.ownerOfAccessStore(text.replace(/^.*\.KV_/, "")));
  return [...new Set(owners.flatMap((owner) => (owner?.platform === platform ? [owner.app] : [])))];
}

const KINDS: { readonly [account: string]: SharedAccountKind } = {
  [names.ACCESS.account]: {
    user: names.ACCESS.user,
    role: "reader",
    capabilities: ["access.read"],
    values: (platform, lines) => bucketsIn(platform, lines).map((app) => accessValues(platform, app)),
    ways: (platform, from) =>
      bucketsIn(platform, [from.toLowerCase()]).flatMap((app) => waysToAccess(platform, app, "")),
    hasHealth: false,
  },
  [names.MONITOR.account]: {
    user: names.MONITOR.user,
    role: "monitor",
    capabilities: ["monitor.live", "consumer.bindImported"],
    values: (platform) => [monitorValues(platform)],
    ways: (platform) => waysToMonitor(platform, names.account(platform)),
    hasHealth: true,
  },
};

/** Whether all platforms lead to an account, so that the documents of each say a part of it. */
export const isShared = (account: string): boolean => Object.hasOwn(KINDS, account);

/** What the documents of one platform may say of an account that all platforms share: what it gets of them, and nothing else. */
export class SharedAccountRules {
  private readonly kind: SharedAccountKind;

  /** @param account one that is shared */
  public constructor(
    account: string,
    private readonly platform: string,
  ) {
    this.kind = KINDS[account] as SharedAccountKind;
  }

  /** Whether a document is that of the account's user, who may do all that it says. */
  public allowsUser(name: string, { publish, subscribe, permissionSet, role }: UserDocument): boolean {
    const allowed = this.linesAmong([publish, subscribe].flatMap((lines) => Object.keys(lines)));
    const all = (direction: string, lines: DocumentLines) =>
      Object.keys(lines).every((text) => allowed.has(`${direction} ${text}`));
    const isRight = name === this.kind.user && role === this.kind.role && permissionSet === undefined;
    return isRight && all("publish", publish) && all("subscribe", subscribe);
  }

  private linesAmong(texts: readonly string[]): ReadonlySet<string> {
    const { capabilities, values } = this.kind;
    const grants = values(this.platform, texts).flatMap((each) =>
      capabilities.map((capability) => ({ capability, values: each, source: "" })),
    );
    const lines = grants.flatMap((grant) => linesOf(grant, ALL_CLIENTS));
    return new Set(lines.map((line) => `${line.direction} ${permittedText(line)}`));
  }

  /** Whether a document says of the account itself only what all documents do. */
  public allowsAccount({ jetStream, mappings, exports }: AccountDocument): boolean {
    return jetStream === false && [mappings, exports].every((each) => Object.keys(each).length === 0);
  }

  /** Whether the account may import something from an account of the platform. */
  public allowsWay(from: string, { kind, subject, to = subject, offered = subject }: DocumentExchange): boolean {
    const isKnown = this.kind
      .ways(this.platform, from)
      .some((way) =>
        isDeepStrictEqual(
          [way.from, way.kind, way.subject, way.as ?? way.subject, way.offered ?? way.subject],
          [from, kind, subject, to, offered],
        ),
      );
    if (isKnown) return true;
    const isHealth = covers(names.healthSubjects(this.platform), subject) && isLiteral(subject.replace(/\.>$/, ""));
    return this.kind.hasHealth && kind === "stream" && to === subject && offered === subject && isHealth;
  }
}
