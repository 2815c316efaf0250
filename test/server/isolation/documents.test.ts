import { PlatformNaming } from "../../../lib";
import type { Account } from "../../../lib/access/accounts";
import { DocumentsReader, READER } from "../../support/access-documents";
import { type AccountContents, accountContents, type StreamContents } from "../../support/account-contents";
import type { Client } from "../../support/clients/client";
import { unique } from "../../support/clients/scene";
import { sample } from "../../support/sample";
import { DIRECT, declarePlatform, World } from "../world";
import { ATTACKS, type Attack } from "./attacks";
import { BY_OBJECTS, BY_STREAMS, DIRECTLY } from "./document-attacks";
import { eventually, Ground, settle } from "./ground";
import { begin, run } from "./trying";

/** A platform whose apps are in its account, and one whose apps have accounts of their own. */
const SHARED = "shared";
const APART = "apart";

/** What only the Terraform user and the reader of the documents may know. */
const CONFIDENTIAL = "only-for-the-reader";

type Attacks = { readonly [name: string]: Attack };

/** The attacks of apps on the bucket of another. */
const OF_APPS: Attacks = Object.fromEntries(
  Object.entries(ATTACKS).filter(([name]) => /another app's (bucket|key)|into a bucket|bucket copy another/.test(name)),
);

/** Those of them that take no more than an app has. */
const PERMITTED: Attacks = Object.fromEntries(Object.entries(OF_APPS).filter(([, { grants }]) => !grants));

/** Those of them that take nothing of the platform. */
const ALONE: Attacks = Object.fromEntries(Object.entries(OF_APPS).filter(([name]) => !/fetch from/.test(name)));

/** Somebody who attacks the documents of a platform. */
interface Attacker {
  readonly platform: string;
  /** The account in which it may do everything. */
  readonly account?: string;
  /** The generated user that it is, with its permissions. */
  readonly user?: string;
  /** What it tries. */
  readonly attacks: Attacks;
  /** The account in which the same bucket lies too, so that each attack is seen to work there. */
  readonly beside?: string;
}

const ATTACKERS: { readonly [name: string]: Attacker } = {
  "whoever may do everything in the platform's account": {
    platform: SHARED,
    account: "SHARED",
    attacks: { ...DIRECTLY, ...BY_STREAMS, ...OF_APPS },
    beside: "SHARED",
  },
  "an app, by answers": { platform: SHARED, user: "shared-convex", attacks: PERMITTED, beside: "SHARED" },
  "a node": { platform: SHARED, user: "shared-node-1", attacks: DIRECTLY, beside: "SHARED" },
  "Litestream, by an answer": {
    platform: SHARED,
    user: "shared-convex-litestream",
    attacks: BY_OBJECTS,
    beside: "SHARED",
  },
  "the Terraform user of the platform": {
    platform: SHARED,
    user: "shared-terraform",
    attacks: pick(DIRECTLY, "the documents are made to expire", "every request of the API is made"),
    beside: "SHARED",
  },
  "an isolated app, in the account of its data": {
    platform: APART,
    account: "APART_CONVEX",
    attacks: { ...DIRECTLY, ...BY_STREAMS, ...ALONE },
    beside: "APART_CONVEX",
  },
  "an isolated app, in the account of its messages": {
    platform: APART,
    account: "APART_CONVEX_MESSAGING",
    attacks: { ...DIRECTLY, ...BY_STREAMS, ...OF_APPS },
  },
  MONITOR: { platform: APART, account: "MONITOR", attacks: { ...DIRECTLY, ...BY_STREAMS, ...OF_APPS } },
  "the monitor user": { platform: APART, user: "monitor", attacks: DIRECTLY },
  ACCESS: { platform: APART, account: "ACCESS", attacks: { ...DIRECTLY, ...BY_STREAMS, ...OF_APPS } },
  "access-reader": { platform: APART, user: READER, attacks: DIRECTLY },
};

function pick(attacks: Attacks, ...begins: readonly string[]): Attacks {
  return Object.fromEntries(Object.entries(attacks).filter(([name]) => begins.some((each) => name.startsWith(each))));
}

const targetOf = (platform: string) => ({
  bucket: PlatformNaming.of(platform).accessStore,
  key: `access.users.${PlatformNaming.of(platform).nodeUser("node-1")}`,
});

/** The stream of the bucket with the documents of a platform. */
const streamOf = (platform: string) => `KV_${targetOf(platform).bucket}`;

const accessAccountOf = (platform: string) => PlatformNaming.of(platform).accessAccount;

let world: World;
/** The same platforms, and everybody may use the API of the documents' account and write into their bucket. */
let leaky: World;
const grounds: Ground[] = [];
/** What accounts have before they are attacked. */
const first = new Map<string, AccountContents>();
/** The documents of the platform in the leaky accounts, as they were at first. */
let genuine: StreamContents;

const PLATFORMS = [{ name: SHARED }, { name: APART, isolated: ["convex", "cache"] as const }];

/** Accounts of which some import what they must not. */
function leaking(accounts: readonly Account[]): readonly Account[] {
  const [source, kind] = ["a leak", "service"] as const;
  const importing = ["APART_CONVEX_MESSAGING", "MONITOR", "ACCESS"];
  const subjects = ["$JS.API.>", "$KV.apart_access.>"];
  const offered = subjects.map((subject) => ({ kind, subject, accounts: importing, source }));
  const taken = subjects.map((subject) => ({
    kind,
    account: "APART_ACCESS",
    subject,
    source,
    ...(subject.startsWith("$JS") && { to: "$JS.apart.API.>" }),
  }));
  return accounts.map((account) => ({
    ...account,
    users: account.users,
    exports: account.name === "APART_ACCESS" ? [...account.exports, ...offered] : account.exports,
    imports: importing.includes(account.name) ? [...account.imports, ...taken] : account.imports,
  }));
}

/** A user in the account of the documents who may do there what `access-reader` may do by its imports. */
const withReaderInside = (text: string) =>
  text.replace(
    /^ {2}SHARED_ACCESS \{\n[\s\S]*?^ {4}users: \[\n/m,
    (head) =>
      `${head}      { user: "inside", password: "inside", permissions: { publish: ["$JS.API.STREAM.MSG.GET.KV_shared_access"], subscribe: ["_INBOX.>"] } }\n`,
  );

beforeAll(async () => {
  const declare = (app: Parameters<typeof declarePlatform>[0]) => {
    for (const platform of PLATFORMS) declarePlatform(app, platform);
  };
  world = await World.of(declare);
  leaky = await World.of(declare, { change: leaking, rewrite: withReaderInside });
  for (const platform of [SHARED, APART]) {
    const keeper = await world.keeper(accessAccountOf(platform));
    await keeper.store(`$KV.${targetOf(platform).bucket}.access.users.confidential`, CONFIDENTIAL);
  }
  for (const account of ["SHARED", "APART_CONVEX"]) {
    first.set(account, await accountContents(await world.keeper(account)));
  }
  genuine = await held(await leaky.keeper(accessAccountOf(APART)), APART);
}, 60_000);

afterEach(async () => {
  for (const ground of grounds.splice(0)) await ground.leave();
});

afterAll(async () => {
  await world?.stop();
  await leaky?.stop();
}, 30_000);

const clientOf = (where: World, { account, user }: Attacker): Promise<Client> =>
  user === undefined ? where.keeper(account ?? "") : where.connect(DIRECT, user);

async function groundOf(where: World, attacker: Attacker, guarded: string): Promise<Ground> {
  const scene = await where.appScene(attacker.platform, DIRECT);
  const client = await clientOf(where, attacker);
  const ground = new Ground({ ...scene, client }, await where.keeper(guarded), targetOf(attacker.platform));
  grounds.push(ground);
  return ground;
}

const ask = async (keeper: Client, subject: string, body: object = {}) =>
  JSON.parse((await keeper.request(`$JS.API.STREAM.${subject}`, JSON.stringify(body))).string());

/** Makes a stream anew; for a moment the one that is deleted may be in its way. */
async function remake(keeper: Client, name: string, config: object): Promise<void> {
  await ask(keeper, `DELETE.${name}`);
  await eventually(`stream ${name}`, async () => (await ask(keeper, `CREATE.${name}`, config)).error === undefined);
}

/** Puts a bucket with its documents into an account. */
async function put(keeper: Client, stream: string, { config, messages }: StreamContents): Promise<void> {
  await remake(keeper, stream, config);
  for (const { subject, data = "" } of messages) await keeper.store(subject, atob(data));
}

/** Removes the streams that an account did not have, and makes the buckets of its app anew. */
async function tidy(keeper: Client, before: AccountContents): Promise<void> {
  for (const name of Object.keys(await accountContents(keeper))) {
    if (!(name in before)) await ask(keeper, `DELETE.${name}`);
  }
  for (const [name, { config }] of Object.entries(before)) {
    if (name.endsWith("_convex")) await remake(keeper, name, config);
  }
}

/** The bucket with the documents of a platform, as whoever may do everything beside it sees it. */
async function held(keeper: Client, platform: string): Promise<StreamContents> {
  const { [streamOf(platform)]: found } = await accountContents(keeper);
  if (!found) throw new Error(`no bucket ${streamOf(platform)}`);
  return found;
}

const isKnown = (text: string) => text.includes(CONFIDENTIAL) || text.includes(btoa(CONFIDENTIAL).replace(/=+$/, ""));

describe("the reader of access documents", () => {
  test.each([SHARED, APART])("reads each of them: %s", async (platform) => {
    const reader = new DocumentsReader(await world.connect(DIRECT, READER), platform);
    const { jetstream_kv_entry: entries = {} } = world.rendered.stacks.platforms?.resource ?? {};
    const { bucket } = targetOf(platform);
    const declared = Object.values(entries as { [id: string]: { [attribute: string]: string } })
      .filter((entry) => entry.bucket === bucket)
      .map(({ key, value }) => ({ key, text: value }));
    expect(declared.length).toBeGreaterThan(10);
    const all = await reader.all();
    expect(all).toEqual(expect.arrayContaining(declared));
    expect(all).toHaveLength(declared.length + 1);
  });

  test("writes none by an answer, as whoever asks the same in their account does", async () => {
    const forged = "access.users.shared-node-1";
    const [free, keeper] = [await world.keeper("ACCESS"), await world.keeper("SHARED_ACCESS")];
    const reader = await world.connect(DIRECT, READER);
    const before = await accountContents(keeper);
    const request = JSON.stringify({ last_by_subj: "$KV.shared_access.access.users.shared-convex" });
    const targets = [
      `$KV.shared_access.${forged}`,
      "$JS.API.STREAM.DELETE.KV_shared_access",
      "$JS.shared.API.STREAM.DELETE.KV_shared_access",
      "$JS.shared.API.STREAM.MSG.GET.KV_shared_access",
    ];
    for (const client of [free, reader]) {
      for (const reply of targets) {
        for (const verb of ["MSG.GET", "INFO"]) {
          client.publish(`$JS.shared.API.STREAM.${verb}.KV_shared_access`, request, { reply });
        }
      }
      await client.flush();
    }
    await settle(100);
    expect(await accountContents(keeper)).toEqual(before);

    const inside = await leaky.connect(DIRECT, READER, { user: "inside", password: "inside" });
    const documents = await leaky.keeper("SHARED_ACCESS");
    const written = async () =>
      (await accountContents(documents)).KV_shared_access?.messages.find(({ subject }) => subject === targets[0])?.data;
    const unforged = await written();
    inside.publish("$JS.API.STREAM.MSG.GET.KV_shared_access", request, { reply: targets[0] ?? "" });
    await inside.flush();
    await eventually("the document is another", async () => (await written()) !== unforged);
  });

  test("has no JetStream in its account: with it, what it has stored would delete the bucket", async () => {
    const withJetStream = await World.of((app) => declarePlatform(app, { name: SHARED }), {
      change: (accounts) =>
        accounts.map((account) =>
          account.name === "ACCESS" ? { ...account, users: account.users, jetStream: {} } : account,
        ),
    });
    try {
      const isGone = async (where: World) =>
        (await accountContents(await where.keeper("SHARED_ACCESS"))).KV_shared_access === undefined;
      for (const where of [withJetStream, world]) await deleteByStored(await where.keeper("ACCESS"));
      await eventually("the bucket is gone", () => isGone(withJetStream));
      expect(await isGone(world)).toBe(false);
    } finally {
      await withJetStream.stop();
    }
  });
});

describe.each(Object.entries(ATTACKERS))("%s does nothing to the access documents", (_, attacker) => {
  test.each(sample(Object.entries(attacker.attacks), 3))("%s", async (name, attack) => {
    const { platform, beside } = attacker;
    const account = accessAccountOf(platform);
    const keeper = await world.keeper(account);
    const ground = await groundOf(world, attacker, beside ?? account);
    if (beside) {
      const there = await held(keeper, platform);
      const messages = there.messages.filter(({ data }) => data !== btoa(CONFIDENTIAL));
      await put(ground.guard, streamOf(platform), { ...there, messages });
    }
    await begin(ground, attack);
    const before = await accountContents(keeper);
    const attempt = run(ground, attack);
    await (beside ? attempt : attempt.catch(() => undefined));
    if (beside) {
      await attack.meanwhile?.(ground);
      await eventually(name, () => attack.works(ground));
      await tidy(await world.keeper(beside), first.get(beside) ?? {});
    } else {
      await settle();
      expect(await attack.works(ground)).toBe(false);
    }
    expect(await accountContents(keeper)).toEqual(before);
    expect(ground.learned.filter(isKnown)).toEqual([]);
  });
});

const LEAKS = ["an isolated app, in the account of its messages", "MONITOR", "ACCESS"];

describe.each(LEAKS)("where it imports what it must not, %s does to them", (who) => {
  test.each(sample(Object.entries(DIRECTLY), 3))("%s", async (name, attack) => {
    const attacker = ATTACKERS[who] as Attacker;
    const ground = await groundOf(leaky, attacker, "APART_ACCESS");
    await put(ground.guard, streamOf(APART), genuine);
    await begin(ground, attack);
    await run(ground, attack);
    await eventually(name, () => attack.works(ground));
  });
});

/** Stores a message that is called as the deletion of the bucket, and has it delivered into what ACCESS imports. */
async function deleteByStored(client: Client): Promise<void> {
  const name = unique("stored");
  const ask = (subject: string, body: object) => client.request(subject, JSON.stringify(body)).catch(() => undefined);
  await ask(`$JS.API.STREAM.CREATE.${name}`, {
    name,
    subjects: [`${name}.>`],
    subject_transform: { src: `${name}.>`, dest: ">" },
  });
  await ask(`${name}.$JS.API.STREAM.DELETE.KV_shared_access`, {});
  const deliver_subject = "$JS.shared.API.STREAM.INFO.KV_shared_access";
  await client.subscribe(deliver_subject);
  const config = { name, deliver_subject, deliver_policy: "all", ack_policy: "none" };
  await ask(`$JS.API.CONSUMER.CREATE.${name}.${name}`, { stream_name: name, config });
  await settle(100);
}
