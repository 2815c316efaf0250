import type { AppNaming, PlatformNaming } from "../../../lib";
import type { Client } from "./client";

/** A user under test, with the other users that it needs as counterparts. */
export interface Scene {
  readonly platform: PlatformNaming;
  /** The app whose bucket, stream and store are used. */
  readonly app: AppNaming;
  /** The client of the user under test. */
  readonly client: Client;
  /** A client of the user with which it exchanges messages with others: the same, unless it is an isolated app. */
  readonly messaging: Client;
  /** A client of a node of the platform, which may do everything: whatever a check needs and does not test. */
  readonly node: Client;
  /** A client that may do everything where the app's data is: the node, or a user of the account that the app has. */
  readonly keeper: Client;
  /** A client that may do everything in the account MONITOR. */
  readonly monitor: Client;
  /** A client of another app, which is called and calls, as the user that does so. */
  readonly other: Client;
  readonly otherApp: AppNaming;
  /** The user's durable consumer of platform events, made by Terraform. */
  readonly eventsConsumer: string;
  /** What the user sets as JetStream domain for what is the platform's, if anything. */
  readonly domain?: string;
  /** The user's queue group. */
  readonly group: string;
  /** A lock and a configuration of the platform that the user may use. */
  readonly lockName: string;
  readonly configName: string;
}

/** Fails unless everything about a user works that it is about. */
export type Check = (scene: Scene) => Promise<void>;

/** Checks by what they show. */
export interface Checks {
  readonly [name: string]: Check;
}

let last = 0;

/** A name that no other check uses. */
export const unique = (prefix: string) => `${prefix}-${process.pid}-${++last}`;

export const bytes = (text: string) => new TextEncoder().encode(text);

/** Fails with what was expected and what was there instead; usable outside of jest. */
export function assertEqual<T>(what: string, actual: T, expected: T): void {
  const [there, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (there !== wanted) throw new Error(`${what}: expected ${wanted}, but it is ${there?.slice(0, 200)}`);
}

/** Fails unless an action fails, with a message that contains a text. */
export async function assertRejects(what: string, action: Promise<unknown>, text: string): Promise<void> {
  const message = await action.then(
    () => undefined,
    (error) => (error instanceof Error ? error.message : String(error)),
  );
  if (!message?.includes(text)) throw new Error(`${what}: expected an error with "${text}", but it is: ${message}`);
}
