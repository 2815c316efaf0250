import { AccessModel } from "../../../lib/analysis/access-model";
import { reach, whoCanPublish } from "../../../lib/analysis/reach";
import { ResourceAccess } from "../../../lib/analysis/resource-access";
import type { ServerAccount } from "../../../lib/analysis/server-model";
import type { CatalogConsumer, CatalogOrigin, CatalogResource } from "../../../lib/catalog/catalog";
import { withHeldSubjects } from "../../../lib/catalog/held-subjects";
import { stream } from "./platform";
import { directionLines } from "./server-accounts";

const from = (name: string, rest: Partial<CatalogOrigin> = {}): CatalogOrigin => ({ stream: name, ...rest });

const made = (name: string, subjects: readonly string[], rest: Partial<CatalogResource> = {}): CatalogResource => ({
  ...stream("A", name, "a"),
  subjects,
  ...rest,
});

const consumer = (name: string, of: string, ...filters: string[]): CatalogConsumer => ({
  name,
  stream: of,
  account: "A",
  filters,
  acknowledges: true,
  source: "",
});

/** An account with these streams, a user that may do all and one that may publish and subscribe to these lines. */
function modelOf(
  resources: readonly CatalogResource[],
  { publish = ["none"], subscribe = ["none"] }: { publish?: string[]; subscribe?: string[] } = {},
  consumers: readonly CatalogConsumer[] = [],
): AccessModel {
  const user = { name: "u", publish: directionLines(publish), subscribe: directionLines(subscribe) };
  const all = { name: "all", publish: directionLines([]), subscribe: directionLines([]) };
  const rest = { exports: [], imports: [], mappings: {}, consumers };
  const other = { ...user, name: "other" };
  const account: ServerAccount = {
    name: "A",
    users: [user, other, all],
    resources: withHeldSubjects(resources),
    ...rest,
  };
  return new AccessModel([account]);
}

const held = (resources: readonly CatalogResource[]) =>
  Object.fromEntries(withHeldSubjects(resources).map(({ stream: name, holds, mayHold }) => [name, [holds, mayHold]]));

/** What the user with lines reads, by the streams that have it: the subjects, and the streams on the way. */
function reads(model: AccessModel): Record<string, string> {
  const cells = [...(new ResourceAccess(model).of("u")?.cells.values() ?? [])];
  const text = ({ abilities }: (typeof cells)[number]) =>
    abilities
      .filter(({ act }) => act === "read")
      .map(({ subjects = ["all"], through }) => {
        const way = through.map((step) => (step.kind === "import" ? step.account : step.resource.stream));
        return [...subjects, ...way.map((name) => `via ${name}`)].join(" ");
      })
      .join("; ");
  return Object.fromEntries(cells.map((cell) => [cell.resource.stream, text(cell)]).filter(([, each]) => each !== ""));
}

describe("the subjects of a stream's messages", () => {
  test("are those that it listens to, rewritten, and what comes from others, rewritten twice", () => {
    const streams = [
      made("one", ["a.*", "b"], { transform: { source: "a.*", destination: "x.$1" } }),
      made("two", ["c"], {
        origins: [from("one", { transforms: [{ source: "x.*", destination: "y.{{wildcard(1)}}" }] })],
        transform: { source: "y.>", destination: "z.>" },
      }),
      made("three", [], { origins: [from("two", { mirror: true, filter: "z.1" })] }),
    ];
    expect(held(streams)).toEqual({
      one: [["b", "x.*"], undefined],
      two: [["c", "z.*"], undefined],
      three: [["z.1"], undefined],
    });
  });

  test("may be any that an unknown stream has, as far as a filter lets them through", () => {
    const unknown = [from("elsewhere", { filter: "e.*" }), from("one", { externalApiPrefix: "$JS.hub.API" })];
    const streams = [
      made("one", ["a"], { origins: [unknown[0] as CatalogOrigin] }),
      made("two", [], { origins: [unknown[1] as CatalogOrigin] }),
    ];
    expect(held(streams)).toEqual({
      one: [["a"], ["e.*"]],
      two: [[], [">"]],
    });
  });

  test("are found where streams copy each other in a circle that lets subjects grow", () => {
    const longer = [{ source: ">", destination: "x.>" }];
    const streams = [
      made("one", ["a"], { origins: [from("two")] }),
      made("two", [], { origins: [from("one", { transforms: longer })] }),
    ];
    expect(held(streams).two?.[0]).toContain("x.a");
  });

  test("are those that no others of them cover, alone or together", () => {
    const origins = ["a", "b", "c"].map((stream) => from(stream));
    const streams = [made("a", ["x.>"]), made("b", ["*.*"]), made("c", ["*.*.>"]), made("copy", [], { origins })];
    expect(held(streams).copy).toEqual([["*.*", "*.*.>"], undefined]);
  });

  test("of streams that copy nothing stay as they are", () => {
    const streams = [made("one", ["a"])];
    expect(withHeldSubjects(streams)[0]).toBe(streams[0]);
  });
});

const WAL = made("wal", ["wal.>"]);
const JOBS = made("jobs", ["jobs.>"], { origins: [from("wal", { filter: "wal.a.>" })] });
const RENAMED = made("renamed", [], {
  origins: [from("jobs", { transforms: [{ source: "wal.>", destination: "r.>" }] })],
});
const ALL = [WAL, JOBS, RENAMED];

describe("a message", () => {
  test("is stored by all copies, and published again by them", () => {
    const model = modelOf([WAL, JOBS, { ...RENAMED, republish: { source: "r.>", destination: "live.>" } }]);
    const member = model.member("all");
    if (!member) throw new Error("no user");
    const { storedBy, receivers } = reach(model, member, "wal.a.1");
    expect(storedBy.map(({ resource, subject }) => `${resource.stream} ${subject}`).sort()).toEqual([
      "jobs wal.a.1",
      "renamed r.a.1",
      "wal wal.a.1",
    ]);
    expect(receivers.filter(({ member: { user } }) => user.name === "all").map(({ pattern }) => pattern)).toEqual([
      "wal.a.1",
      "live.a.1",
    ]);
    expect(reach(model, member, "wal.b.1").storedBy.map(({ resource }) => resource.stream)).toEqual(["wal"]);
  });

  test("is published again under a subject by whoever publishes what the copy is of", () => {
    const model = modelOf([WAL, JOBS, { ...RENAMED, republish: { source: "r.>", destination: "live.>" } }]);
    expect(whoCanPublish(model, "live.a.1").map(({ publishes, through }) => [publishes, through.length])).toEqual([
      ["live.a.1", 0],
      ["wal.a.1", 3],
    ]);
  });

  test("goes round in a circle once", () => {
    const model = modelOf([
      made("one", ["a"], { origins: [from("two")] }),
      made("two", ["b"], { origins: [from("one")] }),
    ]);
    const member = model.member("all");
    expect(member && reach(model, member, "a").storedBy.map(({ resource }) => resource.stream)).toEqual([
      "one",
      "two",
      "one",
    ]);
  });
});

test.each<[string, string, Record<string, string>]>([
  [
    "a whole copy",
    "$JS.API.STREAM.MSG.GET.renamed",
    { renamed: "all", jobs: "wal.a.> via renamed", wal: "wal.a.> via jobs via renamed" },
  ],
  [
    "a subject of a copy",
    "$JS.API.DIRECT.GET.renamed.r.a.x",
    { renamed: "r.a.x", jobs: "wal.a.x via renamed", wal: "wal.a.x via jobs via renamed" },
  ],
  ["what a copy has of its own", "$JS.API.DIRECT.GET.jobs.jobs.x", { jobs: "jobs.x" }],
  ["what is copied", "$JS.API.STREAM.MSG.GET.wal", { wal: "all" }],
])("who reads %s reads that of the streams that it is from", (_, publish, expected) => {
  expect(reads(modelOf(ALL, { publish: [publish] }))).toEqual(expected);
});

test("who subscribes to what is published again, or to what the server sends to copies, reads what they are of", () => {
  const again = { ...RENAMED, republish: { source: "r.>", destination: "live.>" } };
  expect(reads(modelOf([WAL, JOBS, again], { subscribe: ["live.a.x"] }))).toEqual({
    renamed: "r.a.x via renamed",
    jobs: "wal.a.x via renamed via renamed",
    wal: "wal.a.x via jobs via renamed via renamed",
  });
  expect(reads(modelOf(ALL, { subscribe: ["$JS.S.>"] }))).toEqual({
    wal: "wal.a.> via jobs",
    jobs: "wal.a.> via renamed",
  });
});

describe("who fetches from a durable consumer", () => {
  const fetching = (...consumers: CatalogConsumer[]) =>
    reads(modelOf(ALL, { publish: ["$JS.API.CONSUMER.MSG.NEXT.jobs.c"] }, consumers));

  test("reads what its filters let through, and of what streams that is a copy", () => {
    expect(fetching(consumer("c", "jobs", "jobs.1", "wal.*.x"))).toEqual({
      jobs: "jobs.1 wal.a.x",
      wal: "wal.a.x via jobs",
    });
  });

  test("reads nothing if they let nothing through", () => {
    expect(fetching(consumer("c", "jobs", "other"))).toEqual({});
  });

  test("reads all if it has no filter, or if nothing is known of it", () => {
    const all = { jobs: "all", wal: "wal.a.> via jobs" };
    expect(fetching(consumer("c", "jobs"))).toEqual(all);
    expect(fetching(consumer("c", "wal", "wal.1"), consumer("other", "jobs", "jobs.1"))).toEqual(all);
  });
});

test("who writes a stream writes its copies, and learns of its last sequences alone", () => {
  const model = modelOf(ALL, { publish: ["wal.a.>"] });
  const user = new ResourceAccess(model).of("u");
  expect([...(user?.cells.values() ?? [])].map(({ resource, level }) => `${resource.stream} ${level}`)).toEqual([
    "wal write",
    "jobs write",
    "renamed write",
  ]);
  const sequences = user?.holes.filter(({ kind }) => kind === "sequence").map(({ resource }) => resource?.stream);
  expect(sequences).toEqual(["wal"]);
});

test.each([
  ["may look at it", "$JS.API.STREAM.INFO.wal", ["wal"]],
  ["reads it anyway", "$JS.API.STREAM.MSG.GET.wal", []],
])("who writes a stream and %s learns last sequences by a hole: %s", (_, request, expected) => {
  const user = new ResourceAccess(modelOf(ALL, { publish: ["wal.a.>", request] })).of("u");
  const sequences = user?.holes.filter(({ kind }) => kind === "sequence").map(({ resource }) => resource?.stream);
  expect(sequences).toEqual(expected);
});

describe("streams that copy in layers, two by two", () => {
  const LAYERS = 12;
  const nameOf = (layer: number, each: number) => `layer-${layer}-${each}`;

  /** Streams of which each copies both of the layer before; in the lowest layer each has a subject of its own. */
  const layers = (originOf: (name: string, each: number) => CatalogOrigin) =>
    Array.from({ length: LAYERS }, (_, layer) => layer).flatMap((layer) =>
      [0, 1].map((each) =>
        layer === 0
          ? made(nameOf(0, each), [`own.${each}`])
          : made(nameOf(layer, each), [], { origins: [0, 1].map((other) => originOf(nameOf(layer - 1, other), each)) }),
      ),
    );

  const plain = modelOf(
    layers((name) => from(name)),
    {
      publish: [`$JS.API.STREAM.MSG.GET.${nameOf(LAYERS - 1, 0)}`, "own.0"],
    },
  );
  const cells = [...(new ResourceAccess(plain).of("u")?.cells.values() ?? [])];

  test("are all read by who reads the highest, and written by who writes the lowest", () => {
    const readers = cells.filter(({ abilities }) => abilities.some(({ act }) => act === "read"));
    const writers = cells.filter(({ abilities }) => abilities.some(({ act }) => act === "write"));
    expect(readers).toHaveLength(2 * LAYERS - 1);
    expect(writers).toHaveLength(2 * LAYERS - 1);
  });

  test("in some of the ways, of which there are thousands", () => {
    const most = Math.max(...cells.map(({ abilities }) => abilities.length));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(40);
  });

  test("in all ways that make other subjects of them", () => {
    const renaming = (name: string, each: number) =>
      from(name, { transforms: [{ source: ">", destination: `${each}.>` }] });
    const few = layers(renaming).slice(0, 8);
    const user = new ResourceAccess(modelOf(few, { publish: ["own.0"] })).of("u");
    const [highest] = [...(user?.cells.values() ?? [])].filter(({ resource }) => resource.stream === nameOf(3, 0));
    const subjects = new Set(highest?.abilities.flatMap((each) => each.subjects ?? []));
    expect([...subjects].sort()).toEqual(["0", "1"].flatMap((a) => ["0", "1"].map((b) => `0.${a}.${b}.own.0`)).sort());
  });
});
