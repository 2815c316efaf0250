import { setTimeout as sleep } from "node:timers/promises";
import { marked } from "../attempt";
import type { Connection } from "../connection";
import type { Family } from "../family";
import type { Method } from "../forge";
import { fetchTo, forged } from "./fetch";

/** How long the server takes to store what is due, in milliseconds. */
const DUE = 500;

const COMMON = { storage: "memory", allow_direct: true };

const raw = (name: string, prefix: string) => ({ ...COMMON, name: `${name}_RAW`, subjects: [`${prefix}.>`] });

const without = (prefix: string) => [{ src: `${prefix}.>`, dest: ">" }];

/** A family of messages that are stored by some method, and then fetched. */
const storedBy = (name: string, method: Method, since?: Family["since"]): Family => ({
  name,
  jetStream: true,
  ownStreams: true,
  ...(since && { since }),
  ...(method.name === "source" && { share: 0.1 }),
  attempts: (field) => field.crossed(),
  run: (field, attempts) => forged(field, attempts, fetchTo, { method, subscribed: true }),
});

/** Messages that a stream takes from another one, and calls otherwise. */
export const sourced = storedBy("source with a transform", {
  name: "source",
  slow: true,
  streams: (name, prefix) => [
    raw(name, prefix),
    { ...COMMON, name, sources: [{ name: `${name}_RAW`, subject_transforms: without(prefix) }] },
  ],
});

/** Messages of a mirror that calls them otherwise. */
export const mirrored = storedBy("mirror with a transform", {
  name: "mirror",
  slow: true,
  streams: (name, prefix) => [
    raw(name, prefix),
    { ...COMMON, name, mirror: { name: `${name}_RAW`, subject_transforms: without(prefix) } },
  ],
});

/** Messages that become due by a schedule, and are then stored under its target. */
export const scheduled = storedBy(
  "message schedules",
  {
    name: "schedule",
    streams: (name, prefix) => [
      {
        ...COMMON,
        name,
        subjects: [`${prefix}.>`],
        subject_transform: { src: `${prefix}.due.>`, dest: ">" },
        allow_msg_schedules: true,
        allow_msg_ttl: true,
      },
    ],
    publish: async (client: Connection, prefix, attempts) => {
      for (const each of attempts) {
        const target = `${prefix}.due.${each.stored}`;
        const schedule = { "Nats-Schedule": `@at ${new Date(0).toISOString()}`, "Nats-Schedule-Target": target };
        client.publish(`${prefix}.schedule.${each.id}`, each.data, { headers: { ...marked(each), ...schedule } });
      }
      await client.flush();
      await sleep(DUE);
    },
  },
  [2, 12],
);

/** Messages that are stored all at once or not at all. */
export const batched = storedBy(
  "atomic batch",
  {
    name: "batch",
    streams: (name, prefix) => [
      { ...COMMON, name, subjects: [`${prefix}.>`], subject_transform: without(prefix)[0], allow_atomic: true },
    ],
    publish: async (client: Connection, prefix, attempts) => {
      const size = 500;
      for (let start = 0; start < attempts.length; start += size) {
        const batch = attempts.slice(start, start + size);
        for (const [index, each] of batch.entries()) {
          const last = index === batch.length - 1;
          const part = { "Nats-Batch-Id": `${prefix}-${start}`, "Nats-Batch-Sequence": `${index + 1}` };
          const headers = { ...marked(each), ...part, ...(last && { "Nats-Batch-Commit": "1" }) };
          client.publish(`${prefix}.${each.stored}`, each.data, { headers, ...(last && { reply: "forge.committed" }) });
        }
        await client.flush();
      }
    },
  },
  [2, 12],
);
