import { clientNameOf } from "../world";
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
  /** Whether it also publishes what it may, so that in an account of its own not everything stays as it was. */
  readonly leaves?: boolean;
  /** What makes room for other attacks of the same app, where it has an account of its own. */
  readonly after?: (ground: Ground) => Promise<unknown>;
  /** What the attacker is told in an account that it shares, in so many answers. */
  readonly told?: readonly RegExp[];
  /** The subjects that the server says it refuses to the attacker, in an account that it shares. */
  readonly refused?: (ground: Ground) => readonly string[];
  readonly grants?: Grants;
  /** The limits that the shared account has for it to be quick. */
  readonly limits?: string;
}

/** A pattern, the same everywhere or with names of the place. */
type Pattern = RegExp | ((ground: Ground) => RegExp);

const patternOf = (pattern: Pattern, ground: Ground) => (pattern instanceof RegExp ? pattern : pattern(ground));

/** The effect that a key of the victim's has a value. */
export const written = (what: Pattern) => async (ground: Ground) =>
  patternOf(what, ground).test(await ground.victimValue());

/** The effect that a message reaches a subscriber of the victim's. */
const heard = (what: Pattern) => (ground: Ground) =>
  ground.heard.some((message) => patternOf(what, ground).test(message.string()));

/** The effect that the attacker knows something. */
const learned = (what: Pattern) => (ground: Ground) =>
  ground.learned.some((text) => patternOf(what, ground).test(text));

export const learnedSecret = learned(new RegExp(`${SECRET}|${btoa(SECRET).replace(/=+$/, "")}`));

/** The effect that a subject of a stream has so many messages. */
const has = (messages: number, subjectOf: (ground: Ground) => string, streamOf: (ground: Ground) => string) => {
  return async (ground: Ground) => {
    const subjects_filter = subjectOf(ground);
    const { state } = await ground.streamInfo(streamOf(ground), keeperOf(ground, streamOf(ground)), {
      subjects_filter,
    });
    return (state?.subjects?.[subjects_filter] ?? 0) >= messages;
  };
};

/** The effect that a stream is no longer there. */
export const gone = (streamOf: (ground: Ground) => string) => async (ground: Ground) =>
  (await ground.streamInfo(streamOf(ground), keeperOf(ground, streamOf(ground)))).error?.err_code === 10059;

/** The effect that a stream has a number of messages. */
export const counts = (messages: number, streamOf: (ground: Ground) => string) => async (ground: Ground) =>
  (await ground.streamInfo(streamOf(ground), keeperOf(ground, streamOf(ground)))).state?.messages === messages;

/** The effect that a stream holds a message on a subject that is not its own. */
const holds = (subjectOf: (ground: Ground) => string, streamOf: (ground: Ground) => string) => async (ground: Ground) =>
  (await ground.messagesIn(streamOf(ground), keeperOf(ground, streamOf(ground)))).some(
    ({ subject }) => subject === subjectOf(ground),
  );

/** Who can look at a stream: it is in the account of the victim, or of the platform. */
const keeperOf = (ground: Ground, stream: string) => (stream === bucket(ground) ? ground.guard : ground.node);

export const bucket = ({ victimBucket }: Ground) => `KV_${victimBucket}`;
const events = ({ platform }: Ground) => platform.eventsStream;
const audit = ({ platform }: Ground) => platform.auditStream;
const platformBucket = ({ platform }: Ground) => `KV_${platform.keyValueStore}`;

const EVENT = "an event";
const event = ({ platform }: Ground) => platform.subject("events", "user.created");
const flags = ({ platform }: Ground) => platform.keySubject("config", "flags");
const frames = ({ app }: Ground) => app.subject("wal", "frames");
const ownNote = ({ app }: Ground) => app.subject("note", "any");

const listenToNote = (ground: Ground) => ground.listen(ground.victimNote, ground.victimClient);
export const storeSecret = (ground: Ground) => ground.guard.store(ground.victimKey, SECRET);
const storeOthersEvent = (ground: Ground) => ground.node.store(othersEvent(ground), SECRET);
const storeOthersAudit = (ground: Ground) => ground.node.store(ground.victimAudit, SECRET);
const storeEvent = (ground: Ground) => ground.node.store(event(ground), EVENT);
const answerSecretly = ({ guard, victimNote }: Ground) =>
  guard.subscribe(victimNote, (message) => message.respond(SECRET));

/** Stores a request in one's own bucket, and lets it be read with whatever may be the API of a victim as reply subject. */
async function storedRequest(ground: Ground, tail: string, request: object): Promise<void> {
  await ground.attacker.store(ground.keyOf("own"), JSON.stringify(request));
  requestToApi(ground, tail, ground.readOf("own"));
}

/** Rewrites the configuration of a stream of the platform with the answer to a read of one's own key. */
const rewrite = (ground: Ground, streamOf: (ground: Ground) => string, subjects: readonly string[], config: object) =>
  storedRequest(ground, `STREAM.UPDATE.${streamOf(ground)}`, {
    name: streamOf(ground),
    subjects,
    retention: "limits",
    storage: "file",
    ...config,
  });

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
export const overhear = ({ attacker, learned }: Ground, subject: string) =>
  attacker.subscribe(subject, (message) => learned.push(message.string()));

/** How often something is done that could be done more often. */
const MANY = 100;

/** The bytes that an account may store which is filled. */
export const FEW_BYTES = 1_000_000;

/** The consumers that a stream may have of which all are taken. */
const FEW_CONSUMERS = 20;

/** What an acknowledgement has in it. */
const STORED = /"seq": ?[1-9]/;

/** How many events a queue group shares. */
const EVENTS = 40;

/** Longer than a server that has schedules takes to publish what is due. */
const SCHEDULER_MILLIS = 1000;

const BRIEF = "for a second";
const SCHEDULED = "in a while";

/** An event that the attacker may not publish. */
const othersEvent = ({ platform }: Ground) => platform.subject("events", "order.placed");
const ownAudit = ({ app }: Ground) => app.auditSubject("query");
const lock = ({ platform }: Ground) => platform.keySubject("lock", "global-migration");
const otherConfig = ({ platform }: Ground) => platform.keySubject("config", "other");

/** Writes many keys of one's own bucket, which the server stores a moment after it has them. */
async function storeMany(ground: Ground): Promise<void> {
  for (let index = 0; index < MANY; index++) ground.attacker.publish(ground.keyOf(`many.${index}`), "forged");
  await ground.attacker.flush();
  // The last one is answered when all are stored; where the attacker may not write at all, nothing answers.
  await ground.attacker.request(ground.keyOf(`many.${MANY - 1}`), "forged").catch(() => undefined);
}

/** Makes durable consumers of the one key that one may watch. */
async function leaveDurables(ground: Ground, count: number): Promise<void> {
  const stream = platformBucket(ground);
  const create = (index: number) => {
    const config = { durable_name: `left-${index}`, ack_policy: "explicit", filter_subject: flags(ground) };
    const request = { stream_name: stream, config };
    return ground.askEverywhere(`CONSUMER.CREATE.${stream}.left-${index}.${flags(ground)}`, request);
  };
  await Promise.all(Array.from({ length: count }, (_, index) => create(index)));
}

/** Lets the server say on a subject of one's own where a message would go, without sending it there. */
async function trace(ground: Ground, subject: string): Promise<void> {
  const destination = ground.app.subject("note", "trace");
  await overhear(ground, destination);
  ground.attacker.publish(subject, "", { headers: { "Nats-Trace-Dest": destination, "Nats-Trace-Only": "true" } });
}

/** Publishes on a subject of one's own, if the last message of another subject has a number that it does not have. */
const publishExpecting = (ground: Ground, subject: string, other: string) =>
  ground.ask(subject, "any", {
    "Nats-Expected-Last-Subject-Sequence": "987654321",
    "Nats-Expected-Last-Subject-Sequence-Subject": other,
  });

/** The effect that the attacker knows the number of the last message of a subject. */
const learnedLast = (subjectOf: (ground: Ground) => string, streamOf: (ground: Ground) => string) => {
  return async (ground: Ground) => {
    const messages = await ground.messagesIn(streamOf(ground), ground.node);
    const last = messages.filter(({ subject }) => subject === subjectOf(ground)).at(-1);
    return last !== undefined && learned(new RegExp(`wrong last sequence: ${last.seq}"`))(ground);
  };
};

/** Stores messages of one's own, large and then ever smaller ones, until there is no room for another. */
export const FILL: Attack = {
  run: async (ground) => {
    for (let size = FEW_BYTES / 50; size >= 1; size = Math.floor(size / 4)) {
      for (let sent = 0; sent < 200; sent++) {
        if (!STORED.test(await ground.ask(frames(ground), "x".repeat(size)))) break;
      }
    }
  },
  works: async ({ guard, victimKey }) => !STORED.test((await guard.request(victimKey, "any")).string()),
  after: (ground) => ground.ask(`$JS.API.STREAM.PURGE.${ground.app.walStream}`),
};

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
    works: written((ground) => new RegExp(`"stream":\\s*"${ground.app.walStream}"`)),
  },
  "the acknowledgement of one's own key overwrites another app's key": {
    before: storeSecret,
    run: async (ground) => ground.requestTo(ground.victimKey, ground.keyOf("own"), "any"),
    works: written((ground) => new RegExp(`"stream":\\s*"KV_${ground.app.keyValueStore}"`)),
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
    works: heard((ground) => new RegExp(`"stream":\\s*"${ground.app.walStream}"`)),
  },
  "a fetch from one's durable consumer, when there is nothing, deletes the audit log": {
    run: async (ground) => {
      for (const api of ground.apis) {
        ground.requestTo(`${api}.STREAM.DELETE.${audit(ground)}`, ground.next, JSON.stringify({ no_wait: true }));
      }
    },
    works: gone(audit),
  },
  "the confirmation of an acknowledgement deletes the audit log": {
    run: async (ground) => {
      const acknowledgement = `$JS.ACK.${events(ground)}.${ground.consumer}.1.1.1.1.0`;
      for (const api of ground.apis) {
        ground.requestTo(`${api}.STREAM.DELETE.${audit(ground)}`, acknowledgement, "+WPI");
      }
    },
    works: gone(audit),
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
    before: async ({ node, platform }) => {
      for (const key of ["flags", "limits"]) await node.store(platform.keySubject("config", key), "kept");
    },
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
  "the name of another app's bucket is shown": {
    run: (ground) => ground.askEverywhere("STREAM.NAMES"),
    works: learned((ground) => new RegExp(`"${bucket(ground)}"`)),
  },
  "the names of the platform's streams are shown": {
    run: (ground) => ground.askEverywhere("STREAM.NAMES"),
    works: learned((ground) => new RegExp(`"${audit(ground)}"`)),
  },
  "a read of one's own key pauses another app's durable consumer": {
    run: async (ground) => {
      const tail = `CONSUMER.PAUSE.${events(ground)}.${ground.victim.consumer()}`;
      await storedRequest(ground, tail, { pause_until: "2100-01-01T00:00:00Z" });
    },
    works: async (ground) => (await ground.victimConsumer()).paused === true,
  },
  "a read of a key that does not exist deletes another app's durable consumer": {
    run: async (ground) => {
      requestToApi(ground, `CONSUMER.DELETE.${events(ground)}.${ground.victim.consumer()}`, ground.readOf("none"));
    },
    works: async (ground) => (await ground.victimConsumer()).error?.err_code === 10014,
  },
  "a read of one's own key rewrites another app's durable consumer": {
    run: async (ground) => {
      const name = ground.victim.consumer();
      const config = { durable_name: name, ack_policy: "explicit", filter_subject: othersEvent(ground) };
      const tail = `CONSUMER.CREATE.${events(ground)}.${name}.${othersEvent(ground)}`;
      await storedRequest(ground, tail, { stream_name: events(ground), config });
    },
    works: async (ground) => (await ground.victimConsumer()).config?.filter_subject === othersEvent(ground),
  },
  "a read of one's own key lets the audit log, of which nothing can be deleted, forget everything": {
    before: storeOthersAudit,
    run: async (ground) => {
      const age = { max_age: 100_000_000, duplicate_window: 100_000_000 };
      await rewrite(ground, audit, [ground.platform.componentSubjects("audit")], {
        deny_delete: true,
        deny_purge: true,
        ...age,
      });
    },
    works: counts(0, audit),
  },
  "a read of one's own key lets the platform's events store other subjects": {
    run: (ground) => rewrite(ground, events, [ownNote(ground)], {}),
    works: async (ground) => {
      const { config } = await ground.streamInfo(events(ground), ground.node);
      return config?.subjects[0] === ownNote(ground);
    },
  },
  "a read of one's own key makes a stream that copies another app's bucket and publishes it": {
    before: storeSecret,
    run: async (ground) => {
      const name = `${ground.app.keyValueStore}_copy`;
      const stolen = ground.app.subject("note", "stolen");
      await overhear(ground, `${stolen}.>`);
      const copy = { sources: [{ name: bucket(ground) }], republish: { src: ">", dest: `${stolen}.>` } };
      await storedRequest(ground, `STREAM.CREATE.${name}`, { name, storage: "memory", ...copy });
    },
    works: learnedSecret,
  },
  "a read of one's own key lets one's own bucket copy another app's, where one reads it": {
    before: storeSecret,
    run: async (ground) => {
      const own = `KV_${ground.app.keyValueStore}`;
      const { config } = JSON.parse(await ground.ask(`$JS.API.STREAM.INFO.${own}`));
      const transform = { src: `$KV.${ground.victimBucket}.>`, dest: ground.keyOf("stolen.>") };
      const sources = [{ name: bucket(ground), subject_transforms: [transform] }];
      await storedRequest(ground, `STREAM.UPDATE.${own}`, { ...config, sources });
    },
    works: async (ground) => {
      await ground.ask(ground.readOf(`stolen.${ground.victimName}`), "");
      return learnedSecret(ground);
    },
  },
  "one read of many keys of one's own fills another app's part of the audit log": {
    run: async (ground) => {
      await storeMany(ground);
      const all = JSON.stringify({ multi_last: [ground.keyOf("many.>")] });
      ground.requestTo(ground.victimAudit, `$JS.API.DIRECT.GET.KV_${ground.app.keyValueStore}`, all);
    },
    works: has(MANY, ({ victimAudit }) => victimAudit, audit),
  },
  "one read of a batch of one's own keys speaks to another app many times": {
    before: listenToNote,
    run: async (ground) => {
      await storeMany(ground);
      const all = JSON.stringify({ next_by_subj: ground.keyOf("many.>"), seq: 1, batch: 10 * MANY });
      ground.requestTo(ground.victimNote, `$JS.API.DIRECT.GET.KV_${ground.app.keyValueStore}`, all);
    },
    works: ({ heard }) => heard.length >= MANY,
  },
  "whoever may watch one key of the platform's bucket leaves many durable consumers there": {
    run: (ground) => leaveDurables(ground, MANY),
    works: async (ground) => (await ground.durablesOn(platformBucket(ground))) === MANY,
  },
  // nats-server 2.15 has a bound of 1000 without being told.
  "whoever may watch one key of the platform's bucket takes all consumers there, so that nobody else watches a key": {
    limits: `max_consumers: ${FEW_CONSUMERS}`,
    run: (ground) => leaveDurables(ground, FEW_CONSUMERS),
    works: async (ground) => {
      const stream = platformBucket(ground);
      const request = JSON.stringify({ stream_name: stream, config: { name: "another", ack_policy: "none" } });
      const answer = await ground.node.request(`$JS.API.CONSUMER.CREATE.${stream}.another`, request);
      await ground.node.request(`$JS.API.CONSUMER.DELETE.${stream}.another`);
      return JSON.parse(answer.string()).error?.err_code === 10026;
    },
  },
  "the trace of an event names other apps' clients and queue groups": {
    before: (ground) => ground.victimClient.subscribe(event(ground), undefined, `${ground.victim.user}.workers`),
    run: (ground) => trace(ground, event(ground)),
    works: learned(
      ({ victim }) => new RegExp(`"name":"${clientNameOf(victim.user)}".*"queue":"${victim.user}.workers"`),
    ),
  },
  "the trace of an event names the stream that stores it": {
    run: (ground) => trace(ground, event(ground)),
    works: learned((ground) => new RegExp(`"stream":"${events(ground)}"`)),
  },
  "the trace of a call names the clients that serve": {
    before: ({ victim, victimClient }) =>
      victimClient.subscribe(victim.apiSubject("get"), undefined, `${victim.user}.workers`),
    run: (ground) => trace(ground, ground.victim.apiSubject("get")),
    works: learned(
      ({ victim }) => new RegExp(`"name":"${clientNameOf(victim.user)}".*"queue":"${victim.user}.workers"`),
    ),
  },
  "whoever may write one key of the platform's bucket learns the revision of another": {
    before: (ground) => ground.node.store(otherConfig(ground), SECRET),
    run: (ground) => publishExpecting(ground, lock(ground), otherConfig(ground)),
    works: learnedLast(otherConfig, platformBucket),
  },
  "an app fills the account, so that nobody else stores anything": { ...FILL, limits: `max_file: ${FEW_BYTES}` },
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

/**
 * What works from an account of its own as well. The platform's streams store what all accounts publish, and the server
 * takes the conditions and ids of everybody's messages for those of one sender; and whoever imports a look at the
 * platform's bucket may ask it for the names of all keys.
 */
export const ACROSS_ACCOUNTS: { readonly [name: string]: Attack } = {
  "whoever publishes events learns the number of another app's last event": {
    before: storeOthersEvent,
    run: (ground) => publishExpecting(ground, event(ground), othersEvent(ground)),
    works: learnedLast(othersEvent, events),
  },
  "whoever writes audit messages learns the number of another app's last one": {
    before: storeOthersAudit,
    run: (ground) => publishExpecting(ground, ownAudit(ground), ground.victimAudit),
    works: learnedLast(({ victimAudit }) => victimAudit, audit),
  },
  "an event with the id of another app's event takes its place": {
    run: (ground) => ground.ask(event(ground), "any", { "Nats-Msg-Id": ground.guessed }),
    meanwhile: (ground) => ground.storeIdentified(event(ground)),
    works: ({ suppressed }) => suppressed,
  },
  "an audit message with the id of another app's takes its place": {
    run: (ground) => ground.ask(ownAudit(ground), "any", { "Nats-Msg-Id": ground.guessed }),
    meanwhile: (ground) => ground.storeIdentified(ground.victimAudit),
    works: ({ suppressed }) => suppressed,
  },
  "whoever may look at the platform's bucket sees the names of all keys": {
    before: (ground) => ground.node.store(otherConfig(ground), SECRET),
    run: (ground) => ground.askEverywhere(`STREAM.INFO.${platformBucket(ground)}`, { subjects_filter: ">" }),
    works: learned((ground) => new RegExp(`"\\${otherConfig(ground)}"`)),
  },
};

/** What an app does to others by joining their queue groups; it crosses accounts that import the same events. */
export const QUEUE_GROUPS: { readonly [name: string]: Attack } = {
  "whoever receives events takes a part of another app's, in its queue group": {
    before: ({ platform, victim, victimClient, received }) =>
      victimClient.subscribe(platform.componentSubjects("events"), (message) => received.push(message), victim.user),
    run: ({ attacker, learned, platform, victim }) =>
      attacker.subscribe(
        platform.componentSubjects("events"),
        (message) => learned.push(message.string()),
        victim.user,
      ),
    meanwhile: async (ground) => {
      for (let index = 0; index < EVENTS; index++) ground.node.publish(event(ground), EVENT);
      for (const client of [ground.node, ground.victimClient, ground.attacker]) await client.flush();
      await settle();
    },
    works: ({ learned, received }) => learned.length > 0 && received.length < EVENTS,
  },
};

/** What looks like an attack, and is none even where apps share an account. */
export const HARMLESS: { readonly [name: string]: Attack } = {
  "a consumer does not deliver into another app's bucket by itself": {
    run: (ground) => ground.deliverTo(ground.victimKey),
    works: async (ground) => (await holds(frames, bucket)(ground)) || written(/^delivered$/)(ground),
  },
  "a consumer does not deliver into the audit log by itself": {
    run: (ground) => ground.deliverTo(ground.victimAudit),
    works: holds(frames, audit),
  },
  "a consumer does not call the API": {
    // Only without content could it be such a request.
    run: (ground) => ground.deliverTo(`$JS.API.STREAM.DELETE.${events(ground)}`, ""),
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
    told: [/"err_code":10131\b/, /"err_code":10137\b/],
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
    told: [/^408 /, /^408 /, /^408 /, /^408 /],
    works: learnedSecret,
  },
  "a roll-up does not empty the platform's events": {
    before: storeOthersEvent,
    run: (ground) => ground.ask(event(ground), "any", { "Nats-Rollup": "all" }),
    told: [/"err_code":10111\b/],
    works: async (ground) => !(await has(1, othersEvent, events)(ground)),
  },
  "a roll-up does not empty the audit log": {
    before: storeOthersAudit,
    run: (ground) => ground.ask(ownAudit(ground), "any", { "Nats-Rollup": "all" }),
    told: [/"err_code":10111\b/],
    works: async (ground) => !(await has(1, ({ victimAudit }) => victimAudit, audit)(ground)),
  },
  "no time to live lets an event or an audit message disappear": {
    run: async (ground) => {
      for (const subject of [event(ground), ownAudit(ground)]) await ground.ask(subject, BRIEF, { "Nats-TTL": "1s" });
    },
    told: [/"err_code":10166\b/, /"err_code":10166\b/],
    works: async (ground) => {
      const stored = [events(ground), audit(ground)].map((stream) => ground.messagesIn(stream, ground.node));
      return (await Promise.all(stored)).flat().some(({ data }) => data === btoa(BRIEF));
    },
  },
  "no schedule writes a message into another app's part of the audit log": {
    leaves: true,
    run: async (ground) => {
      const at = new Date().toISOString();
      const headers = { "Nats-Schedule": `@at ${at}`, "Nats-Schedule-Target": ground.victimAudit };
      await ground.ask(ownAudit(ground), SCHEDULED, headers);
      await settle(SCHEDULER_MILLIS);
    },
    works: async (ground) =>
      (await ground.messagesIn(audit(ground), ground.node)).some(
        ({ subject, data }) => subject === ground.victimAudit && data === btoa(SCHEDULED),
      ),
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
    refused: (ground) => [
      ground.victimKey,
      ground.victimNote,
      `$O.${ground.victim.snapshotsObjectStore}.M.any`,
      `$JS.ACK.${events(ground)}.${ground.victim.consumer()}.1.1.1.1.0`,
      `$KV.${ground.victimBucket}.>`,
      ground.victim.subjects,
      `${ground.victim.inboxPrefix}.>`,
    ],
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
    refused: ({ victimKey }) => [victimKey],
    works: written(/server/),
  },
};
