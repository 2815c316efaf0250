import { connect, JSONCodec } from "nats";
import { AppConstruct, PlatformConstruct } from "../../lib";
import { MAX_SUBJECT_BYTES } from "../../lib/subjects/subject-length";
import { passwordsFor, TestServer } from "../../scripts/tools/nats-server";
import { SERVERS } from "../support/prod";
import { synthFiles } from "../support/synth";

/** Names of an app whose bucket has the longest name that there may be. */
const PLATFORM = "p".repeat(125);
const APP = "a".repeat(126);
const STREAM = `${PLATFORM}_${APP}_s`;
const CONSUMER = "c".repeat(255);

const ofBytes = (begin: string, bytes: number) => `${begin}${"x".repeat(bytes - begin.length)}`;

test("the longest subjects and keys are taken, with the longest names around them, and twice as long ones are not", async () => {
  const filter = (bytes: number) => ofBytes(`${PLATFORM}.${APP}.s.`, bytes);
  const files = synthFiles((stack) => {
    const platform = new PlatformConstruct(stack, PLATFORM, { servers: SERVERS, privateInbox: true });
    const app = new AppConstruct(platform, APP);
    const stream = app.addStream("s");
    app.addConsumer(CONSUMER, { stream, filterSubjects: [filter(MAX_SUBJECT_BYTES)] });
  });
  const accounts = files["stack/accounts.conf"] ?? "";
  const env = passwordsFor(accounts);
  const server = await TestServer.start({ accounts, env });
  const as = (user: string) =>
    connect({
      servers: server.url,
      user,
      pass: env[`${user.toUpperCase().replace(/-/g, "_")}_PASSWORD`],
      inboxPrefix: user.endsWith("-terraform") ? undefined : `_INBOX_${PLATFORM}_${APP}`,
      reconnect: false,
    });
  const terraform = await as(`${PLATFORM}-terraform`);
  const app = await as(`${PLATFORM}-${APP}`);
  const ask = async (subject: string, payload: unknown) => {
    const { data } = await terraform.request(subject, JSONCodec().encode(payload), { timeout: 3000 });
    return JSONCodec<{ readonly error?: unknown }>().decode(data).error;
  };
  try {
    const jetstream = app.jetstream();
    const create = (name: string, subjects: string[]) => ask(`$JS.API.STREAM.CREATE.${name}`, { name, subjects });
    expect(await create(STREAM, [`${PLATFORM}.${APP}.s.>`])).toBeUndefined();
    const bucket = `${PLATFORM}_${APP}`;
    expect(await create(`KV_${bucket}`, [`$KV.${bucket}.>`])).toBeUndefined();
    const consumer = (bytes: number) =>
      ask(`$JS.API.CONSUMER.CREATE.${STREAM}.${CONSUMER}.${filter(bytes)}`, {
        stream_name: STREAM,
        config: { durable_name: CONSUMER, name: CONSUMER, filter_subject: filter(bytes), ack_policy: "explicit" },
      });
    expect(await consumer(MAX_SUBJECT_BYTES)).toBeUndefined();
    await jetstream.publish(filter(MAX_SUBJECT_BYTES), "x");
    await jetstream.publish(`$KV.${bucket}.${ofBytes("k", MAX_SUBJECT_BYTES)}`, "x");
    await expect(consumer(2 * MAX_SUBJECT_BYTES)).rejects.toThrow();
    expect(server.log).toContain("maximum control line exceeded");
  } finally {
    for (const each of [terraform, app]) await each.close();
    await server.stop();
  }
});
