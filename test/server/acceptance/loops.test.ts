import { setTimeout as sleep } from "node:timers/promises";
import * as fc from "fast-check";
import { connect, type NatsConnection } from "nats";
import type { ResourceModel } from "../../../lib/access/models";
import { loopProblems } from "../../../lib/program/stream-loops";
import { TestServer } from "../../../scripts/tools/nats-server";
import { ServerApi } from "../../../scripts/tools/provider/server-api";
import type { ServerStreamConfig } from "../../../scripts/tools/provider/stream-config";

const NAMES = ["a", "b", "c"] as const;
const name = fc.constantFrom(...NAMES);
const kept = fc.option(fc.constantFrom("x", "y"), { nil: undefined });

/** Three streams that copy each other and publish again on subjects of each other. */
const graph = fc.array(
  fc.record({
    again: fc.option(fc.record({ from: fc.option(name, { nil: undefined, freq: 1 }), kept, to: name, under: kept }), {
      nil: undefined,
      freq: 5,
    }),
    copies: fc.option(fc.record({ of: name, kept }), { nil: undefined, freq: 2 }),
  }),
  { minLength: NAMES.length, maxLength: NAMES.length },
);

type Drawn = typeof graph extends fc.Arbitrary<(infer T)[]> ? T : never;

const below = (...tokens: (string | undefined)[]) => [...tokens.filter((each) => each !== undefined), ">"].join(".");

function modelOf({ again, copies }: Drawn, index: number): ResourceModel {
  const stream = NAMES[index] as string;
  const isOther = copies !== undefined && copies.of > stream;
  return {
    stream,
    account: "ACC",
    source: stream,
    subjects: [`${stream}.>`],
    origins: isOther
      ? [{ stream: copies.of, mirror: false, filter: below(copies.of, copies.kept), transforms: [] }]
      : [],
    ...(again &&
      again.to !== stream && {
        republish: { source: below(again.from ?? stream, again.kept), destination: below(again.to, again.under) },
      }),
  } as unknown as ResourceModel;
}

function configOf({ stream, subjects, origins, republish }: ResourceModel): ServerStreamConfig {
  return {
    name: stream,
    num_replicas: 1,
    storage: "memory" as ServerStreamConfig["storage"],
    subjects: [...subjects],
    ...(origins.length > 0 && {
      sources: origins.map(({ stream: from, filter = ">" }) => ({ name: from, filter_subject: filter })),
    }),
    ...(republish && { republish: { src: republish.source, dest: republish.destination } }),
  };
}

const publishes = (to: "a" | "b", kept?: "x") => ({
  again: { from: undefined, kept, to, under: undefined },
  copies: undefined,
});
const nothing = { again: undefined, copies: undefined };

/** Two streams that publish again what the other one has stored, and two of which one shortens the subjects. */
const ENDLESS: Drawn[] = [publishes("b"), publishes("a"), nothing];
const ENDING: Drawn[] = [publishes("b"), publishes("a", "x"), nothing];

let server: TestServer;
let connection: NatsConnection;
let api: ServerApi;

beforeAll(async () => {
  server = await TestServer.start();
  connection = await connect({ servers: server.url });
  api = new ServerApi(connection);
});

afterAll(async () => {
  await connection?.close();
  await server?.stop();
});

/** More messages than these programs make of one that does not come back. */
const MANY = 20;

async function stored(models: readonly ResourceModel[]): Promise<number> {
  const manager = await connection.jetstreamManager();
  const infos = await Promise.all(models.map(({ stream }) => manager.streams.info(stream)));
  return infos.reduce((sum, { state }) => sum + state.messages, 0);
}

/** Whether the server makes many messages of one, on some subject. */
async function loops(models: readonly ResourceModel[]): Promise<boolean> {
  for (const model of models) await api.createStream(configOf(model));
  try {
    await sleep(20);
    for (const first of NAMES) {
      for (const subject of [`${first}.x.z`, `${first}.y.z`, `${first}.z`]) {
        const before = await stored(models);
        connection.publish(subject, "m");
        await connection.flush();
        for (let wait = 0; wait < 3; wait++) {
          await sleep(4);
          if ((await stored(models)) - before > MANY) return true;
        }
      }
    }
    return false;
  } finally {
    for (const { stream } of models) await api.deleteStream(stream);
  }
}

test("exactly those streams are refused of which the server makes many messages of one", async () => {
  let endless = 0;
  let others = 0;
  const property = fc.asyncProperty(graph, async (drawn) => {
    const models = drawn.map(modelOf);
    fc.pre(models.some(({ republish }) => republish !== undefined));
    const expected = loopProblems(models).length > 0;
    expect(await loops(models)).toBe(expected);
    if (expected) endless++;
    else others++;
  });
  await fc.assert(property, { numRuns: Number(process.env.LOOPS ?? 20), examples: [[ENDLESS], [ENDING]] });
  expect(Math.min(endless, others)).toBeGreaterThan(0);
}, 60_000);
