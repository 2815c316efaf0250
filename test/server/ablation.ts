import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { NatsClient } from "../../lib";
import type { Account, User } from "../../lib/access/accounts";
import { CAPABILITIES, IMPORTED, type LineTemplate } from "../../lib/access/capabilities";
import { type Direction, fill } from "../../lib/access/grant";
import { type PermittedSubject, permittedText } from "../../lib/access/permissions";
import { CHECKS, LONE_CHECKS } from "../support/clients/checks";
import { FURTHER_VARIANTS, VARIANTS, type Variant } from "../support/clients/client";
import { hasDriver, stopDrivers } from "../support/clients/drivers";
import { exceptionOf } from "../support/clients/exceptions";
import { outcomeOf } from "../support/clients/outcomes";
import type { Check } from "../support/clients/scene";
import { render } from "./render";
import { declarePlatform, type TestPlatform, World } from "./world";

/** A line of the app's permissions. */
interface AppLine {
  readonly direction: Direction;
  readonly permitted: PermittedSubject;
}

/** How many lines are tried on one server with one client. */
const CHUNK = 16;

/** After how many milliseconds a check counts as failed: some clients wait for ever for what is refused. */
const LIMIT = 16_000;

const RESULT = join(__dirname, "..", "..", "docs", "permission-lines.md");

const RUN = [...VARIANTS, ...FURTHER_VARIANTS.filter(({ library }) => hasDriver(library))];

const NOT_RUN = FURTHER_VARIANTS.filter((variant) => !RUN.includes(variant));

const TITLES: { readonly [variant: string]: string } = {
  js2: "nats.js v2",
  js2d: "v2, `allow_direct`",
  js3: "nats.js v3",
  js3d: "v3, `allow_direct`",
  go: "nats.go",
  "go-legacy": "nats.go legacy",
  python: "nats.py",
  cli: "nats CLI",
  java: "nats.java",
  rust: "nats.rs",
};

/** An app whose lines are removed: one in the platform's account, and an isolated one with its second user. */
interface Subject {
  readonly title: string;
  readonly isolated: TestPlatform["isolated"];
  /** The user whose lines they are, by the end of its name. */
  readonly user: string;
}

const SUBJECTS: readonly Subject[] = [
  { title: "An app in the platform's account", isolated: [], user: "convex" },
  { title: "The user of an isolated app that exchanges messages", isolated: ["convex"], user: "convex-messaging" },
];

function linesOf({ permissions: { publish, subscribe } }: User): AppLine[] {
  return [
    ...publish.map((permitted): AppLine => ({ direction: "publish", permitted })),
    ...subscribe.map((permitted): AppLine => ({ direction: "subscribe", permitted })),
  ];
}

const userOf = (accounts: readonly Account[], platform: string, { user: end }: Subject): User => {
  const user = accounts.flatMap(({ users }) => users).find(({ name }) => name === `${platform}-${end}`);
  if (!user) throw new Error(`no user ${end} on platform ${platform}`);
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

/** Lines without which a client works, but waits for its time-out each time: so it is named for them. */
const WAITS: readonly { readonly subject: RegExp; readonly client: NatsClient }[] = [
  { subject: /^\$JS\.API\.CONSUMER\.DELETE\.OBJ_/, client: NatsClient.NATS_GO },
];

/** Whether anything that a line is there for can be tried with a client. */
const canTry = (line: AppLine, client: NatsClient, where: "shared" | "isolated") =>
  checksOf(line).some(([name]) => exceptionOf(name, client, where) === undefined);

/** What is tried together: a lock of the platform is read and written in one check. */
const SHARED_KEYS = ["sharedKv.readKey", "sharedKv.writeKey"];

/** What a capability is called where the app is not isolated, by what it is called where it is. */
const SHARED_NAMES = new Map(Object.entries(IMPORTED).map(([shared, imported]) => [imported as string, shared]));

/** The checks of everything that a line is there for, in the order of the table. */
function checksOf({ permitted }: AppLine): [string, Check][] {
  const named = permitted.lines.map(({ grant }) => SHARED_NAMES.get(grant.capability) ?? grant.capability);
  const capabilities = new Set<string>(named);
  const shared = SHARED_KEYS.some((capability) => capabilities.has(capability));
  return Object.entries(CHECKS)
    .filter(([capability]) => capabilities.has(capability) || (shared && SHARED_KEYS.includes(capability)))
    .flatMap(([, checks]) => Object.entries<Check>(checks));
}

/** The accounts with one line less for a user. */
function without(accounts: readonly Account[], platform: string, subject: Subject, index: number): Account[] {
  const user = userOf(accounts, platform, subject);
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
  const fails = async ([name, check]: [string, Check]) =>
    !/^(works$|cannot: )/.test(await outcomeOf(name, check(scene), LIMIT));
  const failing = async (some: readonly [string, Check][]) => {
    const results = await Promise.all(some.map(fails));
    return some.filter((_, index) => results[index]);
  };
  const lone: [string, Check][] = [];
  for (const check of checks.filter(([name]) => LONE_CHECKS.has(name))) lone.push(...(await failing([check])));
  const others = await failing(checks.filter(([name]) => !LONE_CHECKS.has(name)));
  for (const check of checks) {
    if ((lone.includes(check) || others.includes(check)) && (await fails(check))) return check[0];
  }
  return undefined;
}

const whereOf = ({ isolated }: Subject) => (isolated?.length ? "isolated" : "shared");

const platformOf = (index: number) => (index < 0 ? "all" : `without-${index}`);

/** What fails first without each of some lines with one client; -1 removes none. */
async function tryLines(
  subject: Subject,
  variant: Variant,
  indices: readonly number[],
  lines: readonly AppLine[],
): Promise<Map<number, string | undefined>> {
  const platforms = indices.map(
    (index): TestPlatform => ({ name: platformOf(index), privateInbox: true, isolated: subject.isolated }),
  );
  const world = await World.start(platforms, (accounts) =>
    indices.reduce<readonly Account[]>((sofar, index) => without(sofar, platformOf(index), subject, index), accounts),
  );
  const possible = ([name]: [string, Check]) => exceptionOf(name, variant.client, whereOf(subject))?.is !== "refused";
  try {
    const entries = indices.map(async (index): Promise<[number, string | undefined]> => {
      const line = lines[index];
      const checks = line ? checksOf(line) : Object.values(CHECKS).flatMap(Object.entries<Check>);
      return [index, await firstFailure(world, platformOf(index), variant, checks.filter(possible))];
    });
    return new Map(await Promise.all(entries));
  } finally {
    await world.stop();
  }
}

type Results = ReadonlyMap<Variant, ReadonlyMap<number, string | undefined>>;

function report(
  title: string,
  where: "shared" | "isolated",
  lines: readonly AppLine[],
  results: Results,
): { text: string; faults: string[] } {
  const faults = RUN.flatMap((variant) => {
    const check = results.get(variant)?.get(-1);
    return check === undefined ? [] : [`${title}, ${variant.name}, no line removed: "${check}" fails`];
  });
  const rows = lines.map((line, index) => {
    const clients = clientsOf(line);
    const failed = RUN.map((variant) => results.get(variant)?.get(index));
    const subject = `${line.direction} \`${permittedText(line.permitted)}\``;
    for (const client of new Set(RUN.map((variant) => variant.client))) {
      const fails = RUN.some((variant, at) => variant.client === client && failed[at] !== undefined);
      const waits = WAITS.some((each) => each.client === client && each.subject.test(line.permitted.subject));
      if (waits || !canTry(line, client, where)) continue;
      if (clients.includes(client) && !fails) faults.push(`${subject}: named for ${client}, which works without it`);
      if (!clients.includes(client) && fails) {
        faults.push(`${subject}: not named for ${client}, which fails without it`);
      }
    }
    const others = NOT_RUN.filter(({ client }) => clients.includes(client)).map(({ client }) => client);
    const cells = [subject, ...failed.map((name) => name ?? ""), ...(NOT_RUN.length > 0 ? [others.join(", ")] : [])];
    return `| ${cells.join(" | ")} |`;
  });
  const header = [
    "line",
    ...RUN.map(({ name }) => TITLES[name]),
    ...(NOT_RUN.length > 0 ? ["named for, not run"] : []),
  ];
  const text = `## ${title}

| ${header.join(" | ")} |
|${header.map(() => "---").join("|")}|
${rows.join("\n")}
`;
  return { text, faults };
}

const HEAD = `# What fails without each line

Each line of the permissions of an app that does everything was removed in turn. What the line is for was then tried with
each client. A cell has the first check that failed. It is empty where the client works without the line. With no line
removed, every check passed, but for [what a client cannot do or is refused](clients.md).

\`npm run test:ablation\` writes this page. The app has a private inbox, a write-ahead log, snapshots, events, an API, and a
lock and configuration of the platform.
`;

async function main(): Promise<void> {
  const texts: string[] = [HEAD];
  const faults: string[] = [];
  for (const subject of SUBJECTS) {
    const platform = "prod";
    const { model } = render((app) =>
      declarePlatform(app, { name: platform, privateInbox: true, isolated: subject.isolated }),
    );
    const lines = linesOf(userOf(model, platform, subject));
    const indices = [-1, ...lines.keys()];
    const results = new Map<Variant, Map<number, string | undefined>>();
    for (const variant of RUN) {
      const ofVariant = new Map<number, string | undefined>();
      results.set(variant, ofVariant);
      for (let start = 0; start < indices.length; start += CHUNK) {
        const some = indices.slice(start, start + CHUNK);
        for (const [index, failed] of await tryLines(subject, variant, some, lines)) ofVariant.set(index, failed);
      }
      console.log(`${subject.title}: ${variant.name}, ${lines.length} lines`);
    }
    const { text, faults: found } = report(subject.title, whereOf(subject), lines, results);
    texts.push(text);
    faults.push(...found);
  }
  stopDrivers();
  writeFileSync(RESULT, texts.join("\n"));
  for (const fault of faults) console.error(fault);
  console.log(`${faults.length} faults: ${RESULT}`);
  if (faults.length > 0) process.exitCode = 1;
}

void main();
