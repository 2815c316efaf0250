import type { Headers } from "../../../support/clients/client";

/** One thing that an attacker tries: a message, where it is to go, and what it is to be called there. */
export interface Attempt {
  /** Its number, which each message of it carries as a header. */
  readonly id: number;
  /** Where the message is to go: a subject of the attacker's account. */
  readonly target: string;
  /** What the message is to be called; empty where the attempt gives it no name. */
  readonly stored: string;
  readonly data: string;
  /** What is asked for the message, where it is an answer. */
  readonly via?: string;
  readonly headers?: Headers;
}

/** An attempt before it has its number. */
export type Draft = Omit<Attempt, "id">;

/** The header with an attempt's number. */
export const MARK = "Forged-Attempt";

/** The headers of an attempt's messages. */
export const marked = ({ id, headers }: Attempt): Headers => ({ ...headers, [MARK]: `${id}` });

/** What an attempt has done to another account, the worst first. */
export const KINDS = [
  "takeover",
  "stored under another name",
  "learned",
  "changed",
  "client saw another name",
] as const;

export type Kind = (typeof KINDS)[number];

/** An attempt that has had an effect on another account. */
export interface Effect {
  readonly family: string;
  /** The attacker's account, and its user if that has permissions. */
  readonly attacker: string;
  readonly target: string;
  readonly stored: string;
  readonly via: string;
  readonly kind: Kind;
  /** The account that has suffered. */
  readonly account: string;
  /** What was seen. */
  readonly what: string;
  /** Whether it was a message of another account's stream which the attacker may fetch, under the name that it has there. */
  readonly fetched: boolean;
}

/** Attempts without those that are equal, at most so many of them, as if drawn, but always the same. */
export function thinned(drafts: readonly Draft[], most: number): Draft[] {
  const once = [...new Map(drafts.map((draft) => [JSON.stringify(draft), draft])).values()];
  if (once.length <= most) return once;
  let drawn = 1;
  for (let index = 0; index < most; index++) {
    drawn = (drawn * 48_271) % 2_147_483_647;
    const other = index + (drawn % (once.length - index));
    [once[index], once[other]] = [once[other] as Draft, once[index] as Draft];
  }
  return once.slice(0, most);
}
