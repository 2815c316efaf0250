import { BucketResource, RetentionPolicy, RetiredData } from "cdktf-nats-platform";
import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import { Random } from "../support/random";
import { ALL } from "../support/sample";
import { sayWhereFrom } from "./edits/change";
import { type AllowedLoss, type Contents, isDocument, lossesBetween } from "./edits/contents";
import type { AppDraw, OwnerDraw, PlatformDraw, ProgramDraw } from "./edits/model";
import { Stage } from "./edits/stage";

// Each operation that README describes, done to a platform of ten apps with data. `npm run test:all` does all of them, otherwise
// there are a few.
let toolchain: Toolchain;

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterAll(() => toolchain?.close());

const STACKS = ALL ? ["one", "two", "three"] : ["one"];

/** Apps of which no part is retired have fewer parts. */
const isSlim = (name: string) => /^app[4-9]$|^old$/.test(name);

function owner(name: string): OwnerDraw {
  if (isSlim(name)) {
    const streams = [{ name: "jobs", options: {} }];
    return {
      name,
      stack: "one",
      streams,
      buckets: [],
      stores: [],
      consumers: [{ name: "worker", of: "jobs", options: {} }],
    };
  }
  return {
    name,
    stack: "one",
    streams: [
      { name: "jobs", options: {} },
      { name: "calls", options: { retention: RetentionPolicy.INTEREST } },
      { name: "queue", options: { retention: RetentionPolicy.WORKQUEUE } },
    ],
    buckets: [{ name: "cache", options: { history: 3 } }],
    stores: [{ name: "files", options: {} }],
    consumers: ["jobs", "calls", "queue"].map((of) => ({ name: "worker", of, options: { ackWaitSeconds: 3600 } })),
  };
}

const app = (name: string, isolated = false): AppDraw => ({
  ...owner(name),
  ...{
    isolated,
    inside: true,
    keyValueStore: {},
    wal: {},
    snapshots: isSlim(name) ? undefined : {},
    events: !isSlim(name),
  },
});

const platform = (name: string, apps: AppDraw[]): PlatformDraw => ({
  ...owner(name),
  ...{ history: true, flags: name === "shop" ? "on" : undefined, keyValueStore: {}, events: {}, audit: {}, apps },
});

const names = ALL ? Array.from({ length: 9 }, (_, index) => `app${index + 1}`) : ["app1", "app6"];

/** A platform with ten apps, of which one is isolated, and two small ones that are retired. */
const start = (): ProgramDraw => ({
  stacks: STACKS,
  platforms: [
    platform("shop", [...names.map((name) => app(name)), ...(ALL ? [app("apart", true)] : [])]),
    ...(ALL ? [platform("kept", [app("old")]), platform("dropped", [app("old"), app("apart", true)])] : []),
  ],
});

interface Operation {
  readonly title: string;
  /** The streams that it is about, by account and name. */
  readonly about: RegExp;
  /** Steps that are applied one after another. */
  readonly steps: readonly ((program: ProgramDraw) => void)[];
  /** Whether the streams are to be deleted. */
  readonly deletes: boolean;
}

/** An operation that is to keep everything. */
const keeping = (title: string, about: RegExp, ...steps: Operation["steps"]): Operation => ({
  ...{ title, about, steps, deletes: false },
});

const shopOf = ({ platforms }: ProgramDraw) => platforms[0] as PlatformDraw;
const appOf = (program: ProgramDraw, name: string) =>
  shopOf(program).apps.find((each) => each.name === name) as AppDraw;

const moveAll = (program: ProgramDraw, stack: string) => {
  const shop = shopOf(program);
  for (const each of [shop, ...shop.apps]) each.stack = stack;
};

type Retired = (program: ProgramDraw) => {
  readonly each: { retired?: RetiredData | undefined };
  readonly remove: () => void;
};

/** Retires something, and then no longer declares it. */
const retire = (title: string, data: RetiredData, about: RegExp, find: Retired, deletes = true): Operation => ({
  title: `${title} retired: ${data}`,
  about,
  steps: [
    (program) => {
      find(program).each.retired = data;
    },
    (program) => find(program).remove(),
  ],
  deletes: deletes && data === RetiredData.DELETE,
});

const BOTH = [RetiredData.KEEP, RetiredData.DELETE] as const;

const partOf =
  (name: string, list: "streams" | "buckets" | "stores", part: string) =>
  (program: ProgramDraw): ReturnType<Retired> => {
    const found = appOf(program, name);
    const all: { name: string; options: { retired?: RetiredData } }[] = found[list];
    const each = all.find((one) => one.name === part)?.options ?? {};
    const remove = () => {
      all.splice(
        all.findIndex((one) => one.name === part),
        1,
      );
      found.consumers = found.consumers.filter(({ of }) => of !== part);
    };
    return { each, remove };
  };

const consumerOf = (name: string, stream: string) => (program: ProgramDraw) => {
  const found = appOf(program, name);
  const each = found.consumers.find(({ of }) => of === stream)?.options ?? {};
  const remove = () => {
    found.consumers = found.consumers.filter(({ of }) => of !== stream);
  };
  return { each, remove };
};

const wholeApp = (name: string) => (program: ProgramDraw) => ({
  each: appOf(program, name),
  remove: () => {
    shopOf(program).apps = shopOf(program).apps.filter((each) => each.name !== name);
  },
});

const wholePlatform = (name: string) => (program: ProgramDraw) => ({
  each: program.platforms.find((each) => each.name === name) as PlatformDraw,
  remove: () => {
    program.platforms = program.platforms.filter((each) => each.name !== name);
  },
});

const cacheOf = (program: ProgramDraw) => appOf(program, "app1").buckets[0]?.options ?? {};

const SHOP = /^SHOP/;

const NATIVE = keeping(
  "a bucket becomes a native one by adopt, and a stream again",
  /^SHOP KV_shop_app1_cache$/,
  (program) => Object.assign(cacheOf(program), { bucketResource: BucketResource.NATIVE, adopt: true }),
  (program) => {
    for (const name of ["bucketResource", "adopt"] as const) delete cacheOf(program)[name];
  },
);

const retireApp = (data: RetiredData, name: string) =>
  retire("an app", data, new RegExp(`^SHOP (KV_|OBJ_)?shop_${name}(_|$)`), wholeApp(name));

const moving = (title: string, about: RegExp, move: (program: ProgramDraw, stack: string) => void, to: string) =>
  keeping(
    `${title} to another stack, and back`,
    about,
    (program) => move(program, to),
    (program) => move(program, "one"),
  );

const moveApp = (name: string) => (program: ProgramDraw, stack: string) => {
  appOf(program, name).stack = stack;
};

/** Operations of one group are done at once, each to something else. */
const GROUPS: readonly (readonly Operation[])[] = [
  [
    moving("an app moves", /^SHOP (KV_|OBJ_)?shop_app1(_|$)/, moveApp("app1"), "two"),
    moving("an isolated app moves", /^SHOP_APART /, moveApp("apart"), "two"),
  ],
  [
    moving(
      "a platform moves without its apps",
      SHOP,
      (program, stack) => {
        shopOf(program).stack = stack;
      },
      "two",
    ),
  ],
  [moving("a platform moves with all of its apps", SHOP, moveAll, "three")],
  [
    keeping("apps get other scopes and ids, and all another order", SHOP, (program) => {
      for (const each of shopOf(program).apps) {
        Object.assign(each, { inside: false, id: `the-${each.name}` });
        for (const list of [each.streams, each.buckets, each.stores, each.consumers]) list.reverse();
      }
      shopOf(program).apps.reverse();
    }),
  ],
  [
    keeping("an owner is set", SHOP, (program) => {
      shopOf(program).owner = "acme/shop";
    }),
  ],
  [
    NATIVE,
    keeping(
      "an app is retired with its data kept, and declared again by adopt",
      /^SHOP (KV_|OBJ_)?shop_app4(_|$)/,
      (program) => {
        appOf(program, "app4").retired = RetiredData.KEEP;
      },
      (program) => Object.assign(appOf(program, "app4"), { retired: undefined, adopt: true }),
      (program) => {
        appOf(program, "app4").adopt = undefined;
      },
    ),
  ],
  [
    ...BOTH.flatMap((data) => {
      const name = data === RetiredData.KEEP ? "app2" : "app3";
      const one = (kind: string, stream: string, find: Retired, deletes = true) =>
        retire(kind, data, new RegExp(`^SHOP ${stream}$`), find, deletes);
      return [
        one("a stream", `shop_${name}_jobs`, partOf(name, "streams", "jobs")),
        one("a bucket", `KV_shop_${name}_cache`, partOf(name, "buckets", "cache")),
        one("an object store", `OBJ_shop_${name}_files`, partOf(name, "stores", "files")),
        one("a consumer", `shop_${name}_queue`, consumerOf(name, "queue"), false),
        retireApp(data, data === RetiredData.KEEP ? "app5" : "app6"),
      ];
    }),
    retire("an isolated app", RetiredData.KEEP, /^SHOP_APART /, wholeApp("apart")),
    retire("a platform", RetiredData.KEEP, /^KEPT /, wholePlatform("kept")),
    retire("a platform", RetiredData.DELETE, /^DROPPED(_APART)? /, wholePlatform("dropped")),
  ],
];

const QUICK: readonly (readonly Operation[])[] = [[NATIVE, retireApp(RetiredData.DELETE, "app6")]];

/** How many messages there are, but for access documents. */
const countOf = (contents: Contents) =>
  [...contents.values()].reduce(
    (sum, { messages }) => sum + [...messages.values()].filter(({ subject }) => !isDocument(subject)).length,
    0,
  );

test(
  "each operation keeps all data but what it is to delete",
  async () => {
    const stage = new Stage(toolchain, new Random(1), (text) => process.stdout.write(`${text}\n`));
    const rows: string[] = [];
    try {
      let program = start();
      expect(await stage.open(program)).toBe(true);
      expect(new Set((await stage.apply(program, "nothing")).outcomes.values())).toEqual(new Set(["applied"]));
      for (let times = 0; times < 2; times++) await stage.fill();
      for (const group of ALL ? GROUPS : QUICK) {
        const before = await stage.contents();
        const losses: AllowedLoss[] = [];
        for (let step = 0; step < Math.max(...group.map(({ steps }) => steps.length)); step++) {
          const next: ProgramDraw = JSON.parse(JSON.stringify(program));
          for (const { steps } of group) steps[step]?.(next);
          sayWhereFrom(next, program);
          expect(await stage.open(next)).toBe(true);
          const { outcomes, texts, losses: named } = await stage.apply(next, "everything");
          losses.push(...named);
          expect([...outcomes.values(), ...texts]).toEqual([...STACKS.map(() => "applied"), ...texts]);
          sayWhereFrom(next, next);
          program = next;
        }
        await stage.open(program);
        expect(await stage.unchanged()).toEqual([]);
        const after = await stage.contents();
        for (const { title, about, deletes } of group) {
          const [was, is] = [before, after].map((all) => new Map([...all].filter(([key]) => about.test(key))));
          const lost = lossesBetween(was as Contents, is as Contents, losses);
          const row = [title, countOf(was as Contents), countOf(is as Contents), lost.length];
          rows.push(`| ${row.join(" | ")} |`);
          expect([title, lost, [...(is as Contents).keys()]]).toEqual([
            title,
            [],
            deletes ? [] : [...(was as Contents).keys()],
          ]);
        }
        expect(lossesBetween(before, after, losses)).toEqual([]);
      }
    } finally {
      const head = ["| operation | messages before | after | lost |", "|---|---|---|---|"];
      process.stdout.write(`${[...head, ...rows].join("\n")}\n`);
      await stage.stop();
    }
  },
  ALL ? 1_200_000 : 120_000,
);
