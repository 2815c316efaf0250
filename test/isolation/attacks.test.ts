import type { App } from "cdktf";
import { AppNaming } from "../../lib";
import type { Account, User } from "../../lib/access/accounts";
import { DIRECT, declarePlatform, World } from "../server/world";
import { withoutPermissions, withResponses } from "../support/accounts-text";
import { ATTACKS, type Attack, CLOSED_SINCE_2_12, type Grants, HARMLESS } from "./attacks";
import { eventually, Ground, settle } from "./ground";
import { Victims } from "./victims";

/** Every attack, and whether it works in an account that apps share. */
const ALL: readonly (readonly [name: string, attack: Attack, works: () => boolean])[] = [
  ...Object.entries(ATTACKS).map(([name, attack]) => [name, attack, () => true] as const),
  ...Object.entries(HARMLESS).map(([name, attack]) => [name, attack, () => false] as const),
  ...Object.entries(CLOSED_SINCE_2_12).map(([name, attack]) => [name, attack, () => isOldServer()] as const),
];

/** The platform on which an attack is tried in one account. */
const sharedOf = (index: number) => `shared-${index}`;

/** The platforms where the attacker has an account of its own: its victim is in the platform's account, or in its own. */
const ISOLATED = [
  { name: "mixed", isolated: ["convex"] },
  { name: "apart", isolated: ["convex", "cache"] },
] as const;

let shared: World;
let isolated: World;
const victims = new Map<string, Victims>();
const grounds: Ground[] = [];

beforeAll(async () => {
  shared = await World.of(
    (app) => {
      for (const index of ALL.keys()) declarePlatform(app, { name: sharedOf(index) });
    },
    { change: (accounts) => accounts.map(withGrants), rewrite: withAllResponses },
  );
  isolated = await World.of(
    (app: App) => {
      for (const platform of ISOLATED) declarePlatform(app, platform);
    },
    {
      rewrite: (text) =>
        ISOLATED.reduce((rest, { name }) => withoutPermissions(rest, AppNaming.of(name, "convex").user), text),
    },
  );
  for (const { name } of ISOLATED) victims.set(name, await Victims.of(isolated, name));
}, 60_000);

afterEach(async () => {
  for (const ground of grounds.splice(0)) await ground.leave();
});

afterAll(async () => {
  await shared?.stop();
  await isolated?.stop();
});

function victimsOf(platform: string): Victims {
  const found = victims.get(platform);
  if (!found) throw new Error(`no platform ${platform}`);
  return found;
}

const isOldServer = () => /Version:\s+2\.11\./.test(isolated.server.log);

const grantsOf = (platform: string): Grants => ALL.find((_, index) => sharedOf(index) === platform)?.[1].grants ?? {};

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
  return answering.reduce((rest, platform) => withResponses(rest, `${platform.toUpperCase()}_CONVEX_ONLY`), text);
}

/** Where an attack is tried on a platform of a world. */
async function groundOf(world: World, platform: string): Promise<Ground> {
  const scene = await world.appScene(platform, DIRECT);
  const ground = new Ground(scene, await world.keeper(world.accountOf(scene.otherApp.user)));
  grounds.push(ground);
  return ground;
}

/** What the attacker may do with the platform: the subjects of its imports, as they are in the platform's account. */
const imports = (platform: string) =>
  new RegExp(
    [
      `^\\$JS\\.API\\.CONSUMER\\.(INFO|MSG\\.NEXT)\\.${platform}_events\\.convex$`,
      `^\\$JS\\.ACK\\.${platform}_events\\.convex\\.`,
      `^\\$JS\\.API\\.(STREAM\\.INFO|DIRECT\\.GET)\\.KV_${platform}_platform(\\.\\$KV\\.${platform}_platform\\.config\\.flags)?$`,
      `^${platform}\\._\\.api\\.cache\\.get$`,
      // A message that it fetches has its own subject, wherever it goes.
      `^${platform}\\._\\.events\\.user\\.created$`,
      "^_R_\\.",
      "^\\$JS\\.EVENT\\.",
    ].join("|"),
  );

describe("where apps share an account", () => {
  test.each(ALL.map(([name, , works], index) => [name, works, index] as const))("%s", async (name, works, index) => {
    const ground = await groundOf(shared, sharedOf(index));
    const attack = ALL[index]?.[1] as Attack;
    await attack.before?.(ground);
    expect(await attack.works(ground)).toBe(false);
    await attack.run(ground);
    await ground.attacker.flush();
    await attack.meanwhile?.(ground);
    if (works()) {
      await eventually(name, () => attack.works(ground));
    } else {
      await settle();
      expect(await attack.works(ground)).toBe(false);
    }
  });
});

/** Tries an attack from an account of its own. */
async function expectNoEffect(platform: string, attack: Attack): Promise<void> {
  const ground = await groundOf(isolated, platform);
  await attack.before?.(ground);
  expect(await attack.works(ground)).toBe(false);
  await victimsOf(platform).expectUnharmed(imports(platform), async () => {
    await attack.run(ground);
    await ground.attacker.flush();
  });
  await attack.meanwhile?.(ground);
  await settle();
  expect(await attack.works(ground)).toBe(false);
  expect(ground.heard.map(({ subject }) => subject)).toEqual([]);
}

describe("where the attacker has an account of its own, and its victim none or one too", () => {
  test.each(ALL)("no effect: %s", async (_, attack) => {
    await Promise.all(ISOLATED.map(({ name }) => expectNoEffect(name, attack)));
  });
});
