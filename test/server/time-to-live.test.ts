import { setTimeout as sleep } from "node:timers/promises";
import { connect, headers } from "nats";
import { AppConstruct } from "../../lib";
import { TestServer } from "../../scripts/tools/nats-server";
import { applyResources } from "../../scripts/tools/provider/apply";
import { ServerApi } from "../../scripts/tools/provider/server-api";
import { prodOf } from "../support/prod";
import { synth } from "../support/synth";

test("limitMarkerTtlSeconds lengthens a shorter time to live only in a bucket with a history above 1", async () => {
  const stack = synth((scope) => {
    const app = new AppConstruct(prodOf(scope, { accessEntries: false }), "a", {
      keyValueStore: { limitMarkerTtlSeconds: 8 },
    });
    app.addKeyValueStore("hist", { history: 5, limitMarkerTtlSeconds: 8 });
  });
  const server = await TestServer.start();
  const connection = await connect({ servers: server.url });
  try {
    await applyResources(connection, stack as never);
    const short = headers();
    short.set("Nats-TTL", "1s");
    const buckets = ["prod_a", "prod_a_hist"];
    for (const bucket of buckets)
      await connection.request(`$KV.${bucket}.lock.x`, "me", { headers: short, timeout: 2000 });
    await sleep(2500);
    const api = new ServerApi(connection);
    const found = await Promise.all(buckets.map((bucket) => api.entry(bucket, "lock.x")));
    expect(found.map((each) => each?.value)).toEqual([undefined, "me"]);
  } finally {
    await connection.close();
    await server.stop();
  }
});
