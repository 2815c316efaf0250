import { valueAt } from "../collections/groups";
import { CAPABILITIES, type CapabilityName, type LineTemplate, QUEUE_GROUPS } from "./capabilities";
import type { NatsClient } from "./clients";

/** The values that the braces of a capability's lines stand for. */
export type GrantValues = { readonly [name: string]: string };

/** A capability given to a user, for one bucket, stream or subject. */
export interface Grant {
  readonly capability: CapabilityName;
  readonly values: GrantValues;
  /** The path of the construct that gives it. */
  readonly source: string;
  /** The path of the app that answers, of a call. */
  readonly server?: string;
}

/** Whether a line lets a user publish or subscribe. */
export type Direction = "publish" | "subscribe";

/** One line of a permission, as the server gets it, and why it is there. */
export interface Line {
  readonly direction: Direction;
  readonly subject: string;
  /** The queue groups in which a subscription may be; without it, it may be in none. */
  readonly queue?: string;
  readonly why: string;
  readonly grant: Grant;
}

/** A subject cut at its braces: text and names of values in turn. */
const parts = new Map<string, readonly string[]>();

/** A subject of a table with its values in place of the braces. */
export function fill(template: string, values: GrantValues): string {
  const cut = valueAt(parts, template, () => template.split(/[{}]/));
  let subject = cut[0] ?? "";
  for (let index = 1; index < cut.length; index += 2) {
    const name = cut[index] as string;
    const value = values[name];
    if (value === undefined) throw new Error(`no value for {${name}} in ${template}`);
    subject += value + cut[index + 1];
  }
  return subject;
}

/**
 * The lines of a grant that any of these clients needs.
 *
 * @param where whether the user is in the platform's account, or in one of an isolated app
 */
export function linesOf(grant: Grant, clients: readonly NatsClient[], where: "platform" | "app" = "platform"): Line[] {
  const templates: readonly LineTemplate[] = CAPABILITIES[grant.capability].lines;
  return templates
    .filter((template) => template.clients.some((client) => clients.includes(client)))
    .flatMap(({ publish, subscribe, grouped, why }): Line[] => {
      const direction = publish === undefined ? "subscribe" : "publish";
      const line: Line = { direction, subject: fill(publish ?? subscribe ?? "", grant.values), why, grant };
      const isShared = grouped === "everywhere" || (grouped === "platform" && where === "platform");
      const queues = isShared ? QUEUE_GROUPS.map((queue) => fill(queue, grant.values)) : [];
      return [line, ...queues.map((queue) => ({ ...line, queue, why: `${why}, in a queue group of its own` }))];
    });
}
