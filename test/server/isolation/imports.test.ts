import { AppNaming } from "../../../lib";
import { withoutPermissions } from "../../support/accounts-text";
import { type Client, type Headers, within } from "../../support/clients/client";
import { unique } from "../../support/clients/scene";
import { DIRECT, declarePlatform, World } from "../world";
import { Ground, SECRET, settle } from "./ground";
import { Victims } from "./victims";

/** The platform: `convex` attacks from an account of its own, without permissions; `cache` has one too. */
const PLATFORM = "prod";

let world: World;
let victims: Victims;
let ground: Ground;
let attacker: Client;
let platformKeeper: Client;
let guessed: string;

beforeAll(async () => {
  world = await World.of((app) => declarePlatform(app, { name: PLATFORM, isolated: ["convex", "cache"] }), {
    rewrite: (text) => withoutPermissions(text, `${AppNaming.of(PLATFORM, "convex").user}-messaging`),
  });
  await enter();
  platformKeeper = await world.keeper("PROD");
  await ground.guard.store(ground.victimKey, SECRET);
  await ground.node.store("$KV.prod_platform.config.other", SECRET);
  await ground.node.store("$KV.prod_platform.config.flags", "on");
  await ground.node.store("prod._.events.user.created", "an event");
  await ground.leaveUnacknowledged();
  guessed = ground.guessed;
  await ground.leave();
  victims = await Victims.of(world, PLATFORM);
}, 30_000);

beforeEach(enter);
afterEach(() => ground?.leave());
afterAll(() => world?.stop(), 30_000);

async function enter(): Promise<void> {
  const scene = await world.appScene(PLATFORM, DIRECT);
  ground = new Ground({ ...scene, client: scene.messaging }, await world.keeper("PROD_CACHE"));
  ground.guessed = guessed;
  attacker = ground.attacker;
}

/** The subjects of the attacker's imports in the accounts where they lead; `more` are its events and audit messages. */
const imports = (more = "^$") =>
  new RegExp(
    [
      "^\\$JS\\.API\\.CONSUMER\\.(INFO|MSG\\.NEXT)\\.prod_events\\.convex$",
      "^\\$JS\\.API\\.STREAM\\.INFO\\.prod_events$",
      "^\\$JS\\.ACK\\.prod_events\\.convex\\.",
      "^\\$JS\\.API\\.(STREAM\\.INFO|DIRECT\\.GET)\\.KV_prod_platform(\\.\\$KV\\.prod_platform\\.config\\.flags)?$",
      "^prod\\._\\.api\\.cache\\.get$",
      // A message that it fetches has its own subject, wherever it goes.
      "^prod\\._\\.events\\.user\\.created$",
      "^_R_\\.",
      "^\\$JS\\.EVENT\\.",
      more,
    ].join("|"),
  );

const NO_RESPONDERS = /no responders/;

const unharmed = (attack: () => Promise<unknown>) =>
  victims.expectUnharmed(imports(), async () => {
    await attack();
    await attacker.flush();
  });

/** What an attacker may hope to reach with the answer to a request. */
const TARGETS = () => [
  ground.victimKey,
  ground.victimNote,
  ground.victimAudit,
  "$KV.prod_platform.config.other",
  "$KV.prod_access.access.users.prod-convex",
  "prod._.live.events.user.created",
  "prod._.outbox.events.order.created",
  "prod._.events.order.created",
  "prod.cache.health.status",
  "_INBOX.victim",
  ...["$JS.API", "$JS.prod.API"].flatMap((api) => [
    `${api}.STREAM.DELETE.KV_prod_cache`,
    `${api}.STREAM.DELETE.prod_events`,
    `${api}.STREAM.PURGE.KV_prod_platform`,
    `${api}.STREAM.DELETE.KV_prod_access`,
    `${api}.STREAM.PURGE.KV_prod_access`,
    `${api}.CONSUMER.DELETE.prod_events.cache`,
  ]),
  ground.guessed,
];

describe("the answer of an import goes nowhere but into the attacker's own account", () => {
  test.each([
    ["a fetch", () => ground.next, ""],
    ["a look at the own consumer", () => "$JS.prod.API.CONSUMER.INFO.prod_events.convex", ""],
    ["a look at the platform's bucket", () => "$JS.prod.API.STREAM.INFO.KV_prod_platform", ""],
    ["a read of a key", () => "$JS.prod.API.DIRECT.GET.KV_prod_platform.$KV.prod_platform.config.flags", ""],
    ["an acknowledgement that asks for more", () => "$JS.ACK.prod_events.convex.1.1.1.1.0", "+NXT"],
    ["a call", () => "prod._.api.cache.get", ""],
  ])("%s", async (_, subjectOf, data) => {
    await ground.victimClient.subscribe("prod._.api.cache.get", (message) => message.respond("{}"));
    for (const target of TARGETS()) await ground.listen(target);
    const heard = ground.heard.length;
    await unharmed(async () => {
      for (const target of TARGETS()) ground.requestTo(target, subjectOf(), data);
    });
    expect(ground.heard.slice(heard).map(({ subject }) => subject)).toEqual([]);
  });

  test.each([
    ["an event", "prod._.events.user.attack", "prod_events"],
    ["an event, by its name in the outbox", "prod._.outbox.events.user.attack", "prod_events"],
    ["an audit message", "prod._.audit.convex.attack", "prod_audit"],
  ])("%s is stored, and its acknowledgement reaches nobody", async (_, subject, stream) => {
    const before = await victims.contents();
    const heard = ground.heard.length;
    for (const target of TARGETS()) ground.requestTo(target, subject, "any");
    await attacker.flush();
    await settle();
    const after = await victims.contents();
    const added = after.map((contents) =>
      contents[stream]?.messages.filter(({ subject }) => /\.attack$/.test(subject)),
    );
    // The server takes no message whose answer is to be an acknowledgement.
    expect(added[0]?.length).toBeGreaterThanOrEqual(TARGETS().length - 1);
    for (const contents of [...before, ...after]) delete contents[stream];
    expect(after).toEqual(before);
    expect(ground.heard.slice(heard).map(({ subject }) => subject)).toEqual([]);
  });
});

test.each([
  ["an event that is not declared", "prod._.events.order.created"],
  ["an event that is not declared, by its name in the outbox", "prod._.outbox.events.order.created"],
  ["all events at once", "prod._.outbox.events.>"],
  ["an audit message by the outbox", "prod._.outbox.audit.cache.query"],
  ["an event as if the platform had stored it", "prod._.live.events.user.created"],
  ["an audit message as if the platform had stored it", "prod._.live.audit.cache.query"],
  ["another app's audit message", "prod._.audit.cache.query"],
  ["another app's health", "prod.cache.health.status"],
  ["another app's health, to all", "prod.*.health.status"],
  ["the platform's own lock", "$KV.prod_platform.lock.global-migration"],
  ["the configuration", "$KV.prod_platform.config.flags"],
  ["an access document", "$KV.prod_access.access.users.prod-convex"],
  ["an access document of an earlier version", "$KV.prod_platform.access.users.prod-convex"],
  ["an answer to whoever waits for one", "_R_.>"],
  ["a call of an API that is not declared", "prod._.api.cache.admin"],
  ["a call of all APIs", "prod._.api.*.get"],
])("%s leads nowhere", async (_, subject) => {
  const monitor = await world.connect(DIRECT, "monitor");
  const arrivals = await Promise.all(["prod._.audit.>", "prod.*.health.>"].map((each) => monitor.subscribe(each)));
  await unharmed(async () => {
    attacker.publish(subject, "forged");
    attacker.publish(subject, "forged", { headers: { "Nats-Rollup": "all" } });
    attacker.publish(subject, "forged", { reply: "_INBOX.attack" });
  });
  expect(arrivals.flatMap(({ messages }) => messages)).toEqual([]);
});

/** Everything that the API can do to a stream and its consumers. */
const API = [
  ...["CREATE", "UPDATE", "DELETE", "PURGE", "MSG.GET", "MSG.DELETE", "SNAPSHOT", "RESTORE"].map(
    (verb) => (stream: string) => `STREAM.${verb}.${stream}`,
  ),
  (stream: string) => `DIRECT.GET.${stream}`,
  ...["CREATE", "NAMES", "LIST"].map((verb) => (stream: string) => `CONSUMER.${verb}.${stream}`),
  ...["CREATE", "DELETE", "INFO", "PAUSE", "RESET", "UNPIN", "MSG.NEXT", "DURABLE.CREATE", "LEADER.STEPDOWN"].map(
    (verb) => (stream: string) => `CONSUMER.${verb}.${stream}.cache`,
  ),
  () => "INFO",
  () => "STREAM.NAMES",
  () => "STREAM.LIST",
  () => "STREAM.>",
  () => ">",
];

test.each(["prod_events", "prod_audit", "KV_prod_platform", "KV_prod_access", "KV_prod_cache", "*"])(
  "no other part of the API is there, for the stream %s",
  async (stream) => {
    await unharmed(async () => {
      for (const subjectOf of API) {
        const answer = await ground.ask(`$JS.prod.API.${subjectOf(stream)}`, {
          stream_name: stream,
          config: { name: stream },
        });
        expect(answer).toMatch(NO_RESPONDERS);
      }
    });
  },
);

test.each(["+ACK", "-NAK", "+TERM", "+WPI"])("%s of another consumer's message changes nothing", async (kind) => {
  const [, , stream, , ...numbers] = ground.guessed.split(".");
  const subjects = [
    ground.guessed,
    `$JS.ACK.${stream}.*.${numbers.join(".")}`,
    `$JS.ACK.${stream}.>`,
    `$JS.ACK.prod_events.convex.${stream}.cache.${numbers.join(".")}`,
    `$JS.ACK._.convex.${stream}.cache.${numbers.join(".")}`,
  ];
  await unharmed(async () => {
    for (const subject of subjects) attacker.publish(subject, kind, { reply: "_INBOX.attack" });
  });
});

/** What headers say that servers before 2.12 do not know: a message with them is a plain one there. */
const UNKNOWN_TO_2_11: ReadonlySet<string> = new Set(["a schedule", "a counter", "a batch"]);

describe("headers of what may be published", () => {
  const send = async (subject: string, headers: Headers) =>
    attacker.store(subject, "any", headers).then(
      () => "stored",
      (error) => String(error),
    );

  test.each<[string, Headers, RegExp]>([
    ["a roll-up of all", { "Nats-Rollup": "all" }, /rollup not permitted/],
    ["a roll-up of the subject", { "Nats-Rollup": "sub" }, /rollup not permitted/],
    ["a time to live", { "Nats-TTL": "1s" }, /per-message TTL is disabled/],
    ["a schedule", { "Nats-Schedule": "@every 1s", "Nats-Schedule-Target": "prod._.events.user.x" }, /schedul/],
    ["a counter", { "Nats-Incr": "+1" }, /counter/],
    ["a batch", { "Nats-Batch-Id": "b", "Nats-Batch-Sequence": "1" }, /atomic publish is disabled/],
    ["another last sequence", { "Nats-Expected-Last-Sequence": "99999" }, /wrong last sequence/],
    ["another last message", { "Nats-Expected-Last-Msg-Id": "other" }, /wrong last msg ID/],
    ["another stream", { "Nats-Expected-Stream": "prod_audit_" }, /expected stream does not match/],
  ])("%s is refused", async (name, headers, says) => {
    if (UNKNOWN_TO_2_11.has(name) && /Version:\s+2\.11\./.test(world.server.log)) {
      expect(await send("prod._.events.user.plain", headers)).toBe("stored");
      return;
    }
    const subjects = imports("^prod\\._\\.(events\\.user|audit\\.convex)\\.attack$");
    await victims.expectUnharmed(subjects, async () => {
      for (const subject of ["prod._.events.user.attack", "prod._.audit.convex.attack"]) {
        expect(await send(subject, headers)).toMatch(says);
      }
    });
  });

  test("the trace of a message goes to the attacker's own account", async () => {
    const subjects = imports("^prod\\._\\.(events\\.user|audit\\.convex)\\.attack$");
    await victims.expectUnharmed(subjects, async () => {
      for (const target of TARGETS()) {
        const headers = { "Nats-Trace-Dest": target, "Nats-Trace-Only": "true" };
        attacker.publish("prod._.events.user.attack", "any", { headers });
        attacker.publish(ground.next, "", { headers });
      }
      await attacker.flush();
    });
  });

  test("who the request is from, which the server notes itself, cannot be forged", async () => {
    const forged = JSON.stringify({ acc: "PROD", svc: "PROD", user: "prod-node-1" });
    const own = JSON.stringify({ acc: "PROD_CACHE", svc: "PROD_CACHE" });
    const answers: string[] = [];
    await unharmed(async () => {
      for (const info of [forged, own]) {
        for (const tail of [
          "STREAM.DELETE.prod_events",
          "STREAM.DELETE.KV_prod_cache",
          "STREAM.DELETE.KV_prod_access",
          "STREAM.NAMES",
          "STREAM.MSG.GET.prod_audit",
        ]) {
          const headers = { "Nats-Request-Info": info };
          const answer = await attacker.request(`$JS.API.${tail}`, JSON.stringify({ seq: 1 }), headers).then(
            (message) => message.string(),
            (error) => String(error),
          );
          answers.push(answer);
        }
      }
    });
    expect(answers.join()).not.toMatch(/prod_audit"|prod_events"|KV_prod_cache"|KV_prod_access"/);
  });

  test("the id of a message that another app has sent suppresses nothing but the attacker's own", async () => {
    const id = unique("id");
    const sent = await ground.victimClient.store("prod._.events.user.created", "genuine", { "Nats-Msg-Id": id });
    await victims.expectUnharmed(imports("^prod\\._\\.events\\.user\\.attack$"), () =>
      send("prod._.events.user.attack", { "Nats-Msg-Id": id }),
    );
    const stored = await platformKeeper.request(
      "$JS.API.STREAM.MSG.GET.prod_events",
      JSON.stringify({ seq: sent.seq }),
    );
    expect(JSON.parse(stored.string()).message.data).toBe(btoa("genuine"));
  });

  test("open: an id that is guessed beforehand suppresses the message of another app", async () => {
    const id = unique("id");
    await send("prod._.events.user.attack", { "Nats-Msg-Id": id });
    const sent = await ground.victimClient.store("prod._.events.user.created", "genuine", { "Nats-Msg-Id": id });
    expect(sent).toMatchObject({ duplicate: true });
  });
});

test("a stream, mirror or source of the attacker's own reads and takes nothing of others", async () => {
  const create = async (config: { readonly name: string }) =>
    JSON.parse(await ground.ask(`$JS.API.STREAM.CREATE.${config.name}`, config));
  const external = { api: "$JS.prod.API", deliver: "prod._.events.user" };
  const names = ["KV_prod_cache", "KV_prod_platform", "KV_prod_access", "prod_audit", "prod_events"];
  await unharmed(async () => {
    for (const name of names) {
      await create({ name: `mirror-${name}`, mirror: { name, external } } as never);
      await create({ name: `source-${name}`, sources: [{ name, external }] } as never);
    }
    await create({ name: "replies", subjects: ["_R_.>"] } as never);
    await settle();
  });
  for (const name of names) {
    for (const kind of ["mirror", "source"]) {
      const info = JSON.parse(await ground.ask(`$JS.API.STREAM.INFO.${kind}-${name}`));
      expect(info.state?.messages ?? 0).toBe(0);
      await ground.ask(`$JS.API.STREAM.DELETE.${kind}-${name}`);
    }
  }
  await ground.ask("$JS.API.STREAM.DELETE.replies");
});

test("the server tells nothing about other accounts", async () => {
  const answers: string[] = [];
  await unharmed(async () => {
    for (const subject of [
      "$SYS.REQ.ACCOUNT.PROD.CONNZ",
      "$SYS.REQ.ACCOUNT.PROD.SUBSZ",
      "$SYS.REQ.ACCOUNT.PROD.JSZ",
      "$SYS.REQ.SERVER.PING.VARZ",
      "$SYS.REQ.SERVER.PING.JSZ",
      "$SYS.REQ.SERVER.PING.CONNZ",
      "$SYS.REQ.ACCOUNT.PING.CONNZ",
      "$SYS.REQ.USER.INFO",
      "$JS.API.ACCOUNT.PURGE.PROD",
      "$JS.API.META.LEADER.STEPDOWN",
      "$JS.API.SERVER.REMOVE",
    ]) {
      const answer = await within(
        "answer",
        attacker.request(subject, JSON.stringify({ acc: "PROD", account: "PROD" })),
        300,
      ).then(
        (message) => message.string(),
        (error) => String(error),
      );
      answers.push(answer);
    }
  });
  expect(answers.join()).not.toMatch(
    /prod-node-1|prod-cache|"account":"PROD"|KV_prod_cache|KV_prod_access|prod_events/,
  );
});

test("whoever subscribes to everything sees platform events and calls of its own API, and nothing else of others", async () => {
  const everything = await attacker.subscribe(">");
  const { guard, node, victimClient, victim } = ground;
  await ground.victimClient.subscribe("prod._.api.cache.get", (message) => message.respond(SECRET));
  await guard.store(ground.victimKey, SECRET);
  guard.publish(ground.victimNote, SECRET);
  await victimClient.store(victim.auditSubject("query"), SECRET);
  victimClient.publish(victim.subject("health", "status"), SECRET);
  await node.store("$KV.prod_platform.config.other", SECRET);
  await victimClient.fetch("prod_events", "cache", 1, "prod");
  await node.store("prod._.events.user.created", "for all");
  await settle();
  const subjects = new Set(everything.messages.map(({ subject }) => subject));
  expect([...subjects]).toEqual(["prod._.events.user.created"]);
  expect(everything.messages.map((message) => message.string())).not.toContain(SECRET);
});

test("a call is answered once, whatever the answering app sends", async () => {
  const answerer = await world.connect(DIRECT, world.speakerOf(AppNaming.of(PLATFORM, "convex")));
  const replies: string[] = [];
  await answerer.subscribe("prod._.api.convex.query", (message) => {
    replies.push(message.reply ?? "");
    message.respond("one");
    message.respond("two");
  });
  const inbox = unique("_INBOX.answers");
  const answers = await ground.victimClient.subscribe(inbox);
  ground.victimClient.publish("prod._.api.convex.query", "", { reply: inbox });
  await answers.first();
  answerer.publish(replies[0] ?? "", "three");
  await answerer.flush();
  await settle();
  expect(answers.messages.map((message) => message.string())).toEqual(["one"]);
});

test("open: whoever reads one key of the configuration sees the names of all keys of the platform's bucket", async () => {
  const answer = await ground.ask("$JS.prod.API.STREAM.INFO.KV_prod_platform", { subjects_filter: ">" });
  expect(answer).toContain("$KV.prod_platform.config.other");
  expect(answer).not.toContain(".access.");
});

test("open: an empty event ends the fetch of another account, whose rest comes when the acknowledgement time is over", async () => {
  const texts = ["one", "", "three"];
  await ground.node.request("$JS.API.STREAM.PURGE.prod_events");
  for (const text of texts) attacker.publish("prod._.events.user.created", text);
  await attacker.flush();
  await settle();
  const inbox = unique("_INBOX.batch");
  const arrivals = await ground.victimClient.subscribe(inbox);
  const request = JSON.stringify({ batch: 10, expires: 300_000_000 });
  ground.victimClient.publish("$JS.prod.API.CONSUMER.MSG.NEXT.prod_events.cache", request, { reply: inbox });
  await arrivals.first((message) => message.string() === "");
  await settle();
  expect(arrivals.messages.map((message) => message.string())).toEqual(["one", ""]);
});
