import * as fc from "fast-check";
import { connect, type NatsConnection } from "nats";
import type { ResourceModel } from "../../../lib/access/models";
import { circleProblems } from "../../../lib/program/stream-circles";
import { TestServer } from "../../../scripts/tools/nats-server";
import { ServerApi } from "../../../scripts/tools/provider/server-api";
import type { ServerStreamConfig } from "../../../scripts/tools/provider/stream-config";

const NAMES = ["a", "b", "c", "d", "e"] as const;

/** Up to five streams that copy each other, with filters and mirrors. */
const graph = fc.array(
  fc.record({
    own: fc.boolean(),
    mirror: fc.boolean(),
    origins: fc.uniqueArray(
      fc.record({
        of: fc.nat({ max: NAMES.length - 1 }),
        filter: fc.option(fc.constantFrom(...NAMES), { nil: undefined, freq: 2 }),
      }),
      { maxLength: 3, selector: ({ of }) => of },
    ),
  }),
  { minLength: NAMES.length, maxLength: NAMES.length },
);

type Drawn = typeof graph extends fc.Arbitrary<(infer T)[]> ? T : never;

function modelOf({ own, mirror, origins }: Drawn, index: number): ResourceModel {
  const name = NAMES[index] as string;
  const others = origins.filter(({ of }) => of !== index);
  const copied = mirror ? others.slice(0, 1) : others;
  return {
    stream: name,
    account: "ACC",
    source: name,
    subjects: (own && !(mirror && copied.length > 0)) || copied.length === 0 ? [`${name}.>`] : [],
    origins: copied.map(({ of, filter }) => ({
      stream: NAMES[of] as string,
      mirror,
      filter: filter && `${filter}.>`,
      transforms: [],
      externalApiPrefix: undefined,
      direct: undefined,
      byOption: true,
    })),
  } as unknown as ResourceModel;
}

function configOf({ stream, subjects, origins }: ResourceModel): ServerStreamConfig {
  const sources = origins.map(({ stream: name, filter }) => ({ name, ...(filter && { filter_subject: filter }) }));
  return {
    name: stream,
    num_replicas: 1,
    storage: "memory" as ServerStreamConfig["storage"],
    ...(subjects.length > 0 && { subjects: [...subjects] }),
    ...(origins[0]?.mirror ? { mirror: sources[0] } : sources.length > 0 && { sources }),
  };
}

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

/** What the server refuses while it makes streams one after the other. */
async function refusedOf(models: readonly ResourceModel[]): Promise<string[]> {
  const refused: string[] = [];
  for (const model of models) {
    try {
      await api.createStream(configOf(model));
    } catch (error) {
      if (!/detected cycle/.test(String(error))) throw error;
      refused.push(model.stream);
    }
  }
  for (const { stream } of models) await api.deleteStream(stream);
  return refused;
}

test("exactly those copies are a circle that the server refuses, if it makes the stream last", async () => {
  let circles = 0;
  let others = 0;
  const property = fc.asyncProperty(graph, async (drawn) => {
    const models = drawn.map(modelOf);
    const known = new Map(models.map((each) => [each.stream, each]));
    const problems = models.filter((each) => circleProblems(each, (_, { stream }) => known.get(stream)).length > 0);
    for (const last of models) {
      const refused = await refusedOf([...models.filter((each) => each !== last), last]);
      if (problems.length === 0) expect(refused).toEqual([]);
      else if (problems.includes(last)) expect(refused).not.toEqual([]);
    }
    if (problems.length > 0) circles++;
    else others++;
  });
  await fc.assert(property, { numRuns: 60 });
  expect(Math.min(circles, others)).toBeGreaterThan(5);
}, 30_000);
