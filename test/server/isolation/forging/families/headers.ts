import type { Headers } from "../../../../support/clients/client";
import { marked } from "../attempt";
import type { Family } from "../family";
import type { Field } from "../field";

/** Headers that mean something to the server. */
function meaningful({ victims, targets }: Field): Headers[] {
  const info = victims.flatMap(({ name, users }): Headers[] => [
    { "Nats-Request-Info": JSON.stringify({ acc: name, svc: name, user: users[0]?.name ?? "" }) },
    { "Nats-Service-Latency": JSON.stringify({ requestor: { acc: name }, responder: { acc: name } }) },
  ]);
  const [target = "any"] = targets.map(({ subject }) => subject);
  return [
    {},
    { "Nats-Rollup": "all" },
    { "Nats-Rollup": "sub" },
    { "Nats-TTL": "1s" },
    { "Nats-Incr": "+1" },
    { "Nats-Msg-Id": "1" },
    { "Nats-Expected-Stream": "other" },
    { "Nats-Expected-Last-Sequence": "0" },
    { "Nats-Expected-Last-Subject-Sequence": "0", "Nats-Expected-Last-Subject-Sequence-Subject": ">" },
    { "Nats-Expected-Last-Msg-Id": "1" },
    { "Nats-Batch-Id": "forged", "Nats-Batch-Sequence": "1", "Nats-Batch-Commit": "1" },
    { "Nats-Schedule": "@at 1970-01-01T00:00:00Z", "Nats-Schedule-Target": target },
    { "Nats-Schedule-Next": "purge", "Nats-Scheduler": "forged" },
    { "KV-Operation": "PURGE", "Nats-Marker-Reason": "Purge" },
    { "Nats-Stream": "other", "Nats-Subject": "other.subject", "Nats-Sequence": "1" },
    { "Nats-Stream-Source": "other 1 > >" },
    { "Nats-Required-Api-Level": "99" },
    { "Nats-Reverse": "1", "Nats-Response-Type": "x" },
    { Status: "100", Description: "Idle Heartbeat" },
    { "Content-Type": "application/json", traceparent: "00-1-1-01" },
    ...info,
  ];
}

/** Headers that the server acts on, on everything that the imports take, and on requests to others. */
export const headersFamily: Family = {
  name: "headers",
  attempts: (field) => {
    const subjects = field.targets.filter(({ leads }) => leads).map(({ subject }) => subject);
    const requests = field.names.filter(({ subject }) => subject.startsWith("$JS.API.STREAM.")).slice(0, 40);
    return meaningful(field).flatMap((headers) => [
      ...subjects.flatMap((target) => ["", "forged"].map((data) => ({ target, stored: "", data, headers }))),
      ...requests.map(({ subject: target, data }) => ({ target, stored: "", data, headers })),
    ]);
  },
  run: async ({ client }, attempts) => {
    for (const each of attempts) {
      client.publish(each.target, each.data, { headers: marked(each), reply: "_INBOX.loot.headers" });
    }
  },
};

/** Traces of messages, which the server sends where the sender wants them. */
export const tracing: Family = {
  name: "message traces",
  since: [2, 11],
  attempts: ({ targets, names }) => {
    const carriers = [...targets.filter(({ leads }) => leads).map(({ subject }) => subject), "trace.probe"];
    const destinations = [...targets, ...names].map(({ subject }) => subject);
    return [...new Set(destinations)].flatMap((target, index) =>
      ["true", "false"].map((only) => ({
        target,
        stored: "",
        data: "",
        via: carriers[index % carriers.length] as string,
        headers: { "Nats-Trace-Dest": target, "Nats-Trace-Only": only },
      })),
    );
  },
  run: async ({ client }, attempts) => {
    for (const each of attempts) client.publish(each.via ?? "", each.data, { headers: marked(each) });
  },
};
