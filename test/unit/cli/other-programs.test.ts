import { AppConstruct, PlatformConstruct, Stream } from "../../../lib";
import { AccessModel } from "../../../lib/analysis/access-model";
import { serverAccounts } from "../../../lib/analysis/server-model";
import type { Catalog } from "../../../lib/catalog/catalog";
import { diagramOf } from "../../../lib/report/diagram";
import { SERVERS } from "../../support/prod";
import { CATALOG, catalogOfProgram, command, type Parts, program } from "./cli";

const orders = ({ prod }: Parts) => Stream.fromStreamName(prod, "Orders", "prod_orders");

const withConsumer = (filterSubjects?: readonly string[], more: (parts: Parts) => void = () => {}) =>
  catalogOfProgram(
    program((parts) => {
      parts.cache.addConsumer("worker", {
        stream: orders(parts),
        ...(filterSubjects && { filterSubjects: [...filterSubjects] }),
      });
      more(parts);
    }),
  );

const answer = (words: readonly string[], catalog = withConsumer()) => command(words, { [CATALOG]: catalog }).out;

const POSSIBLY =
  "Possibly stored in stream prod_orders (PROD), which this program does not declare, and read from there by requests of";
const ASKS = "$JS.API.CONSUMER.MSG.NEXT.prod_orders.cache_worker";

test("who-can names those who read a stream of another program by a consumer", () => {
  const out = answer(["who-can", "subscribe", "anything.at.all"]);
  expect(out).toContain(POSSIBLY);
  expect(out.split(POSSIBLY)[1]).toContain(`prod-cache      ${ASKS}`);
});

test("what no filter of the consumers delivers is not among it", () => {
  const filtered = withConsumer(["prod._.orders.paid"]);
  expect(answer(["who-can", "subscribe", "prod._.orders.paid"], filtered)).toContain(POSSIBLY);
  expect(answer(["who-can", "subscribe", "prod._.orders.open"], filtered)).not.toContain("prod_orders");
});

test("can says that such a stream may have the messages", () => {
  expect(answer(["can", "prod-cache", "subscribe", "prod._.orders.a"])).toContain(
    `${ASKS}  stream prod_orders, if it has such messages: this program does not declare it`,
  );
  expect(answer(["can", "prod-convex", "subscribe", "prod._.orders.a"])).not.toContain("if it has such messages");
});

test("show names it among what a user reads", () => {
  expect(answer(["show", "prod-cache"])).toContain(
    "read the consumer cache_worker of the stream prod_orders (PROD, of another program)",
  );
});

test("a copy of it is still said to possibly have what is published", () => {
  const both = withConsumer(undefined, (parts) => {
    parts.prod.addStream("copy", { sources: [{ stream: Stream.fromStreamName(parts.prod, "Too", "prod_orders") }] });
  });
  const out = answer(["who-can", "subscribe", "prod._.orders.a"], both);
  expect(out).toContain(POSSIBLY);
  expect(out).toContain(
    "Possibly, by a copy of a stream that this program does not declare, stored in stream prod_copy (PROD)",
  );
  expect(answer(["can", "prod-node-1", "publish", "prod._.orders.a"], both)).toContain(
    "Possibly stored by, as copies of a stream that this program does not declare",
  );
});

test("can names it, and its copies apart, among what may store what somebody publishes", () => {
  const out = answer(["can", "prod-node-1", "publish", "prod._.orders.a"]);
  expect(out).toMatch(/Possibly stored by, of those that this program does not declare\n {2}stream prod_orders/);
  expect(out).not.toContain("as copies of");
  const filtered = withConsumer(["prod._.orders.paid"]);
  expect(answer(["can", "prod-node-1", "publish", "prod._.orders.open"], filtered)).not.toContain("prod_orders");
});

describe("a copy of it", () => {
  const copied = (filterSubjects?: readonly string[]) =>
    catalogOfProgram(
      program(({ prod, convex, cache }) => {
        const stream = Stream.fromStreamName(prod, "Orders", "prod_orders");
        const feed = prod.addStream("feed", { sources: [{ stream, filterSubject: "prod._.orders.a" }] });
        convex.addConsumer("reader", { stream: feed });
        if (filterSubjects) cache.addConsumer("worker", { stream, filterSubjects: [...filterSubjects] });
      }),
    );
  const FINDING = "prod_feed copies prod_orders, so that its messages can be read there by the app convex";
  const readers = (catalog: Catalog) =>
    (answer(["who-can", "subscribe", "prod._.orders.a"], catalog).match(/^ {2}prod-convex .*prod_feed.*/gm) ?? []).map(
      (line) => line.replace(/ +/g, " "),
    );

  test("gives its readers the same whatever consumers there are", () => {
    for (const filters of [
      undefined,
      ["prod._.orders.a"],
      ["prod._.orders.b"],
      ["prod._.orders.a", "prod._.orders.b"],
    ]) {
      const catalog = copied(filters);
      expect(catalog.findings.map(({ message }) => message)).toContain(FINDING);
      expect(readers(catalog)).toEqual(readers(copied()));
      expect(diagramOf(catalog, new AccessModel(serverAccounts(catalog)))).toMatch(
        / {2}stream_PROD_prod_orders -->(\|a part\|)? user_prod_convex/,
      );
    }
  });

  test("is only possibly stored, also where its subjects are rewritten to those that the copy listens to", () => {
    const catalog = catalogOfProgram(
      program(({ prod }) => {
        const stream = Stream.fromStreamName(prod, "Orders", "prod_orders");
        const subjectTransforms = [{ source: "prod._.orders.>", destination: "prod._.feed.x.>" }];
        prod.addStream("feed", { sources: [{ stream, subjectTransforms }], subjects: ["prod._.feed.>"] });
      }),
    );
    const out = answer(["who-can", "subscribe", "prod._.orders.a"], catalog);
    expect(out).toContain("does not declare, stored in stream prod_feed");
    expect(out).not.toContain("\nStored in stream prod_feed");
    expect(answer(["who-can", "subscribe", "prod._.feed.x"], catalog)).toContain("\nStored in stream prod_feed");
  });
});

test("the diagram has it, with an arrow to who reads it", () => {
  const catalog = withConsumer();
  const lines = diagramOf(catalog, new AccessModel(serverAccounts(catalog))).split("\n");
  expect(lines).toContain('    stream_PROD_prod_orders[/"prod_orders<br>stream"/]');
  expect(lines).toContain("  stream_PROD_prod_orders --> user_prod_cache");
});

test("diff says what a narrower filter may delete, since nobody knows how it keeps messages", () => {
  const out = command(["diff", "before.json", "after.json"], {
    "before.json": withConsumer(["prod._.orders.a", "prod._.orders.b"]),
    "after.json": withConsumer(["prod._.orders.a"]),
  }).out;
  expect(out).toMatch(/Data at risk\n.*cache_worker.*deletes those that no consumer wants/);
});

test("diff names a wider filter", () => {
  const out = command(["diff", "before.json", "after.json"], {
    "before.json": withConsumer(["prod._.orders.paid"]),
    "after.json": withConsumer(["prod._.orders.*"]),
  }).out;
  expect(out).toContain("prod._.orders.*");
});

test("diff compares what an app does on a platform of another program, and says whose users it does not know", () => {
  const mixed = (filter: string, isPrivate = false) =>
    catalogOfProgram((stack) => {
      new PlatformConstruct(stack, "test", { servers: SERVERS });
      const platform = PlatformConstruct.fromPlatformName(stack, "prod", "prod", {
        owner: "github.com/acme/search",
        servers: SERVERS,
      });
      const app = new AppConstruct(stack, "z", { platform, privateInbox: isPrivate });
      app.consumeEvents({ subjects: [filter] });
      app.addConsumer("w", { stream: Stream.fromStreamName(stack, "o", "prod_orders"), filterSubjects: [filter] });
    });
  const diff = (before: Catalog, after: Catalog) =>
    command(["diff", "before.json", "after.json"], { "before.json": before, "after.json": after });
  const { status, out } = diff(mixed("a.b"), mixed("a.c"));
  expect(status).toBe(3);
  expect(out).toContain("consumer z_w of stream prod_orders delivers a.c; before, a.b");
  expect(out).toContain("in account PROD, whose users another program declares");
  expect(diff(mixed("a.b"), mixed("a.b", true)).out).toContain(
    "What users of PROD may do is not compared, since another program declares that account: the plan shows it",
  );
  expect(answer(["show", "prod-cache"])).not.toContain("is not compared");
});
