import { type App, TerraformStack } from "cdktf";
import {
  AccountsFile,
  AppConstruct,
  type AppConstructProps,
  type BucketResource,
  type ConsumerOptions,
  type IStream,
  Isolation,
  jetstream,
  type KeyValueStoreOptions,
  Monitoring,
  type ObjectStoreOptions,
  PlatformConstruct,
  type RetiredData,
  type StreamOptions,
} from "cdktf-nats-platform";

// A program as plain data, so that it can be copied, edited and printed.

/** A stream, bucket or store that its owner has under a name. */
export interface Named<T> {
  name: string;
  options: T;
}

/** A stream: its subjects are what comes behind its name, so that it can be renamed. */
export interface StreamDraw extends Named<StreamOptions> {
  subjects?: string[] | undefined;
}

/** A consumer of a stream of the same owner, or of the platform's events; its filters are what comes behind the stream's name. */
export interface ConsumerDraw {
  name: string;
  of: string;
  filters?: string[] | undefined;
  options: ConsumerOptions;
}

/** What a platform and an app have in the same form. */
export interface OwnerDraw {
  name: string;
  stack: string;
  streams: StreamDraw[];
  buckets: Named<KeyValueStoreOptions & { bucketResource?: BucketResource }>[];
  stores: Named<ObjectStoreOptions>[];
  consumers: ConsumerDraw[];
  preventDestroy?: boolean | undefined;
  adopt?: boolean | undefined;
  retired?: RetiredData | undefined;
  movedFrom?: string | undefined;
}

export interface AppDraw extends OwnerDraw {
  /** Whether its scope is the platform, where it is in the same stack; its scope is the stack otherwise. */
  inside: boolean;
  isolated: boolean;
  /** The id of its construct, if that is not its name. */
  id?: string | undefined;
  keyValueStore: KeyValueStoreOptions;
  wal?: StreamOptions | undefined;
  snapshots?: ObjectStoreOptions | undefined;
  /** Whether it consumes the platform's events. */
  events: boolean;
  /** The name of the app of the platform whose data it copies, if that is still there. */
  formerly?: string | undefined;
}

export interface PlatformDraw extends OwnerDraw {
  owner?: string | undefined;
  accessEntries?: boolean | undefined;
  history: boolean;
  /** The value of a key of its bucket. */
  flags?: string | undefined;
  keyValueStore: KeyValueStoreOptions;
  events: StreamOptions;
  audit: StreamOptions;
  apps: AppDraw[];
}

export interface ProgramDraw {
  stacks: string[];
  platforms: PlatformDraw[];
}

/** The stream of an owner that a consumer reads: `events` and `wal` are not added by name. */
export const EVENTS = "events";
export const WAL = "wal";

/** Apps with each after the one whose data it copies. */
function inOrder(apps: readonly AppDraw[]): AppDraw[] {
  const ordered: AppDraw[] = [];
  const add = (app: AppDraw) => {
    const former = apps.find(({ name }) => name === app.formerly);
    if (former) add(former);
    if (!ordered.includes(app)) ordered.push(app);
  };
  for (const app of apps) add(app);
  return ordered;
}

/** Declares a program. */
export function declare(program: ProgramDraw, app: App): void {
  const stacks = new Map(program.stacks.map((name) => [name, new TerraformStack(app, name)]));
  const stackOf = (name: string) => stacks.get(name) as TerraformStack;
  const before = (name: string | undefined) => (name === undefined ? undefined : stackOf(name));
  for (const draw of program.platforms) {
    const { preventDestroy, adopt, retired, owner, accessEntries, keyValueStore, events, audit } = draw;
    const platform = new PlatformConstruct(stackOf(draw.stack), `platform-${draw.name}`, {
      platformName: draw.name,
      servers: ["nats://127.0.0.1:4222"],
      ...{ preventDestroy, adopt, retired, owner, accessEntries, keyValueStore, events, audit },
      monitoring: draw.history ? Monitoring.HISTORY : undefined,
      movedFrom: before(draw.movedFrom),
    });
    addAll(platform, `${draw.name}._`, draw, { [EVENTS]: platform.events });
    if (draw.flags !== undefined && !retired) addFlags(platform, draw.flags);
    const made = new Map<string, AppConstruct>();
    for (const each of inOrder(draw.apps)) {
      const isInside = each.inside && each.stack === draw.stack;
      const props: AppConstructProps = {
        platform,
        appName: each.name,
        isolation: each.isolated ? Isolation.ACCOUNT : undefined,
        keyValueStore: each.keyValueStore,
        wal: each.wal,
        snapshots: each.snapshots,
        preventDestroy: each.preventDestroy,
        adopt: each.adopt,
        retired: each.retired,
        movedFrom: before(each.movedFrom),
        formerly: made.get(each.formerly ?? ""),
      };
      const app = new AppConstruct(isInside ? platform : stackOf(each.stack), each.id ?? each.name, props);
      made.set(each.name, app);
      addAll(app, `${draw.name}.${each.name}`, each, {
        [EVENTS]: platform.events,
        ...(app.wal && { [WAL]: app.wal }),
      });
      if (each.events) app.consumeEvents({ subjects: ["user.created", "order.>"], ackWaitSeconds: 3600 });
    }
  }
  const [first] = program.platforms;
  if (first) new AccountsFile(stackOf(first.stack), "accounts", { reports: false });
}

/** A key that the program writes. */
function addFlags(platform: PlatformConstruct, value: string): void {
  const { bucketName: bucket, resource } = platform.keyValueStore;
  const { provider } = resource;
  new jetstream.KvEntry(platform, "flags", { bucket, key: "config.flags", value, provider, dependsOn: [resource] });
}

function addAll(
  made: AppConstruct | PlatformConstruct,
  base: string,
  draw: OwnerDraw,
  given: Record<string, IStream>,
): void {
  const streams = { ...given };
  const behind = (name: string, ends: readonly string[] | undefined) => ends?.map((end) => `${base}.${name}${end}`);
  for (const { name, subjects, options } of draw.streams) {
    streams[name] = made.addStream(name, { ...options, subjects: behind(name, subjects) });
  }
  for (const { name, options } of draw.buckets) made.addKeyValueStore(name, options);
  for (const { name, options } of draw.stores) made.addObjectStore(name, options);
  for (const { name, of, filters, options } of draw.consumers) {
    const stream = streams[of];
    const events = `${base.split(".")[0]}._.events`;
    const filterSubjects = of === EVENTS ? filters?.map((end) => `${events}${end}`) : behind(of, filters);
    if (stream) made.addConsumer(name, { stream, filterSubjects, ...options });
  }
}
