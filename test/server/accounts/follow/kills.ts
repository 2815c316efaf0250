import { setTimeout as sleep } from "node:timers/promises";
import { letsIn, usersInFile } from "../../../support/followed-platform";
import { type Apps, conclude, FollowedCluster, say } from "./followed-cluster";

/*
 * Kills followers and servers at random moments while documents change. Whatever is on the disk of a server is to start it, and in
 * the end every server has in force what is stored.
 */

const [kills = "200", given] = process.argv.slice(2);
const seed = Number(given ?? Math.floor(Math.random() * 1e9));

/** Random numbers that a seed repeats. */
function randomOf(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const random = randomOf(seed);
const below = (count: number) => Math.floor(random() * count);

const STACKS = 6;
const APPS = 4;
const stackOf = (index: number) => `s${index}/stack`;
const appsOf = (index: number) => Array.from({ length: APPS }, (_, app) => `s${index}a${app}`);

const drawnApps = (index: number): Apps =>
  new Map(appsOf(index).flatMap((app) => (random() < 0.5 ? [[app, below(3)] as const] : [])));

const TARGETS = ["follower", "server", "both"] as const;

async function main(): Promise<void> {
  say(`${kills} kills, seed ${seed}`);
  const cluster = await FollowedCluster.start();
  const wrong: string[] = [];
  const now = new Map<number, Apps>();
  const counts = { follower: 0, server: 0, both: 0, changes: 0 };
  try {
    cluster.secrets(Array.from({ length: STACKS }, (_, index) => appsOf(index)).flat());
    await cluster.storePlatform();
    for (const index of cluster.servers.keys()) cluster.follow(index);
    let isEnded = false;
    const changing = (async () => {
      while (!isEnded) {
        const index = below(STACKS);
        const apps = drawnApps(index);
        await cluster.storeApps(stackOf(index), apps);
        now.set(index, apps);
        counts.changes++;
        await sleep(below(100));
      }
    })();
    for (let kill = 1; kill <= Number(kills); kill++) {
      const before = counts.changes;
      for (let waits = 0; waits < 100 && counts.changes === before; waits++) await sleep(50);
      await sleep(below(500));
      const index = below(cluster.servers.length);
      const target = TARGETS[below(TARGETS.length)] ?? "both";
      counts[target]++;
      const ends = [
        ...(target === "server" ? [] : [cluster.killFollower(index)]),
        ...(target === "follower" ? [] : [cluster.servers[index]?.kill()]),
      ];
      const check = cluster.check(index);
      await Promise.all(ends);
      const later = cluster.check(index);
      for (const each of [check, later]) if (each !== "valid") wrong.push(`kill ${kill} of ${target}: ${each}`);
      await sleep(below(300));
      if (target !== "follower") await cluster.servers[index]?.restart();
      if (target !== "server") cluster.follow(index);
      if (kill % 20 === 0) say(`${kill} kills, ${counts.changes} changes, ${wrong.length} wrong`);
    }
    isEnded = true;
    await changing;
    const started = Date.now();
    const lacking = await cluster.lacking(90);
    if (lacking !== "") wrong.push(lacking);
    say(`all in force ${((Date.now() - started) / 1000).toFixed(1)} s after the last change`);
    wrong.push(...(await differences(cluster, now)));
    say(
      `killed: ${counts.follower} followers, ${counts.server} servers, ${counts.both} both; ${counts.changes} changes`,
    );
    if (wrong.length > 0) say(cluster.log.slice(-5000));
  } finally {
    await cluster.stop();
  }
  conclude(wrong);
}

/** Users that a server has and should not, or lacks: by its file, and by who may connect. */
async function differences(cluster: FollowedCluster, now: ReadonlyMap<number, Apps>): Promise<string[]> {
  const users = [...now.values()].flatMap((apps) => [...apps.keys()]).map((app) => `prod-${app}`);
  const all = Array.from({ length: STACKS }, (_, index) => appsOf(index).map((app) => `prod-${app}`)).flat();
  const wrong: string[] = [];
  for (const { url, folder } of cluster.servers) {
    const inFile = usersInFile(`${folder}/accounts.conf`).filter((user) => all.includes(user));
    if (inFile.join() !== [...users].sort().join()) wrong.push(`${url} has ${inFile}, not ${users}`);
    for (const user of all) {
      if ((await letsIn(url, user)) !== users.includes(user)) wrong.push(`${url}: ${user} is let in or not, wrongly`);
    }
  }
  return wrong;
}

void main();
