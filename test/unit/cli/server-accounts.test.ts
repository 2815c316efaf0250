import { serverAccounts } from "../../../lib/analysis/server-model";
import { catalogOfProgram, program } from "./cli";

test("the accounts of a catalog have the streams and buckets that are in them", () => {
  const catalog = catalogOfProgram(program());
  const accounts = serverAccounts(catalog);
  expect(accounts.map(({ name }) => name)).toEqual(["PROD", "MONITOR"]);
  expect(accounts[0]?.resources).toEqual(catalog.resources);
  expect(accounts[1]?.resources).toEqual([]);
});
