import { AppConstruct, PlatformConstruct } from "cdktf-nats-platform";

/**
 * The platform as a program that uses this library declares it. What has no counterpart in the program by hand, accounts
 * and permissions, is switched off, so that both do the same work.
 */
export function declare(stack, { platform, nodes, servers, apps }) {
  const prod = new PlatformConstruct(stack, platform, {
    nodes,
    servers,
    accountsFile: false,
    accessEntries: false,
  });
  for (const app of apps) {
    new AppConstruct(prod, app, { wal: {}, snapshots: {} });
  }
}
