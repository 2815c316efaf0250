import { Isolation, RetentionPolicy } from "../../../lib";
import { CATALOG, catalogOfProgram, command, program } from "./cli";

const plain = { [CATALOG]: catalogOfProgram(program()) };
const isolated = {
  [CATALOG]: catalogOfProgram(
    program(({ convex }) => convex.publishEvents("user.>"), {
      isolation: Isolation.ACCOUNT,
      liveEvents: [">"],
    }),
  ),
};
const whoCan = (words: readonly string[], files: object = plain) => command(["who-can", ...words], { ...files }).out;

test("names users with their account, the line and the reason", () => {
  const out = whoCan(["publish", "prod._.api.convex.query"]);
  expect(out).toContain("2 users can publish prod._.api.convex.query\n");
  expect(out).toContain(
    "prod-cache (PROD)\n  prod._.api.convex.query  calls of the service (service.call, stack/prod/cache)",
  );
  expect(out).toContain("by the line prod.>: all subjects of the platform (node, stack/prod)");
});

test("names the imports on the way", () => {
  const out = whoCan(["subscribe", "prod._.audit.convex.x"]);
  expect(out).toContain("monitor (MONITOR)");
  expect(out).toContain("published in PROD, by MONITOR's stream import of prod._.audit.> from PROD");
});

test("names service imports and streams that publish again", () => {
  expect(whoCan(["publish", "prod._.api.convex.query", "--account", "PROD"], isolated)).toMatch(
    /prod-cache-messaging \(PROD_CACHE_MESSAGING\)\n.*\n.*seen in PROD as .*, by the service import of prod\._\.api\.convex\.query from PROD/,
  );
  expect(whoCan(["subscribe", "prod._.events.user.x"], isolated)).toContain(
    "the stream prod_events publishes it again, then PROD_CACHE_MESSAGING's stream import of prod._.live.events.> from PROD as prod._.events.>",
  );
});

test("names a user once, by the line without a queue group, where it may also be in groups", () => {
  const out = whoCan(["subscribe", "prod._.events.user.x"]);
  expect(out).toMatch(/^3 users can receive prod\._\.events\.user\.x by subscribing\n/);
  for (const user of ["prod-cache", "prod-convex", "prod-node-1"]) {
    const pattern = user === "prod-node-1" ? "prod.>" : "prod._.events.>";
    expect(out.split(`\n${user} (PROD)\n`)).toHaveLength(2);
    expect(out).toContain(`\n${user} (PROD)\n  prod._.events.user.x  by the line ${pattern}: `);
  }
  expect(out).not.toContain("queue group");
});

test("an isolated app receives nothing in the account of its data", () => {
  expect(whoCan(["subscribe", "prod._.events.user.x"], isolated)).not.toContain("prod-cache (");
  expect(whoCan(["publish", "prod._.api.convex.query"], isolated)).not.toContain("prod-cache (");
});

test("names users of mappings", () => {
  const catalog = plain[CATALOG];
  if (!catalog) throw new Error("no catalog");
  const accounts = catalog.accounts.map((account) =>
    account.name === "PROD" ? { ...account, mappings: { "easy.>": "prod.cache.>" } } : account,
  );
  const out = whoCan(["publish", "prod.cache.x"], { [CATALOG]: { ...catalog, accounts } });
  expect(out).toContain("easy.x");
  expect(out).toContain("seen in PROD as prod.cache.x, by the account's mapping");
});

test("says who reads what is stored, and who gets at it through holes only", () => {
  const out = whoCan(["subscribe", "$KV.prod_convex.>"]);
  expect(out).toContain("no user can receive $KV.prod_convex.> by subscribing\n");
  expect(out).toContain("Stored in key-value bucket prod_convex (PROD), and read from there by requests of");
  expect(out).toMatch(/prod-convex +\$JS[\s\S]*? \$JS\.API\.DIRECT\.GET\.KV_prod_convex\.\$KV\.prod_convex\.>/);
  expect(out).toContain(
    "through holes of the server, 1 user more gets at key-value bucket prod_convex\n  prod-cache\n",
  );
});

test("says who can purge and delete", () => {
  expect(whoCan(["publish", "$KV.prod_convex.a"])).toMatch(/prod-terraform +\$JS\.API\.STREAM\.CREATE\.\*/);
});

test("only names streams and buckets if there are many", () => {
  const many = program(({ convex }) => {
    for (let store = 0; store < 10; store++) convex.addKeyValueStore(`store-${store}`);
  });
  const out = whoCan(["publish", ">"], { [CATALOG]: catalogOfProgram(many) });
  expect(out).toContain("Ask for subjects of fewer of them");
  expect(out).not.toContain("by requests of");
});

test("asks one account only", () => {
  expect(whoCan(["publish", "prod._.audit.cache.x", "--account", "MONITOR"])).toContain("seen in MONITOR");
  expect(whoCan(["publish", "nothing.at.all", "--account", "MONITOR"])).toBe(
    "no user can publish nothing.at.all into MONITOR\n",
  );
});

describe("of a stream that another one copies", () => {
  const copied = {
    [CATALOG]: catalogOfProgram(
      program(({ convex, cache }) => {
        const orders = convex.addStream("orders");
        cache.addStream("jobs", { sources: [{ stream: orders, filterSubject: "prod.convex.orders.new.>" }] });
        cache.addStream("far", { sources: [{ name: "elsewhere", filterSubject: "far.>" }], subjects: [] });
      }),
    ),
  };

  test("names who reads the copy, and the way", () => {
    const out = whoCan(["subscribe", "prod.convex.orders.new.1"], copied);
    const [before = "", own = ""] = out.split("Stored in stream prod_convex_orders (PROD), and read from there by");
    const [, copy = ""] = before.split("Stored in stream prod_cache_jobs (PROD), and read from there by");
    expect(own).toMatch(
      /prod-cache +\$JS\.API\.\S*prod_cache_jobs.* by the stream prod_cache_jobs, which copies stream prod_convex_orders\n/,
    );
    expect(copy).toMatch(/prod-cache +\$JS\.API/);
    expect(copy).not.toContain("prod-convex ");
  });

  test("names nobody by the copy of what it does not take", () => {
    const out = whoCan(["subscribe", "prod.convex.orders.old.1"], copied);
    expect(out).toContain("Stored in stream prod_convex_orders");
    expect(out).not.toContain("prod_cache_jobs");
  });

  test("names who fills the copy", () => {
    const out = whoCan(["publish", "prod.convex.orders.new.1"], copied);
    expect(out).toMatch(
      /prod_cache_jobs \(PROD\), which copies or rewrites what is published by\n(.*\n)*? *prod-convex +prod\.convex\.>.* by the stream prod_cache_jobs, which copies/,
    );
  });

  test("says that a stream may have it where nothing is known of what it copies", () => {
    expect(whoCan(["subscribe", "far.x"], copied)).toContain(
      "Possibly, by a copy of a stream that this program does not declare, stored in stream prod_cache_far (PROD)",
    );
    expect(whoCan(["subscribe", "near.x"], copied)).not.toContain("prod_cache_far");
  });
});

describe("of subjects that a stream rewrites", () => {
  const rewritten = {
    [CATALOG]: catalogOfProgram(
      program(({ prod, convex, cache }) => {
        const jobs = convex.addStream("jobs", {
          subjectTransform: {
            source: "prod.convex.jobs.*.*",
            destination: "prod.convex.out.{{wildcard(2)}}.{{wildcard(1)}}",
          },
        });
        const copy = prod.addStream("copy", { sources: [{ stream: jobs, filterSubject: "prod.convex.out.b.>" }] });
        cache.addConsumer("reader", { stream: copy });
        const open = prod.addStream("open", {
          subjectTransform: { source: "prod._.open.secret.>", destination: "prod._.open.public.>" },
        });
        cache.addConsumer("public", { stream: open, filterSubjects: ["prod._.open.public.>"] });
      }),
    ),
  };

  test("names who reads them under the others, also in a copy", () => {
    const out = whoCan(["subscribe", "prod.convex.jobs.a.b"], rewritten);
    expect(out).toMatch(
      /Stored in stream prod_copy \(PROD\), and read from there by requests of\n(.*\n)*? *prod-cache/,
    );
    const other = whoCan(["subscribe", "prod.convex.jobs.b.a"], rewritten);
    expect(other).toContain("Stored in stream prod_convex_jobs (PROD)");
    expect(other).not.toContain("prod-cache  ");
  });

  test("names who reads them there, without a copy", () => {
    const out = whoCan(["subscribe", "prod._.open.secret.x"], rewritten);
    expect(out).toMatch(
      /Stored in stream prod_open \(PROD\), and read from there by requests of\n(.*\n)*? *prod-cache/,
    );
  });

  test("says how a user gets them that may not subscribe to them", () => {
    const { out, status } = command(["can", "prod-cache", "subscribe", "prod._.open.secret.x"], rewritten);
    expect(status).toBe(1);
    expect(out).toMatch(
      /It reads what is stored of it by requests to\n +\$JS\.API\.CONSUMER\.MSG\.NEXT\.prod_open\.\S+ +stream prod_open/,
    );
  });
});

describe("of subjects that messages have in a stream only", () => {
  const given = {
    [CATALOG]: catalogOfProgram(
      program(({ prod, convex, cache }) => {
        if (!convex.wal) throw new Error("no log");
        const subjectTransforms = [{ source: "prod.convex.wal.>", destination: "moved.here.>" }];
        prod.addStream("copy", {
          subjects: [],
          sources: [{ stream: convex.wal, subjectTransforms }],
          republish: { source: "moved.here.>", destination: "prod._.events.wal.>" },
        });
        cache.consumeEvents({ subjects: ["wal.>"] });
      }),
    ),
  };

  test("names who receives them as they are published again", () => {
    const out = whoCan(["subscribe", "moved.here.x"], given);
    expect(out).toMatch(/^\d+ users can receive moved\.here\.x by subscribing/);
    expect(out).toMatch(/Stored in stream prod_copy \(PROD\), and published again from there to\n(.*\n)*? *prod-cache/);
  });

  test("says that a user receives what is published again", () => {
    const { out } = command(["can", "prod-cache", "subscribe", "prod.convex.wal.x"], given);
    expect(out).toContain("no: prod-cache may not subscribe to prod.convex.wal.x");
    expect(out).toMatch(
      /It receives what is published there by subscribing to\n +prod\._\.events\.wal\.x .*publishes it again/,
    );
  });
});

test("says that a message may be in the copy of a stream that is not declared, and who receives it there", () => {
  const undeclared = program(({ prod, cache }) => {
    prod.addStream("copy", {
      subjects: [],
      sources: [{ name: "LEGACY", subjectTransforms: [{ source: "prod.convex.>", destination: "old.>" }] }],
      republish: { source: "old.>", destination: "prod._.events.old.>" },
    });
    cache.consumeEvents({ subjects: ["old.>"] });
  });
  const files = { [CATALOG]: catalogOfProgram(undeclared) };
  const { out } = command(["can", "prod-convex", "publish", "prod.convex.x"], files);
  expect(out).toMatch(
    /Possibly stored by, as copies of a stream that this program does not declare\n +stream prod_copy\n/,
  );
  expect(whoCan(["subscribe", "prod.convex.x"], files)).toMatch(
    /Possibly, by a copy .* stored in stream prod_copy \(PROD\), and published again from there to\n(.*\n)*? +prod-cache/,
  );
});

test("says who takes messages of a work queue away", () => {
  const queue = program(({ prod, cache }) => {
    const stream = prod.addStream("queue", { retention: RetentionPolicy.WORKQUEUE });
    cache.addConsumer("worker", { stream });
    cache.addConsumer("kept", { stream: prod.addStream("log") });
  });
  const files = { [CATALOG]: catalogOfProgram(queue) };
  expect(whoCan(["publish", "prod._.queue.x"], files)).toMatch(
    /changed or removed there by requests of\n(.*\n)*? +prod-cache +\$JS/,
  );
  expect(whoCan(["publish", "prod._.log.x"], files)).not.toMatch(
    /changed or removed there by requests of\n(.*\n)*? +prod-cache +\$JS/,
  );
});

test("names all ways by which a user receives something", () => {
  const twice = program(({ prod, cache }) => {
    const republish = (name: string) => ({ source: "prod._.one.>", destination: `prod._.events.${name}.>` });
    prod.addStream("one", { republish: republish("one") });
    prod.addStream("two", { subjects: [], sources: [{ name: "prod_one" }], republish: republish("two") });
    cache.consumeEvents({ subjects: ["one.>", "two.>"] });
  });
  const { out } = command(["can", "prod-node-1", "publish", "prod._.one.x"], {
    [CATALOG]: catalogOfProgram(twice),
  });
  const [, received = ""] = out.split("Received by, if they subscribe");
  expect(received).toMatch(/prod-cache +the stream prod_one publishes it again\n +the stream prod_two, which/);
});
