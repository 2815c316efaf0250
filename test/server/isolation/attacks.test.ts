import type { App } from "cdktf";
import { AppNaming, PlatformNaming } from "../../../lib";
import type { Account, User } from "../../../lib/access/accounts";
import { withLimits, withoutPermissions, withResponses } from "../../support/accounts-text";
import { sample } from "../../support/sample";
import { DIRECT, declarePlatform, World } from "../world";
import {
  ACROSS_ACCOUNTS,
  ATTACKS,
  type Attack,
  CLOSED_SINCE_2_12,
  FEW_BYTES,
  FILL,
  type Grants,
  HARMLESS,
  QUEUE_GROUPS,
} from "./attacks";
import { eventually, Ground, settle } from "./ground";
import { begin, run } from "./trying";
import { Victims } from "./victims";

/** An attack, and where it works. */
interface Trial {
  readonly name: string;
  readonly attack: Attack;
  /** Whether it works in an account that apps share. */
  readonly shared: () => boolean;
  /** The platforms on which it works although the attacker is isolated, from its account for messages. */
  readonly isolated: readonly string[];
}

/** The accounts of an isolated app: that of its data, with JetStream, and that of its messages, with imports. */
const ATTACKERS = ["data", "messaging"] as const;

type Attacker = (typeof ATTACKERS)[number];

const trials = (
  attacks: { readonly [name: string]: Attack },
  shared: () => boolean,
  isolated: readonly string[] = [],
): Trial[] => Object.entries(attacks).map(([name, attack]) => ({ name, attack, shared, isolated }));

const always = () => true;
const never = () => false;

/** The platforms where the attacker has an account of its own: its victim is in the platform's account, or in its own. */
const ISOLATED = [
  { name: "mixed", isolated: ["convex"] },
  { name: "apart", isolated: ["convex", "cache"] },
] as const;

const ALL: readonly Trial[] = [
  ...trials(ATTACKS, always),
  ...trials(HARMLESS, never),
  ...trials(CLOSED_SINCE_2_12, () => isOldServer()),
  ...trials(QUEUE_GROUPS, never, ["apart"]),
  ...trials(ACROSS_ACCOUNTS, always, ["mixed", "apart"]),
];

/** The platform on which an attack is tried in one account. */
const sharedOf = (index: number) => `shared-${index}`;

/** A platform of which each user has an inbox of its own. */
const PRIVATE = "private";

let shared: World;
let isolated: World;
const victims = new Map<string, Victims>();
const grounds: Ground[] = [];

beforeAll(async () => {
  shared = await World.of(
    (app) => {
      for (const index of ALL.keys()) declarePlatform(app, { name: sharedOf(index) });
      declarePlatform(app, { name: PRIVATE, privateInbox: true });
    },
    { change: (accounts) => accounts.map(withGrants), rewrite: (text) => withAllLimits(withAllResponses(text)) },
  );
  isolated = await World.of(
    (app: App) => {
      for (const platform of ISOLATED) declarePlatform(app, platform);
    },
    {
      rewrite: (text) => ISOLATED.reduce((rest, { name }) => withFreeAttacker(rest, name), text),
    },
  );
  const names = ISOLATED.map(({ name }) => name);
  for (const name of names) {
    const others = names.filter((other) => other !== name);
    victims.set(name, await Victims.of(isolated, name, others));
  }
}, 60_000);

afterEach(async () => {
  for (const ground of grounds.splice(0)) await ground.leave();
});

afterAll(async () => {
  await shared?.stop();
  await isolated?.stop();
}, 30_000);

function victimsOf(platform: string): Victims {
  const found = victims.get(platform);
  if (!found) throw new Error(`no platform ${platform}`);
  return found;
}

const isOldServer = () => /Version:\s+2\.11\./.test(isolated.server.log);

const grantsOf = (platform: string): Grants =>
  ALL.find((_, index) => sharedOf(index) === platform)?.attack.grants ?? {};

/** An account whose attacker has what its attack takes. */
function withGrants(account: Account): Account {
  const { publish = [], subscribe = [] } = grantsOf(account.name.toLowerCase());
  const permitted = (subjects: readonly string[]) => subjects.map((subject) => ({ subject, lines: [] }));
  const users = account.users.map((user): User => {
    if (user.name !== `${account.name.toLowerCase()}-convex`) return user;
    const { permissions } = user;
    return {
      ...user,
      permissions: {
        publish: [...permissions.publish, ...permitted(publish)],
        subscribe: [...permissions.subscribe, ...permitted(subscribe)],
      },
    };
  });
  return { ...account, users };
}

function withAllResponses(text: string): string {
  const answering = [...ALL.keys()].map(sharedOf).filter((platform) => grantsOf(platform).allowResponses);
  return answering.reduce((rest, platform) => withResponses(rest, AppNaming.of(platform, "convex").user), text);
}

/** An accounts file with an attacker that may do everything in its own accounts, but not store everything. */
function withFreeAttacker(text: string, platform: string): string {
  const { user } = AppNaming.of(platform, "convex");
  const free = [user, `${user}-messaging`].reduce(withoutPermissions, text);
  return withLimits(free, `${PlatformNaming.of(platform).account}_CONVEX`, `max_file: ${4 * FEW_BYTES}`);
}

function withAllLimits(text: string): string {
  return ALL.reduce((rest, { attack: { limits } }, index) => {
    return limits === undefined ? rest : withLimits(rest, sharedOf(index).toUpperCase(), limits);
  }, text);
}

/** Where an attack is tried on a platform of a world. */
async function groundOf(world: World, platform: string, attacker: Attacker = "data"): Promise<Ground> {
  const scene = await world.appScene(platform, DIRECT);
  const client = attacker === "data" ? scene.client : scene.messaging;
  const ground = new Ground({ ...scene, client }, await world.keeper(world.accountOf(scene.otherApp.user)));
  grounds.push(ground);
  return ground;
}

/** What the attacker may do with the platform: the subjects of its imports, as they are in the platform's account. */
const imports = (platform: string) =>
  new RegExp(
    [
      `^\\$JS\\.API\\.CONSUMER\\.(INFO|MSG\\.NEXT)\\.${platform}_events\\.convex$`,
      `^\\$JS\\.API\\.STREAM\\.INFO\\.${platform}_events$`,
      `^\\$JS\\.ACK\\.${platform}_events\\.convex\\.`,
      `^\\$JS\\.API\\.(STREAM\\.INFO|DIRECT\\.GET)\\.KV_${platform}_platform(\\.\\$KV\\.${platform}_platform\\.config\\.flags)?$`,
      `^${platform}\\._\\.api\\.cache\\.get$`,
      `^${platform}\\._\\.audit\\.convex\\.`,
      // What it publishes, and a message that it fetches: that has its own subject, wherever it goes.
      `^${platform}\\._\\.events\\.user\\.created$`,
      "^_R_\\.",
      "^\\$JS\\.EVENT\\.",
    ].join("|"),
  );

const named = ALL.map((trial) => [trial.name, trial] as const);

/** Expects each of some patterns to match an answer, and so many answers to be what they say. */
function expectTold({ learned }: Ground, patterns: readonly RegExp[]): void {
  for (const pattern of patterns) expect(learned).toContainEqual(expect.stringMatching(pattern));
  expect(learned.filter((answer) => patterns.some((pattern) => pattern.test(answer)))).toHaveLength(patterns.length);
}

describe("where apps share an account", () => {
  test.each(sample(named, 2))("%s", async (name, trial) => {
    const { attack } = trial;
    const ground = await groundOf(shared, sharedOf(ALL.indexOf(trial)));
    await begin(ground, attack);
    await run(ground, attack);
    await attack.meanwhile?.(ground);
    if (trial.shared()) {
      await eventually(name, () => attack.works(ground));
    } else {
      await settle();
      expect(await attack.works(ground)).toBe(false);
      const refused = ground.attacker.refusals.map(({ subject }) => subject);
      if (attack.refused) expect(refused).toEqual(attack.refused(ground));
    }
    if (attack.told) expectTold(ground, attack.told);
  });

  test("private inboxes: an app sees its own replies, and those to others neither by its own inbox nor by `_INBOX.>`", async () => {
    const { client, node, other, app, otherApp } = await shared.appScene(PRIVATE, DIRECT);
    const [own, all] = [await client.subscribe(`${app.inboxPrefix}.>`), await client.subscribe("_INBOX.>")];
    await client.subscribe(`${otherApp.inboxPrefix}.>`);
    await other.subscribe(otherApp.apiSubject("get"), (message) => message.respond("confidential"));
    expect((await node.request(otherApp.apiSubject("get"))).string()).toBe("confidential");
    expect((await client.request(otherApp.apiSubject("get"))).string()).toBe("confidential");
    await client.flush();
    expect(own.messages).toHaveLength(1);
    expect(all.messages).toHaveLength(0);
    expect(client.refusals.map(({ subject }) => subject)).toEqual(["_INBOX.>", `${otherApp.inboxPrefix}.>`]);
  });
});

/** Tries an attack from one of the accounts of an isolated app; what it asks for there may be refused. */
async function tryIsolated(
  platform: string,
  attacker: Attacker,
  { name, attack, isolated: works }: Trial,
): Promise<void> {
  const ground = await groundOf(isolated, platform, attacker);
  await begin(ground, attack);
  const attempt = () => run(ground, attack).catch(() => undefined);
  if (attacker === "messaging" && works.includes(platform)) {
    await run(ground, attack);
    await attack.meanwhile?.(ground);
    return eventually(name, () => attack.works(ground));
  }
  if (attack.leaves) await attempt();
  else await victimsOf(platform).expectUnharmed(imports(platform), attempt);
  if (attack.meanwhile) {
    await attack.meanwhile(ground);
    await settle();
  }
  expect(await attack.works(ground)).toBe(false);
  await attack.after?.(ground);
  expect(ground.heard.map(({ subject }) => subject)).toEqual([]);
}

describe.each(ATTACKERS)(
  "where the attacker is isolated, from its account for %s, and its victim is or is not",
  (attacker) => {
    const worksIn = ({ isolated: works }: Trial) => (attacker === "messaging" && works.join(" and ")) || "no effect";

    test.each(sample(named, 4).map(([name, trial]) => [worksIn(trial), name, trial] as const))(
      "%s: %s",
      async (_, __, trial) => {
        await Promise.all(ISOLATED.map(({ name }) => tryIsolated(name, attacker, trial)));
      },
    );
  },
);

describe("where apps are isolated", () => {
  test("accounts without a limit share what the server may store: an app that fills its own leaves no room to others", async () => {
    const name = "full";
    const world = await World.of((app) => declarePlatform(app, { name, isolated: ["convex", "cache"] }), {
      storage: FEW_BYTES,
    });
    try {
      const ground = await groundOf(world, name);
      await begin(ground, FILL);
      await run(ground, FILL);
      expect(await FILL.works(ground)).toBe(true);
    } finally {
      await world.stop();
    }
  });
});
