import assert from "node:assert";
import * as fc from "fast-check";
import { type ServerAccount, serverAccounts } from "../../../lib/analysis/server-model";
import type { Catalog } from "../../../lib/catalog/catalog";
import { isLiteral } from "../../../lib/subjects/subject-pattern";
import { directionLines } from "../../unit/analysis/server-accounts";
import { declareProgram } from "../acceptance/declare-program";
import { platformDraw } from "../acceptance/draw-program";
import { render } from "../render";
import { literalOf, type Scene, type TriedSubscription, watcherOf } from "./draw";

/** How many subjects every user publishes, and how many subscriptions each tries. */
const SUBJECTS = 7;
const TRIES = 4;

/** A program of two platforms, and numbers that choose what is asked about it. */
export const platformsDraw = fc.record({
  platforms: fc.tuple(platformDraw, platformDraw),
  chosen: fc.infiniteStream(fc.nat({ max: 1_000_000 })),
});

export type PlatformsDraw = typeof platformsDraw extends fc.Arbitrary<infer T> ? T : never;

/** Requests and answers, which users exchange with the server. */
const OF_SERVER = /^(\$JS|\$SYS|_INBOX|_R_)/;

/** Some of the items, each once. */
function someOf<T>(items: readonly T[], count: number, chosen: Iterator<number>): T[] {
  const left = [...items];
  return Array.from({ length: Math.min(count, left.length) }, () => {
    const at = Number(chosen.next().value) % left.length;
    return left.splice(at, 1)[0] as T;
  });
}

type Platforms = PlatformsDraw["platforms"];

/** The catalog of a program, if synth accepts it. */
function catalogOf(platforms: Platforms): Catalog | undefined {
  try {
    return render((app) => declareProgram(app, { platforms, helmValues: undefined, clustered: false })).catalog;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("NATS platform: ")) return undefined;
    throw error;
  }
}

/** A program as it was before something of it was retired. */
const before = (platforms: Platforms): Platforms =>
  JSON.parse(JSON.stringify(platforms), (name, value) => (name === "retired" ? undefined : value));

/** What stands on the server in the end: what was made before, and is kept. */
const standing = ({ resources }: Catalog) =>
  resources.map(({ stream, account, subjects, origins, transform, republish, retention }) => ({
    ...{ stream, account, subjects, origins, transform, republish, retention },
  }));

/**
 * What a scene is made of, if synth accepts the program.
 *
 * @throws where the catalog does not have what is kept as it was
 */
export function platformsScene({ platforms, chosen }: PlatformsDraw): Scene | undefined {
  const [catalog, made] = [catalogOf(platforms), catalogOf(before(platforms))];
  if (!catalog || !made) return undefined;
  assert.deepStrictEqual(standing(catalog), standing(made));
  const numbers = chosen[Symbol.iterator]();
  const subscriptions: TriedSubscription[] = [];
  const accounts = serverAccounts(catalog).map((account): ServerAccount => {
    const watcher = { name: watcherOf(account.name), publish: directionLines([]), subscribe: directionLines([]) };
    subscriptions.push({ user: watcher.name, pattern: ">" });
    return { ...account, users: [...account.users, watcher] };
  });
  const lines = accounts.flatMap(({ users }) => users.flatMap(({ subscribe }) => subscribe.allow));
  for (const { users } of accounts) {
    for (const { name, subscribe } of users) {
      const tried = [...someOf(subscribe.allow, TRIES / 2, numbers), ...someOf(lines, TRIES / 2, numbers)].filter(
        ({ subject }) => !OF_SERVER.test(subject),
      );
      for (const { subject: pattern, queue } of tried) {
        subscriptions.push({ user: name, pattern, ...(queue !== undefined && { queue: literalOf(queue) }) });
      }
    }
  }
  const known = accounts.flatMap(({ imports, mappings, resources, users }) => [
    ...imports.map(({ subject, to = subject }) => to),
    ...Object.keys(mappings),
    ...resources.flatMap(({ subjects }) => subjects),
    ...users.flatMap(({ publish }) => publish.allow.map(({ subject }) => subject)),
  ]);
  const literals = [...new Set(known.filter((each) => !OF_SERVER.test(each)).map((each) => literalOf(each)))].filter(
    isLiteral,
  );
  const without = new Set(catalog.accounts.filter(({ jetStream }) => !jetStream).map(({ name }) => name));
  return { accounts, subscriptions, subjects: someOf(literals, SUBJECTS, numbers), without };
}
