import { usersInFile } from "../../../support/followed-platform";
import { type Apps, conclude, FollowedCluster, say } from "./followed-cluster";

/*
 * Many stacks change their documents at once, again and again. In the end every server has the last state in force, and none of the
 * changes is lost.
 */

const [stacks = "50", documents = "20", rounds = "5"] = process.argv.slice(2);

const appsOf = (stack: number) => Array.from({ length: Number(documents) }, (_, app) => `s${stack}a${app}`);
const variantsOf = (stack: number, variant: number): Apps => new Map(appsOf(stack).map((app) => [app, variant]));
const indices = Array.from({ length: Number(stacks) }, (_, index) => index);
const LAST = Number(rounds);

/** The variants of apps that a server has, by its file. */
const variantsIn = (text: string) =>
  new Map([...text.matchAll(/"prod\.(s\d+a\d+)\.variant\.v(\d+)"/g)].map(([, app, variant]) => [app, Number(variant)]));

async function main(): Promise<void> {
  const cluster = await FollowedCluster.start();
  const wrong: string[] = [];
  try {
    cluster.secrets(indices.flatMap(appsOf));
    await cluster.storePlatform();
    for (const index of cluster.servers.keys()) cluster.follow(index, "0.5");
    const started = Date.now();
    await Promise.all(
      indices.map(async (stack) => {
        for (let round = 1; round <= LAST; round++)
          await cluster.storeApps(`s${stack}/stack`, variantsOf(stack, round));
      }),
    );
    const written = Date.now();
    const count = Number(stacks) * Number(documents);
    say(
      `${count} documents of ${stacks} stacks written ${rounds} times in ${((written - started) / 1000).toFixed(1)} s`,
    );
    const lacking = await cluster.lacking(60);
    if (lacking !== "") wrong.push(lacking);
    say(`all in force on all servers ${((Date.now() - written) / 1000).toFixed(1)} s after the last`);
    for (const server of cluster.servers) {
      const users = usersInFile(`${server.folder}/accounts.conf`).filter((user) => /^prod-s\d+a\d+$/.test(user));
      const variants = variantsIn(server.accounts);
      const late = indices.flatMap(appsOf).filter((app) => variants.get(app) !== LAST);
      if (users.length !== count || late.length > 0)
        wrong.push(`${server.url}: ${users.length} users, not as written last: ${late}`);
    }
    if (wrong.length > 0) say(cluster.log.slice(-5000));
  } finally {
    await cluster.stop();
  }
  conclude(wrong);
}

void main();
