import * as fc from "fast-check";
import { permittedText } from "../../../lib/access/permissions";
import type { ServerAccount, ServerUser } from "../../../lib/analysis/server-model";
import type { CatalogExport, CatalogImport } from "../../../lib/catalog/catalog";
import { overlaps } from "../../../lib/subjects/subject-pattern";
import { serverProgram } from "../../../scripts/tools/nats-server";
import { directionLines } from "../../unit/analysis/server-accounts";
import { releaseOf } from "../acceptance/server-versions";
import { isBroad, lineOf, requestDraw, type StorageDraw, storageDraw, storageOf, storesVaguely } from "./draw-streams";
import { destination, LONG, literal, mappedTo, pattern } from "./draw-subjects";

/** A subscription that a user tries. */
export interface TriedSubscription {
  readonly user: string;
  readonly pattern: string;
  readonly queue?: string;
}

/** Accounts and what to ask about them. */
export interface Scene {
  readonly accounts: readonly ServerAccount[];
  readonly subscriptions: readonly TriedSubscription[];
  /** What every user publishes to: drawn subjects, and one of each import and mapping. */
  readonly subjects: readonly string[];
  /** The accounts that have no JetStream. */
  readonly without?: ReadonlySet<string>;
}

const subject = fc.array(literal, { minLength: 1, maxLength: 4 }).map((tokens) => tokens.join("."));

const lineQueue = fc.constantFrom("q", "v.1", "v.*", "v.>", ">");
const line = fc
  .tuple(pattern, fc.option(lineQueue, { nil: undefined, freq: 2 }))
  .map(([each, queue]) => (queue ? `${each} ${queue}` : each));

const RELEASE = releaseOf(serverProgram());

/**
 * What is denied. Servers before 2.15 decide otherwise what a wide subscription in a queue group gets of it. The library
 * denies nothing but all.
 */
const denied = <T>(drawn: fc.Arbitrary<T>) => fc.array(drawn, { maxLength: RELEASE >= 215 ? 2 : 0 });

/**
 * Lines without those that nats-server 2.11 forgets: beside `a.b.>` it does not see that `a.*` allows or denies `a.b`.
 */
function remembered(lines: readonly string[]): string[] {
  if (RELEASE >= 212) return [...lines];
  const size = (each: string) => each.split(".").length;
  return lines.filter((each) => !(each.endsWith("*") && lines.some((other) => size(other) > size(each))));
}

/** What the library gives for a subject that others subscribe to as well: alone, or in a group of its own. */
const grouped = pattern.map((each) => [each, `${each} q`, `${each} q.>`]);
const allowed = fc
  .array(fc.oneof({ weight: 4, arbitrary: line.map((each) => [each]) }, { weight: 1, arbitrary: grouped }), {
    maxLength: 3,
  })
  .map((lines) => lines.flat());

const permissions = {
  publish: fc.tuple(
    fc.array(pattern, { maxLength: 3 }).map(remembered),
    fc.array(pattern, { maxLength: 2 }).map(remembered),
  ),
  subscribe: fc.tuple(allowed, denied(line)),
};

const importDraw = fc.record({
  kind: fc.constantFrom("stream" as const, "service" as const),
  ends: fc.constantFrom([0, 1], [0, 2], [1, 2]),
  subject: fc.oneof({ weight: 3, arbitrary: pattern }, { weight: 1, arbitrary: fc.constant(">") }),
  to: fc.option(destination, { nil: undefined }),
});

const mappingDraw = fc.tuple(pattern, destination, fc.boolean());

const triedQueue = fc.option(fc.constantFrom("q", "q.1", "v.1", "v.2", "v.*"), { nil: undefined, freq: 3 });

const userDraw = fc.record({
  ...permissions,
  requests: fc.array(requestDraw, { maxLength: 3 }),
  tries: fc.array(fc.record({ pattern, ofLine: fc.option(fc.nat({ max: 6 })), queue: triedQueue }), {
    minLength: 1,
    maxLength: 6,
  }),
});

const accountDraw = fc.record({
  users: fc.array(userDraw, { minLength: 1, maxLength: 2 }),
  mappings: fc.array(mappingDraw, { maxLength: 2 }),
  publicExports: fc.boolean(),
  wideExports: fc.boolean(),
  storage: storageDraw,
});

type AccountDraw = typeof accountDraw extends fc.Arbitrary<infer T> ? T : never;
type ImportDraw = typeof importDraw extends fc.Arbitrary<infer T> ? T : never;

const accountName = (index: number) => `ACC${index}`;
const NAMES = [0, 1, 2].map(accountName);

/** The user of each account that may do everything and is subscribed to all. */
export const watcherOf = (account: string) => `${account}-watcher`;

type Storage = ReturnType<typeof storageOf>;

function mappingsOf(draws: AccountDraw["mappings"], stores: boolean): ServerAccount["mappings"] {
  const kept: [string, string][] = [];
  for (const [source, to, dropped] of draws) {
    if (stores && isBroad(source)) continue;
    if (kept.some(([other]) => overlaps(other, source))) continue;
    const full = mappedTo(source, to, true);
    kept.push([source, dropped ? full.replace(/\.\$1(?=\.|$)/, "") : full]);
  }
  return Object.fromEntries(kept);
}

/** The first token of what requests to another account's JetStream are called. */
const FAR = "far";

const NO_STORAGE: StorageDraw = { streams: [], imported: [] };
const NOTHING_STORED = storageOf("", NO_STORAGE);

/** Imports of requests to the JetStream of the next account, as isolated apps have them. */
function farWiresOf(draws: readonly AccountDraw[], storages: readonly Storage[]): Wire[] {
  return draws.flatMap(({ storage }, index) => {
    const known = storages[index];
    if (index === 0 || !known) return [];
    const subjects = new Set(storage.imported.flatMap((each) => lineOf(each, known)));
    return [...subjects]
      .filter((each) => !each.includes("*"))
      .map((each) => ({
        importer: index - 1,
        exporter: index,
        each: { kind: "service" as const, account: accountName(index), subject: each, to: `${FAR}.${each.slice(1)}` },
      }));
  });
}

interface Wire {
  readonly importer: number;
  readonly exporter: number;
  readonly each: CatalogImport;
}

/** Services are imported from later accounts and streams from earlier ones, so that there are no circles. */
function wiresOf(draws: readonly ImportDraw[], accounts: number, stores: boolean): Wire[] {
  const wires = new Map<string, Wire>();
  for (const { kind, ends, subject, to } of draws) {
    const [low = 0, high = 0] = ends;
    if (high >= accounts || (stores && isBroad(subject))) continue;
    const [importer, exporter] = kind === "service" ? [low, high] : [high, low];
    const many = kind === "service" && to?.many && !/[*>]/.test(subject);
    const local = to && (many ? `${to.tokens.join(".")}.*` : mappedTo(subject, to, false));
    const each: CatalogImport = {
      kind,
      account: accountName(exporter),
      subject,
      ...(local !== undefined && local !== subject && { to: local }),
    };
    const unique = kind === "stream" ? subject : (local ?? subject).replace(/\$\d/g, "*");
    const key = `${importer} ${exporter} ${kind} ${unique}`;
    if (!wires.has(key)) wires.set(key, { importer, exporter, each });
  }
  return [...wires.values()];
}

function exportsOf(
  index: number,
  { publicExports, wideExports }: AccountDraw,
  wires: readonly Wire[],
): CatalogExport[] {
  const exported = new Map<string, CatalogExport>();
  for (const { importer, exporter, each } of wires) {
    if (exporter !== index) continue;
    const subject = wideExports ? ">" : each.subject;
    const key = `${each.kind} ${subject}`;
    const accounts = publicExports ? [] : [...(exported.get(key)?.accounts ?? []), accountName(importer)];
    exported.set(key, { kind: each.kind, subject, accounts });
  }
  return [...exported.values()];
}

function sceneOf(
  draws: readonly AccountDraw[],
  imports: readonly ImportDraw[],
  subjects: readonly string[],
  stores: boolean,
): Scene {
  const storages = draws.map(({ storage }, index) => storageOf(accountName(index), stores ? storage : NO_STORAGE));
  const wires = [...wiresOf(imports, draws.length, stores), ...farWiresOf(draws, storages)];
  const subscriptions: TriedSubscription[] = [];
  const accounts = draws.map((draw, index): ServerAccount => {
    const name = accountName(index);
    const known = storages[index] ?? NOTHING_STORED;
    const users = draw.users.map(({ publish, subscribe, tries, requests }, number): ServerUser => {
      const user = `${name}-${number}`;
      const lines = subscribe.flat().map((each) => each.split(" ")[0] ?? "");
      for (const { pattern: drawn, ofLine, queue } of tries) {
        const each = lines[ofLine ?? -1] ?? drawn;
        subscriptions.push({ user, pattern: each, ...(queue !== undefined && { queue }) });
      }
      const [allow, deny] = publish;
      const asks = requests.flatMap((each) => [...lineOf(each, known), ...(stores ? [`${FAR}.>`] : [])]);
      const publishes = directionLines(remembered([...new Set([...allow, ...asks])]), deny);
      return { name: user, publish: publishes, subscribe: directionLines(...subscribe) };
    });
    const watcher = { name: watcherOf(name), publish: directionLines([]), subscribe: directionLines([]) };
    subscriptions.push({ user: watcher.name, pattern: ">" });
    return {
      name,
      users: [...users, watcher],
      exports: exportsOf(index, draw, wires),
      imports: wires.filter(({ importer }) => importer === index).map(({ each }) => each),
      mappings: mappingsOf(draw.mappings, stores),
      ...known,
    };
  });
  const mentioned = accounts.flatMap(({ imports, mappings }) => [
    ...imports.map(({ subject: each, to = each }) => to),
    ...Object.keys(mappings),
  ]);
  const stored = storages.flatMap(({ resources }) => resources.flatMap((each) => each.subjects));
  const apart = storages.some(({ resources }) => resources.some(storesVaguely)) ? stored : [];
  const published = [
    ...subjects,
    ...apart.map((each) => literalOf(each, LONG)),
    ...[...mentioned, ...stored].filter((each) => !each.startsWith(FAR)).map((each) => literalOf(each)),
  ];
  return { accounts, subscriptions, subjects: [...new Set(published)] };
}

/** A subject that a pattern matches. */
export const literalOf = (each: string, token = "b") => each.replace(/\*|\$\d/g, token).replace(">", "a");

/** Up to three accounts with users, permissions, exports, imports, mappings and, of half of them, streams and consumers, all of which the server accepts. */
export const scene: fc.Arbitrary<Scene> = fc
  .tuple(
    fc.array(accountDraw, { minLength: 1, maxLength: 3 }),
    fc.array(importDraw, { maxLength: 5 }),
    fc.array(subject, { minLength: 1, maxLength: 4 }),
    fc.boolean(),
  )
  .map(([accounts, imports, subjects, stores]) => sceneOf(accounts, imports, subjects, stores));

/** The accounts as the server's file. */
export function fileOf(accounts: readonly ServerAccount[], without: ReadonlySet<string> = new Set()): string {
  const rules = ({ allow, deny }: ServerUser["publish"]) => ({ allow: allow.map(permittedText), deny });
  const entries = accounts.map(({ name, users, exports, imports, mappings }) => [
    name,
    {
      users: users.map((user) => ({
        user: user.name,
        password: "pw",
        permissions: { publish: rules(user.publish), subscribe: rules(user.subscribe) },
      })),
      exports: exports.map(({ kind, subject: each, accounts: to }) => ({ [kind]: each, accounts: to })),
      imports: imports.map(({ kind, account, subject: each, to }) => ({
        [kind]: { account, subject: each },
        ...(to !== undefined && { to }),
      })),
      mappings,
      ...(!without.has(name) && { jetstream: "enabled" }),
    },
  ]);
  const all = {
    ...Object.fromEntries(NAMES.map((name) => [name, { jetstream: "enabled" }])),
    ...Object.fromEntries(entries),
  };
  return JSON.stringify({ accounts: all }, null, 1).slice(1, -1);
}

/**
 * The accounts without anything in them. A server starts with all of them: the service imports of an account that a
 * reload adds do nothing until the next reload (nats-server 2.15.2, `configureAccounts`).
 */
export const NO_USERS = fileOf([]);
