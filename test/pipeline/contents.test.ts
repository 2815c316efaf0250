import { AckPolicy, Compression, DiscardPolicy, RetentionPolicy } from "cdktf-nats-platform";
import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import { Pipeline } from "./pipeline";
import { type ShopOptions, shop } from "./programs/shop";
import { seenBy } from "./server-view";

let toolchain: Toolchain;

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterAll(() => toolchain?.close());

const SECOND = 1_000_000_000;

/** What all streams have that say nothing else. */
const DEFAULTS = {
  retention: "limits",
  max_consumers: -1,
  max_msgs: -1,
  max_bytes: -1,
  max_age: 0,
  max_msgs_per_subject: -1,
  max_msg_size: -1,
  discard: "old",
  storage: "file",
  num_replicas: 1,
  duplicate_window: 120 * SECOND,
  compression: "none",
  allow_direct: true,
  mirror_direct: false,
  sealed: false,
  deny_delete: false,
  deny_purge: false,
  allow_rollup_hdrs: false,
  consumer_limits: {},
  allow_msg_ttl: false,
};

/** What key-value buckets have besides. */
const BUCKET = {
  ...DEFAULTS,
  max_msgs_per_subject: 1,
  discard: "new",
  deny_delete: true,
  allow_rollup_hdrs: true,
  allow_msg_ttl: true,
  subject_delete_marker_ttl: 5 * SECOND,
};

const OPTIONS: ShopOptions = {
  jobs: {
    retention: RetentionPolicy.WORKQUEUE,
    maxAgeSeconds: 90,
    maxBytes: 1_000_000,
    maxMessages: 500,
    discard: DiscardPolicy.NEW,
    compression: Compression.S2,
    description: "work to do",
    metadata: { team: "orders" },
  },
  sessions: { ttlSeconds: 30, history: 5, limitMarkerTtlSeconds: 60, maxValueBytes: 2000 },
  worker: { ackPolicy: AckPolicy.EXPLICIT, backoffSeconds: [1, 5], maxDeliver: 4, maxAckPending: 10 },
};

test("the server has, in its own words, what the options ask for", async () => {
  const pipeline = await Pipeline.start(toolchain, shop(OPTIONS));
  try {
    await (await pipeline.terraform("shop")).apply();
    const { streams, consumers } = await seenBy(await pipeline.views("shop"));
    expect(streams).toEqual({
      KV_shop_access: {
        ...BUCKET,
        name: "KV_shop_access",
        subjects: ["$KV.shop_access.>"],
        allow_msg_ttl: false,
        subject_delete_marker_ttl: undefined,
      },
      KV_shop_platform: { ...BUCKET, name: "KV_shop_platform", subjects: ["$KV.shop_platform.>"] },
      KV_shop_orders: { ...BUCKET, name: "KV_shop_orders", subjects: ["$KV.shop_orders.>"] },
      KV_shop_orders_sessions: {
        ...BUCKET,
        name: "KV_shop_orders_sessions",
        subjects: ["$KV.shop_orders_sessions.>"],
        max_msgs_per_subject: 5,
        max_age: 30 * SECOND,
        duplicate_window: 30 * SECOND,
        max_msg_size: 2000,
        subject_delete_marker_ttl: 60 * SECOND,
      },
      OBJ_shop_orders_snapshots: {
        ...DEFAULTS,
        name: "OBJ_shop_orders_snapshots",
        subjects: ["$O.shop_orders_snapshots.C.>", "$O.shop_orders_snapshots.M.>"],
        discard: "new",
        allow_rollup_hdrs: true,
      },
      shop_audit: {
        ...DEFAULTS,
        name: "shop_audit",
        subjects: ["shop._.audit.>"],
        deny_delete: true,
        deny_purge: true,
      },
      shop_events: { ...DEFAULTS, name: "shop_events", subjects: ["shop._.events.>"] },
      shop_orders_jobs: {
        ...DEFAULTS,
        name: "shop_orders_jobs",
        subjects: ["shop.orders.jobs.>"],
        retention: "workqueue",
        max_age: 90 * SECOND,
        duplicate_window: 90 * SECOND,
        max_bytes: 1_000_000,
        max_msgs: 500,
        discard: "new",
        compression: "s2",
        description: "work to do",
        metadata: { team: "orders" },
      },
      shop_orders_wal: { ...DEFAULTS, name: "shop_orders_wal", subjects: ["shop.orders.wal.>"] },
    });
    expect(consumers).toMatchObject({
      "shop_orders_jobs worker": {
        durable_name: "worker",
        deliver_policy: "all",
        ack_policy: "explicit",
        ack_wait: 1 * SECOND,
        backoff: [1 * SECOND, 5 * SECOND],
        max_deliver: 4,
        max_ack_pending: 10,
        filter_subject: "shop.orders.jobs.new",
      },
      "shop_events orders": {
        durable_name: "orders",
        deliver_policy: "all",
        ack_policy: "explicit",
        ack_wait: 30 * SECOND,
        filter_subjects: ["shop._.events.user.created", "shop._.events.user.deleted"],
      },
    });
  } finally {
    await pipeline.stop();
  }
});
