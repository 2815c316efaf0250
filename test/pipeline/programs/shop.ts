import { type App, TerraformStack } from "cdktf";
import {
  type AddConsumerOptions,
  AppConstruct,
  type AppConstructProps,
  BucketResource,
  type KeyValueStoreOptions,
  PlatformConstruct,
  type PlatformConstructProps,
  type StreamOptions,
} from "cdktf-nats-platform";
import type { Declare } from "../workspace";

/** What a test wants to be different in the platform `shop`. */
export interface ShopOptions {
  readonly platform?: Partial<PlatformConstructProps>;
  readonly orders?: Partial<AppConstructProps>;
  readonly jobs?: StreamOptions;
  readonly sessions?: KeyValueStoreOptions;
  readonly worker?: Partial<AddConsumerOptions>;
  /** Declares more in the app. */
  readonly more?: (orders: AppConstruct, shop: PlatformConstruct) => void;
}

/** The stack `shop`: a platform with one app that has one of everything. */
export function shop({ platform, orders, jobs, sessions, worker, more }: ShopOptions = {}): Declare {
  return (app: App) => {
    const stack = new TerraformStack(app, "shop");
    const owner = new PlatformConstruct(stack, "shop", {
      nodes: ["node-1"],
      servers: ["nats://127.0.0.1:4222"],
      ...platform,
    });
    const props = { wal: {}, snapshots: {}, ...orders };
    const ordersApp = new AppConstruct(owner, "orders", props);
    const stream = ordersApp.addStream("jobs", jobs);
    ordersApp.addKeyValueStore("sessions", { bucketResource: BucketResource.NATIVE, ...sessions });
    ordersApp.addConsumer("worker", { stream, filterSubjects: ["shop.orders.jobs.new"], ...worker });
    ordersApp.consumeEvents({ subjects: ["user.created", "user.deleted"] });
    more?.(ordersApp, owner);
  };
}

/** The user that may do everything with the platform's data, as an operator would use it. */
export const OPERATOR = "shop-node-1";
