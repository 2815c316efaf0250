import { chmodSync, statSync } from "node:fs";
import { Settled } from "../../../lib/cli/accounts/settled";
import { accountsText, SyncedServer } from "./synced-server";

let synced: SyncedServer;
beforeAll(async () => {
  synced = await SyncedServer.start();
});
afterAll(() => synced?.stop());

/** Accounts whose password is a variable, and its line among the secrets. */
const secretly = (variable: string, value: string) => ({
  content: accountsText({ A: "" }, `$${variable}`),
  secrets: `${variable}: ${value}`,
});

const mode = () => (statSync(synced.path).mode & 0o777).toString(8);

beforeEach(async () => {
  await synced.put(secretly("FIRST", '"one-secret"'));
});

test("a secret is changed together with the name of its variable", async () => {
  expect(mode()).toBe("600");
  expect(await synced.put(secretly("SECOND", '"two \\"secrets\\" # $x"'))).toMatchObject({ kind: "inForce" });
  expect([await synced.letsIn("A", 'two "secrets" # $x'), await synced.letsIn("A", "one-secret")]).toEqual([
    true,
    false,
  ]);
  expect(mode()).toBe("600");
});

test("a secret alone is changed", async () => {
  expect(await synced.put(secretly("FIRST", '"other-secret"'))).toMatchObject({ kind: "inForce" });
  expect([await synced.letsIn("A", "other-secret"), await synced.letsIn("A", "one-secret")]).toEqual([true, false]);
});

test("others cannot read a file that somebody has given to them, behind the next call", async () => {
  chmodSync(synced.path, 0o644);
  await synced.put(secretly("FIRST", '"one-secret"'), { settled: new Settled() });
  expect(mode()).toBe("600");
});

test.each([
  ["is not in quotes", secretly("SECOND", "tell nobody"), "line 1 of the secrets is not one that the server can read"],
  [
    "is no text",
    secretly("SECOND", '["hidden"]'),
    /interface conversion.* \(line 4 of the accounts: A: \{ .*password: \$SECOND/,
  ],
  ["is too long a number", secretly("SECOND", "98765432109876543210"), /integer '\*\*\*' is out of the range/],
  ["is no bcrypt hash", secretly("SECOND", '"$2a$hidden"'), /^(?!.*hidden)/],
  [
    "is of a variable that nothing uses",
    { ...secretly("FIRST", '"one-secret"\nSECOND: "hidden"') },
    "line 2 of the secrets is a variable that nothing uses",
  ],
])("no secret is told where one %s", async (_, file, reason) => {
  const outcome = await synced.put(file);
  const said = "reason" in outcome ? outcome.reason : "";
  if (typeof reason === "string") expect(said).toBe(reason);
  else expect(said).toMatch(reason);
  expect(JSON.stringify(outcome)).not.toMatch(/tell|nobody|hidden|98765/);
  await synced.put(secretly("FIRST", '"one-secret"'));
  expect(await synced.letsIn("A", "one-secret")).toBe(true);
});
