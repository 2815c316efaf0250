import { type App, TerraformStack } from "cdktf";
import {
  type AddConsumerOptions,
  AppConstruct,
  type AppConstructProps,
  type KeyValueStoreOptions,
  type ObjectStoreOptions,
  PlatformConstruct,
  type PlatformConstructProps,
  type StreamOptions,
} from "../../../../lib";
import type { Program } from "../../../support/synth";

/** One bad program and what its refusal must say, all of it in one problem. */
export interface Row {
  readonly name: string;
  readonly program: Program;
  /** The path of the construct, then fragments: what is wrong with which value, what is allowed, what to do. */
  readonly says: readonly [path: string, what: string, allowed: string, fix: string];
  /** Whether the one mistake leads to further problems, such as two names that are taken. */
  readonly leadsToMore?: boolean;
}

export const row = (name: string, program: Program, says: Row["says"], leadsToMore = false): Row => ({
  name,
  program,
  says,
  leadsToMore,
});

/** The platform `prod` with one node and a server. */
export const prodOf = (scope: TerraformStack, props: Partial<PlatformConstructProps> = {}) =>
  new PlatformConstruct(scope, "prod", {
    nodes: ["node-1"],
    servers: props.provider ? undefined : ["nats://nats:4222"],
    ...props,
  });

/** The app `convex` of that platform. */
export const convexOf = (scope: TerraformStack, props: Partial<AppConstructProps> = {}) =>
  new AppConstruct(prodOf(scope), "convex", { ...props });

/** A program with the app's stream `jobs`. */
export const jobs =
  (options: StreamOptions): Program =>
  (stack) => {
    convexOf(stack).addStream("jobs", options);
  };

/** A program with the app's key-value bucket. */
export const keyValueStore =
  (options: KeyValueStoreOptions): Program =>
  (stack) => {
    convexOf(stack, { keyValueStore: options });
  };

/** A program with the app's object store of snapshots. */
export const snapshots =
  (options: ObjectStoreOptions): Program =>
  (stack) => {
    convexOf(stack, { snapshots: options });
  };

/** The options of a consumer without its stream. */
export type WorkerOptions = Omit<AddConsumerOptions, "stream">;

/** A program with a consumer `worker` of the app's stream `jobs`. */
export const worker =
  (options: WorkerOptions, stream: StreamOptions = { replicas: 5 }): Program =>
  (stack) => {
    const app = convexOf(stack);
    app.addConsumer("worker", { stream: app.addStream("jobs", stream), ...options });
  };

/** A further stack of the same program. */
export const otherStack = (app: App) => new TerraformStack(app, "other");

/** Where the constructs of these programs are. */
export const at = {
  prod: "[stack/prod]",
  convex: "[stack/prod/convex]",
  keyValueStore: "[stack/prod/convex/KeyValueStore]",
  snapshots: "[stack/prod/convex/ObjectStore-snapshots]",
  jobs: "[stack/prod/convex/Stream-jobs]",
  worker: "[stack/prod/convex/Consumer-",
} as const;
