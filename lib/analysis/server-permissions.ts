import type { CatalogLine, CatalogPermission } from "../catalog/catalog";
import { isCovered, subjectOutside } from "../subjects/subject-difference";
import { SubjectIndex } from "../subjects/subject-index";
import { covers, intersection, isLiteral, overlaps } from "../subjects/subject-pattern";
import { permissionLine, type ServerUser } from "./server-model";

/** Whether something is allowed, and the lines that decide: those that allow it, or those that deny it, if any do. */
export interface Verdict {
  readonly allowed: boolean;
  readonly by: readonly CatalogLine[];
}

/** How much of a pattern is allowed. */
export type Extent = "all" | "some" | "none";

/** A subscription by which a user receives subjects of a pattern. */
export interface Reception {
  /** The subjects that it receives. */
  readonly pattern: string;
  /** What to subscribe to; without wildcards where each subject can be subscribed to. */
  readonly subscription: string;
  readonly queue?: string;
  readonly line: CatalogLine;
}

/** What decides where there is no list of allowed subjects. */
const EVERYTHING: CatalogLine = {
  subject: ">",
  reasons: [{ why: "no list says what is allowed", capability: "", source: "" }],
};

/** What no client may publish to, whatever its permissions say (`processInboundClientMsg`). */
const RESERVED = ["_GR_.>", "$GR.>", "$NRG.>"];

/** The queue group that is the server's own (`sysGroup`). */
const SERVER_QUEUE = "_sys_";

/** Whether a queue group is one of a line's: equal by name, or matched by it (`queueMatches`). */
function queueMatches(queue: string, { queue: wanted }: CatalogLine): boolean {
  return wanted !== undefined && (queue === wanted || (!isLiteral(wanted) && covers(wanted, queue)));
}

/**
 * The widest subscription that a line allows beyond itself: the server takes the `>` of a subscription for a token like
 * any other, so that `a.*` allows a subscription to `a.>`.
 */
function widened(pattern: string): string | undefined {
  return pattern === "*" || pattern.endsWith(".*") ? `${pattern.slice(0, -1)}>` : undefined;
}

class Lines {
  public readonly all: readonly CatalogLine[];
  private readonly index = new SubjectIndex<CatalogLine>();

  public constructor(lines: readonly CatalogLine[]) {
    this.all = lines;
    for (const line of lines) this.index.add(line.subject, line);
  }

  /** The lines that the server finds for a subject or subscription, those for queue groups apart. */
  public find(subject: string): { readonly plain: CatalogLine[]; readonly queued: CatalogLine[] } {
    const found = this.index.matching(subject);
    return {
      plain: found.filter(({ queue }) => queue === undefined),
      queued: found.filter(({ queue }) => queue !== undefined),
    };
  }

  public overlapping(pattern: string): CatalogLine[] {
    return this.index.overlapping(pattern);
  }
}

/** What a user may publish and subscribe to, exactly as nats-server 2.15 decides it (client.go). */
export class Permissions {
  /** The lines that say what may be published. */
  public readonly publish: readonly CatalogLine[];
  /** The lines that say what may be subscribed to. */
  public readonly subscribe: readonly CatalogLine[];
  /** The patterns that may not be published to. */
  public readonly unpublishable: readonly string[];
  private readonly publishDeny: readonly CatalogLine[];
  private readonly subscribeDeny: readonly CatalogLine[];
  private readonly tables = new Map<readonly CatalogLine[], Lines>();

  public constructor(user: ServerUser) {
    const allowed = ({ allow }: CatalogPermission) => (allow.length > 0 ? allow : [EVERYTHING]);
    this.publish = allowed(user.publish);
    this.subscribe = allowed(user.subscribe);
    this.publishDeny = user.publish.deny.map(permissionLine);
    this.subscribeDeny = user.subscribe.deny.map(permissionLine);
    this.unpublishable = [...RESERVED, ...this.publishDeny.map(({ subject }) => subject)];
  }

  /** Whether a subject may be published to, as it is after the account's mappings (`pubAllowed`). */
  public mayPublish(subject: string): Verdict {
    const by = this.table(this.publish).find(subject).plain;
    const denied = this.table(this.publishDeny).find(subject).plain;
    if (denied.length > 0) return { allowed: false, by: denied };
    return { allowed: by.length > 0 && !RESERVED.some((pattern) => covers(pattern, subject)), by };
  }

  /** How many of the subjects of a pattern may be published to. */
  public publishExtent(pattern: string): Extent {
    if (this.publishing(pattern).length === 0) return "none";
    const allowed = this.publish.map((line) => line.subject);
    const whole = isCovered(pattern, allowed);
    return whole && !this.unpublishable.some((denied) => overlaps(denied, pattern)) ? "all" : "some";
  }

  /** The lines by which something of a pattern may be published, each with what of it. */
  public publishing(pattern: string): { readonly pattern: string; readonly line: CatalogLine }[] {
    return this.table(this.publish)
      .overlapping(pattern)
      .map((line) => ({ line, pattern: intersection(line.subject, pattern) ?? "" }))
      .filter((each) => !isCovered(each.pattern, this.unpublishable));
  }

  /** Whether a subject or pattern may be subscribed to, in a queue group or by itself (`canSubscribe`). */
  public maySubscribe(subject: string, queue?: string): Verdict {
    if (queue === SERVER_QUEUE) return { allowed: false, by: [] };
    const allow = this.table(this.subscribe).find(subject);
    const deny = this.table(this.subscribeDeny).find(subject);
    const ofQueue = (lines: readonly CatalogLine[]) => lines.filter((line) => queueMatches(queue ?? "", line));
    const by = queue !== undefined && allow.queued.length > 0 ? ofQueue(allow.queued) : allow.plain;
    const denied = [...deny.plain, ...(queue === undefined ? [] : ofQueue(deny.queued))];
    return by.length > 0 && denied.length > 0 ? { allowed: false, by: denied } : { allowed: by.length > 0, by };
  }

  /** Whether a message reaches an allowed subscription: a wide one does not get what is denied (`checkDenySub`). */
  public delivers(subject: string, queue?: string): boolean {
    const { plain, queued } = this.table(this.subscribeDeny).find(subject);
    return plain.length === 0 && (queue === undefined || !queued.some((line) => queueMatches(queue, line)));
  }

  /** Every way in which the user can receive subjects of a pattern, one for each line that allows it. */
  public receiving(pattern: string): Reception[] {
    return this.subscribe.flatMap((line) => this.receptions(line, pattern));
  }

  /** The ways in which one line lets the user receive subjects of a pattern. */
  public receptions(line: CatalogLine, pattern: string): Reception[] {
    const queues = line.queue === undefined ? [undefined] : [line.queue, ...queueOf(line.queue, this.subscribeDeny)];
    const found = queues.flatMap((queue) => this.receptionsIn(line, pattern, queue));
    return found.filter((each, index) => found.findIndex((other) => other.pattern === each.pattern) === index);
  }

  /** By the line itself, and by the wider subscription that it allows, where that is more. */
  private receptionsIn(line: CatalogLine, pattern: string, queue: string | undefined): Reception[] {
    const denied = this.subscribeDeny
      .filter((deny) => deny.queue === undefined || (queue !== undefined && queueMatches(queue, deny)))
      .map((deny) => deny.subject);
    const rest = { ...(queue !== undefined && { queue }), line };
    const common = intersection(line.subject, pattern);
    const found: Reception[] = [];
    if (common !== undefined && !isCovered(common, denied)) {
      found.push({ pattern: common, subscription: common, ...rest });
    }
    const wide = widened(line.subject);
    const beyond = wide === undefined ? undefined : intersection(wide, pattern);
    if (wide === undefined || beyond === undefined || beyond === common || isCovered(beyond, denied)) return found;
    if (this.maySubscribe(wide, queue).allowed) found.push({ pattern: beyond, subscription: wide, ...rest });
    return found;
  }

  private table(lines: readonly CatalogLine[]): Lines {
    let table = this.tables.get(lines);
    if (!table) {
      table = new Lines(lines);
      this.tables.set(lines, table);
    }
    return table;
  }
}

/** A queue group that a pattern of such matches and no denied one names. */
function queueOf(pattern: string, denied: readonly CatalogLine[]): string[] {
  const queue = subjectOutside(
    pattern,
    denied.flatMap((line) => line.queue ?? []),
  );
  return queue === undefined ? [] : [queue];
}

/** What a line of a subscribe list lets its user receive, the subscriptions beyond itself included. */
export function receivable({ subject: pattern }: CatalogLine): string[] {
  const wide = widened(pattern);
  return wide === undefined ? [pattern] : [pattern, wide];
}
