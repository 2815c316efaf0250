import type { Attempt } from "../attempt";
import type { Family } from "../family";
import type { Field } from "../field";
import { Forge, type Hoard } from "../forge";

async function withHoards(field: Field, attempts: readonly Attempt[], lead: (hoard: Hoard) => void): Promise<void> {
  const forge = new Forge(field);
  for (const hoard of await forge.store(attempts)) lead(hoard);
  await field.settle();
  await forge.remove();
}

/** Single messages that are read by a direct get. */
export const directGet: Family = {
  name: "direct get",
  jetStream: true,
  attempts: (field) => field.crossed(),
  run: (field, attempts) =>
    withHoards(field, attempts, ({ stream, filter, target: reply, attempts: all }) => {
      const { client } = field;
      if (filter) client.publish(`$JS.API.DIRECT.GET.${stream}.${filter}`, "", { reply });
      for (const [index] of all.entries()) {
        if (!filter) client.publish(`$JS.API.DIRECT.GET.${stream}`, `{"seq":${index + 1}}`, { reply });
      }
    }),
};

/** Many messages that are read by one direct get. */
export const directGetBatch: Family = {
  name: "batched direct get",
  jetStream: true,
  since: [2, 11],
  attempts: (field) => field.crossed(),
  run: (field, attempts) =>
    withHoards(field, attempts, ({ stream, target: reply, attempts: all }) => {
      const { client } = field;
      const subject = `$JS.API.DIRECT.GET.${stream}`;
      client.publish(subject, JSON.stringify({ seq: 1, batch: all.length }), { reply });
      client.publish(subject, JSON.stringify({ multi_last: [">"], batch: all.length }), { reply });
    }),
};

/** Messages that are read by the API for one message, which answers with JSON. */
export const messageGet: Family = {
  name: "get of a message",
  jetStream: true,
  attempts: (field) => field.crossed().filter(({ data }) => data === ""),
  run: (field, attempts) =>
    withHoards(field, attempts, ({ stream, target: reply, attempts: all }) => {
      for (const [index] of all.entries()) {
        field.client.publish(`$JS.API.STREAM.MSG.GET.${stream}`, `{"seq":${index + 1}}`, { reply });
      }
    }),
};
