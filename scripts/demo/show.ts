import { setTimeout as sleep } from "node:timers/promises";
import { connect, type NatsConnection, StringCodec } from "nats";

/** Connects as one of the users of the accounts file. */
export type Login = (user: string) => Promise<NatsConnection>;

/** What a step of the show did, in words. */
export interface Act {
  readonly who: string;
  readonly did: string;
}

const text = StringCodec();

/** Connects to a server as users whose passwords are known. */
export function loginTo(url: string, passwordOf: (user: string) => string): Login {
  return (user) => connect({ servers: url, user, pass: passwordOf(user), name: user });
}

async function refusal(action: () => Promise<unknown>): Promise<string> {
  try {
    await action();
  } catch (error) {
    return (error as Error).message.replace(/^'|'$/g, "");
  }
  throw new Error("was not refused");
}

async function storage(convex: NatsConnection): Promise<Act[]> {
  const js = convex.jetstream();
  const bucket = await js.views.kv("prod_convex", { bindOnly: true });
  await bucket.put("users/123", text.encode("Ada"));
  const value = (await bucket.get("users/123"))?.string();
  const revision = await bucket.create("lock.migration", text.encode("convex-1"));
  const frame = await js.publish("prod.convex.wal.frames", text.encode("frame 1"));
  const snapshots = await js.views.os("prod_convex_snapshots");
  const snapshot = await snapshots.putBlob({ name: "snapshot-1" }, new Uint8Array(1_000_000));
  await js.publish("prod._.audit.convex.query", text.encode("snapshot taken"));
  return [
    { who: "convex", did: `wrote the key users/123 and read it back: ${value}` },
    { who: "convex", did: `took the lock "migration" (revision ${revision})` },
    { who: "convex", did: `shipped a frame of its log: message ${frame.seq} of ${frame.stream}` },
    {
      who: "convex",
      did: `stored a snapshot of ${snapshot.size.toLocaleString("en")} bytes in ${snapshot.chunks} chunks`,
    },
  ];
}

async function api(convex: NatsConnection, cache: NatsConnection): Promise<Act[]> {
  convex.subscribe("prod._.api.convex.query", { callback: (_, call) => call.respond(text.encode("3 rows")) });
  await convex.flush();
  const answer = await cache.request("prod._.api.convex.query", text.encode("select …"));
  return [{ who: "cache", did: `called prod._.api.convex.query and got: ${answer.string()}` }];
}

async function refusals(cache: NatsConnection, monitor: NatsConnection): Promise<Act[]> {
  const read = await refusal(() =>
    cache
      .jetstream()
      .views.kv("prod_convex", { bindOnly: true, allow_direct: true })
      .then((bucket) => bucket.get("users/123")),
  );
  const refused = new Promise<string>((resolve) => {
    void (async () => {
      for await (const { permissionContext: context } of monitor.status()) {
        if (context) resolve(`Permissions Violation for ${context.operation} to "${context.subject}"`);
      }
    })();
  });
  monitor.publish("prod._.audit.convex.query", text.encode("forged"));
  await monitor.flush();
  return [
    { who: "cache", did: `tried to read convex's bucket: ${read}` },
    { who: "monitor", did: `tried to publish: ${await Promise.race([refused, sleep(2000, "nothing happened")])}` },
  ];
}

/** Lets the apps of the quickstart do what they are for, and what they must not. */
export async function show(login: Login): Promise<Act[]> {
  const [convex, cache, monitor] = await Promise.all(["prod-convex", "prod-cache", "monitor"].map(login));
  if (!convex || !cache || !monitor) throw new Error("not connected");
  try {
    const seen: string[] = [];
    monitor.subscribe("prod._.audit.>", {
      callback: (_, message) => seen.push(`${message.subject}: ${message.string()}`),
    });
    await monitor.flush();
    const acts = [...(await storage(convex)), ...(await api(convex, cache))];
    await monitor.flush();
    const observed = seen.map((message) => ({ who: "monitor", did: `saw ${message}` }));
    if (observed.length === 0) throw new Error("monitor saw no audit message");
    return [...acts, ...observed, ...(await refusals(cache, monitor))];
  } finally {
    await Promise.all([convex, cache, monitor].map((connection) => connection.close()));
  }
}
