import { setTimeout as sleep } from "node:timers/promises";
import { connect, type NatsConnection } from "nats";
import type { ResourceModel } from "../../lib/access/models";
import { mirrorProblems } from "../../lib/program/mirror-problems";
import { TestServer } from "../../scripts/tools/nats-server";
import { ServerApi } from "../../scripts/tools/provider/server-api";
import type { ServerStreamConfig } from "../../scripts/tools/provider/stream-config";

/** How a mirror is set, by the names of Terraform and of the server. */
interface Mirror {
  readonly attributes?: object;
  readonly part?: object;
  readonly config?: object;
  readonly partConfig?: object;
  /** What the model says of it beside the attributes. */
  readonly model?: Partial<ResourceModel>;
  /** How long messages of the origin last, in milliseconds. */
  readonly originAge?: number;
}

const PARTIAL: readonly [string, Mirror][] = [
  ["some subjects", { part: { filter_subject: "a.1" }, partConfig: { filter_subject: "a.1" } }],
  [
    "other subjects",
    {
      part: { subject_transform: [{ source: "a.2", destination: "a.1" }] },
      partConfig: { subject_transforms: [{ src: "a.2", dest: "a.1" }] },
    },
  ],
  ["messages from one on", { part: { start_seq: 2 }, partConfig: { opt_start_seq: 2 } }],
  ["few messages", { attributes: { max_msgs: 1 }, config: { max_msgs: 1 } }],
  ["few bytes", { attributes: { max_bytes: 40 }, config: { max_bytes: 40 } }],
  [
    "subjects that it rewrites itself",
    {
      model: { transform: { source: "a.2", destination: "a.1" } },
      config: { subject_transform: { src: "a.2", dest: "a.1" } },
    },
  ],
  ["no messages, for want of consumers", { model: { retention: "interest" }, config: { retention: "interest" } }],
  ["messages that its origin has no more", { originAge: 200 }],
  ["young messages", { attributes: { max_age: 1 }, config: { max_age: 200_000_000 } }],
];

const WHOLE: readonly [string, Mirror][] = [
  ["all that its origin keeps", { attributes: { max_msgs: 10 }, config: { max_msgs: 10 } }],
];

const MODEL = { account: "ACC", retention: "limits", transform: undefined, origins: [], subjects: ["a.*"] };

const modelOf = (stream: string, settings: object, more: Partial<ResourceModel> = {}): ResourceModel =>
  ({ ...MODEL, stream, source: stream, settings, ...more }) as unknown as ResourceModel;

const isRefused = ({ attributes, part, model, originAge }: Mirror): boolean => {
  const copied = [{ name: "origin", ...part }];
  const mirror = modelOf("mirror", { ...attributes, mirror: copied, mirror_direct: true }, model);
  const origin = { stream: "origin", mirror: true, filter: undefined, transforms: [], externalApiPrefix: undefined };
  const found = modelOf("origin", { max_msgs: 10, max_age: originAge && 1 });
  return mirrorProblems(mirror, { ...origin, direct: true, byOption: true }, found).length > 0;
};

let server: TestServer;
let connection: NatsConnection;

beforeAll(async () => {
  server = await TestServer.start();
  connection = await connect({ servers: server.url });
});

afterAll(async () => {
  await connection?.close();
  await server?.stop();
});

/** What the origin's readers get of two subjects, each read often. */
async function answers({ config, partConfig, originAge = 0 }: Mirror): Promise<Set<string>> {
  const api = new ServerApi(connection);
  const base = { num_replicas: 1, storage: "memory" as ServerStreamConfig["storage"] };
  const origin = { ...base, name: "origin", subjects: ["a.*"], max_msgs: 10, allow_direct: true };
  const max_age = originAge * 1_000_000;
  await api.createStream({ ...origin, max_age, duplicate_window: max_age } as never);
  try {
    await api.createStream({ ...base, ...config, name: "mirror", mirror: { name: "origin", ...partConfig } } as never);
    for (const subject of ["a.1", "a.2"]) await connection.request(subject, subject);
    await sleep(450);
    const found = new Set<string>();
    for (let round = 0; round < 40; round++) {
      for (const subject of ["a.1", "a.2"]) {
        const answer = await connection.request(`$JS.API.DIRECT.GET.origin.${subject}`);
        found.add(`${subject}: ${answer.headers?.code === 404 ? "none" : answer.string()}`);
      }
    }
    return found;
  } finally {
    await api.deleteStream("mirror");
    await api.deleteStream("origin");
  }
}

test.each(PARTIAL)("a mirror of %s answers otherwise than its origin, and is refused", async (_, mirror) => {
  const rights = mirror.originAge ? ["a.1: none", "a.2: none"] : ["a.1: a.1", "a.2: a.2"];
  expect([...(await answers(mirror))].some((each) => !rights.includes(each))).toBe(true);
  expect(isRefused(mirror)).toBe(true);
});

test.each(WHOLE)("a mirror of %s answers as its origin, and is not refused", async (_, mirror) => {
  expect([...(await answers(mirror))].sort()).toEqual(["a.1: a.1", "a.2: a.2"]);
  expect(isRefused(mirror)).toBe(false);
});
