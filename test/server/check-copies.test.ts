import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { headers, type NatsConnection } from "@nats-io/nats-core";
import { connect } from "@nats-io/transport-node";
import { compareCopy } from "../../lib/cli/check-copies/copied-messages";
import type { Server } from "../../lib/cli/server";
import { SubjectMapping } from "../../lib/subjects/subject-mapping";
import { TestServer } from "../../scripts/tools/nats-server";

let server: TestServer;
let connection: NatsConnection;
let manager: Awaited<ReturnType<typeof jetstreamManager>>;
let asked: Server;

beforeAll(async () => {
  server = await TestServer.start();
  connection = await connect({ servers: server.url });
  manager = await jetstreamManager(connection);
  asked = { streams: manager.streams, consumers: jetstream(connection).consumers };
});

afterAll(async () => {
  await connection?.close();
  await server?.stop();
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
  await manager.streams.add({ name: "old", subjects: ["old.>"], ...limits, max_msgs_per_subject: perSubject });
  for (const key of ["a", "b", "a", "b", "a"]) await connection.request(`old.${key}`);
  await manager.streams.add({
    name: "new",
    subjects: ["new.>"],
    sources: [{ name: "old", subject_transforms: [{ src: "old.>", dest: "new.>" }] }],
    ...limits,
  });
  for (let tries = 0; (await manager.streams.info("new")).state.last_seq < 5 && tries < 100; tries++) {
    await new Promise((done) => setTimeout(done, 20));
  }
}

afterEach(async () => {
  await manager.streams.delete("new");
  await manager.streams.delete("old");
});

const missing = async () => (await compareCopy(asked, COPY)).missing;

test("a copy with all messages lacks none", async () => {
  await copied(3);
  expect(await compareCopy(asked, COPY)).toEqual({ messages: 5, missing: [], duplicates: 0 });
});

test("an earlier message that is gone is missing, though there is a later one of its subject", async () => {
  await copied(3);
  await manager.streams.deleteMessage("new", 3);
  expect(await missing()).toEqual([3]);
});

test("messages that gave way to as many new ones as the copy keeps are not missing, until fewer are there", async () => {
  await copied(3);
  await connection.request("new.a");
  expect(await missing()).toEqual([]);
  await manager.streams.deleteMessage("new", 5);
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
  await connection.request("new.a", undefined, { timeout: 2_000, headers: rollup });
  expect(await missing()).toEqual([]);
});

test.each([
  [120, { messages: 2, missing: [2], duplicates: 1 }],
  [0, { messages: 2, missing: [], duplicates: 0 }],
])(
  "a message whose id another one had long before is not copied with a duplicate window of %s s",
  async (seconds, found) => {
    await manager.streams.add({ name: "old", subjects: ["old.>"], duplicate_window: 100_000_000 });
    for (let each = 0; each < 2; each++) {
      const id = headers();
      id.set("Nats-Msg-Id", "the same");
      await connection.request("old.a", undefined, { timeout: 2_000, headers: id });
      await new Promise((done) => setTimeout(done, 400));
    }
    const subject_transforms = [{ src: "old.>", dest: "new.>" }];
    await manager.streams.add({
      name: "new",
      subjects: ["new.>"],
      duplicate_window: seconds * 1_000_000_000,
      sources: [{ name: "old", subject_transforms }],
    });
    await new Promise((done) => setTimeout(done, 500));
    expect(await compareCopy(asked, COPY)).toEqual(found);
  },
);

test("in a copy that keeps all, nothing gives way", async () => {
  await copied(-1);
  await connection.request("new.a");
  await manager.streams.deleteMessage("new", 1);
  expect(await missing()).toEqual([1]);
});

test("a comparison ends though messages vanish meanwhile", async () => {
  await copied(-1);
  const vanishing: Server = {
    ...asked,
    streams: Object.assign(Object.create(asked.streams), {
      info: async (name: string) => {
        const info = await asked.streams.info(name);
        if (name === "new") await manager.streams.purge("new");
        return info;
      },
    }),
  };
  expect((await compareCopy(vanishing, COPY)).missing).toEqual([1, 2, 3, 4, 5]);
});
