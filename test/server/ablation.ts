import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { NatsClient } from "../../lib";
import type { Account, User } from "../../lib/access/accounts";
import { CAPABILITIES, type LineTemplate } from "../../lib/access/capabilities";
import { type Direction, fill } from "../../lib/access/grant";
import type { PermittedSubject } from "../../lib/access/permissions";
import { CHECKS, LONE_CHECKS } from "../support/clients/checks";
import { VARIANTS, type Variant, within } from "../support/clients/client";
import type { Check } from "../support/clients/scene";
import { render } from "./render";
import { declarePlatform, type TestPlatform, World } from "./world";

/** A line of the app's permissions. */
interface AppLine {
  readonly direction: Direction;
  readonly permitted: PermittedSubject;
}

/** How many lines are tried on one server. */
const CHUNK = 9;

/** After how many milliseconds a check counts as failed: some clients wait for ever for what is refused. */
const LIMIT = 11_000;

const RESULT = join(__dirname, "ablation-result.md");

const TITLES: { readonly [variant: string]: string } = {
  js2: "`nats`",
  js2d: "`nats`, `allow_direct`",
  js3: "`@nats-io`",
  js3d: "`@nats-io`, `allow_direct`",
};

function linesOf({ permissions: { publish, subscribe } }: User): AppLine[] {
  return [
    ...publish.map((permitted): AppLine => ({ direction: "publish", permitted })),
    ...subscribe.map((permitted): AppLine => ({ direction: "subscribe", permitted })),
  ];
}

const appUserOf = (accounts: readonly Account[], platform: string): User => {
  const user = accounts.flatMap(({ users }) => users).find(({ name }) => name === `${platform}-convex`);
  if (!user) throw new Error(`no app on platform ${platform}`);
  return user;
};

/** The clients that the table says to fail without a line. */
function clientsOf({ direction, permitted }: AppLine): NatsClient[] {
  const named = permitted.lines.flatMap(({ grant, subject }) => {
    const templates: readonly LineTemplate[] = CAPABILITIES[grant.capability].lines;
    return templates
      .filter((template) => template[direction] !== undefined && fill(template[direction], grant.values) === subject)
      .flatMap(({ clients }) => clients);
  });
  return Object.values(NatsClient).filter((client) => named.includes(client));
}

/** What is tried together: a lock of the platform is read and written in one check. */
const SHARED_KEYS = ["sharedKv.readKey", "sharedKv.writeKey"];

/** The checks of everything that a line is there for, in the order of the table. */
function checksOf({ permitted }: AppLine): [string, Check][] {
  const capabilities = new Set<string>(permitted.lines.map(({ grant }) => grant.capability));
  const shared = SHARED_KEYS.some((capability) => capabilities.has(capability));
  return Object.entries(CHECKS)
    .filter(([capability]) => capabilities.has(capability) || (shared && SHARED_KEYS.includes(capability)))
    .flatMap(([, checks]) => Object.entries<Check>(checks));
}

/** The accounts with one line less for the app of a platform. */
function without(accounts: readonly Account[], platform: string, index: number): Account[] {
  const user = appUserOf(accounts, platform);
  const removed = linesOf(user)[index]?.permitted;
  const keep = (permitted: readonly PermittedSubject[]) => permitted.filter((each) => each !== removed);
  const { publish, subscribe } = user.permissions;
  const changed: User = { ...user, permissions: { publish: keep(publish), subscribe: keep(subscribe) } };
  return accounts.map((account) => ({
    ...account,
    users: account.users.map((each) => (each === user ? changed : each)),
  }));
}

/** The first check that fails, also when it is run again: there is much going on at a time. */
async function firstFailure(world: World, platform: string, variant: Variant, checks: readonly [string, Check][]) {
  const scene = await world.appScene(platform, variant);
  const fails = ([name, check]: [string, Check]) =>
    within(name, check(scene), LIMIT).then(
      () => false,
      () => true,
    );
  const failing = async (some: readonly [string, Check][]) => {
    const results = await Promise.all(some.map(fails));
    return some.filter((_, index) => results[index]);
  };
  const lone = await failing(checks.filter(([name]) => LONE_CHECKS.has(name)));
  const others = await failing(checks.filter(([name]) => !LONE_CHECKS.has(name)));
  for (const check of checks) {
    if ((lone.includes(check) || others.includes(check)) && (await fails(check))) return check[0];
  }
  return undefined;
}

const platformOf = (index: number, { name }: Variant) => (index < 0 ? `all-${name}` : `without-${index}-${name}`);

/** Tries lines by their indices; -1 removes none. */
async function tryLines(
  indices: readonly number[],
  lines: readonly AppLine[],
): Promise<Map<string, string | undefined>> {
  const trials = indices.flatMap((index) => VARIANTS.map((variant) => ({ index, variant })));
  const platforms = trials.map(
    ({ index, variant }): TestPlatform => ({ name: platformOf(index, variant), privateInbox: true }),
  );
  const world = await World.start(platforms, (accounts) =>
    trials.reduce<readonly Account[]>(
      (sofar, { index, variant }) => without(sofar, platformOf(index, variant), index),
      accounts,
    ),
  );
  try {
    const entries = trials.map(async ({ index, variant }): Promise<[string, string | undefined]> => {
      const line = lines[index];
      const checks = line ? checksOf(line) : Object.values(CHECKS).flatMap(Object.entries<Check>);
      const platform = platformOf(index, variant);
      return [platform, await firstFailure(world, platform, variant, checks)];
    });
    return new Map(await Promise.all(entries));
  } finally {
    await world.stop();
  }
}

function report(
  lines: readonly AppLine[],
  results: ReadonlyMap<string, string | undefined>,
): { text: string; faults: string[] } {
  const faults = VARIANTS.flatMap((variant) => {
    const check = results.get(platformOf(-1, variant));
    return check === undefined ? [] : [`${variant.name}, no line removed: "${check}" fails`];
  });
  const rows = lines.map((line, index) => {
    const clients = clientsOf(line);
    const failed = VARIANTS.map((variant) => results.get(platformOf(index, variant)));
    for (const client of [NatsClient.NATS_JS_V2, NatsClient.NATS_JS_V3]) {
      const fails = VARIANTS.some((variant, at) => variant.client === client && failed[at] !== undefined);
      const subject = `${line.direction} ${line.permitted.subject}`;
      if (clients.includes(client) && !fails) faults.push(`${subject}: named for ${client}, which works without it`);
      if (!clients.includes(client) && fails)
        faults.push(`${subject}: not named for ${client}, which fails without it`);
    }
    const others = clients.filter((client) => client !== NatsClient.NATS_JS_V2 && client !== NatsClient.NATS_JS_V3);
    const cells = [
      `${line.direction} \`${line.permitted.subject}\``,
      ...failed.map((name) => name ?? ""),
      others.join(", "),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const header = ["line", ...VARIANTS.map(({ name }) => TITLES[name]), "named for, not run here"];
  const text = `# What fails without each line

Written by \`npm run test:ablation\`: each line of the permissions of an app that does everything (private inbox,
write-ahead log, snapshots, events, API, lock and configuration of the platform) was removed in turn, and what the line
is for was tried with each client. A cell has the first check that then failed; it is empty where the client works
without the line. With no line removed, every check passed.

| ${header.join(" | ")} |
|${header.map(() => "---").join("|")}|
${rows.join("\n")}
`;
  return { text, faults };
}

async function main(): Promise<void> {
  const platform = "prod";
  const { model } = render((app) => declarePlatform(app, { name: platform, privateInbox: true }));
  const lines = linesOf(appUserOf(model, platform));
  const indices = [-1, ...lines.keys()];
  const results = new Map<string, string | undefined>();
  for (let start = 0; start < indices.length; start += CHUNK) {
    for (const [name, failed] of await tryLines(indices.slice(start, start + CHUNK), lines)) results.set(name, failed);
    console.log(`${Math.min(start + CHUNK, indices.length)} of ${indices.length}`);
  }
  const { text, faults } = report(lines, results);
  writeFileSync(RESULT, text);
  for (const fault of faults) console.error(fault);
  console.log(`${lines.length} lines, ${faults.length} faults: ${RESULT}`);
  if (faults.length > 0) process.exitCode = 1;
}

void main();
