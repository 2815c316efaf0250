import { type Attack, bucket, counts, gone, learnedSecret, overhear, storeSecret, written } from "./attacks";
import { type Ground, settle } from "./ground";

const FORGED = "forged";

/** A document that the bucket does not have. */
const added = ({ victimBucket }: Ground) => `$KV.${victimBucket}.access.users.evil`;

const isAdded = async (ground: Ground) =>
  (await ground.messagesIn(bucket(ground), ground.guard)).some(({ subject }) => subject === added(ground));

/** The effect that the document is no longer there. */
const isDeleted = async (ground: Ground) => (await ground.victimValue()) === "";

/** Every request of the API that is about a stream, those that end it last. */
const REQUESTS: readonly [string, (ground: Ground) => object][] = [
  ["STREAM.INFO", () => ({ subjects_filter: ">" })],
  ["STREAM.MSG.GET", () => ({ seq: 1 })],
  ["STREAM.MSG.DELETE", () => ({ seq: 1 })],
  ["STREAM.SNAPSHOT", () => ({ deliver_subject: "_INBOX.snapshot" })],
  ["STREAM.LEADER.STEPDOWN", () => ({})],
  ["STREAM.PEER.REMOVE", () => ({ peer: "any" })],
  ["STREAM.CREATE", (ground) => ({ name: bucket(ground), subjects: [`$KV.${ground.victimBucket}.>`] })],
  ["STREAM.RESTORE", (ground) => ({ config: { name: bucket(ground) }, state: {} })],
  ["STREAM.UPDATE", (ground) => ({ name: bucket(ground), subjects: ["forged.>"] })],
  ["CONSUMER.CREATE", (ground) => ({ stream_name: bucket(ground), config: { ack_policy: "none" } })],
  ["STREAM.PURGE", () => ({})],
  ["STREAM.DELETE", () => ({})],
];

/** What whoever reaches the bucket does with it, without a stream of its own. */
export const DIRECTLY: { readonly [name: string]: Attack } = {
  "a document is written": {
    run: async ({ attacker, victimKey }) => attacker.publish(victimKey, FORGED),
    works: written(/^forged$/),
  },
  "a document is added": {
    run: async (ground) => ground.attacker.publish(added(ground), FORGED),
    works: isAdded,
  },
  "a document is marked as deleted": {
    before: storeSecret,
    run: async ({ attacker, victimKey }) => attacker.publish(victimKey, "", { headers: { "KV-Operation": "DEL" } }),
    works: isDeleted,
  },
  "all documents give way to one, by a roll-up": {
    before: storeSecret,
    run: async ({ attacker, victimKey }) => attacker.publish(victimKey, FORGED, { headers: { "Nats-Rollup": "all" } }),
    works: counts(1, bucket),
  },
  "a document is purged": {
    before: storeSecret,
    run: (ground) => ground.askEverywhere(`STREAM.PURGE.${bucket(ground)}`, { filter: ground.victimKey }),
    works: isDeleted,
  },
  "the documents are made to expire": {
    run: (ground) =>
      ground.askEverywhere(`STREAM.UPDATE.${bucket(ground)}`, {
        name: bucket(ground),
        subjects: [`$KV.${ground.victimBucket}.>`],
        max_msgs_per_subject: 1,
        discard: "new",
        deny_delete: true,
        allow_rollup_hdrs: true,
        allow_direct: true,
        max_age: 100_000_000,
        duplicate_window: 100_000_000,
      }),
    works: counts(0, bucket),
  },
  "every request of the API is made, up to the deletion of the bucket": {
    run: async (ground) => {
      for (const [verb, body] of REQUESTS) await ground.askEverywhere(`${verb}.${bucket(ground)}`, body(ground));
    },
    works: gone(bucket),
  },
};

/** A stream of the attacker's own that is made for an attack. */
const own = (ground: Ground, name: string) => `${ground.app.keyValueStore}_${name}`;

const create = (ground: Ground, name: string, config: object) =>
  ground.ask(`$JS.API.STREAM.CREATE.${own(ground, name)}`, { name: own(ground, name), storage: "memory", ...config });

/** What whoever has streams of its own does by them. */
export const BY_STREAMS: { readonly [name: string]: Attack } = {
  "a stream publishes again under the subject of a document": {
    run: async (ground) => {
      const subject = ground.app.subject("note", "again");
      await create(ground, "again", { subjects: [subject], republish: { src: subject, dest: ground.victimKey } });
      await ground.ask(subject, FORGED);
    },
    works: written(/^forged$/),
  },
  "a stream copies the bucket, from its own account or by an API of others": {
    before: storeSecret,
    run: async (ground) => {
      const source = (external?: object) => ({ name: bucket(ground), ...(external && { external }) });
      const apis = [undefined, ...ground.apis.slice(1), `$JS.${ground.victimBucket}.API`];
      for (const [index, api] of apis.entries()) {
        const external = api === undefined ? undefined : { api, deliver: ground.app.subject("note", "copied") };
        await create(ground, `copy-${index}`, { sources: [source(external)] });
        await create(ground, `mirror-${index}`, { mirror: source(external) });
      }
      await settle(300);
      for (const index of apis.keys()) {
        for (const kind of ["copy", "mirror"]) {
          await ground.ask(`$JS.API.STREAM.MSG.GET.${own(ground, `${kind}-${index}`)}`, {
            last_by_subj: ground.victimKey,
          });
        }
      }
    },
    works: learnedSecret,
  },
  "a consumer of the bucket delivers what is in it": {
    before: storeSecret,
    run: async (ground) => {
      const deliver_subject = ground.app.subject("note", "delivered");
      await overhear(ground, deliver_subject);
      const config = { deliver_subject, deliver_policy: "all", ack_policy: "none" };
      await ground.askEverywhere(`CONSUMER.CREATE.${bucket(ground)}`, { stream_name: bucket(ground), config });
      await settle();
    },
    works: learnedSecret,
  },
};

/** What Litestream can do by an answer: it reads what an object of its store is called. */
export const BY_OBJECTS: { readonly [name: string]: Attack } = {
  "a read of an object's name writes a document": {
    run: async (ground) => {
      const store = ground.app.snapshotsObjectStore;
      await ground.ask(`$O.${store}.M.own`, FORGED);
      ground.requestTo(ground.victimKey, `$JS.API.DIRECT.GET.OBJ_${store}.$O.${store}.M.own`);
    },
    works: written(/^forged$/),
  },
};
