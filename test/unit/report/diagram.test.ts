import { AccessModel } from "../../../lib/analysis/access-model";
import { serverAccounts } from "../../../lib/analysis/server-model";
import type { Catalog } from "../../../lib/catalog/catalog";
import { diagramOf } from "../../../lib/report/diagram";
import { hostileCatalog, platformCatalog } from "./samples";

const diagram = (catalog: Catalog) => diagramOf(catalog, new AccessModel(serverAccounts(catalog)));

/** A platform whose node has the role of one, which no arrows are drawn for. */
function withNode(catalog: Catalog): Catalog {
  const accounts = catalog.accounts.map((account) => ({
    ...account,
    users: account.users.map((user) => (user.name === "prod-node-1" ? { ...user, role: "node" } : user)),
  }));
  return { ...catalog, accounts };
}

test("accounts are subgraphs of their users, streams and buckets", () => {
  const lines = diagram(withNode(platformCatalog(1, true))).split("\n");
  expect(lines.slice(0, 3)).toEqual([
    "flowchart LR",
    '  subgraph account_PROD["PROD"]',
    '    operators_PROD["prod-node-1<br>all of the account"]',
  ]);
  const start = lines.indexOf('  subgraph account_PROD_APP_0["PROD_APP-0"]');
  expect(lines.slice(start + 1, start + 10)).toEqual([
    '    operators_PROD_APP_0["prod-app-0-terraform<br>all of the account"]',
    '    user_prod_app_0(["prod-app-0"])',
    '    stream_PROD_APP_0_KV_prod_app_0[("prod_app-0<br>bucket")]',
    '    stream_PROD_APP_0_prod_app_0_wal[/"prod_app-0_wal<br>stream"/]',
    '    stream_PROD_APP_0_OBJ_prod_app_0_snapshots[("prod_app-0_snapshots<br>objects")]',
    "  end",
    '  subgraph account_PROD_APP_0_MESSAGING["PROD_APP-0_MESSAGING"]',
    '    user_prod_app_0_messaging(["prod-app-0-messaging<br>messages of app-0"])',
    "  end",
  ]);
});

test("arrows say who writes and reads, and what goes between accounts", () => {
  const lines = diagram(withNode(platformCatalog(1, true))).split("\n");
  expect(lines).toContain("  user_prod_app_0 <--> stream_PROD_APP_0_KV_prod_app_0");
  expect(lines).toContain("  user_prod_app_0_messaging -->|a part| stream_PROD_prod_audit");
  expect(lines).toContain('  account_PROD == "prod._.live.events.>" ==> account_PROD_APP_0_MESSAGING');
  expect(lines.some((line) => line.startsWith("  account_PROD_APP_0_MESSAGING -. "))).toBe(true);
  expect(lines).toContain(
    '  account_PROD_APP_0_MESSAGING -. "prod._.audit.app-0.><br>prod._.events.user.><br>$JS.API.DIRECT.GET.KV_prod_platform.$KV.prod_platform.config.flags<br>and 1 more" .-> account_PROD',
  );
  expect(lines.filter((line) => / account_PROD_APP_0( |$)/.test(line))).toEqual([]);
  expect(lines.filter((line) => line.includes("prod_node_1"))).toEqual([]);
});

test("what is added changes no other line", () => {
  const [few, many] = [2, 3].map((apps) => diagram(platformCatalog(apps, false)).split("\n"));
  expect(few?.filter((line) => !many?.includes(line))).toEqual([]);
});

test("the same facts give the same diagram, with ids that are unique", () => {
  const once = diagram(platformCatalog(4, true));
  expect(once).toBe(diagram(platformCatalog(4, true)));
  const ids = [...once.matchAll(/^ +(?:subgraph )?(\w+)[[(]/gm)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test("hostile names stay labels", () => {
  for (const line of diagram(hostileCatalog()).split("\n")) {
    expect(line.replaceAll("<br>", "").replaceAll("<-->", "")).not.toMatch(/[<`\u2028]/);
    expect((line.match(/"/g) ?? []).length % 2).toBe(0);
  }
});
