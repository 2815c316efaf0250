import { type App, TerraformStack } from "cdktf";
import { AppConstruct, AppNaming, Isolation, Monitoring, PlatformConstruct } from "../../../lib";
import { checkAccounts, passwordsFor } from "../../../scripts/tools/nats-server";
import { accountContents } from "../../support/account-contents";
import type { Arrivals, Client } from "../../support/clients/client";
import { unique } from "../../support/clients/scene";
import { render } from "../render";
import { DIRECT, World } from "../world";
import { settle } from "./ground";

const APPS = ["convex", "vault", "cache", "desk"] as const;
const ISOLATED: readonly string[] = ["convex", "vault"];
/** Patterns of which some overlap. */
const PATTERNS = ["user.>", "*.created", "order.*.done", "tick.*", "start"];
const API = ["get", "admin.>", "*.users.add", "of.*.kind"];

/** A platform of isolated and other apps in which everybody publishes, consumes, serves and calls everybody. */
function everybody(app: App): void {
  const stack = new TerraformStack(app, "prod");
  const platform = new PlatformConstruct(stack, "platform", {
    platformName: "prod",
    nodes: ["node-1"],
    servers: ["nats://nats:4222"],
    monitoring: Monitoring.HISTORY,
  });
  const apps = APPS.map((name) => {
    const isolation = ISOLATED.includes(name) ? Isolation.ACCOUNT : Isolation.PERMISSIONS;
    return new AppConstruct(platform, name, { isolation, liveEvents: [">"] });
  });
  for (const each of apps) {
    each.serveApi(...API);
    each.publishEvents(...PATTERNS);
    each.consumeEvents();
    each.readPlatformConfig("flags");
    each.publishAudit();
    each.publishHealth();
    for (const other of apps) if (other !== each) each.callApi(other, ...API);
  }
}

const USERS = [...APPS.map((name) => `prod-${name}`), "prod-node-1"];

let world: World;
let keeper: Client;
const clients = new Map<string, Client>();
const events = new Map<string, Arrivals>();

beforeAll(async () => {
  world = await World.of(everybody);
  keeper = await world.keeper("PROD");
  for (const app of APPS) {
    const speaker = world.speakerOf(AppNaming.of("prod", app));
    clients.set(`prod-${app}`, await world.connect(DIRECT, speaker));
  }
  for (const user of ["prod-node-1", "monitor"]) clients.set(user, await world.connect(DIRECT, user));
  for (const user of USERS) events.set(user, await clientOf(user).subscribe("prod._.events.>"));
}, 30_000);

afterAll(() => world?.stop(), 30_000);

function clientOf(user: string): Client {
  const client = clients.get(user);
  if (!client) throw new Error(`no client of ${user}`);
  return client;
}

/** How often a text has arrived, under which subject. */
const copies = ({ messages }: Arrivals, text: string) =>
  messages.filter((message) => message.string() === text).map(({ subject }) => subject);

/** The subjects under which a text is stored, in all streams of the platform. */
async function stored(text: string): Promise<string[]> {
  const streams = Object.entries(await accountContents(keeper));
  return streams.flatMap(([stream, { messages }]) =>
    messages.filter(({ data }) => data === btoa(text)).map(({ subject }) => `${stream} ${subject}`),
  );
}

test("nats-server takes the accounts of a program in which everybody calls everybody", () => {
  const { accounts } = render(everybody);
  const { ok, output } = checkAccounts(accounts, passwordsFor(accounts));
  expect(output).not.toMatch(/cycle|error/i);
  expect(ok).toBe(true);
});

test("apps of one account may call overlapping parts of the API of an isolated app", () => {
  const { accounts } = render((app) => {
    const platform = new PlatformConstruct(new TerraformStack(app, "prod"), "platform", {
      platformName: "prod",
      nodes: ["node-1"],
      servers: ["nats://nats:4222"],
    });
    const convex = new AppConstruct(platform, "convex", { isolation: Isolation.ACCOUNT });
    convex.serveApi("admin.>");
    new AppConstruct(platform, "cache").callApi(convex, "admin.>");
    new AppConstruct(platform, "desk").callApi(convex, "admin.users");
  });
  expect(checkAccounts(accounts, passwordsFor(accounts)).ok).toBe(true);
});

describe.each(USERS)("an event of %s", (publisher) => {
  test.each(["user.created", "order.created", "user.of.many.tokens", "order.7.done", "tick.1", "start"])(
    "on %s is stored once and comes once to everybody",
    async (target) => {
      const subject = `prod._.events.${target}`;
      const [acknowledged, plain] = [unique("event"), unique("event")];
      const exact = await Promise.all(USERS.map((user) => clientOf(user).subscribe(subject)));
      await clientOf(publisher).store(subject, acknowledged);
      clientOf(publisher).publish(subject, plain);
      await clientOf(publisher).flush();
      await settle();
      for (const text of [acknowledged, plain]) {
        expect(await stored(text)).toEqual([`prod_events ${subject}`]);
        for (const arrivals of [...events.values(), ...exact]) expect(copies(arrivals, text)).toEqual([subject]);
      }
    },
  );
});

test("an event comes once to every durable consumer", async () => {
  const text = unique("event");
  await clientOf("prod-convex").store("prod._.events.user.created", text);
  for (const app of APPS) {
    const domain = ISOLATED.includes(app) ? "prod" : undefined;
    const all: string[] = [];
    while (!all.includes(text)) all.push(...(await clientOf(`prod-${app}`).fetch("prod_events", app, 1, domain)));
    const { num_pending } = JSON.parse((await keeper.request(`$JS.API.CONSUMER.INFO.prod_events.${app}`)).string());
    expect([all.filter((each) => each === text), num_pending]).toEqual([[text], 0]);
  }
});

test.each(APPS)("an audit message of %s is stored once and comes once to MONITOR and the nodes", async (app) => {
  const subject = `prod._.audit.${app}.query`;
  const text = unique("audit");
  const arrivals = await Promise.all(
    ["monitor", "prod-node-1"].map((user) => clientOf(user).subscribe("prod._.audit.>")),
  );
  await clientOf(`prod-${app}`).store(subject, text);
  await settle();
  expect(await stored(text)).toEqual([`prod_audit ${subject}`]);
  for (const each of arrivals) expect(copies(each, text)).toEqual([subject]);
});

test.each(APPS)("the health of %s comes once to MONITOR", async (app) => {
  const text = unique("health");
  const arrivals = await clientOf("monitor").subscribe("prod.*.health.>");
  clientOf(`prod-${app}`).publish(`prod.${app}.health.status`, text);
  await clientOf(`prod-${app}`).flush();
  await settle();
  expect(copies(arrivals, text)).toEqual([`prod.${app}.health.status`]);
});

describe.each(APPS)("a call of %s", (server) => {
  test.each(
    APPS.filter((app) => app !== server).flatMap((app) =>
      ["get", "admin.users.add", "of.7.kind"].map((name) => [app, name]),
    ),
  )("by %s on %s is received once and answered once", async (caller, name) => {
    const [text, subject] = [unique("call"), `prod._.api.${server}.${name}`];
    const calls = await clientOf(`prod-${server}`).subscribe(subject, (message) => {
      if (message.string() === text) message.respond(`to ${text}`);
    });
    const inbox = unique("_INBOX.answers");
    const answers = await clientOf(`prod-${caller}`).subscribe(inbox);
    clientOf(`prod-${caller}`).publish(subject, text, { reply: inbox });
    await answers.first();
    await settle();
    expect(copies(calls, text)).toEqual([subject]);
    expect(answers.messages.map((message) => message.string())).toEqual([`to ${text}`]);
  });
});

test("patterns that overlap permit no more than each of them does", async () => {
  const refused = ["prod._.events.user", "prod._.events.order.changed", "prod._.api.vault.other.users.remove"];
  const convex = clientOf("prod-convex");
  for (const subject of refused) convex.publish(subject, "no");
  await convex.flush();
  const refusals = convex.refusals.map(({ subject }) => subject.replace(/\.outbox(\.\d)?/, ""));
  expect(refused.filter((subject) => !refusals.includes(subject))).toEqual([]);
});

test("a node that subscribes to everything sees an event also where the stream publishes it again", async () => {
  const text = unique("event");
  const everything = await clientOf("prod-node-1").subscribe("prod.>");
  await clientOf("prod-vault").store("prod._.events.user.created", text);
  await settle();
  expect(copies(everything, text)).toEqual(["prod._.events.user.created", "prod._.live.events.user.created"]);
});
