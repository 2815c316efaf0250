import { setTimeout as sleep } from "node:timers/promises";
import { letsIn } from "../../../support/followed-platform";
import { type Apps, conclude, FollowedCluster, say } from "./followed-cluster";

/*
 * How long it takes from the last document of an apply until all servers of a cluster let a new user in, with many users there.
 */

const [given = "1000,10000", changes = "5"] = process.argv.slice(2);

const STACKS = 10;

const appsOf = (stack: number, count: number) => Array.from({ length: count }, (_, app) => `s${stack}a${app}`);

async function measured(users: number): Promise<readonly number[]> {
  const cluster = await FollowedCluster.start();
  const perStack = Math.ceil(users / STACKS);
  const news = Array.from({ length: Number(changes) }, (_, index) => `new${index}`);
  try {
    cluster.secrets([...Array.from({ length: STACKS }, (_, stack) => appsOf(stack, perStack)).flat(), ...news]);
    await cluster.storePlatform();
    const stored: Apps[] = [];
    for (let stack = 0; stack < STACKS; stack++) {
      const apps = new Map(appsOf(stack, perStack).map((app) => [app, 1]));
      stored[stack] = apps;
      await cluster.storeApps(`s${stack}/stack`, apps);
    }
    for (const index of cluster.servers.keys()) cluster.follow(index, "0.5");
    const lacking = await cluster.lacking(300);
    if (lacking !== "") throw new Error(`${lacking}\n${cluster.log.slice(-3000)}`);
    await sleep(3_000);
    const times: number[] = [];
    for (const [index, app] of news.entries()) {
      const stack = index % STACKS;
      const next = new Map([...(stored[stack] ?? []), [app, 1] as const]);
      stored[stack] = next;
      await cluster.storeApps(`s${stack}/stack`, next);
      const started = Date.now();
      await Promise.all(
        cluster.servers.map(async ({ url }) => {
          while (!(await letsIn(url, `prod-${app}`))) {
            if (Date.now() - started > 120_000) throw new Error(`${app} is not let in: ${cluster.log.slice(-3000)}`);
            await sleep(50);
          }
        }),
      );
      times.push(Date.now() - started);
      await sleep(2_000);
    }
    return times.sort((one, other) => one - other);
  } finally {
    await cluster.stop();
  }
}

async function main(): Promise<void> {
  for (const users of given.split(",")) {
    const times = await measured(Number(users));
    const seconds = (time = 0) => (time / 1000).toFixed(2);
    say(
      `${users} users: median ${seconds(times[times.length >> 1])} s, at most ${seconds(times.at(-1))} s, of ${times.length}`,
    );
  }
  conclude([]);
}

void main();
