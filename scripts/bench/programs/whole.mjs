import { AppConstruct, PlatformConstruct } from "cdktf-nats-platform";

/** A platform with all that a program gets: accounts file, access entries and reports, for apps that use each other. */
export function declare(stack, { platform, nodes, servers, apps }) {
  const prod = new PlatformConstruct(stack, platform, { nodes, servers });
  let previous;
  for (const name of apps) {
    const app = new AppConstruct(prod, name, { wal: {}, snapshots: {} });
    app.publishEvents(`${name}.>`);
    app.consumeEvents();
    app.serveApi("query");
    app.publishAudit();
    app.publishHealth();
    if (previous) app.callApi(previous, "query");
    previous = app;
  }
}
