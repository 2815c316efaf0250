import * as fc from "fast-check";
import { CAPABILITIES, type CapabilityName } from "../../../lib/access/capabilities";
import { ALL_CLIENTS, NatsClient } from "../../../lib/access/clients";
import { type Grant, type Line, linesOf } from "../../../lib/access/grant";
import { permissionsOf } from "../../../lib/access/permissions";
import { covers } from "../../../lib/subjects/subject-pattern";

const grant = (capability: CapabilityName, values: Record<string, string>): Grant => ({
  capability,
  values,
  source: "stack/prod/convex",
});

const subjects = (lines: readonly Line[]) => lines.map(({ direction, subject }) => `${direction} ${subject}`);

describe("the lines of a grant", () => {
  test("have the values in place of the braces", () => {
    const lines = linesOf(
      grant("consumer.bind", { stream: "prod_events", consumer: "cache", inbox: "_INBOX" }),
      ALL_CLIENTS,
    );
    expect(subjects(lines)).toEqual([
      "publish $JS.API.STREAM.INFO.prod_events",
      "publish $JS.API.CONSUMER.INFO.prod_events.cache",
      "publish $JS.API.CONSUMER.MSG.NEXT.prod_events.cache",
      "publish $JS.ACK.prod_events.cache.>",
      "subscribe _INBOX.>",
    ]);
  });

  test("are only those that the given clients need", () => {
    const bind = grant("consumer.bind", { stream: "s", consumer: "c", inbox: "_INBOX" });
    expect(subjects(linesOf(bind, [NatsClient.NATS_PY]))).not.toContain("publish $JS.API.STREAM.INFO.s");
    expect(subjects(linesOf(bind, [NatsClient.NATS_PY, NatsClient.NATS_GO]))).toContain(
      "publish $JS.API.STREAM.INFO.s",
    );
  });

  test("refuse a value that is missing, instead of a subject with braces", () => {
    expect(() => linesOf(grant("consumer.bind", { stream: "s" }), ALL_CLIENTS)).toThrow("no value for {consumer}");
  });
});

describe("permissions to publish", () => {
  const given = (...all: string[]) =>
    permissionsOf(
      all.map(
        (subject): Line =>
          ({ direction: "publish", subject, why: subject, grant: { capability: "own.subjects" } }) as never,
      ),
    ).publish.map(({ subject, lines }) => [subject, ...lines.map(({ why }) => why)]);

  test("name what nats-server 2.11 forgets of a pattern beside a longer one", () => {
    expect(given("a.*", "a.b.>", "x.*.*", "x.*.y.z")).toEqual([
      ["a.*", "a.*"],
      ["a.b.>", "a.b.>"],
      ["x.*.*", "x.*.*"],
      ["x.*.y.z", "x.*.y.z"],
      ["a.b", "a.*"],
      ["x.*.y", "x.*.*"],
    ]);
  });

  test("are no more where nothing is forgotten", () => {
    expect(given("a.*", "a.*.b", "b.c.>", "*.c").map(([subject]) => subject)).toEqual(["a.*", "a.*.b", "b.c.>", "*.c"]);
  });
});

describe("the table of capabilities", () => {
  const entries = Object.entries(CAPABILITIES);
  const apps = entries.filter(([name]) => !/^(node|terraform|monitor|system|access)/.test(name));

  test.each(entries)("%s: each line publishes or subscribes, for some client, with a reason", (_, { lines }) => {
    for (const line of lines as readonly {
      publish?: string;
      subscribe?: string;
      clients: readonly string[];
      why: string;
    }[]) {
      expect([line.publish, line.subscribe].filter((subject) => subject !== undefined)).toHaveLength(1);
      expect(line.clients.length).toBeGreaterThan(0);
      expect(line.why).not.toBe("");
    }
  });

  test.each(apps)("%s: gives an app nothing of the server's API beyond named resources", (_, { lines }) => {
    for (const { publish = "" } of lines as readonly { publish?: string }[]) {
      expect(publish).not.toMatch(/^(>|\$JS\.>|\$JS\.API\.>|\$KV\.>|\$O\.>)$/);
      expect(publish).not.toMatch(/STREAM\.(CREATE|UPDATE|DELETE|SNAPSHOT|RESTORE|LIST|TEMPLATE)/);
    }
  });
});

describe("permissions", () => {
  const line = (direction: Line["direction"], subject: string): Line => ({
    direction,
    subject,
    why: "",
    grant: grant("inbox", {}),
  });
  const token = fc.constantFrom("a", "b", "c", "*");
  const pattern = fc
    .tuple(fc.array(token, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([tokens, open]) => [...tokens, ...(open ? [">"] : [])].join("."));

  test("have each subject once, and none that another covers", () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 8 }), (patterns) => {
        const { subscribe } = permissionsOf(patterns.map((each) => line("subscribe", each)));
        const kept = subscribe.map(({ subject }) => subject);
        expect(subscribe.flatMap(({ lines }) => lines)).toHaveLength(patterns.length);
        expect(new Set(kept).size).toBe(kept.length);
        for (const one of kept) {
          for (const other of kept) if (one !== other) expect(covers(one, other)).toBe(false);
        }
        for (const each of patterns) expect(kept.some((subject) => covers(subject, each))).toBe(true);
        for (const subject of kept) expect(patterns).toContain(subject);
      }),
    );
  });

  type Patterns = readonly (readonly string[])[];

  /** How nats-server 2.11 decides whether a subject may be published (`matchLevelForAny`). */
  function permitsIn211(all: Patterns, subject: readonly string[]): boolean {
    let level = all;
    let wild: Patterns = [];
    let named: Patterns = [];
    for (const [index, each] of subject.entries()) {
      if (level.some(([first]) => first === ">")) return true;
      const next = (some: Patterns) => some.map((pattern) => pattern.slice(1));
      wild = level.filter(([first]) => first === "*");
      if (permitsIn211(next(wild), subject.slice(index + 1))) return true;
      named = level.filter(([first]) => first === each);
      level = next(named);
    }
    return (named.length > 0 ? named : wild).some(({ length }) => length === 1);
  }

  test("let nats-server 2.11 permit what their patterns cover, and nothing else", () => {
    const subject = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 2, maxLength: 4 });
    const property = fc.property(fc.array(pattern, { maxLength: 6 }), subject, (patterns, tokens) => {
      const declared = patterns.map((each) => `x.${each}`);
      const { publish } = permissionsOf(declared.map((each) => line("publish", each)));
      const published = ["x", ...tokens];
      const permitted = permitsIn211(
        publish.map((each) => each.subject.split(".")),
        published,
      );
      expect(permitted).toBe(declared.some((each) => covers(each, published.join("."))));
    });
    fc.assert(property, { numRuns: 2000 });
  });

  test("let a line cover only those that are for the same queue groups", () => {
    const queue = fc.constantFrom(undefined, "q", "q.>");
    fc.assert(
      fc.property(fc.array(fc.tuple(pattern, queue), { maxLength: 8 }), (given) => {
        const lines = given.map(([subject, group]) => ({
          ...line("subscribe", subject),
          ...(group !== undefined && { queue: group }),
        }));
        const { subscribe } = permissionsOf(lines);
        expect(subscribe.flatMap((each) => each.lines)).toHaveLength(lines.length);
        for (const each of lines) {
          const cover = subscribe.filter((other) => other.lines.includes(each));
          expect(cover.map((other) => [other.queue, covers(other.subject, each.subject)])).toEqual([
            [each.queue, true],
          ]);
        }
      }),
    );
  });

  test("keep the reason of every line, also of one that another covers", () => {
    const lines = [line("publish", "a.b"), line("publish", "a.>"), line("publish", "a.b")];
    const { publish } = permissionsOf(lines);
    expect(publish.map(({ subject, lines: reasons }) => [subject, reasons.length])).toEqual([["a.>", 3]]);
  });

  test("do not let a line of one direction cover one of the other", () => {
    const { publish, subscribe } = permissionsOf([line("publish", ">"), line("subscribe", "a")]);
    expect([publish.length, subscribe.length]).toEqual([1, 1]);
  });
});
