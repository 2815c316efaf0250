import { describeFault } from "./fault";
import { holds } from "./holds";

/** What makes an object of each class whose constructor is the library's own. */
export const MADE_BY = {
  AppNaming: "AppNaming.of(platform, app), or the naming of an app",
  Consumer: "addConsumer(name, options) of a platform or app, or consumeEvents(options) of an app",
  Credentials: "Credentials.variable(name), Credentials.nkey(publicKey) or Credentials.bcrypt(hash)",
  Findings: "Findings.of(construct)",
  KeyValueStore: "addKeyValueStore(name, options) of a platform or app; each has one, its keyValueStore",
  Litestream: "addLitestream(options) of an app",
  ObjectStore: "addObjectStore(name, options) of a platform or app, or snapshots: {} of an app",
  PlatformNaming: "PlatformNaming.of(platform), or the naming of a platform",
  StackSummary: "StackSummary.textOf(stack), which needs no object",
  Stream: "addStream(name, options) of a platform or app, or wal: {} of an app",
  SubjectName: "SubjectName.parse(text)",
} as const;

/** A class whose constructor is the library's own; TypeScript refuses a call of it, JavaScript does not. */
export type MadeKind = keyof typeof MADE_BY;

/**
 * Refuses an object that somebody else makes by the constructor of a class.
 *
 * @param isMade whether the arguments are those that the library gives
 * @param path the construct that somebody wants to have it, if that is one
 * @throws what makes such an object
 */
export function assertMade(kind: MadeKind, isMade: () => boolean, path?: string): void {
  if (holds(isMade)) return;
  const what = `${kind} is made by its constructor, which only the library calls`;
  const text = describeFault({ what, allowed: MADE_BY[kind], fix: "Call that in place of new" });
  throw new Error(path === undefined ? text : `[${path}] ${text}`);
}
