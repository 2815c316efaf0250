import { jetstream } from "@nats-io/jetstream";
import { headers } from "@nats-io/nats-core";
import { compareCopy } from "../../lib/cli/check-copies/copied-messages";
import type { Server } from "../../lib/cli/server";
import { SubjectMapping } from "../../lib/subjects/subject-mapping";
import { ownServer } from "../support/own-server";

const server = ownServer();

const asked = (): Server => ({
  streams: server.manager.streams,
  consumers: jetstream(server.connection).consumers,
});

const COPY = {
  stream: "new",
  origin: "old",
  mirror: false,
  mappings: [new SubjectMapping("old.>", "new.>")],
};

/** An origin with five messages, of two subjects, and a copy of it that keeps some of each subject. */
async function copied(perSubject: number, copiedOf = perSubject): Promise<void> {
  const limits = { max_msgs_per_subject: copiedOf, allow_rollup_hdrs: true };
  await server.manager.streams.add({ name: "old", subjects: ["old.>"], ...limits, max_msgs_per_subject: perSubject });
  for (const key of ["a", "b", "a", "b", "a"]) await server.connection.request(`old.${key}`);
  await server.manager.streams.add({
    name: "new",
    subjects: ["new.>"],
    sources: [{ name: "old", subject_transforms: [{ src: "old.>", dest: "new.>" }] }],
    ...limits,
  });
  for (let tries = 0; (await server.manager.streams.info("new")).state.last_seq < 5 && tries < 100; tries++) {
    await new Promise((done) => setTimeout(done, 20));
  }
}

const missing = async () => (await compareCopy(asked(), COPY)).missing;

test("a copy with all messages lacks none", async () => {
  await copied(3);
  expect(await compareCopy(asked(), COPY)).toEqual({ messages: 5, missing: [], duplicates: 0, mistaken: [], own: 0 });
});

test("an earlier message that is gone is missing, though there is a later one of its subject", async () => {
  await copied(3);
  await server.manager.streams.deleteMessage("new", 3);
  expect(await missing()).toEqual([3]);
});

test("messages that gave way to as many new ones as the copy keeps are not missing, until fewer are there", async () => {
  await copied(3);
  await server.connection.request("new.a");
  expect(await missing()).toEqual([]);
  await server.manager.streams.deleteMessage("new", 5);
  expect(await missing()).toEqual([1, 5]);
});

test("messages of which the copy keeps fewer than its origin are missing", async () => {
  await copied(3, 1);
  expect(await missing()).toEqual([1, 2, 3]);
});

test("messages that a newer one took the place of are not missing", async () => {
  await copied(3);
  const rollup = headers();
  rollup.set("Nats-Rollup", "sub");
  await server.connection.request("new.a", undefined, { timeout: 2_000, headers: rollup });
  expect(await missing()).toEqual([]);
});

test.each([
  [120, { messages: 2, missing: [2], duplicates: 1, mistaken: [], own: 0 }],
  [0, { messages: 2, missing: [], duplicates: 0, mistaken: [], own: 0 }],
])(
  "a message whose id another one had long before is not copied with a duplicate window of %s s",
  async (seconds, found) => {
    await server.manager.streams.add({ name: "old", subjects: ["old.>"], duplicate_window: 100_000_000 });
    for (let each = 0; each < 2; each++) {
      const id = headers();
      id.set("Nats-Msg-Id", "the same");
      await server.connection.request("old.a", undefined, { timeout: 2_000, headers: id });
      await new Promise((done) => setTimeout(done, 400));
    }
    const subject_transforms = [{ src: "old.>", dest: "new.>" }];
    await server.manager.streams.add({
      name: "new",
      subjects: ["new.>"],
      duplicate_window: seconds * 1_000_000_000,
      sources: [{ name: "old", subject_transforms }],
    });
    await new Promise((done) => setTimeout(done, 500));
    expect(await compareCopy(asked(), COPY)).toEqual(found);
  },
);

test("in a copy that keeps all, nothing gives way", async () => {
  await copied(-1);
  await server.connection.request("new.a");
  await server.manager.streams.deleteMessage("new", 1);
  expect(await missing()).toEqual([1]);
});

/** Replaces the origin by one of the same name with other messages, of which nothing is copied. */
async function replaced(messages: readonly (readonly [key: string, body: string, kind?: string])[]): Promise<void> {
  const { config } = await server.manager.streams.info("new");
  await server.manager.streams.update("new", { ...config, sources: [] });
  await server.manager.streams.delete("old");
  await server.manager.streams.add({ name: "old", subjects: ["old.>"] });
  for (const [key, body, kind] of messages) {
    const sent = headers();
    if (kind) sent.set("Kind", kind);
    await server.connection.request(`old.${key}`, body, { timeout: 2_000, headers: sent });
  }
}

test("what the copy has of an earlier stream of that name is no message of the later one", async () => {
  await copied(-1);
  await replaced([
    ["a", ""],
    ["other", ""],
    ["a", "other"],
    ["b", "", "other"],
    ["a", ""],
    ["a", ""],
  ]);
  expect(await compareCopy(asked(), COPY)).toEqual({
    messages: 6,
    missing: [2, 3, 4, 6],
    duplicates: 0,
    mistaken: [2, 3, 4],
    own: 0,
  });
});

test("a number that the copy has of both streams is that of the later one, too", async () => {
  await copied(-1);
  await replaced([
    ["a", "other"],
    ["b", "other"],
  ]);
  // nats-server 2.15 copies the later stream, and refuses the header of a client; 2.12 does neither.
  const { config } = await server.manager.streams.info("new");
  const subject_transforms = [{ src: "old.a", dest: "new.a" }];
  await server.manager.streams.update("new", { ...config, sources: [{ name: "old", subject_transforms }] });
  await new Promise((done) => setTimeout(done, 500));
  const source = headers();
  source.set("Nats-Stream-Source", "old 1 old.a new.a");
  await server.connection.request("new.a", "other", { timeout: 2_000, headers: source });
  expect(await compareCopy(asked(), COPY)).toMatchObject({ messages: 2, missing: [2], mistaken: [2] });
});

test.each([1, 2])(
  "a message gives way to none of an earlier stream, in a copy that keeps %s of each subject",
  async (keeps) => {
    await copied(keeps);
    const rollup = headers();
    rollup.set("Nats-Rollup", "sub");
    await server.connection.request("old.a", "purged", { timeout: 2_000, headers: rollup });
    await new Promise((done) => setTimeout(done, 300));
    await replaced([["a", "other"]]);
    expect(await missing()).toEqual([1]);
    if (keeps === 1) return;
    await server.connection.request("new.a", "of a client");
    expect(await missing()).toEqual([1]);
  },
);

test("subjects are compared after all that rewrites them, where it is known what that makes", async () => {
  await server.manager.streams.add({ name: "old", subjects: ["old.>"] });
  await server.connection.request("old.a");
  await server.connection.request("old.b");
  await server.manager.streams.add({
    name: "new",
    subjects: ["new.>"],
    subject_transform: { src: "new.*.*", dest: "rewritten.{{wildcard(2)}}.{{wildcard(1)}}" },
    sources: [{ name: "old", subject_transforms: [{ src: "old.*", dest: "new.{{partition(5,1)}}.{{wildcard(1)}}" }] }],
  });
  for (let tries = 0; (await server.manager.streams.info("new")).state.last_seq < 2 && tries < 100; tries++) {
    await new Promise((done) => setTimeout(done, 20));
  }
  const mappings = [new SubjectMapping("old.*", "new.{{partition(5,1)}}.{{wildcard(1)}}")];
  const rewriting = (to: string) => new SubjectMapping("new.*.*", `${to}.{{wildcard(2)}}.{{wildcard(1)}}`);
  const compared = (to: string) => compareCopy(asked(), { ...COPY, mappings, rewriting: rewriting(to) });
  expect(await compared("rewritten")).toMatchObject({ messages: 2, missing: [] });
  expect(await compared("otherwise")).toMatchObject({ messages: 2, missing: [1, 2], mistaken: [1, 2] });
});

test("messages that clients wrote to the copy are its own, but not those under subjects that it does not copy", async () => {
  await copied(-1);
  await server.connection.request("new.a");
  await server.connection.request("new.c");
  expect(await compareCopy(asked(), COPY)).toMatchObject({ missing: [], own: 2 });
  const mappings = [new SubjectMapping("old.a", "new.a"), new SubjectMapping("old.b", "new.b")];
  expect(await compareCopy(asked(), { ...COPY, mappings })).toMatchObject({ missing: [], own: 1 });
});

test("a comparison of many messages finds each that is not there", async () => {
  await server.manager.streams.add({ name: "old", subjects: ["old.>"] });
  for (let each = 1; each < 3_000; each++) server.connection.publish("old.a", `${each}`);
  await server.connection.request("old.a", "3000");
  const sources = [{ name: "old", subject_transforms: [{ src: "old.>", dest: "new.>" }] }];
  await server.manager.streams.add({ name: "new", subjects: ["new.>"], sources });
  for (let tries = 0; (await server.manager.streams.info("new")).state.last_seq < 3_000 && tries < 500; tries++) {
    await new Promise((done) => setTimeout(done, 20));
  }
  for (const seq of [1, 1_500, 3_000]) await server.manager.streams.deleteMessage("new", seq);
  expect(await compareCopy(asked(), COPY)).toMatchObject({ messages: 3_000, missing: [1, 1_500, 3_000], mistaken: [] });
});

test("a comparison ends though messages vanish meanwhile", async () => {
  await copied(-1);
  const vanishing: Server = {
    ...asked(),
    streams: Object.assign(Object.create(asked().streams), {
      info: async (name: string) => {
        const info = await asked().streams.info(name);
        if (name === "new") await server.manager.streams.purge("new");
        return info;
      },
    }),
  };
  expect((await compareCopy(vanishing, COPY)).missing).toEqual([1, 2, 3, 4, 5]);
});
