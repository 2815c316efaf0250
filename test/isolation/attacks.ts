import { type Ground, SECRET, settle } from "./ground";

/** What an app is given beyond what it needs, so that an attack works in an account that it shares. */
export interface Grants {
  readonly publish?: readonly string[];
  readonly subscribe?: readonly string[];
  readonly allowResponses?: boolean;
}

/** Something that an app tries to do to others. */
export interface Attack {
  /** What the victims do and have before it. */
  readonly before?: (ground: Ground) => Promise<unknown>;
  /** What the attacker does. */
  readonly run: (ground: Ground) => Promise<unknown>;
  /** What the victims do while the attacker lies in wait. */
  readonly meanwhile?: (ground: Ground) => Promise<unknown>;
  /** Whether it has had its effect. */
  readonly works: (ground: Ground) => boolean | Promise<boolean>;
  readonly grants?: Grants;
}

/** The effect that a key of the victim's has a value. */
const written = (what: RegExp) => async (ground: Ground) => what.test(await ground.victimValue());

/** The effect that a message reaches a subscriber of the victim's. */
const heard = (what: RegExp) => (ground: Ground) => ground.heard.some((message) => what.test(message.string()));

/** The effect that the attacker knows something. */
const learned = (what: (ground: Ground) => RegExp) => (ground: Ground) =>
  ground.learned.some((text) => what(ground).test(text));

const learnedSecret = learned(() => new RegExp(`${SECRET}|${btoa(SECRET).replace(/=+$/, "")}`));

/** The effect that a stream is no longer there. */
const gone = (streamOf: (ground: Ground) => string) => async (ground: Ground) =>
  (await ground.streamInfo(streamOf(ground), keeperOf(ground, streamOf(ground)))).error?.err_code === 10059;

/** The effect that a stream has a number of messages. */
const counts = (messages: number, streamOf: (ground: Ground) => string) => async (ground: Ground) =>
  (await ground.streamInfo(streamOf(ground), keeperOf(ground, streamOf(ground)))).state?.messages === messages;

/** The effect that a stream holds a message on a subject that is not its own. */
const holds = (subjectOf: (ground: Ground) => string, streamOf: (ground: Ground) => string) => async (ground: Ground) =>
  (await ground.messagesIn(streamOf(ground), keeperOf(ground, streamOf(ground)))).some(
    ({ subject }) => subject === subjectOf(ground),
  );

/** Who can look at a stream: it is in the account of the victim, or of the platform. */
const keeperOf = (ground: Ground, stream: string) => (stream === bucket(ground) ? ground.guard : ground.node);

const bucket = ({ victimBucket }: Ground) => `KV_${victimBucket}`;
const events = ({ platform }: Ground) => platform.eventsStream;
const audit = ({ platform }: Ground) => platform.auditStream;
const platformBucket = ({ platform }: Ground) => `KV_${platform.keyValueStore}`;

const EVENT = "an event";
const event = ({ platform }: Ground) => platform.subject("events", "user.created");
const flags = ({ platform }: Ground) => platform.keySubject("config", "flags");
const frames = ({ app }: Ground) => app.subject("wal", "frames");
const ownNote = ({ app }: Ground) => app.subject("note", "any");

const listenToNote = (ground: Ground) => ground.listen(ground.victimNote);
const storeSecret = (ground: Ground) => ground.guard.store(ground.victimKey, SECRET);
const storeEvent = (ground: Ground) => ground.node.store(event(ground), EVENT);
const answerSecretly = ({ guard, victimNote }: Ground) =>
  guard.subscribe(victimNote, (message) => message.respond(SECRET));

/** Publishes to whatever may be the API of a victim with the answer to one's own request. */
const requestToApi = (ground: Ground, tail: string, subject: string) => {
  for (const api of ground.apis) ground.requestTo(`${api}.${tail}`, subject);
};

/** Asks itself with the victim as reply subject, and answers there. */
async function respondTo(ground: Ground, subjects: readonly string[], text: string): Promise<void> {
  await ground.attacker.subscribe(ownNote(ground), (message) => message.respond(text));
  for (const subject of subjects) ground.requestTo(subject, ownNote(ground));
  await ground.attacker.flush();
}

/** Subscribes, and learns what comes. */
const overhear = ({ attacker, learned }: Ground, subject: string) =>
  attacker.subscribe(subject, (message) => learned.push(message.string()));

/** Everything that works between the apps of one account, with what it takes. */
export const ATTACKS: { readonly [name: string]: Attack } = {
  "a read of one's own key writes chosen bytes into another app's bucket": {
    run: async (ground) => {
      await ground.attacker.store(ground.keyOf("own"), "chosen");
      ground.requestTo(ground.victimKey, ground.readOf("own"));
    },
    works: written(/^chosen$/),
  },
  "a read of one's own key makes a consumer that reads another app's bucket": {
    before: storeSecret,
    run: async (ground) => {
      const deliver_subject = ground.app.subject("note", "stolen");
      await overhear(ground, deliver_subject);
      const config = { deliver_subject, deliver_policy: "all", ack_policy: "none" };
      const request = { stream_name: bucket(ground), config };
      await ground.attacker.store(ground.keyOf("own"), JSON.stringify(request));
      requestToApi(ground, `CONSUMER.CREATE.${bucket(ground)}`, ground.readOf("own"));
    },
    works: learnedSecret,
  },
  "a read of a key that does not exist deletes another app's bucket": {
    run: async (ground) => requestToApi(ground, `STREAM.DELETE.${bucket(ground)}`, ground.readOf("none")),
    works: gone(bucket),
  },
  "a read of a key that does not exist deletes the platform's events": {
    run: async (ground) => requestToApi(ground, `STREAM.DELETE.${events(ground)}`, ground.readOf("none")),
    works: gone(events),
  },
  "a read of a deleted key deletes the platform's bucket": {
    run: async (ground) => {
      await ground.attacker.store(ground.keyOf("own"), "", { "KV-Operation": "DEL" });
      requestToApi(ground, `STREAM.DELETE.${platformBucket(ground)}`, ground.readOf("own"));
    },
    works: gone(platformBucket),
  },
  "a read of one's own key empties another app's bucket": {
    before: storeSecret,
    run: async (ground) => {
      await ground.attacker.store(ground.keyOf("own"), "{}");
      requestToApi(ground, `STREAM.PURGE.${bucket(ground)}`, ground.readOf("own"));
    },
    works: counts(0, bucket),
  },
  "a look at one's own stream overwrites another app's key": {
    run: async (ground) => ground.requestTo(ground.victimKey, `$JS.API.STREAM.INFO.${ground.app.walStream}`),
    works: written(/stream_info_response/),
  },
  "the acknowledgement of a frame of one's own log overwrites another app's key": {
    before: storeSecret,
    run: async (ground) => ground.requestTo(ground.victimKey, frames(ground), "any"),
    works: written(/"stream"/),
  },
  "the acknowledgement of one's own key overwrites another app's key": {
    before: storeSecret,
    run: async (ground) => ground.requestTo(ground.victimKey, ground.keyOf("own"), "any"),
    works: written(/"stream"/),
  },
  "a fetch from one's durable consumer speaks to another app in the platform's name": {
    before: async (ground) => {
      await storeEvent(ground);
      await listenToNote(ground);
    },
    run: async (ground) => ground.requestTo(ground.victimNote, ground.next),
    works: heard(new RegExp(EVENT)),
  },
  "a read of one's own key speaks to another app": {
    before: listenToNote,
    run: async (ground) => {
      await ground.attacker.store(ground.keyOf("own"), "spoofed");
      ground.requestTo(ground.victimNote, ground.readOf("own"));
    },
    works: heard(/^spoofed$/),
  },
  "an acknowledgement speaks to another app": {
    before: listenToNote,
    run: async (ground) => ground.requestTo(ground.victimNote, frames(ground), "any"),
    works: heard(/"stream"/),
  },
  "a fetch from one's durable consumer stores its messages in another app's bucket": {
    before: storeEvent,
    run: async (ground) => ground.requestTo(ground.victimKey, ground.next),
    works: holds(event, bucket),
  },
  "a fetch from one's durable consumer stores its messages in the audit log": {
    before: storeEvent,
    run: async (ground) => ground.requestTo(ground.victimAudit, ground.next),
    works: holds(event, audit),
  },
  "a consumer delivers to whoever subscribes to exactly its deliver subject": {
    before: listenToNote,
    run: (ground) => ground.deliverTo(ground.victimNote),
    works: heard(/^delivered$/),
  },
  "a consumer delivers into a bucket where somebody subscribes to exactly its deliver subject": {
    before: (ground) => ground.listen(ground.victimKey),
    run: (ground) => ground.deliverTo(ground.victimKey),
    works: holds(frames, bucket),
  },
  "a consumer delivers into the audit log where somebody subscribes to exactly its deliver subject": {
    before: ({ node, victimAudit }) => node.subscribe(victimAudit),
    run: (ground) => ground.deliverTo(ground.victimAudit),
    works: holds(frames, audit),
  },
  "a service writes its answer where the caller wants it": {
    before: ({ victim, victimClient }) =>
      victimClient.subscribe(victim.apiSubject("get"), (message) => message.respond("answer")),
    run: async (ground) => ground.requestTo(ground.victimKey, ground.victim.apiSubject("get")),
    works: written(/^answer$/),
  },
  "whoever may answer anything writes another app's key, by asking itself": {
    grants: { allowResponses: true },
    run: (ground) => respondTo(ground, [ground.victimKey], "answered"),
    works: written(/^answered$/),
  },
  "whoever may answer anything deletes a stream, by asking itself": {
    grants: { allowResponses: true },
    run: (ground) => {
      const subjects = ground.apis.map((api) => `${api}.STREAM.DELETE.${events(ground)}`);
      return respondTo(ground, subjects, "");
    },
    works: gone(events),
  },
  "whoever may write one key of the platform's bucket wipes it, by a roll-up": {
    run: ({ attacker, platform }) => {
      const subject = platform.keySubject("lock", "global-migration");
      attacker.publish(subject, "any", { headers: { "Nats-Rollup": "all" } });
      return attacker.flush();
    },
    works: counts(1, platformBucket),
  },
  "whoever may read one key of the platform's bucket makes consumers there": {
    before: (ground) => ground.node.store(flags(ground), SECRET),
    run: async (ground) => {
      const deliver_subject = ground.app.subject("note", "stolen");
      await overhear(ground, deliver_subject);
      const filter_subject = flags(ground);
      const config = { name: "attack", deliver_subject, deliver_policy: "all", ack_policy: "none", filter_subject };
      const request = { stream_name: platformBucket(ground), config };
      await ground.askEverywhere(`CONSUMER.CREATE.${platformBucket(ground)}.attack.${filter_subject}`, request);
    },
    works: learnedSecret,
  },
  "the replies to others are read in the shared inbox": {
    before: answerSecretly,
    run: (ground) => overhear(ground, "_INBOX.>"),
    meanwhile: ({ guard, victimNote }) => guard.request(victimNote),
    works: learnedSecret,
  },
  "the names of all streams are shown": {
    run: (ground) => ground.askEverywhere("STREAM.NAMES"),
    works: learned((ground) => new RegExp(`"(${bucket(ground)}|${audit(ground)})"`)),
  },
  "another app's durable consumer is rewritten, where that is granted": {
    grants: { publish: ["$JS.API.CONSUMER.>"] },
    run: async (ground) => {
      const name = ground.victim.consumer();
      const filter_subject = event(ground);
      const config = {
        durable_name: name,
        ack_policy: "explicit",
        deliver_policy: "all",
        filter_subject,
        max_deliver: 3,
      };
      const request = { stream_name: events(ground), config };
      await ground.askEverywhere(`CONSUMER.CREATE.${events(ground)}.${name}.${filter_subject}`, request);
    },
    works: async (ground) => (await ground.victimConsumer()).config?.max_deliver === 3,
  },
  "another app's durable consumer is removed, where that is granted": {
    grants: { publish: ["$JS.API.CONSUMER.>"] },
    run: (ground) => ground.askEverywhere(`CONSUMER.DELETE.${events(ground)}.${ground.victim.consumer()}`),
    works: async (ground) => (await ground.victimConsumer()).error?.err_code === 10014,
  },
  "another app's events are fetched from its consumer, where that is granted": {
    grants: { publish: ["$JS.API.CONSUMER.>"] },
    before: (ground) => ground.node.store(event(ground), SECRET),
    run: async (ground) => {
      const stolen = ground.app.subject("note", "stolen");
      await overhear(ground, stolen);
      for (const api of ground.apis) {
        ground.requestTo(stolen, `${api}.CONSUMER.MSG.NEXT.${events(ground)}.${ground.victim.consumer()}`);
      }
    },
    works: learnedSecret,
  },
  "another app's messages are acknowledged, where that is granted": {
    grants: { publish: ["$JS.ACK.>"] },
    before: async (ground) => {
      await storeEvent(ground);
      await ground.leaveUnacknowledged();
    },
    run: (ground) => ground.ask(ground.guessed, "+TERM"),
    works: async (ground) => {
      const { ack_floor, delivered } = await ground.victimConsumer();
      return ack_floor.stream_seq === delivered.stream_seq;
    },
  },
  "a consumer on the platform's events is made, where that is granted": {
    grants: { publish: ["$JS.API.CONSUMER.>"] },
    run: async (ground) => {
      const config = { durable_name: "attack", ack_policy: "explicit" };
      const request = { stream_name: events(ground), config };
      await ground.askEverywhere(`CONSUMER.CREATE.${events(ground)}.attack`, request);
    },
    works: async (ground) => (await ground.streamInfo(events(ground), ground.node)).state.consumer_count === 3,
  },
  "the audit log is read, where that is granted": {
    grants: { publish: ["$JS.API.STREAM.MSG.GET.>"] },
    before: ({ node, victimAudit }) => node.store(victimAudit, SECRET),
    run: (ground) => ground.askEverywhere(`STREAM.MSG.GET.${audit(ground)}`, { last_by_subj: ground.victimAudit }),
    works: learnedSecret,
  },
  "any key of the platform's bucket is read, where that is granted": {
    grants: { publish: ["$JS.API.DIRECT.GET.>"] },
    before: ({ node, platform }) => node.store(platform.keySubject("config", "other"), SECRET),
    run: async (ground) => {
      const key = ground.platform.keySubject("config", "other");
      await ground.askEverywhere(`DIRECT.GET.${platformBucket(ground)}`, { last_by_subj: key });
      await ground.askEverywhere(`DIRECT.GET.${platformBucket(ground)}.${key}`, "");
    },
    works: learnedSecret,
  },
  "a snapshot of another app's bucket is taken, where that is granted": {
    grants: { publish: ["$JS.API.STREAM.SNAPSHOT.>"] },
    before: storeSecret,
    run: async (ground) => {
      const deliver_subject = ground.app.subject("note", "stolen");
      await overhear(ground, deliver_subject);
      await ground.askEverywhere(`STREAM.SNAPSHOT.${bucket(ground)}`, { deliver_subject });
    },
    works: learned((ground) => new RegExp(`stream_snapshot_response.*"\\$KV.${ground.victimBucket}.`)),
  },
  "another app's key is written, where that is granted": {
    grants: { publish: [">"] },
    run: async ({ attacker, victimKey }) => attacker.publish(victimKey, "written"),
    works: written(/^written$/),
  },
  "another app's subjects are published to, where that is granted": {
    grants: { publish: [">"] },
    before: listenToNote,
    run: async ({ attacker, victimNote }) => attacker.publish(victimNote, "published"),
    works: heard(/^published$/),
  },
  "messages are written into another app's part of the audit log, where that is granted": {
    grants: { publish: [">"] },
    run: async ({ attacker, victimAudit }) => attacker.publish(victimAudit, "forged"),
    works: async (ground) =>
      (await ground.messagesIn(audit(ground), ground.node)).some(({ data }) => data === btoa("forged")),
  },
  "another app's inbox is published to, where that is granted": {
    grants: { publish: [">"] },
    before: (ground) => ground.listen("_INBOX.victim"),
    run: async ({ attacker }) => attacker.publish("_INBOX.victim", "forged"),
    works: heard(/^forged$/),
  },
  "everything is overheard, where that is granted": {
    grants: { subscribe: [">"] },
    before: answerSecretly,
    run: (ground) => overhear(ground, ">"),
    meanwhile: async (ground) => {
      await ground.guard.store(ground.victimKey, SECRET);
      ground.guard.publish(ground.victimNote, SECRET);
      await ground.guard.request(ground.victimNote);
      await ground.node.store(ground.victimAudit, SECRET);
    },
    works: learnedSecret,
  },
};

/** What looks like an attack, and is none even where apps share an account. */
export const HARMLESS: { readonly [name: string]: Attack } = {
  "a consumer does not deliver into another app's bucket by itself": {
    run: (ground) => ground.deliverTo(ground.victimKey),
    works: holds(frames, bucket),
  },
  "a consumer does not deliver into the audit log by itself": {
    run: (ground) => ground.deliverTo(ground.victimAudit),
    works: holds(frames, audit),
  },
  "a consumer does not call the API": {
    run: (ground) => ground.deliverTo(`$JS.API.STREAM.DELETE.${events(ground)}`),
    works: gone(events),
  },
  "a consumer does not acknowledge another app's messages": {
    before: async (ground) => {
      await storeEvent(ground);
      await ground.leaveUnacknowledged();
    },
    run: (ground) => ground.deliverTo(ground.guessed),
    works: async (ground) => {
      const { ack_floor, delivered } = await ground.victimConsumer();
      return ack_floor.stream_seq === delivered.stream_seq;
    },
  },
  "answers go nowhere where nothing that one subscribes to may be published to": {
    grants: { allowResponses: true },
    run: async (ground) => {
      await ground.attacker.subscribe(ground.app.apiSubject("query"), (message) => message.respond("answered"));
      ground.requestTo(ground.victimKey, ground.app.apiSubject("query"));
      await ground.attacker.flush();
    },
    works: written(/^answered$/),
  },
  "a consumer of one key of the platform's bucket is not given another filter (10131, 10137)": {
    before: ({ node, platform }) => node.store(platform.keySubject("config", "other"), SECRET),
    run: async (ground) => {
      const stream = platformBucket(ground);
      const deliver_subject = ground.app.subject("note", "stolen");
      await overhear(ground, deliver_subject);
      const create = (filter: object) => {
        const config = { name: "attack", deliver_subject, deliver_policy: "all", ack_policy: "none", ...filter };
        return ground.askEverywhere(`CONSUMER.CREATE.${stream}.attack.${flags(ground)}`, {
          stream_name: stream,
          config,
        });
      };
      await create({ filter_subject: `$KV.${ground.platform.keyValueStore}.>` });
      await create({ filter_subjects: [flags(ground), ground.platform.keySubject("config", "other")] });
    },
    works: learnedSecret,
  },
  "a read of one key of the platform's bucket does not read another (408)": {
    before: ({ node, platform }) => node.store(platform.keySubject("config", "other"), SECRET),
    run: async (ground) => {
      const other = ground.platform.keySubject("config", "other");
      const all = `$KV.${ground.platform.keyValueStore}.>`;
      const bodies = [{ last_by_subj: other }, { seq: 1 }, { multi_last: [all] }, { next_by_subj: all, batch: 100 }];
      for (const body of bodies)
        await ground.askEverywhere(`DIRECT.GET.${platformBucket(ground)}.${flags(ground)}`, body);
    },
    works: learnedSecret,
  },
  "what an app is not granted is refused": {
    before: async (ground) => {
      await storeSecret(ground);
      await listenToNote(ground);
    },
    run: async (ground) => {
      const { attacker, victim } = ground;
      attacker.publish(ground.victimKey, "refused");
      attacker.publish(ground.victimNote, "refused");
      attacker.publish(`$O.${victim.snapshotsObjectStore}.M.any`, "refused");
      attacker.publish(`$JS.ACK.${events(ground)}.${victim.consumer()}.1.1.1.1.0`, "refused");
      for (const subject of [`$KV.${ground.victimBucket}.>`, victim.subjects, `${victim.inboxPrefix}.>`]) {
        await overhear(ground, subject);
      }
    },
    meanwhile: (ground) => ground.guard.store(ground.victimKey, SECRET),
    works: (ground) => heard(/refused/)(ground) || learnedSecret(ground),
  },
};

/** What works in an account that apps share, but only on servers before 2.12. */
export const CLOSED_SINCE_2_12: { readonly [name: string]: Attack } = {
  "the acknowledgement of a stored message empties another app's bucket": {
    before: storeSecret,
    run: async (ground) => {
      requestToApi(ground, `STREAM.PURGE.${bucket(ground)}`, frames(ground));
      await settle();
    },
    works: counts(0, bucket),
  },
  "the trace of a message is written into another app's bucket": {
    run: async ({ attacker, app, victimKey }) =>
      attacker.publish(app.subject("note", "any"), "any", { headers: { "Nats-Trace-Dest": victimKey } }),
    works: written(/server/),
  },
};
