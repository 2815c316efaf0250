import { serverAccounts } from "../../lib/catalog/server-accounts";
import { catalogOfProgram, program } from "./cli";

test("a catalog has everything that the access model needs", () => {
  const accounts = serverAccounts(catalogOfProgram(program()));
  expect(accounts.map(({ name }) => name)).toEqual(["PROD", "MONITOR"]);
  const [prod, monitor] = accounts;
  const cache = prod?.users.find(({ name }) => name === "prod-cache");
  expect(cache?.publish.allow).toContainEqual({
    pattern: "prod.cache.>",
    reasons: [{ why: "its own subjects", capability: "core.publish", source: "stack/prod/cache" }],
  });
  expect(monitor?.users[0]?.publish).toEqual({ allow: [], deny: [{ pattern: ">", reasons: [] }] });
  expect(prod?.resources.map(({ name, owner }) => [name, owner])).toContainEqual([
    "KV_prod_cache",
    "app cache of platform prod",
  ]);
  expect(monitor?.imports).toContainEqual({ kind: "stream", account: "PROD", subject: "prod._.audit.>" });
});
