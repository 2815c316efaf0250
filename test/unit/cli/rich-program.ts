import { type App, TerraformStack } from "cdktf";
import {
  AccessReader,
  AccountsFile,
  AppConstruct,
  Compression,
  Credentials,
  DeliverPolicy,
  DiscardPolicy,
  Isolation,
  jetstream,
  MonitorConstruct,
  PlatformConstruct,
  StorageType,
} from "../../../lib";

/** Options of one place of the program, by their names. */
export interface Options {
  readonly [option: string]: unknown;
}

/** What a program may refer to in its options. */
export interface Scene {
  readonly stack: TerraformStack;
  readonly prod: PlatformConstruct;
  readonly other: PlatformConstruct;
  readonly shared: AppConstruct;
  readonly alone: AppConstruct;
  readonly locking: AppConstruct;
}

/** The options of each place where the program gives some, by the struct that they are. */
export const PLACES = {
  platform: "PlatformConstructProps",
  platformLimits: "AccountLimits",
  platformJetStream: "JetStreamLimits",
  app: "AppConstructProps",
  isolated: "AppConstructProps",
  guest: "AppConstructProps",
  isolatedLimits: "AccountLimits",
  isolatedJetStream: "JetStreamLimits",
  placement: "Placement",
  bucket: "KeyValueStoreOptions",
  store: "ObjectStoreOptions",
  stream: "StreamOptions",
  source: "StreamSource",
  republish: "Republish",
  transform: "SubjectTransform",
  consumer: "AddConsumerOptions",
  events: "EventsConsumerOptions",
  litestream: "LitestreamOptions",
  monitor: "MonitorConstructProps",
  reader: "AccessReaderProps",
  file: "AccountsFileProps",
  system: "SystemAccountOptions",
  delegated: "DelegatedAppOptions",
} as const;

export type Place = keyof typeof PLACES;

/** Lets an app call another one, unless that is to go: what is retired serves nothing. */
const call = (app: AppConstruct, server: AppConstruct) => {
  if (!server._goes) app.callApi(server, "query");
};

/** What the program declares that is no option: each can be left out. */
export const DECLARATIONS = {
  "AppConstruct.publishEvents": ({ shared, alone }: Scene) => {
    shared.publishEvents("order.>");
    alone.publishEvents("audit.>");
  },
  "AppConstruct.publishAudit": ({ alone }: Scene) => alone.publishAudit(),
  "AppConstruct.publishHealth": ({ alone }: Scene) => alone.publishHealth(),
  "AppConstruct.serveApi": ({ shared, alone }: Scene) => {
    shared.serveApi("more");
    alone.serveApi("more");
  },
  "AppConstruct.callApi": ({ shared, alone }: Scene) => call(alone, shared),
  "AppConstruct.fromAppName": ({ prod, locking }: Scene) =>
    locking.callApi(AppConstruct.fromAppName(prod, "Far", "far"), "query"),
  "AppConstruct.usePlatformLocks": ({ locking }: Scene) => locking.usePlatformLocks("migration"),
  "AppConstruct.readPlatformConfig": ({ alone }: Scene) => alone.readPlatformConfig("flags"),
  "AppConstruct.addStream": ({ shared }: Scene) => shared.addStream("another"),
  "AppConstruct.addKeyValueStore": ({ shared }: Scene) => shared.addKeyValueStore("more-keys"),
  "AppConstruct.addObjectStore": ({ shared }: Scene) => shared.addObjectStore("more-objects"),
  "AppConstruct.addConsumer": ({ alone }: Scene) => alone.addConsumer("another", { stream: alone.addStream("tasks") }),
  "AppConstruct.consumeEvents": ({ alone }: Scene) => alone.consumeEvents(),
  "AppConstruct.addLitestream": ({ alone }: Scene) => alone.addLitestream({ databasePath: "/data/alone.db" }),
  "PlatformConstruct.delegateApp": ({ prod }: Scene) => {
    if (prod.accessStore) prod.delegateApp("more", { isolation: Isolation.ACCOUNT });
  },
  "PlatformConstruct.addStream": ({ prod }: Scene) => prod.addStream("another"),
  "PlatformConstruct.addKeyValueStore": ({ prod }: Scene) => prod.addKeyValueStore("more-keys"),
  "PlatformConstruct.addObjectStore": ({ prod }: Scene) => prod.addObjectStore("more-objects"),
  "PlatformConstruct.addConsumer": ({ prod }: Scene) => prod.addConsumer("another", { stream: prod.audit }),
} as const satisfies { readonly [call: string]: (scene: Scene) => unknown };

/** Other options of a place than the program's own. */
export type Change = (place: Place, scene: Partial<Scene>) => Options;

/** A program with everything in it; options of its places come over its own. */
export function declare(stack: TerraformStack, change: Change, without?: keyof typeof DECLARATIONS): void {
  const scene: { -readonly [name in keyof Scene]?: Scene[name] } = { stack };
  const given = (place: Place, own: Options = {}): never => ({ ...own, ...change(place, scene) }) as never;
  new AccessReader(stack, "reader", given("reader"));
  new MonitorConstruct(stack, "monitor", given("monitor"));
  scene.other = new PlatformConstruct(stack, "other", { servers: ["nats://other:4222"] });
  scene.prod = new PlatformConstruct(
    stack,
    "prod",
    given("platform", {
      servers: ["nats://nats:4222"],
      nodes: ["node-1"],
      accountLimits: given("platformLimits"),
      jetStreamLimits: given("platformJetStream"),
    }),
  );
  new AccountsFile(stack, "accounts", given("file", { systemAccount: given("system", { reloaders: ["deploy"] }) }));
  scene.shared = new AppConstruct(scene.prod, "shared", given("app", { wal: {}, snapshots: {} }));
  scene.alone = new AppConstruct(
    scene.prod,
    "alone",
    given("isolated", {
      isolation: Isolation.ACCOUNT,
      wal: {},
      snapshots: {},
      accountLimits: given("isolatedLimits"),
      jetStreamLimits: given("isolatedJetStream"),
    }),
  );
  scene.locking = new AppConstruct(scene.prod, "locking", { isolation: Isolation.PERMISSIONS });
  new AppConstruct(scene.prod, "guest", given("guest"));
  if (scene.prod.accessStore) scene.prod.delegateApp("elsewhere", given("delegated"));
  const { shared, alone } = scene;
  const { appName } = shared;
  shared.serveApi("query");
  alone.serveApi("query");
  call(shared, alone);
  shared.addKeyValueStore("sessions", given("bucket", { placement: given("placement", { cluster: "east" }) }));
  shared.addObjectStore("uploads", given("store"));
  const jobs = shared.addStream("jobs", given("stream"));
  const origin = shared.addStream("origin");
  const sourced = {
    source: `prod.${appName}.origin.a.*`,
    destination: `prod.${appName}.copies.a.{{wildcard(1)}}`,
  };
  shared.addStream("copies", {
    sources: [given("source", { name: origin.streamName })],
    republish: given("republish", { destination: `prod.${appName}.again.>` }),
    subjectTransform: given("transform", sourced),
  });
  shared.addConsumer("worker", given("consumer", { stream: jobs }));
  shared.consumeEvents(given("events"));
  shared.addLitestream(given("litestream", { databasePath: "/data/app.db" }));
  for (const [call, made] of Object.entries(DECLARATIONS)) if (call !== without) made(scene as Scene);
}

/** A value for an option, which may need the scene. */
export type Value = (scene: Partial<Scene>) => unknown;

/** Two sets of options of a place of which only one option differs. */
export interface Pair {
  readonly before?: Options;
  readonly after: (scene: Partial<Scene>) => Options;
}

const NKEY = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";
const OTHER_NKEY = "UAH42UG6PV552P5SWLWTBP3H3S5BHAVCO2IEKEXUANJXR75J63RQ5WM6";
const HASH = "$2a$11$3kIDaCxw.Glsl1.u5nKa6eUnNDLV5HV9tIuUp7EHhMt6Nm9myW1aS";
const OTHER_HASH = "$2a$11$ooo5uVVtyBc5z1Cp5Xkbw.7cpPSn0ChGoYYuM1CzdaRkWfX9SM/rm";

const always = (after: Options, before?: Options): Pair => ({ after: () => after, ...(before && { before }) });

const passwords = (option: string): Pair[] => [
  always({ [option]: Credentials.variable("OTHER_PASSWORD") }),
  always({ [option]: Credentials.bcrypt(OTHER_HASH) }, { [option]: Credentials.bcrypt(HASH) }),
];

const credentials = (option: string): Pair[] => [
  ...passwords(option),
  always({ [option]: Credentials.nkey(OTHER_NKEY) }, { [option]: Credentials.nkey(NKEY) }),
];

const given = (stack: TerraformStack | undefined, alias: string) =>
  new jetstream.JetstreamProvider(stack as TerraformStack, alias, { alias, servers: "nats://own" });

const provider: Pair = { after: ({ stack }) => ({ provider: given(stack, "own") }) };
const accessProvider: Pair = { after: ({ stack }) => ({ accessProvider: given(stack, "access") }) };
const providers: Pair = {
  after: (scene) => ({ ...provider.after(scene), ...accessProvider.after(scene), servers: undefined }),
};

const deliverPolicies = (filtered: Options): Pair[] =>
  Object.values(DeliverPolicy).map((deliverPolicy) => always({ ...filtered, deliverPolicy }, filtered));

/** Options with values that no type says, by their name, by their struct and name, or by their place and name. */
export const PAIRS: { readonly [option: string]: readonly Pair[] } = {
  credentials: credentials("credentials"),
  terraformCredentials: credentials("terraformCredentials"),
  messagingCredentials: credentials("messagingCredentials"),
  "PlatformConstructProps.terraformCredentials": passwords("terraformCredentials"),
  accessTerraformCredentials: passwords("accessTerraformCredentials"),
  "LitestreamOptions.credentials": passwords("credentials"),
  "app.terraformCredentials": [],
  "app.messagingCredentials": [],
  "guest.terraformCredentials": [],
  "guest.messagingCredentials": [],
  "app.platform": [],
  "isolated.platform": [],
  accountLimits: [always({ accountLimits: { maxConnections: 100 } })],
  jetStreamLimits: [always({ jetStreamLimits: { maxStreams: 100 } })],
  "app.accountLimits": [],
  "app.jetStreamLimits": [],
  "guest.accountLimits": [],
  "guest.jetStreamLimits": [],
  systemAccount: [always({ systemAccount: { operators: ["other"] } })],
  operators: [always({ operators: ["ops"] })],
  reloaders: [always({ reloaders: ["deploy", "ci"] })],
  platforms: [{ after: ({ prod, other }) => ({ platforms: [other, prod] }) }],
  "SystemAccountOptions.credentials": credentials("deploy").map(({ before, after }) => ({
    ...(before && { before: { credentials: before } }),
    after: (scene) => ({ credentials: after(scene) }),
  })),
  nodeCredentials: credentials("node-1").map(({ before, after }) => ({
    ...(before && { before: { nodeCredentials: before } }),
    after: (scene) => ({ nodeCredentials: after(scene) }),
  })),
  provider: [provider],
  "PlatformConstructProps.provider": [providers],
  accessProvider: [accessProvider],
  accessStore: [always({ accessStore: { history: 9 } })],
  movedFrom: [{ after: ({ stack }) => ({ movedFrom: new TerraformStack(stack?.node.root as App, "left") }) }],
  formerly: [{ after: ({ shared }) => ({ formerly: shared }) }],
  "PlatformConstructProps.formerly": [{ after: ({ other }) => ({ formerly: other }) }],
  "app.formerly": [],
  servers: [always({ servers: ["nats://elsewhere:4222"] })],
  platformName: [always({ platformName: "test" })],
  appName: [always({ appName: "named" })],
  platform: [{ after: ({ other }) => ({ platform: other }) }],
  nodes: [always({ nodes: ["node-1", "node-2"] }), always({ nodes: [] })],
  clients: [always({ clients: ["nats.go"] })],
  liveEvents: [always({ liveEvents: ["order.>"] }), always({ liveEvents: [] })],
  "DelegatedAppOptions.isolation": [always({ isolation: Isolation.ACCOUNT })],
  "DelegatedAppOptions.accountLimits": [
    always({ isolation: Isolation.ACCOUNT, accountLimits: { maxConnections: 99 } }, { isolation: Isolation.ACCOUNT }),
  ],
  "DelegatedAppOptions.jetStreamLimits": [
    always({ isolation: Isolation.ACCOUNT, jetStreamLimits: { maxStreams: 9 } }, { isolation: Isolation.ACCOUNT }),
  ],
  resources: [always({ resources: ["jobs"] })],
  "AppConstructProps.isolation": [always({ isolation: Isolation.ACCOUNT })],
  "PlatformConstructProps.events": [always({ events: { maxMessages: 9 } })],
  "PlatformConstructProps.audit": [always({ audit: { maxMessages: 9 } })],
  keyValueStore: [always({ keyValueStore: { history: 9 } })],
  wal: [always({ wal: { maxMessages: 9 } }), always({ wal: {} }, { wal: undefined })],
  snapshots: [always({ snapshots: { maxBytes: 9_000_000 } })],
  placement: [always({ placement: { cluster: "west" } })],
  cluster: [always({ cluster: "west" })],
  tags: [always({ tags: ["ssd"] })],
  replicas: [always({ replicas: 3 }), always({ replicas: 1 })],
  "AddConsumerOptions.replicas": [always({ replicas: 1 })],
  "EventsConsumerOptions.replicas": [always({ replicas: 1 })],
  history: [always({ history: 9 })],
  backoffSeconds: [always({ backoffSeconds: [1, 2], maxDeliver: 5 }, { maxDeliver: 5 })],
  startTime: [always({ startTime: "2026-01-31T00:00:00Z" })],
  metadata: [always({ metadata: { team: "x" } })],
  "AddConsumerOptions.stream": [{ after: ({ shared }) => ({ stream: shared?.wal }) }],
  "StreamSource.stream": [{ after: ({ shared }) => ({ name: undefined, stream: shared?.wal }) }],
  "StreamSource.name": [always({ name: "prod_shared_wal" })],
  filterSubjects: [always({ filterSubjects: ["prod.shared.jobs.a"] })],
  filterSubject: [always({ filterSubject: "prod.shared.origin.b" })],
  externalApiPrefix: [always({ externalApiPrefix: "$JS.hub.API" })],
  externalDeliverPrefix: [
    always(
      { externalApiPrefix: "$JS.hub.API", externalDeliverPrefix: "deliver" },
      { externalApiPrefix: "$JS.hub.API" },
    ),
  ],
  subjectTransforms: [
    always({ subjectTransforms: [{ source: "prod.shared.origin.c", destination: "prod.shared.c" }] }),
  ],
  "EventsConsumerOptions.subjects": [always({ subjects: ["order.>"] })],
  "EventsConsumerOptions.name": [always({ name: "named" })],
  "StreamOptions.subjects": [always({ subjects: ["prod.shared.jobs.>", "prod.shared.tasks"] })],
  "StreamOptions.sources": [always({ sources: [{ name: "prod_shared_wal" }] })],
  "StreamOptions.mirror": [always({ mirror: { name: "elsewhere" }, mirrorDirect: true })],
  mirrorDirect: [
    always(
      { mirror: { name: "elsewhere" }, mirrorDirect: false },
      { mirror: { name: "elsewhere" }, mirrorDirect: true },
    ),
  ],
  "StreamOptions.republish": [always({ republish: { destination: "prod.shared.jobs-again.>" } })],
  "StreamOptions.subjectTransform": [
    always({ subjectTransform: { source: "prod.shared.jobs.x", destination: "prod.shared.jobs.y" } }),
  ],
  discardNewPerSubject: [
    always(
      { discard: DiscardPolicy.NEW, maxMessagesPerSubject: 5, discardNewPerSubject: true },
      { discard: DiscardPolicy.NEW, maxMessagesPerSubject: 5 },
    ),
  ],
  "Republish.source": [always({ source: "prod.shared.copies.a.>" })],
  "Republish.destination": [always({ destination: "prod.shared.elsewhere.>" })],
  "SubjectTransform.source": [always({ source: "prod.shared.origin.b.*" })],
  "SubjectTransform.destination": [always({ destination: "prod.shared.copies.b.{{wildcard(1)}}" })],
  databasePath: [always({ databasePath: "/data/other.db" })],
  replicaPath: [always({ replicaPath: "other" })],
  server: [always({ server: "nats://elsewhere:4222" })],
  objectStore: [{ after: ({ shared }) => ({ objectStore: shared?.node.findChild("ObjectStore-uploads") }) }],
  "AddConsumerOptions.deliverPolicy": deliverPolicies({ filterSubjects: ["prod.shared.jobs.a"] }),
  "EventsConsumerOptions.deliverPolicy": deliverPolicies({ subjects: ["order.>"] }),
  compression: [always({ compression: Compression.S2 })],
  storage: [always({ storage: StorageType.MEMORY })],
  maxValueBytes: [always({ maxValueBytes: 9_000 })],
  maxPayloadBytes: [always({ maxPayloadBytes: 900_000 })],
  maxConnections: [always({ maxConnections: 100 })],
  maxStreams: [always({ maxStreams: 100 })],
  "JetStreamLimits.maxConsumers": [always({ maxConsumers: 100 })],
  maxFileBytes: [always({ maxFileBytes: 1e12 })],
  maxMemoryBytes: [always({ maxMemoryBytes: 1e12 })],
};

/** Declares the program in an App of its own; the type says only that it is a program. */
export const programOf =
  (change: Change, without?: keyof typeof DECLARATIONS) =>
  (stack: TerraformStack, _: App): void =>
    declare(stack, change, without);
