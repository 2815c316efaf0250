import { type App, TerraformStack, TerraformVariable, Token } from "cdktf";
import { nkeys } from "nats";
import {
  AccountsFile,
  type AddConsumerOptions,
  AppConstruct,
  type ConsumerOptions,
  Credentials,
  DeliverPolicy,
  type IStream,
  Isolation,
  jetstream,
  type KeyValueStore,
  PlatformConstruct,
  type StreamOptions,
  type StreamSource,
  type SubjectTransform,
} from "../../../lib";
import type { AppDraw, ConsumerDraw, OriginDraw, PlatformDraw, ProgramDraw, StreamDraw } from "./draw-program";

const NAMES = ["prod", "staging"] as const;
const APPS = ["alpha", "beta", "gamma"] as const;
const hashOf = (user: string) => `$2a$11$${user.replace(/-/g, "").padEnd(53, "a")}`;

/** A stream that others of its account may copy, as it is known before it is declared. */
interface Known {
  readonly name: string;
  readonly subject: string;
  stream?: IStream;
}

/** What is drawn, without what only a cluster has. */
function onOneServer<T>(draw: T): T {
  const clean = (name: string, value: unknown) => (name === "replicas" || name === "placement" ? undefined : value);
  return JSON.parse(JSON.stringify(draw), clean);
}

/** Options of which Terraform is to know some only at apply, by variables that have their values. */
function lateOptions<T extends { readonly late?: readonly string[] | undefined }>(
  stack: TerraformStack,
  { late = [], ...options }: T,
): Omit<T, "late"> {
  const found: { [option: string]: unknown } = { ...options };
  for (const option of late) {
    const value = found[option];
    if (value === undefined || value === "") continue;
    const id = `late-${stack.node.children.length}`;
    const variable = new TerraformVariable(stack, id, { default: value });
    found[option] = typeof value === "number" ? Token.asNumber(variable.value) : variable.stringValue;
  }
  return found as Omit<T, "late">;
}

/** A bucket in which an entry stays: synth refuses entries that expire. */
const keeping = <T extends object>(bucket: T): T => ({ ...bucket, ttlSeconds: undefined });

/** The stack that apps of a platform are in which are not in the platform's. */
export const elsewhereOf = (platform: string) => `${platform}-apps`;

/** Declares a drawn program: each platform in a stack of its own, and some of the apps in others. */
export function declareProgram(app: App, program: ProgramDraw): void {
  const { platforms, helmValues } = program.clustered ? program : onOneServer(program);
  const stacks = platforms.map((draw, index) => {
    const name = NAMES[index] ?? "other";
    const stack = new TerraformStack(app, name);
    const elsewhere = draw.apps.some((each) => each.elsewhere) ? new TerraformStack(app, elsewhereOf(name)) : stack;
    declarePlatform(stack, elsewhere, name, draw);
    return stack;
  });
  const [first] = stacks;
  if (first && helmValues !== undefined) new AccountsFile(first, "accounts", { helmValues });
}

function declarePlatform(stack: TerraformStack, elsewhere: TerraformStack, name: string, draw: PlatformDraw): void {
  const { events, audit, streams, consumers, apps, nodes, ...options } = draw;
  const shared: Known[] = [
    { name: `${name}_events`, subject: `${name}._.events.>` },
    { name: `${name}_audit`, subject: `${name}._.audit.>` },
    ...streams.map((_, index) => ({ name: `${name}_s${index}`, subject: `${name}._.s${index}.>` })),
  ];
  const appNames = apps.map((_, index) => APPS[index] ?? "other");
  const spaces = apps.map((app, index) => {
    const isolated = (app.isolation ?? options.isolation) === Isolation.ACCOUNT;
    const own = ownStreams(name, appNames[index] ?? "", app);
    if (!isolated) shared.push(...own);
    return { own, space: isolated ? own : shared };
  });
  const platform = new PlatformConstruct(stack, name, {
    ...options,
    keyValueStore: options.keyValueStore && lateOptions(stack, keeping(options.keyValueStore)),
    nodes: [...nodes],
    servers: ["nats://nats:4222"],
    events: events && lasting(streamOptions(stack, events, shared[0] as Known, shared, `${name}._`)),
    audit: audit && lasting(streamOptions(stack, audit, shared[1] as Known, shared, `${name}._`)),
  });
  (shared[0] as Known).stream = platform.events;
  (shared[1] as Known).stream = platform.audit;
  const own = streams.map((each, index) => {
    const known = shared[2 + index] as Known;
    known.stream = platform.addStream(`s${index}`, streamOptions(stack, each, known, shared, `${name}._`));
    return known;
  });
  const platformStreams = [shared[0] as Known, shared[1] as Known, ...own];
  for (const [index, each] of consumers.entries()) {
    const known = platformStreams[each.of % platformStreams.length] as Known;
    platform.addConsumer(`c${index}`, { stream: known.stream as IStream, ...consumerOptions(stack, each, known) });
  }
  const constructs: AppConstruct[] = [];
  for (const [index, each] of apps.entries()) {
    const { own: mine, space } = spaces[index] as (typeof spaces)[number];
    const app = declareApp(
      each.elsewhere ? elsewhere : stack,
      platform,
      appNames[index] ?? "",
      each,
      mine,
      space,
      platformStreams,
      each.renamed ? constructs[index - 1] : undefined,
    );
    constructs.push(app);
  }
  for (const [index, { calls, serves }] of apps.entries()) {
    if (serves) constructs[index]?.serveApi(...serves);
    for (const { of, names } of calls) {
      const server = of % constructs.length;
      const allowed = names.filter((each) =>
        apps[server]?.serves?.some((one) => one === each || (one === "admin.>" && each === "admin.*")),
      );
      if (server !== index && allowed.length > 0)
        constructs[index]?.callApi(constructs[server] as AppConstruct, ...allowed);
    }
  }
}

const ownStreams = (platform: string, app: string, { wal, streams }: AppDraw): Known[] => [
  ...(wal ? [{ name: `${platform}_${app}_wal`, subject: `${platform}.${app}.wal.>` }] : []),
  ...streams.map((_, index) => ({ name: `${platform}_${app}_s${index}`, subject: `${platform}.${app}.s${index}.>` })),
];

function declareApp(
  stack: TerraformStack,
  platform: PlatformConstruct,
  name: string,
  draw: AppDraw,
  own: readonly Known[],
  space: readonly Known[],
  platformStreams: readonly Known[],
  formerly: AppConstruct | undefined,
): AppConstruct {
  const { isolation, privateInbox, clients, credentials, storage, keyValueStore, wal, snapshots, liveEvents } = draw;
  const isolated = (isolation ?? undefined) === Isolation.ACCOUNT;
  const prefix = `${platform.platformName}.${name}`;
  const [first] = own;
  const { adopt, replicas, placement } = draw;
  const app = new AppConstruct(draw.elsewhere ? stack : platform, name, {
    platform,
    formerly,
    adopt,
    replicas,
    placement,
    isolation,
    privateInbox,
    clients,
    storage,
    keyValueStore: keyValueStore && lateOptions(stack, draw.ownEntry ? keeping(keyValueStore) : keyValueStore),
    snapshots: snapshots && lateOptions(stack, snapshots),
    liveEvents,
    credentials: credentials && credentialsOf(credentials, `${platform.platformName}-${name}`),
    ...(isolated && { accountLimits: draw.accountLimits, jetStreamLimits: draw.jetStreamLimits }),
    wal: wal && lasting(streamOptions(stack, wal, first as Known, space, prefix)),
  });
  if (wal) (first as Known).stream = app.wal;
  const added = own.slice(wal ? 1 : 0);
  for (const [index, each] of draw.streams.entries()) {
    const known = added[index] as Known;
    known.stream = app.addStream(`s${index}`, streamOptions(stack, each, known, space, prefix));
  }
  for (const [index, each] of draw.buckets.entries()) app.addKeyValueStore(`b${index}`, lateOptions(stack, each));
  for (const [index, each] of draw.stores.entries()) app.addObjectStore(`o${index}`, lateOptions(stack, each));
  for (const [index, each] of draw.consumers.entries()) {
    const of = each.ofPlatform || own.length === 0 ? platformStreams : own;
    const known = of[each.of % of.length] as Known;
    app.addConsumer(`c${index}`, { stream: known.stream as IStream, ...consumerOptions(stack, each, known) });
  }
  exchange(app, platform, draw);
  return app;
}

function exchange(app: AppConstruct, platform: PlatformConstruct, draw: AppDraw): void {
  const isolated = app.accountName !== platform.naming.account;
  if (draw.publishes) app.publishEvents(...draw.publishes);
  if (draw.consumes) {
    app.consumeEvents({
      subjects: draw.consumes.subjects?.filter((each) => each !== ">"),
      ...(draw.consumes.named && { name: "second" }),
    });
  }
  if (draw.lock && !isolated) app.usePlatformLocks(draw.lock);
  if (draw.config) app.readPlatformConfig(draw.config);
  if (draw.audit) app.publishAudit();
  if (draw.health) app.publishHealth();
  if (draw.litestream && app.snapshots) app.addLitestream({ databasePath: "/data/app.db" });
  if (draw.entry && !draw.elsewhere) addEntry(app, platform.keyValueStore, draw.entry, `${app.appName}-`);
  if (draw.ownEntry && !isolated) addEntry(app, app.keyValueStore, draw.ownEntry, "");
}

function addEntry(
  app: AppConstruct,
  { bucketName: bucket, resource }: KeyValueStore,
  key: string,
  suffix: string,
): void {
  new jetstream.KvEntry(app, `entry-${key}`, {
    bucket,
    key: `${key}${suffix.replace("-", "")}`,
    value: "{}",
    provider: resource.provider,
    dependsOn: [resource],
  });
}

function credentialsOf(kind: "nkey" | "bcrypt", user: string): Credentials {
  return kind === "bcrypt" ? Credentials.bcrypt(hashOf(user)) : Credentials.nkey(nkeys.createUser().getPublicKey());
}

/** Whether no source before it is of the same stream. */
const isFirst = ({ name, stream }: StreamSource, index: number, all: readonly StreamSource[]) =>
  all.findIndex((each) => (each.name ?? each.stream?.streamName) === (name ?? stream?.streamName)) === index;

const narrow = (subject: string) => subject.replace(/>$/, "narrow.>");

function originOf({ of, anywhere }: OriginDraw, self: Known, space: readonly Known[]): Known {
  const before = space.slice(0, space.indexOf(self));
  const others = before.length > 0 && !anywhere ? before : space.filter((each) => each !== self);
  return others[of % others.length] as Known;
}

function sourceOf(draw: OriginDraw, self: Known, space: readonly Known[]): StreamSource {
  const { byName, filter, transform, ...start } = draw;
  const origin = originOf(draw, self, space);
  const transforms: { [kind: string]: SubjectTransform[] } = {
    plain: [{ source: origin.subject, destination: self.subject }],
    function: [{ source: `${origin.subject.slice(0, -1)}*`, destination: `${self.subject.slice(0, -1)}{{left(1,1)}}` }],
    two: ["a", "b"].map((token) => ({
      source: origin.subject.replace(/>$/, token),
      destination: self.subject.replace(/>$/, token),
    })),
  };
  return {
    ...(byName || !origin.stream ? { name: origin.name } : { stream: origin.stream }),
    ...(start.startSequence !== undefined ? { startSequence: start.startSequence } : { startTime: start.startTime }),
    ...(transform
      ? { subjectTransforms: transforms[transform] }
      : filter && { filterSubject: filter === "all" ? origin.subject : narrow(origin.subject) }),
  };
}

/** The options without which a mirror is a whole copy. */
const WHOLE: StreamOptions = {
  allowMessageTtl: true,
  retention: undefined,
  maxAgeSeconds: undefined,
  maxBytes: undefined,
  maxMessages: undefined,
  maxMessagesPerSubject: undefined,
};

const wholeOf = ({ name, stream }: StreamSource): StreamSource => ({ name, stream });

/** The options of a drawn stream: most of what would be refused anyway is put right, some is left. */
/** The options of a stream that its owner always has, and that is not retired by itself. */
const lasting = (options: StreamOptions): StreamOptions => ({ ...options, retired: undefined });

function streamOptions(
  stack: TerraformStack,
  draw: StreamDraw,
  self: Known,
  space: readonly Known[],
  prefix: string,
): StreamOptions {
  const { subjects, republish, transform, ...options } = lateOptions(stack, { ...draw, copies: undefined });
  const copies = space.length > 1 ? draw.copies : undefined;
  const base = self.subject.slice(0, -2);
  const given = {
    default: undefined,
    several: [`${base}.a`, `${base}.b.*`, `${base}.c.>`],
    wild: [`${base}.*.w`],
    none: copies && "sources" in copies ? [] : undefined,
  }[subjects];
  const mirror = copies && "mirror" in copies ? copies : undefined;
  const sources = copies && "sources" in copies ? copies.sources : undefined;
  const only = given === undefined ? self.subject : given[0];
  const stars = only?.includes("*") ?? false;
  const close = only?.endsWith(">") ? ".>" : "";
  return {
    ...options,
    ...(options.retired && { adopt: undefined }),
    ...(options.denyPurge && { allowRollup: undefined }),
    ...((prefix.endsWith("._") || copies) && { maxMessageBytes: undefined }),
    ...(mirror && { duplicateWindowSeconds: undefined }),
    ...(options.duplicateWindowSeconds === 0 && !sources && { duplicateWindowSeconds: undefined }),
    ...(options.maxAgeSeconds !== undefined && { duplicateWindowSeconds: undefined }),
    subjects: mirror ? undefined : given,
    ...(mirror && WHOLE),
    mirror: mirror && wholeOf(sourceOf(mirror.mirror, self, space)),
    mirrorDirect: mirror?.direct,
    sources: sources?.map((each) => sourceOf(each, self, space)).filter(isFirst),
    subjectTransform:
      transform && only !== undefined && !mirror
        ? {
            source: only,
            destination: `${prefix}.stored.${stars || !/1[,)]|\$1/.test(transform) ? transform : "plain"}${close}`,
          }
        : undefined,
    republish:
      republish &&
      {
        outside: { destination: "outside.>" },
        own: { source: ">", destination: `${prefix}.again.>` },
        wild: { source: `${base}.*`, destination: `${prefix}.again.{{wildcard(1)}}` },
        headers: { source: self.subject, destination: `${prefix}.heads.>`, headersOnly: true },
        all: { source: ">", destination: transform && subjects === "default" && !mirror ? ">" : `${prefix}.all.>` },
      }[republish],
  };
}

function consumerOptions(
  stack: TerraformStack,
  draw: ConsumerDraw,
  { subject }: Known,
): Omit<AddConsumerOptions, "stream"> {
  const { of: _, ofPlatform: __, filters, ...options } = lateOptions(stack, draw);
  const filterSubjects =
    filters &&
    {
      all: [subject],
      narrow: [narrow(subject)],
      two: ["a", "b"].map((token) => subject.replace(/>$/, token)),
    }[filters];
  const begun: Partial<ConsumerOptions> =
    options.startSequence !== undefined
      ? { deliverPolicy: undefined, startTime: undefined }
      : options.startTime !== undefined
        ? { deliverPolicy: undefined }
        : {};
  const { deliverPolicy } = options;
  const last = deliverPolicy === DeliverPolicy.LAST_PER_SUBJECT && !filters ? undefined : deliverPolicy;
  return {
    ...options,
    deliverPolicy: last,
    ...begun,
    ...(options.backoffSeconds && { ackWaitSeconds: undefined }),
    backoffSeconds: options.backoffSeconds && [...options.backoffSeconds],
    filterSubjects,
  };
}
