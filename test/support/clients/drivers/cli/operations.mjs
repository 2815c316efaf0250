import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Unsupported } from "./connection.mjs";
import { FOLDER } from "./program.mjs";

const bytesOf = (base64) => Buffer.from(base64, "base64");
const base64Of = (data) => Buffer.from(data).toString("base64");
const linesOf = (text) => text.split("\n").filter((line) => line !== "");
const headerFlags = (headers = {}) => Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}:${value}`]);

/** What of a table has several columns, without its heading. */
const rowsOf = (table) =>
  linesOf(table)
    .map((line) => line.split("│").map((cell) => cell.trim()))
    .filter((cells) => cells.length > 3)
    .slice(1)
    .map((cells) => cells.slice(1, -1));

/** `null` in place of an error that says that something is not there. */
async function orNull(result) {
  try {
    return await result;
  } catch (error) {
    if (/(key|object) not found/.test(error.message)) return null;
    throw error;
  }
}

/** What the program calls the operations on keys that it does not call as everyone else does. */
const OPERATION_NAMES = { DELETE: "DEL" };
const operationOf = (name) => OPERATION_NAMES[name] ?? name;

/** An entry that is shown as it is watched; the program shows no revisions, and a value of one line only. */
function watchedEntryOf(line) {
  const [, operation, key, value = ""] = /^\[[^\]]*\] (\w+) \S+ > ([-/_=.\w]+)(?:: (.*))?$/.exec(line) ?? [];
  return key && { key, operation: operationOf(operation), revision: 0, value: base64Of(value) };
}

/** An object that is shown as it is watched; the program shows its size only roughly. */
function watchedObjectOf(line) {
  const [, operation, name] = /^\[[^\]]*\] (\w+) \S+ > (.*?)(?:: \S+ \S+ bytes in \S+ chunks)?$/.exec(line) ?? [];
  return name && { name, deleted: operation === "DEL" };
}

/** What the program shows of an object: with its size in full where that is rounded, and its digest as hex digits. */
function objectOf(name, text) {
  const size = /Size: (?:.*\(([\d,]+)\)|([\d,]+) B)/.exec(text)?.slice(1).find(Boolean) ?? "";
  const digest = Buffer.from(/Digest: SHA-256 (\w+)/.exec(text)?.[1] ?? "", "hex").toString("base64url");
  return { name, size: Number(size.replaceAll(",", "")), digest: `SHA-256=${digest}=`, deleted: false };
}

/** A key that is taken as long as nobody has it and that expires, as it is named by a subject and headers. */
function leaseOf(subject, headers = {}) {
  const [, bucket, key] = /^\$KV\.([^.]+)\.(.+)$/.exec(subject) ?? [];
  const ttl = headers["Nats-TTL"];
  return key && ttl && headers["Nats-Expected-Last-Subject-Sequence"] === "0" ? { bucket, key, ttl } : undefined;
}

/** Watches something; the program tells by its trace when the consumer is there. */
function watch(connection, args, { iteration, domain, itemOf }) {
  const api = domain ? `$JS.${domain}.API` : "$JS.API";
  const onOutput = (line) => {
    const item = itemOf(line);
    if (item) connection.report({ event: "item", iteration, item });
  };
  const ready = `<<< ${api}.CONSUMER.CREATE`;
  return connection.follow(`iteration ${iteration}`, args, { domain, ready, separator: "\n", onOutput });
}

/** The data of messages that `nats sub` reads of a stream; it may print more than it is asked for. */
async function read(connection, args, count) {
  const text = await connection.text(["sub", "--all", "--count", String(count), "--dump=-", ...args]);
  const messages = text
    .split("\0")
    .slice(0, -1)
    .map((message) => JSON.parse(message));
  return messages.slice(0, count).map(({ Data }) => Data);
}

async function kvGet(connection, { bucket, domain, key, revision }) {
  const args = ["kv", "get", bucket, key, ...(revision ? ["--revision", String(revision)] : [])];
  const shown = connection.text(args, { domain });
  const value = connection.run([...args, "--raw"], { domain });
  const [text, { output }] = await Promise.all([shown, value]);
  const found = Number(/ revision: (\d+) /.exec(text)?.[1]);
  return { key, operation: "PUT", revision: found, value: base64Of(output) };
}

/** The operations of the protocol, each by the command that a user of the program would choose for it. */
export const OPERATIONS = {
  async connect(connection) {
    await connection.run(["rtt", "1"]);
  },

  async publish(connection, { subject, data, reply, headers }) {
    const flags = [...(reply ? ["--reply", reply] : []), ...headerFlags(headers)];
    await connection.inOrder(["pub", "--no-templates", ...flags, subject], { input: bytesOf(data) });
  },

  async request(connection, { subject, data, headers }) {
    const args = ["request", "--no-templates", ...headerFlags(headers), subject];
    const { output, log } = await connection.run(args, { input: bytesOf(data) });
    if (!log.includes("Received with rtt")) throw new Error(linesOf(log).at(-1));
    const received = log.slice(log.indexOf("Received with rtt"));
    const lines = [...received.matchAll(/^\d\d:\d\d:\d\d (\S+): (.*)$/gm)];
    const text = output.toString().replace(/\n\n?\n$/, "");
    return {
      subject: "",
      data: base64Of(text === "nil body" ? "" : text),
      headers: Object.fromEntries(lines.map(([, name, value]) => [name, value])),
    };
  },

  /** The program does not say when it has subscribed; another one that is started then has to be slower than it. */
  async subscribe(connection, { subject, queue, subscription }) {
    const args = ["sub", "--dump=-", ...(queue ? ["--queue", queue] : []), subject];
    const onOutput = (output) => {
      const { Subject, Reply, Header, Data } = JSON.parse(output.slice(output.indexOf("{")));
      const headers = Object.fromEntries(Object.entries(Header ?? {}).map(([name, [value]]) => [name, value]));
      const message = { subject: Subject, reply: Reply || undefined, data: Data ?? "", headers };
      connection.report({ event: "message", subscription, message });
    };
    const following = { ready: ">>> Connected", separator: "\0", onOutput };
    await connection.follow(`subscription ${subscription}`, args, following);
    await connection.run(["rtt", "1"]);
  },

  async flush(connection) {
    await connection.inOrder();
  },

  /** A key that expires and that nobody has yet is taken by the command for that, which does not tell the revision. */
  async store(connection, { subject, data, headers }) {
    const [lease, input] = [leaseOf(subject, headers), bytesOf(data)];
    if (lease) {
      const { bucket, key, ttl } = lease;
      await connection.inOrder(["kv", "create", bucket, key, "--ttl", ttl], { input });
      return { stream: `KV_${bucket}`, seq: (await kvGet(connection, lease)).revision };
    }
    const args = ["pub", "--jetstream", "--no-templates", ...headerFlags(headers), subject];
    const { log } = await connection.inOrder(args, { input });
    const [, stream, seq = ""] = /Stored in Stream: (\S+) Sequence: ([\d,]+)/.exec(log) ?? [];
    return { stream, seq: Number(seq.replaceAll(",", "")) };
  },

  kvGet: (connection, request) => orNull(kvGet(connection, request)),

  /** Commands that write do not tell the revision. */
  async kvPut(connection, { bucket, domain, key, value }) {
    await connection.run(["kv", "put", bucket, key], { domain, input: bytesOf(value) });
  },

  async kvCreate(connection, { bucket, domain, key, value }) {
    await connection.run(["kv", "create", bucket, key], { domain, input: bytesOf(value) });
  },

  async kvUpdate(connection, { bucket, domain, key, value, revision }) {
    await connection.run(["kv", "update", bucket, key, bytesOf(value).toString(), String(revision)], { domain });
  },

  async kvDelete(connection, { bucket, domain, key }) {
    await connection.run(["kv", "del", "--force", bucket, key], { domain });
  },

  async kvPurge(connection, { bucket, domain, key }) {
    await connection.run(["kv", "purge", "--force", bucket, key], { domain });
  },

  async kvKeys(connection, { bucket, filter }) {
    return linesOf(await connection.text(["kv", "ls", "--names", bucket, filter]));
  },

  async kvHistory(connection, { bucket, key }) {
    const rows = rowsOf(await connection.text(["kv", "history", bucket, key]));
    return rows.map(([name, revision, operation, , , value]) => ({
      key: name,
      operation: operationOf(operation),
      revision: Number(revision),
      value: base64Of(value),
    }));
  },

  async kvWatch(connection, { bucket, domain, keys, iteration }) {
    if (keys.length > 1) throw new Unsupported("`nats kv watch` takes one pattern");
    await watch(connection, ["kv", "watch", bucket, keys[0]], { iteration, domain, itemOf: watchedEntryOf });
  },

  async kvPurgeDeletes(connection, { bucket }) {
    await connection.run(["kv", "compact", "--force", bucket]);
    throw new Unsupported("`nats kv compact` keeps the markers of the last half hour");
  },

  async kvStatus(connection, { bucket }) {
    return { bucket: /Bucket Name: (\S+)/.exec(await connection.text(["kv", "info", bucket]))?.[1] };
  },

  async objectPut(connection, { store, name, data }) {
    const args = ["object", "put", store, "--name", name, "--force", "--no-progress"];
    return objectOf(name, await connection.text(args, { input: bytesOf(data) }));
  },

  objectGet(connection, { id, store, name }) {
    const file = join(FOLDER, `object-${id}`);
    const get = async () => {
      await connection.run(["object", "get", store, name, "--output", file, "--force", "--no-progress"]);
      return base64Of(readFileSync(file));
    };
    return orNull(get()).finally(() => rmSync(file, { force: true }));
  },

  objectInfo(connection, { store, name }) {
    const info = async () => objectOf(name, await connection.text(["object", "info", store, name]));
    return orNull(info());
  },

  /** The command for this shows sizes only roughly, and no digests. */
  async objectList(connection, { store }) {
    const names = linesOf(await connection.text(["object", "ls", "--names", store]));
    return names.map((name) => ({ name, deleted: false }));
  },

  async objectWatch(connection, { store, iteration }) {
    await watch(connection, ["object", "watch", store], { iteration, itemOf: watchedObjectOf });
  },

  async objectDelete(connection, { store, name }) {
    await connection.run(["object", "rm", "--force", store, name]);
  },

  async objectStatus(connection, { store }) {
    return { bucket: /Bucket Name: (\S+)/.exec(await connection.text(["object", "info", store]))?.[1] };
  },

  /** `nats stream view`, which pages through a stream, wants a terminal; `nats sub` reads it in order as well. */
  readInOrder(connection, { stream, filters, count }) {
    if (filters.length > 1) throw new Unsupported("`nats sub` takes one subject of a stream");
    return read(connection, ["--stream", stream, ...filters], count);
  },

  readBySubject: (connection, { subject, count }) => read(connection, [subject], count),

  async createDurable(connection, { stream, name, filter }) {
    const flags = ["--pull", "--ack", "explicit", "--filter", filter, "--defaults"];
    await connection.run(["consumer", "add", stream, name, ...flags]);
  },

  /** The program mostly ends before it hears that an acknowledgement was refused, so the consumer is asked. */
  async fetch(connection, { stream, durable, count, domain }) {
    const args = ["consumer", "next", stream, durable, "--count", String(count), "--ack", "--raw"];
    const texts = linesOf(await connection.text(args, { domain }));
    const info = JSON.parse(await connection.text(["consumer", "info", stream, durable, "--json"], { domain }));
    if (info.num_ack_pending > 0) throw new Error(`${info.num_ack_pending} acknowledgements were not taken`);
    return texts.map(base64Of);
  },

  async updateDurable(connection, { stream, name, maxAckPending }) {
    await connection.run(["consumer", "edit", stream, name, "--max-pending", String(maxAckPending), "--force"]);
  },

  async deleteDurable(connection, { stream, name }) {
    await connection.run(["consumer", "rm", "--force", stream, name]);
  },

  async lookAt(connection, { stream, domain }) {
    const info = JSON.parse(await connection.text(["stream", "info", stream, "--json"], { domain }));
    return info.config.name;
  },

  async message(connection, { stream, sequence, last }) {
    const which = last === undefined ? [String(sequence)] : ["--last-for", last];
    return JSON.parse(await connection.text(["stream", "get", stream, ...which, "--json"])).data;
  },

  stop(connection, { iteration }) {
    connection.stop(`iteration ${iteration}`);
  },

  close(connection) {
    connection.close();
  },
};
