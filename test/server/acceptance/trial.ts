import { setTimeout as sleep } from "node:timers/promises";
import { connect, type NatsConnection } from "nats";
import { checkAccounts, passwordsFor, TestServer } from "../../../scripts/tools/nats-server";
import { resolvedResources } from "../../../scripts/tools/provider/apply";
import { consumerResource } from "../../../scripts/tools/provider/consumer-resource";
import { kvBucketResource } from "../../../scripts/tools/provider/kv-bucket-resource";
import { kvEntryResource } from "../../../scripts/tools/provider/kv-entry-resource";
import { objBucketResource } from "../../../scripts/tools/provider/obj-bucket-resource";
import type { ResourceType } from "../../../scripts/tools/provider/resource-type";
import { ServerApi } from "../../../scripts/tools/provider/server-api";
import type { Attributes } from "../../../scripts/tools/provider/stream-config";
import { streamResource } from "../../../scripts/tools/provider/stream-resource";
import type { StackJson } from "../../support/synth";
import type { Files } from "../render";

const TYPES: { readonly [type: string]: ResourceType } = {
  jetstream_stream: streamResource,
  jetstream_kv_bucket: kvBucketResource,
  jetstream_obj_bucket: objBucketResource,
  jetstream_consumer: consumerResource,
  jetstream_kv_entry: kvEntryResource,
};

/** The types that are streams on the server; the others go with them. */
const STORAGE: ReadonlySet<string> = new Set(["jetstream_stream", "jetstream_kv_bucket", "jetstream_obj_bucket"]);

/** One resource that Terraform is to make. */
interface Task {
  readonly type: string;
  readonly attributes: Attributes;
  /** The addresses of what must be there before. */
  readonly after: readonly string[];
  readonly address: string;
}

/** A generator of numbers from 0 to below 1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The resources of a stack by the user that makes them. */
function tasksOf(stack: StackJson): Map<string, Task[]> {
  const users = new Map(
    (stack.provider?.jetstream ?? []).map(({ alias, user }) => [
      alias === undefined ? "jetstream" : `jetstream.${alias}`,
      String(user),
    ]),
  );
  const tasks = new Map<string, Task[]>();
  for (const type of Object.keys(TYPES)) {
    const names = Object.keys(stack.resource?.[type] ?? {});
    for (const [index, attributes] of resolvedResources(stack as never, type).entries()) {
      const given = JSON.stringify(stack.resource?.[type]?.[names[index] ?? ""]);
      const references = [...given.matchAll(/\$\{(jetstream_\w+\.[\w-]+)\.\w+\}/g)].map(([, address = ""]) => address);
      const user = users.get(String(attributes.provider ?? "jetstream")) ?? "";
      const own = tasks.get(user) ?? [];
      tasks.set(user, own);
      own.push({
        type,
        attributes,
        address: `${type}.${names[index]}`,
        after: [...references, ...((attributes.depends_on ?? []) as string[])],
      });
    }
  }
  return tasks;
}

/** The tasks in an order that Terraform may take: any in which references come first. */
function shuffled(tasks: readonly Task[], random: () => number): Task[] {
  const waiting = [...tasks];
  const all = new Set(tasks.map(({ address }) => address));
  const done = new Set<string>();
  const order: Task[] = [];
  while (waiting.length > 0) {
    const free = waiting.filter(({ after }) => after.every((address) => done.has(address) || !all.has(address)));
    const next = free[Math.floor(random() * free.length)];
    if (!next) throw new Error("resources wait for each other");
    waiting.splice(waiting.indexOf(next), 1);
    done.add(next.address);
    order.push(next);
  }
  return order;
}

/** In how many orders the resources of an account are made. */
const ORDERS = 3;

/**
 * Checks the accounts file of a program, starts a server with it, and makes every resource of the program in random orders,
 * as the users that Terraform has.
 *
 * @throws what the server refuses
 */
export async function tryProgram({ accounts, stacks }: Files, random: () => number): Promise<void> {
  const env = passwordsFor(accounts);
  const { ok, output } = checkAccounts(accounts, env);
  if (!ok) throw new Error(`nats-server -t: ${output}`);
  const server = await TestServer.start({ accounts, env, storage: 100_000_000_000 });
  try {
    for (const stack of Object.values(stacks)) {
      for (const [user, tasks] of tasksOf(stack)) {
        const pass = `pw-${user.toUpperCase().replace(/-/g, "_")}_PASSWORD`;
        const connection = await connect({ servers: server.url, user, pass, reconnect: false });
        try {
          for (let count = 0; count < ORDERS; count++) await make(connection, shuffled(tasks, random));
        } finally {
          await connection.close();
        }
      }
    }
    const faults = server.log.split("\n").filter((line) => /\[(ERR|FTL)\]|Error enabling/.test(line));
    if (faults.length > 0) throw new Error(`the server's log: ${faults.join("\n")}`);
  } finally {
    await server.stop();
  }
}

/** What the server says while it still removes the files of a stream of the same name that was deleted. */
const STILL_REMOVING = /\(10049\)/;

async function created(resource: ResourceType, api: ServerApi, attributes: Attributes): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await resource.create(api, attributes);
    } catch (error) {
      if (attempt >= 20 || !STILL_REMOVING.test(String(error))) throw error;
      await sleep(100);
    }
  }
}

/** The attributes that the server has otherwise than they were asked for, so that a plan would never come to rest. */
function changed(asked: Attributes, found: Attributes): string[] {
  return Object.entries(asked)
    .filter(([name, value]) => typeof value !== "object" && name in found && found[name] !== value)
    .map(([name, value]) => `${name} is ${found[name]} and not ${value}`);
}

async function make(connection: NatsConnection, tasks: readonly Task[]): Promise<void> {
  const api = new ServerApi(connection, { timeout: 2000 });
  for (const { type, attributes, address } of tasks) {
    const resource = TYPES[type] as ResourceType;
    try {
      const found = await resource.read(api, await created(resource, api, attributes));
      if (!found) throw new Error("it is not there");
      const differences = changed(attributes, found);
      if (differences.length > 0) throw new Error(differences.join(", "));
    } catch (error) {
      const order = tasks.map((task) => task.address).join(", ");
      throw new Error(
        `${address}: ${error instanceof Error ? error.message : error}\n${JSON.stringify(attributes)}\norder: ${order}`,
      );
    }
  }
  for (const { type, attributes } of tasks) {
    if (STORAGE.has(type)) await (TYPES[type] as ResourceType).delete(api, attributes);
  }
}
