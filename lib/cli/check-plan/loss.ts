import type { PlannedChange } from "./plan";
import { type PlannedResource, resourceOf } from "./planned-resource";

/** What can become of something, and be allowed. */
export const ALLOWED_KINDS = ["destroyed", "emptied", "overwritten", "leftBehind", "unmanaged"] as const;

/** Something that a plan loses, or that the server will refuse. */
export interface Loss {
  readonly kind: (typeof ALLOWED_KINDS)[number] | "refused" | "refusedByOld";
  readonly address: string;
  readonly resource: PlannedResource;
  /** A sentence without its end. */
  readonly text: string;
  readonly details: readonly string[];
}

/** An argument as a shell takes it. */
export const quoted = (text: string): string =>
  /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

function detailsOf({ address, reason }: PlannedChange): string[] {
  const untaint = `\`terraform untaint ${quoted(address)}\` keeps it, if it is as it should be`;
  return [`at \`${address}\``, ...(reason === "replace_because_tainted" ? [untaint] : [])];
}

/**
 * A loss by a change.
 *
 * @param text what happens, behind the name
 * @param more details behind the address
 */
export function lossBy(change: PlannedChange, kind: Loss["kind"], text: string, more: readonly string[] = []): Loss {
  const resource = resourceOf(change);
  const details = [...detailsOf(change), ...more];
  return { kind, address: change.address, resource, text: `${resource.text}${text}`, details };
}
