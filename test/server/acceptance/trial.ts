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
import { Cluster } from "../../support/cluster";
import type { StackJson } from "../../support/synth";
import type { Files } from "../render";
import { elsewhereOf } from "./declare-program";
import { CLUSTER } from "./draw-program";

/** What carries out each type of resource. */
export const TYPES: { readonly [type: string]: ResourceType } = {
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
  readonly stack: string;
  /** By what id it is taken in, if it is there already. */
  readonly imported: string | undefined;
}

/** A stack's JSON with its variables replaced by their defaults, also in expressions of what cdktf writes of them. */
function settled(stack: StackJson): StackJson {
  const { variable = {} } = stack as { variable?: { [name: string]: { default?: unknown } } };
  const given = Object.fromEntries(Object.entries(variable).map(([name, each]) => [name, each.default]));
  const evaluated = (expression: string): unknown => {
    const code = expression.replace(/var\.([\w-]+)/g, (_, name) => JSON.stringify(given[name]));
    return new Function("min", "jsonencode", `return ${code}`)(
      (...numbers: number[]) => Math.min(...numbers),
      JSON.stringify,
    );
  };
  const replaced = (_: string, value: unknown) => {
    if (typeof value !== "string" || !value.includes("var.late")) return value;
    const [, only] = /^\$\{([^{}]*)\}$/.exec(value) ?? [];
    if (only !== undefined) return evaluated(only);
    return value.replace(/\$\{([^{}]*)\}/g, (__, inner) => String(evaluated(inner)));
  };
  return JSON.parse(JSON.stringify(stack), replaced);
}

/** The resources of a stack by the user that makes them. */
function tasksOf(name: string, given: StackJson): Map<string, Task[]> {
  const stack = settled(given);
  const imports = new Map((given.import as { to: string; id: string }[] | undefined)?.map(({ to, id }) => [to, id]));
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
      const text = JSON.stringify(stack.resource?.[type]?.[names[index] ?? ""]);
      const references = [...text.matchAll(/\$\{(jetstream_\w+\.[\w-]+)\.\w+\}/g)].map(([, address = ""]) => address);
      const user = users.get(String(attributes.provider ?? "jetstream")) ?? "";
      const own = tasks.get(user) ?? [];
      tasks.set(user, own);
      own.push({
        type,
        attributes,
        stack: name,
        imported: imports.get(`${type}.${names[index]}`),
        address: `${name}/${type}.${names[index]}`,
        after: [...references, ...((attributes.depends_on ?? []) as string[])].map((each) => `${name}/${each}`),
      });
    }
  }
  return tasks;
}

/** Tasks of several stacks by the user that makes them. */
function tasksOfAll(stacks: Files["stacks"]): Map<string, Task[]> {
  const tasks = new Map<string, Task[]>();
  for (const [name, stack] of Object.entries(stacks)) {
    for (const [user, own] of tasksOf(name, stack)) tasks.set(user, [...(tasks.get(user) ?? []), ...own]);
  }
  return tasks;
}

/** The tasks in an order that Terraform may take: any in which references come first, and the platform's stack. */
function shuffled(tasks: readonly Task[], random: () => number): Task[] {
  const waiting = [...tasks];
  const all = new Set(tasks.map(({ address }) => address));
  const done = new Set<string>();
  const order: Task[] = [];
  while (waiting.length > 0) {
    const platforms = waiting.filter(({ stack }) => !waiting.some((each) => stack === elsewhereOf(each.stack)));
    const free = platforms.filter(({ after }) => after.every((address) => done.has(address) || !all.has(address)));
    const next = free[Math.floor(random() * free.length)];
    if (!next) throw new Error("resources wait for each other");
    waiting.splice(waiting.indexOf(next), 1);
    done.add(next.address);
    order.push(next);
  }
  return order;
}

/**
 * Checks the accounts file of a program, starts a server with it, and makes every resource of the program in random orders,
 * as the users that Terraform has.
 *
 * @param orders in how many orders the resources of an account are made
 * @throws what the server refuses
 */
export async function tryProgram({ accounts, stacks }: Files, random: () => number, orders: number): Promise<void> {
  const env = checked(accounts);
  const server = await TestServer.start({ accounts, env, storage: ROOM });
  try {
    await makeAll([server.url], stacks, random, orders);
    const faults = server.log.split("\n").filter((line) => /\[(ERR|FTL)\]|Error enabling/.test(line));
    if (faults.length > 0) throw new Error(`the server's log: ${faults.join("\n")}`);
  } finally {
    await server.stop();
  }
}

/**
 * The same on a cluster of three servers with tags, in one order.
 *
 * @throws what the servers refuse
 */
export async function tryOnCluster({ accounts, stacks }: Files, random: () => number): Promise<void> {
  const env = checked(accounts);
  const user = "prod-terraform";
  const tags = ["zone:1", "zone:2", "zone:3"].map((zone) => [CLUSTER.tag, zone]);
  const password = passwordOf(user);
  const cluster = await Cluster.start({ accounts, env, user, password, tags, storage: ROOM });
  try {
    await makeAll(cluster.urls, stacks, random, 1);
  } finally {
    await cluster.stop();
  }
}

/** The bytes that a server may store, so that what a program sets aside is no matter. */
const ROOM = 100_000_000_000;

const passwordOf = (user: string) => `pw-${user.toUpperCase().replace(/-/g, "_")}_PASSWORD`;

function checked(accounts: string): Record<string, string> {
  const env = passwordsFor(accounts);
  const { ok, output } = checkAccounts(accounts, env);
  if (!ok) throw new Error(`nats-server -t: ${output}`);
  return env;
}

async function makeAll(
  servers: string[],
  stacks: Files["stacks"],
  random: () => number,
  orders: number,
): Promise<void> {
  for (const [user, tasks] of tasksOfAll(stacks)) {
    const connection = await connect({ servers, user, pass: passwordOf(user), reconnect: false });
    try {
      for (let count = 0; count < orders; count++) await make(connection, shuffled(tasks, random));
    } finally {
      await connection.close();
    }
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
  const api = new ServerApi(connection, { timeout: 10_000 });
  for (const { type, attributes, address, imported } of tasks) {
    const resource = TYPES[type] as ResourceType;
    try {
      const id = await created(resource, api, attributes);
      const found = await resource.read(api, imported ?? id);
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
