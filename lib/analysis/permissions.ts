import { isCovered, subjectOutside } from "../subjects/subject-difference";
import { SubjectIndex } from "../subjects/subject-index";
import { covers, intersection, isLiteral, overlaps } from "../subjects/subject-pattern";
import type { DirectionLines, PermissionLine, ServerUser } from "./server-model";

/** Whether something is allowed, and the lines that decide: those that allow it, or those that deny it, if any do. */
export interface Verdict {
  readonly allowed: boolean;
  readonly by: readonly PermissionLine[];
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
  readonly line: PermissionLine;
}

/** What decides where there is no list of allowed subjects. */
const EVERYTHING: PermissionLine = { pattern: ">", reasons: [{ why: "no list says what is allowed" }] };

/** What no client may publish to, whatever its permissions say (`processInboundClientMsg`). */
const RESERVED = ["_GR_.>", "$GR.>", "$NRG.>"];

/** The queue group that is the server's own (`sysGroup`). */
const SERVER_QUEUE = "_sys_";

/** Whether a queue group is one of a line's: equal by name, or matched by it (`queueMatches`). */
function queueMatches(queue: string, { queue: wanted }: PermissionLine): boolean {
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
  public readonly all: readonly PermissionLine[];
  private readonly index = new SubjectIndex<PermissionLine>();

  public constructor(lines: readonly PermissionLine[]) {
    this.all = lines;
    for (const line of lines) this.index.add(line.pattern, line);
  }

  /** The lines that the server finds for a subject or subscription, those for queue groups apart. */
  public find(subject: string): { readonly plain: PermissionLine[]; readonly queued: PermissionLine[] } {
    const found = this.index.matching(subject);
    return {
      plain: found.filter(({ queue }) => queue === undefined),
      queued: found.filter(({ queue }) => queue !== undefined),
    };
  }

  public overlapping(pattern: string): PermissionLine[] {
    return this.index.overlapping(pattern);
  }
}

/** What a user may publish and subscribe to, exactly as nats-server 2.15 decides it (client.go). */
export class Permissions {
  /** The lines that say what may be published. */
  public readonly publish: readonly PermissionLine[];
  /** The lines that say what may be subscribed to. */
  public readonly subscribe: readonly PermissionLine[];
  /** The patterns that may not be published to. */
  public readonly unpublishable: readonly string[];
  private readonly publishDeny: readonly PermissionLine[];
  private readonly subscribeDeny: readonly PermissionLine[];
  private readonly tables = new Map<readonly PermissionLine[], Lines>();

  public constructor(user: ServerUser) {
    const allowed = ({ allow }: DirectionLines) => (allow.length > 0 ? allow : [EVERYTHING]);
    this.publish = allowed(user.publish);
    this.subscribe = allowed(user.subscribe);
    this.publishDeny = user.publish.deny;
    this.subscribeDeny = user.subscribe.deny;
    this.unpublishable = [...RESERVED, ...this.publishDeny.map(({ pattern }) => pattern)];
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
    const allowed = this.publish.map((line) => line.pattern);
    const whole = isCovered(pattern, allowed);
    return whole && !this.unpublishable.some((denied) => overlaps(denied, pattern)) ? "all" : "some";
  }

  /** The lines by which something of a pattern may be published, each with what of it. */
  public publishing(pattern: string): { readonly pattern: string; readonly line: PermissionLine }[] {
    return this.table(this.publish)
      .overlapping(pattern)
      .map((line) => ({ line, pattern: intersection(line.pattern, pattern) ?? "" }))
      .filter((each) => !isCovered(each.pattern, this.unpublishable));
  }

  /** Whether a subject or pattern may be subscribed to, in a queue group or by itself (`canSubscribe`). */
  public maySubscribe(subject: string, queue?: string): Verdict {
    if (queue === SERVER_QUEUE) return { allowed: false, by: [] };
    const allow = this.table(this.subscribe).find(subject);
    const deny = this.table(this.subscribeDeny).find(subject);
    const ofQueue = (lines: readonly PermissionLine[]) => lines.filter((line) => queueMatches(queue ?? "", line));
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
  public receptions(line: PermissionLine, pattern: string): Reception[] {
    const queues = line.queue === undefined ? [undefined] : [line.queue, ...queueOf(line.queue, this.subscribeDeny)];
    const found = queues.flatMap((queue) => this.receptionsIn(line, pattern, queue));
    return found.filter((each, index) => found.findIndex((other) => other.pattern === each.pattern) === index);
  }

  /** By the line itself, and by the wider subscription that it allows, where that is more. */
  private receptionsIn(line: PermissionLine, pattern: string, queue: string | undefined): Reception[] {
    const denied = this.subscribeDeny
      .filter((deny) => deny.queue === undefined || (queue !== undefined && queueMatches(queue, deny)))
      .map((deny) => deny.pattern);
    const rest = { ...(queue !== undefined && { queue }), line };
    const common = intersection(line.pattern, pattern);
    const found: Reception[] = [];
    if (common !== undefined && !isCovered(common, denied)) {
      found.push({ pattern: common, subscription: common, ...rest });
    }
    const wide = widened(line.pattern);
    const beyond = wide === undefined ? undefined : intersection(wide, pattern);
    if (wide === undefined || beyond === undefined || beyond === common || isCovered(beyond, denied)) return found;
    if (this.maySubscribe(wide, queue).allowed) found.push({ pattern: beyond, subscription: wide, ...rest });
    return found;
  }

  private table(lines: readonly PermissionLine[]): Lines {
    let table = this.tables.get(lines);
    if (!table) {
      table = new Lines(lines);
      this.tables.set(lines, table);
    }
    return table;
  }
}

/** A queue group that a pattern of such matches and no denied one names. */
function queueOf(pattern: string, denied: readonly PermissionLine[]): string[] {
  const queue = subjectOutside(
    pattern,
    denied.flatMap((line) => line.queue ?? []),
  );
  return queue === undefined ? [] : [queue];
}

/** What a line of a subscribe list lets its user receive, the subscriptions beyond itself included. */
export function receivable({ pattern }: PermissionLine): string[] {
  const wide = widened(pattern);
  return wide === undefined ? [pattern] : [pattern, wide];
}
