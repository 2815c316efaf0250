import type { Family } from "../family";
import type { Field } from "../field";
import type { Hoard } from "../forge";
import { consumerOf, forged, UNACKNOWLEDGED } from "./fetch";

const pushTo =
  (more: object) =>
  async (field: Field, hoard: Hoard): Promise<void> => {
    await consumerOf(field, hoard, { deliver_subject: hoard.target, ...more });
  };

/** Messages that a consumer delivers by itself, where nobody but an import is at the target. */
export const pushing: Family = {
  name: "push",
  jetStream: true,
  attempts: (field) => field.crossed(),
  run: (field, attempts) => forged(field, attempts, pushTo({})),
};

/** Messages that a consumer delivers by itself, while the attacker subscribes to exactly the target. */
export const pushingSubscribed: Family = {
  name: "push, subscribed",
  jetStream: true,
  attempts: (field) => field.crossed(),
  run: (field, attempts) => forged(field, attempts, pushTo(UNACKNOWLEDGED), { subscribed: true }),
};

/** The same with heartbeats and flow control, which are messages of the server's to the target. */
export const pushingControlled: Family = {
  name: "push with flow control",
  jetStream: true,
  attempts: (field) => field.crossed(),
  run: (field, attempts) =>
    forged(field, attempts, pushTo({ flow_control: true, idle_heartbeat: 100_000_000 }), { subscribed: true }),
};

/** The same by the headers of each message alone, to a group. */
export const pushingHeaders: Family = {
  name: "push to a group, headers only",
  jetStream: true,
  attempts: (field) => field.crossed(),
  run: async (field, attempts) => {
    const targets = [...new Set(attempts.map(({ target }) => target))];
    const ears = targets.map((target) => field.client.subscribe(target, () => undefined, "group"));
    try {
      await forged(field, attempts, pushTo({ deliver_group: "group", headers_only: true }));
    } finally {
      for (const ear of ears) ear.unsubscribe();
    }
  },
};
