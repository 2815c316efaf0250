import * as fc from "fast-check";
import type { ServerAccount } from "../../../lib/analysis/server-model";
import type { CatalogConsumer, CatalogOrigin, CatalogResource, CatalogTransform } from "../../../lib/catalog/catalog";
import { withHeldSubjects } from "../../../lib/catalog/held-subjects";
import { covers, overlaps } from "../../../lib/subjects/subject-pattern";
import { calling, type Destination, destination, isVagueCall, mappedTo, mappingCall, pattern } from "./draw-subjects";

const optional = <T>(arbitrary: fc.Arbitrary<T>, freq: number) => fc.option(arbitrary, { nil: undefined, freq });

/** A pattern, or one that the stream it is about has surely something of. */
const nearDraw = fc.record({ pattern, near: fc.boolean() });

const call = optional(mappingCall, 3);

const transformDraw = fc.tuple(nearDraw, destination, fc.boolean(), call);

const originDraw = fc.record({
  of: fc.nat({ max: 2 }),
  mirror: fc.boolean(),
  filter: optional(nearDraw, 2),
  transforms: fc.array(transformDraw, { maxLength: 2 }),
  /** Whether it is a stream of another account or domain of that name, which nobody answers for. */
  far: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

const streamDraw = fc.record({
  subjects: fc.array(pattern, { minLength: 1, maxLength: 2 }),
  transform: optional(transformDraw, 2),
  republish: optional(fc.tuple(pattern, destination, call), 2),
  retention: optional(fc.constantFrom("interest" as const, "workqueue" as const), 3),
  origins: fc.array(originDraw, { maxLength: 2 }),
  listens: fc.boolean(),
  consumers: fc.array(fc.array(pattern, { maxLength: 2 }), { maxLength: 2 }),
});

/** The names of the consumers that a stream may have. */
export const CONSUMERS = ["c0", "c1"];

/** A request to JetStream that a line allows. */
export const requestDraw = fc.record({
  request: fc.nat({ max: 6 }),
  stream: fc.nat({ max: 2 }),
  consumer: fc.nat({ max: 1 }),
  filter: pattern,
});

/** The streams of an account, and which requests to its JetStream another account imports. */
export const storageDraw = fc.record({
  streams: fc.array(streamDraw, { minLength: 1, maxLength: 3 }),
  imported: fc.array(requestDraw, { maxLength: 2 }),
});

type ValueOf<T> = T extends fc.Arbitrary<infer V> ? V : never;
type StreamDraw = ValueOf<typeof streamDraw>;
type TransformDraw = ValueOf<typeof transformDraw>;
type OriginDraw = ValueOf<typeof originDraw>;
type RequestDraw = ValueOf<typeof requestDraw>;
export type StorageDraw = ValueOf<typeof storageDraw>;

/** Subjects of the server in an account: requests to JetStream, answers, and what it delivers to streams that copy. */
const OF_SERVER = ["$JS.API.STREAM.NAMES", "_INBOX.a.b.c.d.e", "$JS.M.a", "$JS.S.a"];

/** Whether a pattern matches subjects of the server, so that a mapping or a stream by it would take them away. */
export const isBroad = (each: string) => OF_SERVER.some((subject) => covers(each, subject));

const narrow = (each: string) => (isBroad(each) ? each.replace(/^[*>]/, each === ">" ? "a.>" : "a") : each);

/** Some patterns, of which no two overlap. */
function apart<T>(items: readonly T[], patternOf: (item: T) => string): T[] {
  const kept: T[] = [];
  for (const item of items) {
    if (!kept.some((other) => overlaps(patternOf(other), patternOf(item)))) kept.push(item);
  }
  return kept;
}

const patternOf = ({ pattern: drawn, near }: ValueOf<typeof nearDraw>, subjects: readonly string[]) =>
  near ? (subjects[0] ?? drawn) : drawn;

function transformOf([drawn, to, drops, call]: TransformDraw, subjects: readonly string[]): CatalogTransform {
  const source = patternOf(drawn, subjects);
  const full = calling(source, mappedTo(source, to, true), call);
  return { source, destination: drops ? full.replace(/\.\$1(?=\.|$)/, "") : full };
}

/** The prefix of the JetStream API of an account or domain that nobody answers for. */
const NOWHERE = "$JS.nowhere.API";

function originOf(
  { of, mirror, filter, transforms, far }: OriginDraw,
  earlier: readonly CatalogResource[],
): CatalogOrigin {
  const { stream = "", subjects = [] } = earlier[of % earlier.length] ?? {};
  const drawn = transforms.map((each) => transformOf(each, subjects));
  const made = filter === undefined ? apart(drawn, ({ source }) => source) : [];
  return {
    stream,
    ...(mirror && { mirror }),
    ...(far && { externalApiPrefix: NOWHERE }),
    ...(made.length > 0 ? { transforms: made } : filter !== undefined && { filter: patternOf(filter, subjects) }),
  };
}

function originsOf(draws: readonly OriginDraw[], earlier: readonly CatalogResource[]): CatalogOrigin[] {
  if (earlier.length === 0) return [];
  const [first, ...others] = draws.map((each) => originOf(each, earlier));
  if (!first) return [];
  if (first.mirror) return [first];
  const sources = others.map(({ mirror: _, ...origin }) => origin);
  return [first, ...sources].filter(
    ({ stream }, index, all) => all.findIndex((other) => other.stream === stream) === index,
  );
}

/** What streams publish again begins so. */
const AGAIN = "r";

const republishOf = ([source, to, call]: readonly [string, Destination, string | undefined]): CatalogTransform => ({
  source,
  destination: `${AGAIN}.${calling(source, mappedTo(source, to, true), call)}`,
});

function streamOf(draw: StreamDraw, account: string, earlier: readonly CatalogResource[]): CatalogResource {
  const name = `${account}_s${earlier.length}`;
  const origins = originsOf(draw.origins, earlier);
  const mirror = origins.some((origin) => origin.mirror);
  const listens = !mirror && (origins.length === 0 || draw.listens);
  const subjects = listens ? apart(draw.subjects.map(narrow), (each) => each) : [];
  return {
    name,
    kind: "stream",
    stream: name,
    account,
    platform: "drawn",
    address: name,
    bounded: true,
    sized: true,
    rollUp: false,
    source: "",
    subjects,
    copies: origins.flatMap(({ stream, externalApiPrefix }) => (externalApiPrefix === undefined ? [stream] : [])),
    ...(origins.length > 0 && { origins }),
    ...(draw.transform && !mirror && { transform: transformOf(draw.transform, subjects) }),
    ...(draw.republish && { republish: republishOf(draw.republish) }),
    ...(draw.retention && !mirror && { retention: draw.retention }),
  };
}

/** Whether a stream stores subjects that only the server knows. */
export const storesVaguely = ({ transform, origins = [] }: CatalogResource) =>
  [transform, ...origins.flatMap(({ transforms = [] }) => transforms)].some(
    (each) => each !== undefined && isVagueCall(each.destination),
  );

/** Whether a stream publishes subjects again that only the server knows. */
export const republishesVaguely = ({ republish }: CatalogResource) =>
  republish !== undefined && isVagueCall(republish.destination);

/** The names of streams of which nobody but the server knows what they store, themselves or what they copy. */
export function vagueStreams(all: readonly CatalogResource[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (;;) {
    const more = all.filter(
      (each) => !found.has(each.stream) && (storesVaguely(each) || each.copies.some((from) => found.has(from))),
    );
    if (more.length === 0) return found;
    for (const { stream } of more) found.add(stream);
  }
}

/** The names of streams of which copies take the messages away. */
export function emptiedBy(all: readonly CatalogResource[]): ReadonlySet<string> {
  const copied = new Set(all.flatMap(({ copies }) => copies));
  return new Set(
    all.filter(({ stream, retention }) => retention === "workqueue" && copied.has(stream)).map(({ stream }) => stream),
  );
}

/** Without work queues of which two copies would each get a part. */
function withoutRaces(all: readonly CatalogResource[]): CatalogResource[] {
  const copied = all.flatMap(({ copies }) => copies);
  const races = ({ stream }: CatalogResource) => copied.filter((each) => each === stream).length > 1;
  return all.map(({ retention, ...rest }) => ({
    ...rest,
    ...(retention && !(retention === "workqueue" && races(rest as CatalogResource)) && { retention }),
  }));
}

/** The streams that copy one, from one to the next, itself first. */
function leadingFrom(stream: string, all: readonly CatalogResource[]): string[] {
  const copies = all.filter(({ copies }) => copies.includes(stream)).map((each) => each.stream);
  return [stream, ...copies.flatMap((each) => leadingFrom(each, all))];
}

/** Without what is published again by a stream that gets it back, since that never ends. */
function withoutLoops(all: readonly CatalogResource[]): CatalogResource[] {
  const takes = all.filter(({ subjects }) => subjects.some((each) => overlaps(each, `${AGAIN}.>`)));
  const silent = new Set(takes.flatMap(({ stream }) => leadingFrom(stream, all)));
  return all.map(({ republish, ...rest }) => ({
    ...rest,
    ...(republish && !silent.has(rest.stream) && { republish }),
  }));
}

/** The streams of an account and their consumers. */
export function storageOf(account: string, { streams }: StorageDraw): Pick<ServerAccount, "resources" | "consumers"> {
  const resources: CatalogResource[] = [];
  const consumers: CatalogConsumer[] = [];
  const listening: string[] = [];
  for (const draw of streams) {
    const stream = streamOf(draw, account, resources);
    if (stream.subjects.some((each) => listening.some((other) => overlaps(each, other)))) continue;
    listening.push(...stream.subjects);
    resources.push(stream);
    for (const [index, filters] of draw.consumers.entries()) {
      const kept = apart(filters, (each) => each);
      const name = CONSUMERS[index] ?? "";
      consumers.push({ name, stream: stream.stream, account, filters: kept, acknowledges: false, source: "" });
    }
  }
  const kept = withoutRaces(withoutLoops(resources));
  const emptied = emptiedBy(kept);
  return {
    resources: withHeldSubjects(kept),
    consumers: consumers.filter(({ stream }) => !emptied.has(stream)),
  };
}

/** The lines of a drawn request; none where there is no such stream. */
export function lineOf(
  { request, stream, consumer, filter }: RequestDraw,
  { resources }: Pick<ServerAccount, "resources">,
): string[] {
  const name = resources[stream]?.stream;
  if (name === undefined) return [];
  const lines = [
    `$JS.API.DIRECT.GET.${name}`,
    `$JS.API.DIRECT.GET.${name}.${filter}`,
    `$JS.API.STREAM.MSG.GET.${name}`,
    `$JS.API.CONSUMER.CREATE.${name}`,
    `$JS.API.CONSUMER.CREATE.${name}.*.${filter}`,
    `$JS.API.CONSUMER.MSG.NEXT.${name}.${CONSUMERS[consumer]}`,
    `$JS.API.CONSUMER.MSG.NEXT.${name}.*`,
  ];
  return [lines[request] ?? ""];
}
