import { createInbox, headers, type NatsConnection } from "nats";
import type { Random } from "../../support/random";
import type { Contents } from "./contents";

/** The subjects that messages get; not every stream takes each of them. */
const ENDS = ["a", "b.x", "c", "b.y", "a"];

/** The buckets of access documents, which only Terraform writes. */
const DOCUMENTS = /^KV_.*_access$/;

/** How many messages a stream is filled with that has none. */
const FIRST = 5;

function subjectsOf(stream: string, patterns: readonly string[]): string[] {
  if (stream.startsWith("KV_"))
    return ["users.1", "users.2", "users.1", "flags"].map((key) => `$KV.${stream.slice(3)}.${key}`);
  if (stream.startsWith("OBJ_")) {
    const bucket = stream.slice(4);
    return ["C.one", "C.one", "M.bmFtZQ==", "C.two"].map((end) => `$O.${bucket}.${end}`);
  }
  return patterns.flatMap((pattern) => ENDS.map((end) => pattern.replace(/>$/, end)));
}

/** Stores messages in streams as far as they take some: in those that have none, and in some of the others. */
async function store(keeper: NatsConnection, contents: Contents, account: string, random: Random): Promise<void> {
  const names = [...contents.keys()]
    .filter((key) => key.startsWith(`${account} `))
    .map((key) => key.split(" ")[1] ?? "")
    .filter((name) => !DOCUMENTS.test(name));
  for (const name of names) {
    const messages = [...(contents.get(`${account} ${name}`)?.messages.values() ?? [])];
    const isEmpty = messages.length === 0;
    const count = isEmpty ? FIRST : random.oneIn(6) ? 1 : 0;
    if (count === 0) continue;
    const { config } = await (await keeper.jetstreamManager({ checkAPI: false })).streams.info(name);
    const subjects = subjectsOf(name, config.subjects ?? []);
    for (let each = 0; each < count && subjects.length > 0; each++) {
      const given = headers();
      given.set("Trace", String(random.below(1000)));
      const subject = isEmpty ? (subjects[each % subjects.length] as string) : random.of(subjects);
      // A stream that is full and takes nothing new says so, and one that keeps nothing acknowledges it.
      await keeper.request(subject, `message ${random.below(1_000_000)}`, { timeout: 2000, headers: given });
    }
  }
}

/** Fetches some messages of a consumer and acknowledges a part of them. */
async function consume(keeper: NatsConnection, stream: string, consumer: string, random: Random): Promise<void> {
  const inbox = createInbox();
  const subscription = keeper.subscribe(inbox);
  const wanted = 1 + random.below(3);
  const request = { batch: wanted, no_wait: true };
  keeper.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`, JSON.stringify(request), { reply: inbox });
  const timer = setTimeout(() => subscription.unsubscribe(), 300);
  let got = 0;
  for await (const message of subscription) {
    if (message.headers?.code || !message.reply) break;
    got++;
    if (got < wanted || random.oneIn(2)) {
      await keeper.request(message.reply, "+ACK", { timeout: 500 }).catch(() => undefined);
    }
    if (got === wanted) break;
  }
  clearTimeout(timer);
  subscription.unsubscribe();
}

/** Puts messages into streams, and lets some consumers come further. */
export async function fill(
  keepers: ReadonlyMap<string, NatsConnection>,
  contents: Contents,
  random: Random,
): Promise<void> {
  for (const [account, keeper] of keepers) await store(keeper, contents, account, random);
  for (const [key, { consumers }] of contents) {
    const [account = "", stream = ""] = key.split(" ");
    const keeper = keepers.get(account);
    for (const [name, { delivered }] of consumers) {
      if (keeper && random.oneIn(delivered === 0 ? 1 : 8)) await consume(keeper, stream, name, random);
    }
  }
}
