import {
  AckPolicy,
  BucketResource,
  Compression,
  DeliverPolicy,
  DiscardPolicy,
  ReplayPolicy,
  RetentionPolicy,
  StorageType,
} from "cdktf-nats-platform";
import type { Random } from "../../support/random";
import type { AppDraw, ConsumerDraw, Named, OwnerDraw, PlatformDraw, ProgramDraw } from "./model";
import { EVENTS, WAL } from "./model";

/** Values that an option may have, each as likely as the others; `undefined` leaves it out. */
type Values = Readonly<Record<string, readonly unknown[]>>;

const HOUR = 3600;
const TEXTS = [undefined, "what it is for", "ä".repeat(50)];
const METADATA = [undefined, { team: "core" }, { team: "other", note: "x" }];
const PROTECTED = [undefined, undefined, true, false];

/** Ages are so long that nothing expires while the test runs, but for the one that an edit may want. */
const SHORT_AGE = 2;

const STREAM: Values = {
  maxAgeSeconds: [undefined, HOUR, 24 * HOUR, 240 * HOUR, SHORT_AGE],
  maxBytes: [undefined, 300, 5000, 1_000_000],
  maxMessages: [undefined, 2, 5, 1000],
  maxMessagesPerSubject: [undefined, 1, 2, 100],
  maxMessageBytes: [undefined, 100_000],
  maxConsumers: [undefined, 10],
  retention: [undefined, RetentionPolicy.LIMITS, RetentionPolicy.INTEREST, RetentionPolicy.WORKQUEUE],
  discard: [undefined, DiscardPolicy.OLD, DiscardPolicy.NEW],
  discardNewPerSubject: [undefined, true, false],
  duplicateWindowSeconds: [undefined, 1, 60],
  compression: [undefined, Compression.S2],
  denyDelete: [undefined, false, true],
  denyPurge: [undefined, false, true],
  allowRollup: [undefined, false, true],
  allowMessageTtl: [undefined, true],
  storage: [undefined, undefined, StorageType.FILE, StorageType.MEMORY],
  replicas: [undefined, 1],
  adopt: [undefined, true],
  description: TEXTS,
  metadata: METADATA,
  preventDestroy: PROTECTED,
};

const BUCKET: Values = {
  history: [undefined, 1, 2, 5, 64],
  ttlSeconds: [undefined, HOUR, 24 * HOUR, SHORT_AGE],
  maxBytes: [undefined, 300, 5000, 1_000_000],
  maxValueBytes: [undefined, 100_000],
  limitMarkerTtlSeconds: [undefined, 10, 0],
  storage: [undefined, undefined, undefined, StorageType.MEMORY],
  description: TEXTS,
  adopt: [undefined, true],
  preventDestroy: PROTECTED,
};

const STORE: Values = {
  ttlSeconds: [undefined, HOUR, 24 * HOUR, SHORT_AGE],
  maxBytes: [undefined, 400, 1_000_000],
  compression: [undefined, Compression.S2],
  storage: [undefined, undefined, undefined, StorageType.MEMORY],
  description: TEXTS,
  adopt: [undefined, true],
  preventDestroy: PROTECTED,
};

const CONSUMER: Values = {
  deliverPolicy: [undefined, DeliverPolicy.ALL, DeliverPolicy.NEW],
  ackPolicy: [undefined, undefined, AckPolicy.EXPLICIT, AckPolicy.ALL, AckPolicy.NONE],
  ackWaitSeconds: [HOUR, 2 * HOUR],
  maxDeliver: [undefined, 1, 10],
  maxAckPending: [undefined, 1, 100],
  maxWaiting: [undefined, 100],
  maxRequestBatch: [undefined, 50],
  headersOnly: [undefined, true],
  replayPolicy: [undefined, ReplayPolicy.INSTANT, ReplayPolicy.ORIGINAL],
  memory: [undefined, undefined, true],
  startSequence: [undefined, undefined, 2],
  description: TEXTS,
  metadata: METADATA,
  adopt: [undefined, true],
  preventDestroy: PROTECTED,
};

export const OPTIONS = { stream: STREAM, bucket: BUCKET, store: STORE, consumer: CONSUMER };

/** What nothing has at first: what empties it by itself, and what the provider refuses in some way. */
const NOT_AT_FIRST = new Set(["adopt", "storage", "startSequence", "discardNewPerSubject", "limitMarkerTtlSeconds"]);

/** Some options of a kind of resource. */
function options(random: Random, values: Values, often: number): object {
  const drawn: Record<string, unknown> = {};
  for (const [name, all] of Object.entries(values)) {
    if (NOT_AT_FIRST.has(name) || !random.oneIn(often)) continue;
    const value = random.of(all.filter((each) => each !== SHORT_AGE));
    if (value !== undefined) drawn[name] = value;
  }
  return drawn;
}

/** The subjects that a stream may have, and the filters of its consumers, behind its name. */
export const SUBJECTS = [undefined, [".a", ".b.>"], [".>", "-more.>"]];
export const FILTERS = [undefined, [".a"], [".a", ".b.>"], [".>"]];

/** Draws parts of programs, each with a name that nothing had before. */
export class Draw {
  private count = 0;

  /** Apps that were retired and whose data was kept. */
  public readonly kept: { platform: string; app: AppDraw }[] = [];

  public constructor(private readonly random: Random) {}

  /** A name that nothing had before. */
  public name(letter: string): string {
    this.count++;
    return `${letter}${this.count}`;
  }

  public stream(): Named<object> {
    const { random } = this;
    const retention = random.of([
      undefined,
      RetentionPolicy.INTEREST,
      RetentionPolicy.INTEREST,
      RetentionPolicy.WORKQUEUE,
    ]);
    const drawn = { ...options(random, STREAM, 6), retention } as Record<string, unknown>;
    if (drawn.denyPurge) delete drawn.allowRollup;
    return { name: this.name("s"), options: drawn };
  }

  public bucket(): Named<object> {
    const native = this.random.oneIn(6) ? { bucketResource: BucketResource.NATIVE } : {};
    return { name: this.name("b"), options: { ...options(this.random, BUCKET, 4), ...native } };
  }

  public store(): Named<object> {
    return { name: this.name("o"), options: options(this.random, STORE, 4) };
  }

  /** A consumer of a stream of its owner; of the platform's events, where it has none. */
  public consumer(owner: OwnerDraw, of?: string): ConsumerDraw {
    const { random } = this;
    const wal = "wal" in owner && owner.wal ? [WAL] : [];
    const stream = of ?? random.of([...owner.streams.map(({ name }) => name), ...wal, EVENTS]);
    const isQueue = owner.streams.some((each) => each.name === stream && each.options.retention === "workqueue");
    const drawn = { ackWaitSeconds: HOUR, ...options(random, CONSUMER, 8) } as Record<string, unknown>;
    if (isQueue) for (const name of ["ackPolicy", "deliverPolicy"]) delete drawn[name];
    return {
      name: this.name("c"),
      of: stream,
      filters: random.oneIn(2) ? undefined : random.of(FILTERS),
      options: drawn,
    };
  }

  private parts(owner: OwnerDraw, most: number): void {
    const { random } = this;
    const several = <T>(draw: () => T, count: number) => Array.from({ length: random.below(count + 1) }, draw);
    owner.streams = several(() => this.stream(), most) as OwnerDraw["streams"];
    owner.buckets = several(() => this.bucket(), 1);
    owner.stores = several(() => this.store(), 1);
    for (const { name, options: drawn } of owner.streams) {
      const isQueue = drawn.retention === RetentionPolicy.WORKQUEUE;
      const many = isQueue ? 1 : random.below(3);
      for (let each = 0; each < many; each++) owner.consumers.push(this.consumer(owner, name));
    }
  }

  private owner(name: string, stack: string): OwnerDraw {
    const preventDestroy = this.random.of(PROTECTED);
    return { name, stack, streams: [], buckets: [], stores: [], consumers: [], preventDestroy };
  }

  public app(stacks: readonly string[]): AppDraw {
    const { random } = this;
    const app: AppDraw = {
      ...this.owner(this.name("a"), random.of(stacks)),
      inside: random.oneIn(2),
      isolated: random.oneIn(5),
      keyValueStore: options(random, BUCKET, 6),
      wal: random.oneIn(2) ? options(random, STREAM, 10) : undefined,
      snapshots: random.oneIn(3) ? options(random, STORE, 6) : undefined,
      events: random.oneIn(3),
    };
    this.parts(app, 2);
    return app;
  }

  public platform(stacks: readonly string[], apps: number): PlatformDraw {
    const { random } = this;
    const name = this.name("p");
    const platform: PlatformDraw = {
      ...this.owner(name, random.of(stacks)),
      owner: random.of([undefined, "acme/shop"]),
      accessEntries: random.of([undefined, undefined, false]),
      history: random.oneIn(4),
      flags: random.oneIn(2) ? "on" : undefined,
      keyValueStore: options(random, BUCKET, 8),
      events: random.oneIn(3) ? { retention: RetentionPolicy.INTEREST } : options(random, STREAM, 12),
      audit: {},
      apps: [],
    };
    this.parts(platform, 1);
    for (let each = 0; each < apps; each++) platform.apps.push(this.app(stacks));
    return platform;
  }

  public program(): ProgramDraw {
    const { random } = this;
    const stacks = ["one", "two", "three"].slice(0, 1 + random.below(3));
    const platforms = [this.platform(stacks, 2 + random.below(3))];
    if (random.oneIn(2)) platforms.push(this.platform(stacks, 1 + random.below(2)));
    return { stacks, platforms };
  }
}
