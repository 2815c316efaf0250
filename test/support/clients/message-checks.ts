import { within } from "./client";
import { assertEqual, type Checks, unique } from "./scene";

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
  },
  inbox: {
    "inbox: replies arrive": async ({ client, keeper, app }) => {
      const subject = app.subject("note", unique("asked"));
      await keeper.subscribe(subject, (message) => message.respond("answer"));
      assertEqual("text", (await within("answer", client.request(subject))).string(), "answer");
    },
  },
  "events.live": {
    "events: live": async ({ client, node, platform }) => {
      const target = unique("live");
      const arrivals = await client.subscribe(platform.componentSubjects("events"));
      node.publish(platform.subject("events", `order.${target}`), "one");
      await arrivals.first(({ subject }) => subject.endsWith(target));
    },
    "events: live, in a queue group of its own": async ({ client, node, platform, group }) => {
      const target = unique("grouped");
      const groups = [group, `${group}.workers`];
      const arrivals = await Promise.all(
        groups.map((queue) => client.subscribe(platform.componentSubjects("events"), undefined, queue)),
      );
      node.publish(platform.subject("events", `order.${target}`), "one");
      for (const each of arrivals) await each.first(({ subject }) => subject.endsWith(target));
    },
  },
  "events.publish": {
    "events: publish with acknowledgement": async ({ client, platform }) => {
      const { stream } = await client.store(platform.subject("events", `user.deleted.${unique("event")}`), "one");
      assertEqual("stream", stream, platform.eventsStream);
    },
  },
  "audit.publish": {
    "audit: publish with acknowledgement": async ({ client, app, platform }) => {
      const { stream } = await client.store(app.auditSubject(unique("query")), "one");
      assertEqual("stream", stream, platform.auditStream);
    },
  },
  "service.call": {
    "service: call another app": async ({ client, other, otherApp }) => {
      await other.subscribe(otherApp.apiSubject(API.ofOther), (message) => message.respond("answer"));
      const reply = await within("answer", client.request(otherApp.apiSubject(API.ofOther)));
      assertEqual("text", reply.string(), "answer");
    },
  },
  "service.serve": {
    "service: receive a call": async ({ client, node, app }) => {
      const text = unique("call");
      const calls = await client.subscribe(app.apiSubject(API.of));
      node.publish(app.apiSubject(API.of), text);
      await calls.first((message) => message.string() === text);
    },
  },
  "service.reply": {
    "service: answer another app": async ({ client, other, app }) => {
      await client.subscribe(app.apiSubject(API.of), (message) => message.respond("answer"));
      assertEqual("text", (await within("answer", other.request(app.apiSubject(API.of)))).string(), "answer");
    },
    "service: answer a node": async ({ client, node, app }) => {
      await client.subscribe(app.apiSubject(API.of), (message) => message.respond("answer"));
      assertEqual("text", (await within("answer", node.request(app.apiSubject(API.of)))).string(), "answer");
    },
  },
} satisfies { [capability: string]: Checks };
