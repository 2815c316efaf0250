import { BucketResource, RetiredData } from "cdktf-nats-platform";
import type { Random } from "../../support/random";
import { type Draw, FILTERS, OPTIONS, SUBJECTS } from "./draw";
import type { AppDraw, OwnerDraw, PlatformDraw, ProgramDraw } from "./model";

/** What one can do with a program: changes it, and says what it did; nothing, where there is nothing to do it with. */
type Change = (program: ProgramDraw, random: Random, draw: Draw) => string | undefined;

interface Part {
  readonly kind: keyof typeof OPTIONS;
  readonly path: string;
  readonly options: Record<string, unknown>;
  /** Takes it out of the program, where it is not one that its owner always has. */
  readonly remove?: () => void;
  readonly rename?: (name: string) => void;
  readonly consumer?: OwnerDraw["consumers"][number];
  readonly stream?: OwnerDraw["streams"][number];
}

interface Owned {
  readonly platform: PlatformDraw;
  readonly owner: OwnerDraw;
  readonly path: string;
}

function without<T>(list: T[], each: T): void {
  list.splice(list.indexOf(each), 1);
}

function ownersOf({ platforms }: ProgramDraw): Owned[] {
  return platforms.flatMap((platform) => [
    { platform, owner: platform, path: platform.name },
    ...platform.apps.map((owner) => ({ platform, owner, path: `${platform.name}/${owner.name}` })),
  ]);
}

const appsOf = ({ platforms }: ProgramDraw) =>
  platforms.flatMap((platform) =>
    platform.apps.map((app) => ({ platform, app, path: `${platform.name}/${app.name}` })),
  );

function partsOf(program: ProgramDraw): Part[] {
  return ownersOf(program).flatMap(({ owner, path }): Part[] => {
    const named = (kind: Part["kind"], list: { name: string; options: object }[]): Part[] =>
      list.map((each) => ({
        kind,
        path: `${path}/${each.name}`,
        options: each.options as Part["options"],
        ...(kind === "stream" && { stream: each as OwnerDraw["streams"][number] }),
        remove: () => {
          without(list, each);
          owner.consumers = owner.consumers.filter(({ of }) => kind !== "stream" || of !== each.name);
        },
        rename: (name) => {
          for (const consumer of owner.consumers) if (consumer.of === each.name) consumer.of = name;
          each.name = name;
        },
      }));
    const fixed = (kind: Part["kind"], name: string, options: object | undefined): Part[] =>
      options ? [{ kind, path: `${path}/${name}`, options: options as Part["options"] }] : [];
    const { wal, snapshots, events, audit } = { ...(owner as Partial<AppDraw>), ...(owner as Partial<PlatformDraw>) };
    return [
      ...named("stream", owner.streams),
      ...named("bucket", owner.buckets),
      ...named("store", owner.stores),
      ...fixed("stream", "wal", wal),
      ...fixed("store", "snapshots", snapshots),
      ...fixed("bucket", "keyValueStore", (owner as AppDraw | PlatformDraw).keyValueStore),
      ...fixed("stream", "events", typeof events === "object" ? events : undefined),
      ...fixed("stream", "audit", audit),
      ...owner.consumers.map(
        (consumer): Part => ({
          kind: "consumer",
          path: `${path}/${consumer.of}/${consumer.name}`,
          options: consumer.options as Part["options"],
          remove: () => without(owner.consumers, consumer),
          rename: (name) => {
            consumer.name = name;
          },
          consumer,
        }),
      ),
    ];
  });
}

interface NativePart {
  readonly bucket: string;
  readonly options: Record<string, unknown>;
}

/** The buckets and stores that are native ones to Terraform. */
export function nativeOf(program: ProgramDraw): NativePart[] {
  return partsOf(program)
    .filter(({ options }) => options.bucketResource)
    .map(({ path, options }) => ({ bucket: path.replace("/keyValueStore", "").replaceAll("/", "_"), options }));
}

/** Takes native buckets in that the provider says to be there already; tells whether there are any. */
export function adoptExisting(program: ProgramDraw, texts: readonly string[]): boolean {
  const found = new Set(
    texts.flatMap((text) => [...text.matchAll(/bucket (\S+) already exist/g)].map(([, name]) => name)),
  );
  const native = nativeOf(program).filter(({ bucket }) => found.has(bucket));
  for (const { options } of native) options.adopt = true;
  return native.length > 0;
}

/** Whether a stack has anything of a platform. */
const isIn = (platform: PlatformDraw, stack: string) =>
  platform.stack === stack || platform.apps.some((app) => app.stack === stack);

/** Says where things were before, as README wants it: where the stack keeps nothing of the platform, or an isolated app leaves it. */
export function sayWhereFrom(program: ProgramDraw, before: ProgramDraw): void {
  for (const platform of program.platforms) {
    const old = before.platforms.find(({ name }) => name === platform.name);
    const left = (from: string) => !isIn(platform, from);
    platform.movedFrom = old && old.stack !== platform.stack && left(old.stack) ? old.stack : undefined;
    for (const app of platform.apps) {
      const from = old?.apps.find(({ name }) => name === app.name)?.stack;
      app.movedFrom = from !== undefined && from !== app.stack && (app.isolated || left(from)) ? from : undefined;
    }
  }
}

function otherStack(program: ProgramDraw, random: Random, stack: string): string | undefined {
  const others = program.stacks.filter((each) => each !== stack);
  return others.length > 0 ? random.of(others) : undefined;
}

const moveApp: Change = (program, random) => {
  const { app, path } = random.of(appsOf(program));
  const to = otherStack(program, random, app.stack);
  if (to === undefined) return undefined;
  const text = `app ${path} moves from ${app.stack} to ${to}`;
  app.stack = to;
  return text;
};

const movePlatform: Change = (program, random) => {
  const platform = random.of(program.platforms);
  const to = otherStack(program, random, platform.stack);
  if (to === undefined) return undefined;
  const from = platform.stack;
  const along = platform.apps.filter((app) => app.stack === from && (app.inside || random.oneIn(2)));
  for (const app of along) app.stack = to;
  platform.stack = to;
  return `platform ${platform.name} moves from ${from} to ${to}, with it ${along.map(({ name }) => name).join() || "no app"}`;
};

const reorder: Change = (program, random) => {
  const lists: unknown[][] = [program.platforms, ...ownersOf(program).flatMap(({ owner }) => partListsOf(owner))];
  for (const list of lists) list.splice(0, list.length, ...random.shuffled(list));
  for (const { app } of appsOf(program)) {
    if (random.oneIn(2)) app.inside = !app.inside;
    app.id = random.oneIn(2) ? undefined : `the-${app.name}`;
  }
  return "everything is declared in another order, apps in other scopes and under other ids";
};

const partListsOf = (owner: OwnerDraw): unknown[][] => [
  owner.streams,
  owner.buckets,
  owner.stores,
  owner.consumers,
  ...("apps" in owner ? [owner.apps as unknown[]] : []),
];

const renameApp: Change = (program, random, draw) => {
  const { app, path } = random.of(appsOf(program));
  app.name = draw.name("a");
  return `app ${path} is renamed to ${app.name}`;
};

/** Declares an app under another name too, which copies its data. */
const copyApp: Change = (program, random, draw) => {
  const { platform, app, path } = random.of(appsOf(program));
  if (app.isolated || app.retired || app.formerly) return undefined;
  const name = draw.name("c");
  platform.apps.push({ ...JSON.parse(JSON.stringify(app)), name, formerly: app.name, consumers: [], id: undefined });
  return `app ${path} is declared as ${name} too, formerly ${app.name}`;
};

const renamePart: Change = (program, random, draw) => {
  const part = random.any(partsOf(program).filter(({ rename }) => rename));
  if (!part) return undefined;
  const name = draw.name("r");
  part.rename?.(name);
  return `${part.kind} ${part.path} is renamed to ${name}`;
};

const otherPlatform: Change = (program, random) => {
  if (program.platforms.length < 2) return undefined;
  const { platform, app, path } = random.of(appsOf(program));
  const other = program.platforms.find((each) => each !== platform) as PlatformDraw;
  without(platform.apps, app);
  other.apps.push(app);
  return `app ${path} goes to platform ${other.name}`;
};

const removeApp: Change = (program, random) => {
  const { platform, app, path } = random.of(appsOf(program));
  without(platform.apps, app);
  return `app ${path} is removed`;
};

const removePart: Change = (program, random) => {
  const part = random.any(partsOf(program).filter(({ remove }) => remove));
  if (!part) return undefined;
  part.remove?.();
  return `${part.kind} ${part.path} is removed`;
};

const removePlatform: Change = (program, random) => {
  if (program.platforms.length < 2) return undefined;
  const platform = random.of(program.platforms);
  without(program.platforms, platform);
  return `platform ${platform.name} is removed`;
};

const dropOwn: Change = (program, random) => {
  const { app, path } = random.of(appsOf(program));
  const what = random.of(["wal", "snapshots"] as const);
  if (!app[what]) return undefined;
  app[what] = undefined;
  app.consumers = app.consumers.filter(({ of }) => of !== what);
  return `${what} of ${path} is removed`;
};

const endsOf = (program: ProgramDraw): { retired?: RetiredData | undefined }[] => [
  ...ownersOf(program).map(({ owner }) => owner),
  ...partsOf(program).map(({ options }) => options as { retired?: RetiredData }),
];

const retire: Change = (program, random) => {
  const data = random.of([RetiredData.KEEP, RetiredData.DELETE]);
  if (random.oneIn(2)) {
    const part = random.any(partsOf(program).filter(({ remove }) => remove));
    if (!part) return undefined;
    part.options.retired = data;
    return `${part.kind} ${part.path} is retired: ${data}`;
  }
  const owners = ownersOf(program).filter(({ owner }) => !("apps" in owner) || program.platforms.length > 1);
  if (owners.length === 0) return undefined;
  const { owner, path } = random.of(owners);
  owner.retired = data;
  return `${path} is retired: ${data}`;
};

/** Removes the declarations of what is retired, or declares it as before. */
const afterRetiring: Change = (program, random, draw) => {
  if (!endsOf(program).some(({ retired }) => retired)) return undefined;
  if (random.oneIn(4)) {
    for (const each of endsOf(program)) each.retired = undefined;
    return "what is retired is declared as before";
  }
  for (const platform of program.platforms) {
    const kept = platform.apps.filter(({ retired }) => retired === RetiredData.KEEP);
    draw.kept.push(...kept.map((app) => ({ platform: platform.name, app })));
    platform.apps = platform.apps.filter(({ retired }) => !retired);
  }
  program.platforms = program.platforms.filter(({ retired }) => !retired);
  for (const { options, remove } of partsOf(program)) if (options.retired) remove?.();
  return "what is retired is no longer declared";
};

const changeOptions: Change = (program, random) => {
  const part = random.of(partsOf(program));
  const names = Object.keys(OPTIONS[part.kind]);
  const texts: string[] = [];
  for (let left = 1 + random.below(2); left > 0; left--) {
    const name = random.of(names);
    const value = random.of(OPTIONS[part.kind][name] ?? []);
    if (JSON.stringify(value) === JSON.stringify(part.options[name])) continue;
    texts.push(`${name} from ${JSON.stringify(part.options[name])} to ${JSON.stringify(value)}`);
    if (value === undefined) delete part.options[name];
    else part.options[name] = value;
  }
  return texts.length > 0 ? `${part.kind} ${part.path}: ${texts.join(", ")}` : undefined;
};

const changeSubjects: Change = (program, random) => {
  const { path, consumer, stream } = random.any(partsOf(program).filter((each) => each.consumer ?? each.stream)) ?? {};
  if (consumer) {
    const before = consumer.filters;
    consumer.filters = random.of(FILTERS);
    return `consumer ${path}: filters from ${before} to ${consumer.filters}`;
  }
  if (!stream) return undefined;
  const before = stream.subjects;
  stream.subjects = random.of(SUBJECTS);
  return `stream ${path}: subjects from ${before} to ${stream.subjects}`;
};

const changeFlags: Change = (program, random) => {
  const platform = random.of(program.platforms);
  const before = platform.flags;
  platform.flags = random.of([undefined, "on", "off"]);
  return before === platform.flags ? undefined : `the key of ${platform.name}: ${before} to ${platform.flags}`;
};

/** Declares what was kept once more: as it was, or adopted. */
const declareAgain: Change = (program, random, draw) => {
  if (draw.kept.length === 0) return undefined;
  const { platform, app } = random.of(draw.kept);
  const found = program.platforms.find(({ name }) => name === platform);
  if (!found || found.apps.some(({ name }) => name === app.name)) return undefined;
  const adopt = random.oneIn(2) ? true : undefined;
  found.apps.push({ ...JSON.parse(JSON.stringify(app)), retired: undefined, movedFrom: undefined, adopt });
  return `app ${platform}/${app.name} is declared again${adopt ? ", adopted" : ""}`;
};

const changeOwner: Change = (program, random) => {
  const platform = random.of(program.platforms);
  const before = platform.owner;
  platform.owner = random.of([undefined, "acme/shop", "acme/other"]);
  return before === platform.owner ? undefined : `owner of ${platform.name}: ${before} to ${platform.owner}`;
};

const changeProtection: Change = (program, random) => {
  const { owner, path } = random.of(ownersOf(program));
  const before = owner.preventDestroy;
  owner.preventDestroy = random.of([undefined, true, false]);
  return before === owner.preventDestroy
    ? undefined
    : `preventDestroy of ${path}: ${before} to ${owner.preventDestroy}`;
};

const changePlatform: Change = (program, random) => {
  const platform = random.of(program.platforms);
  if (random.oneIn(2)) {
    platform.history = !platform.history;
    return `monitoring of ${platform.name} ${platform.history ? "with" : "without"} history`;
  }
  platform.accessEntries = platform.accessEntries === false ? undefined : false;
  return `accessEntries of ${platform.name}: ${platform.accessEntries}`;
};

const changeAdoption: Change = (program, random) => {
  const { owner, path } = random.of(ownersOf(program));
  owner.adopt = owner.adopt ? undefined : true;
  return `adopt of ${path}: ${owner.adopt}`;
};

const changeIsolation: Change = (program, random) => {
  const { app, path } = random.of(appsOf(program));
  app.isolated = !app.isolated;
  return `app ${path} is ${app.isolated ? "isolated" : "no longer isolated"}`;
};

const changeShape: Change = (program, random) => {
  const { path, options } = random.of(partsOf(program).filter(({ kind }) => kind === "bucket" || kind === "store"));
  if (options.bucketResource) {
    delete options.bucketResource;
    return `${path} becomes a stream to Terraform`;
  }
  options.bucketResource = BucketResource.NATIVE;
  options.adopt = true;
  return `${path} becomes a native bucket, adopted`;
};

const add: Change = (program, random, draw) => {
  if (random.oneIn(4)) {
    const platform = random.of(program.platforms);
    platform.apps.push(draw.app(program.stacks));
    return `app ${platform.name}/${platform.apps.at(-1)?.name} is added`;
  }
  const { owner, path } = random.of(ownersOf(program));
  const kind = random.of(["stream", "bucket", "store", "consumer", "consumer"] as const);
  if (kind === "stream") owner.streams.push(draw.stream());
  if (kind === "bucket") owner.buckets.push(draw.bucket());
  if (kind === "store") owner.stores.push(draw.store());
  if (kind === "consumer") owner.consumers.push(draw.consumer(owner));
  return `a ${kind} is added to ${path}`;
};

/** Each as often as its number says. */
const CHANGES: readonly (readonly [number, Change])[] = [
  [6, moveApp],
  [4, movePlatform],
  [2, reorder],
  [2, renameApp],
  [3, copyApp],
  [2, renamePart],
  [1, otherPlatform],
  [2, removeApp],
  [3, removePart],
  [1, removePlatform],
  [1, dropOwn],
  [5, retire],
  [8, afterRetiring],
  [14, changeOptions],
  [4, changeSubjects],
  [1, changeFlags],
  [3, declareAgain],
  [2, changeOwner],
  [3, changeProtection],
  [2, changePlatform],
  [1, changeAdoption],
  [1, changeIsolation],
  [1, changeShape],
  [4, add],
];

const WEIGHTED = CHANGES.flatMap(([weight, change]) => Array.from({ length: weight }, () => change));

/** Changes a program in one way, now and then in two at once, and says what it did. */
export function edited(before: ProgramDraw, random: Random, draw: Draw): { program: ProgramDraw; texts: string[] } {
  const program: ProgramDraw = JSON.parse(JSON.stringify(before));
  const texts: string[] = [];
  const count = random.oneIn(6) ? 2 : 1;
  // README: what is moved is not changed in the same step.
  const isMoved = () => texts.some((text) => text.includes(" moves from "));
  for (let tries = 0; texts.length < count && !isMoved() && tries < 100; tries++) {
    if (appsOf(program).length === 0) program.platforms[0]?.apps.push(draw.app(program.stacks));
    const changes = texts.length > 0 ? WEIGHTED.filter((each) => each !== moveApp && each !== movePlatform) : WEIGHTED;
    const text = random.of(changes)(program, random, draw);
    if (text !== undefined) texts.push(text);
  }
  sayWhereFrom(program, before);
  // Who forgets to say it is told by Terraform.
  if (random.oneIn(12)) for (const { owner } of ownersOf(program)) owner.movedFrom = undefined;
  return { program, texts };
}
