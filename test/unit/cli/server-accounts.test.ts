import { serverAccounts } from "../../../lib/analysis/server-model";
import { catalogOfProgram, program } from "./cli";

test("the accounts of a catalog have the streams and buckets that are in them", () => {
  const catalog = catalogOfProgram(program());
  const accounts = serverAccounts(catalog);
  expect(accounts.map(({ name }) => name)).toEqual(["PROD", "PROD_ACCESS", "ACCESS", "MONITOR"]);
  const isAccess = ({ account }: { account: string }) => account === "PROD_ACCESS";
  expect(accounts[0]?.resources).toEqual(catalog.resources.filter((each) => !isAccess(each)));
  expect(accounts[1]?.resources).toEqual(catalog.resources.filter(isAccess));
  expect(accounts[1]?.resources.map(({ name }) => name)).toEqual(["prod_access"]);
  expect(accounts.slice(2).map(({ resources }) => resources)).toEqual([[], []]);
});
