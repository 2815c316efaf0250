import type { Attempt } from "../attempt";
import type { Family } from "../family";
import type { Field } from "../field";
import { Forge, type Hoard, type Method, TRANSFORM } from "../forge";

/** A consumer that wants no acknowledgements. */
export const UNACKNOWLEDGED = { ack_policy: "none", max_ack_pending: undefined };

let count = 0;

/** Makes a consumer of stored messages, and says its name. */
export async function consumerOf({ client }: Field, { stream, filter }: Hoard, more: object): Promise<string> {
  const name = `c${count++}`;
  const config = {
    name,
    deliver_policy: "all",
    ack_policy: "explicit",
    max_ack_pending: 100_000,
    inactive_threshold: 10_000_000_000,
    ...(filter && { filter_subject: filter }),
    ...more,
  };
  const subject = `$JS.API.CONSUMER.CREATE.${stream}.${name}${filter ? `.${filter}` : ""}`;
  await client.ask(subject, { stream_name: stream, config });
  return name;
}

/** Fetches stored messages with their target as the subject of the answers. */
export async function fetchTo(field: Field, hoard: Hoard): Promise<void> {
  const name = await consumerOf(field, hoard, {});
  const request = JSON.stringify({ batch: hoard.attempts.length, expires: 2_000_000_000 });
  field.client.publish(`$JS.API.CONSUMER.MSG.NEXT.${hoard.stream}.${name}`, request, { reply: hoard.target });
}

/** Stores messages and leads them to their targets. */
export async function forged(
  field: Field,
  attempts: readonly Attempt[],
  lead: (field: Field, hoard: Hoard) => Promise<void>,
  { method = TRANSFORM, subscribed = false }: { method?: Method; subscribed?: boolean } = {},
): Promise<void> {
  const forge = new Forge(field, method);
  const targets = [...new Set(attempts.map(({ target }) => target))];
  const ears = subscribed ? targets.map((target) => field.client.subscribe(target, () => undefined)) : [];
  try {
    const hoards = await forge.store(attempts);
    await Promise.all(hoards.map((hoard) => lead(field, hoard)));
    await field.settle();
  } finally {
    for (const ear of ears) ear.unsubscribe();
    await forge.remove();
  }
}

/** Messages that are fetched, where nobody in the account but the import is at the target. */
export const fetching: Family = {
  name: "fetch",
  jetStream: true,
  attempts: (field) => field.crossed(),
  run: (field, attempts) => forged(field, attempts, fetchTo),
};

/** Messages that are fetched, while the attacker itself subscribes to the target too. */
export const fetchingSubscribed: Family = {
  name: "fetch, subscribed",
  jetStream: true,
  attempts: (field) => field.crossed(),
  run: (field, attempts) => forged(field, attempts, fetchTo, { subscribed: true }),
};

/** Messages that an acknowledgement asks for. */
export const acknowledging: Family = {
  name: "acknowledgement that asks for more",
  jetStream: true,
  attempts: (field) => field.crossed(),
  run: (field, attempts) =>
    forged(field, attempts, async (_, hoard) => {
      const { client } = field;
      const name = await consumerOf(field, hoard, {});
      const request = JSON.stringify({ batch: hoard.attempts.length, expires: 2_000_000_000 });
      const subject = `$JS.ACK.${hoard.stream}.${name}.1.1.1.1.0`;
      client.publish(subject, `+NXT ${request}`, { reply: hoard.target });
    }),
};
