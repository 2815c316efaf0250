import { type Arrivals, type Client, within } from "./client";
import { assertEqual, type Checks, type Scene, unique } from "./scene";

/** The queue groups in which a user may be. */
const groupsOf = ({ group }: Scene) => [group, `${group}.workers`];

/** Subscriptions of a user in each of its queue groups. */
const inGroups = (scene: Scene, client: Client, subject: string): Promise<Arrivals[]> =>
  Promise.all(groupsOf(scene).map((queue) => client.subscribe(subject, undefined, queue)));

const API = { of: "query", ofOther: "get" };

export const MESSAGE_CHECKS = {
  "core.publish": {
    "own subjects: publish": async ({ client, keeper, app }) => {
      const subject = app.subject("note", unique("published"));
      const arrivals = await keeper.subscribe(subject);
      client.publish(subject, "one");
      assertEqual("text", (await arrivals.first()).string(), "one");
    },
    "wal: publish with acknowledgement": async ({ client, app }) => {
      const { stream } = await client.store(app.subject("wal", unique("frames")), "one");
      assertEqual("stream", stream, app.walStream);
    },
  },
  "core.subscribe": {
    "own subjects: subscribe": async ({ client, keeper, app }) => {
      const subject = app.subject("note", unique("received"));
      const arrivals = await client.subscribe(subject);
      keeper.publish(subject, "one");
      assertEqual("text", (await arrivals.first()).string(), "one");
    },
    "own subjects: subscribe, in a queue group of its own": async (scene) => {
      const { client, keeper, app } = scene;
      const subject = app.subject("note", unique("grouped"));
      const arrivals = await inGroups(scene, client, subject);
      keeper.publish(subject, "one");
      for (const each of arrivals) assertEqual("text", (await each.first()).string(), "one");
    },
  },
  inbox: {
    "inbox: replies arrive": async ({ client, keeper, app }) => {
      const subject = app.subject("note", unique("asked"));
      await keeper.subscribe(subject, (message) => message.respond("answer"));
      assertEqual("text", (await within("answer", client.request(subject))).string(), "answer");
    },
  },
  "events.live": {
    "events: live": async ({ messaging: client, node, platform }) => {
      const target = unique("live");
      const arrivals = await client.subscribe(platform.componentSubjects("events"));
      node.publish(platform.subject("events", `order.${target}`), "one");
      await arrivals.first(({ subject }) => subject.endsWith(target));
    },
    "events: live, in a queue group of its own": async (scene) => {
      const { messaging, node, platform } = scene;
      const target = unique("grouped");
      const arrivals = await inGroups(scene, messaging, platform.componentSubjects("events"));
      node.publish(platform.subject("events", `order.${target}`), "one");
      for (const each of arrivals) await each.first(({ subject }) => subject.endsWith(target));
    },
  },
  "events.publish": {
    "events: publish with acknowledgement": async ({ messaging: client, platform }) => {
      const { stream } = await client.store(platform.subject("events", `user.deleted.${unique("event")}`), "one");
      assertEqual("stream", stream, platform.eventsStream);
    },
  },
  "audit.publish": {
    "audit: publish with acknowledgement": async ({ messaging: client, app, platform }) => {
      const { stream } = await client.store(app.auditSubject(unique("query")), "one");
      assertEqual("stream", stream, platform.auditStream);
    },
  },
  "health.publish": {
    "health: MONITOR receives it": async ({ messaging, monitor, app }) => {
      const subject = app.subject("health", unique("status"));
      const arrivals = await monitor.subscribe(subject);
      messaging.publish(subject, "one");
      assertEqual("text", (await arrivals.first()).string(), "one");
    },
  },
  "service.call": {
    "service: call another app": async ({ messaging: client, other, otherApp }) => {
      await other.subscribe(otherApp.apiSubject(API.ofOther), (message) => message.respond("answer"));
      const reply = await within("answer", client.request(otherApp.apiSubject(API.ofOther)));
      assertEqual("text", reply.string(), "answer");
    },
  },
  "service.serve": {
    "service: receive a call": async ({ messaging: client, node, app }) => {
      const text = unique("call");
      const calls = await client.subscribe(app.apiSubject(API.of));
      node.publish(app.apiSubject(API.of), text);
      await calls.first((message) => message.string() === text);
    },
    "service: receive a call of another app, in a queue group of its own": async (scene) => {
      const { messaging, other, app } = scene;
      const text = unique("call");
      const calls = await inGroups(scene, messaging, app.apiSubject(API.of));
      other.publish(app.apiSubject(API.of), text);
      for (const each of calls) await each.first((message) => message.string() === text);
    },
  },
  "service.reply": {
    "service: answer another app": async ({ messaging: client, other, app }) => {
      await client.subscribe(app.apiSubject(API.of), (message) => message.respond("answer"));
      assertEqual("text", (await within("answer", other.request(app.apiSubject(API.of)))).string(), "answer");
    },
    "service: answer a node": async ({ messaging: client, node, app }) => {
      await client.subscribe(app.apiSubject(API.of), (message) => message.respond("answer"));
      assertEqual("text", (await within("answer", node.request(app.apiSubject(API.of)))).string(), "answer");
    },
  },
} satisfies { [capability: string]: Checks };
