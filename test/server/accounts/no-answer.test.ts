import { rmSync } from "node:fs";
import { putInForce } from "../../../lib/cli/accounts/in-force";
import { NoAnswer, type SystemAccount } from "../../../lib/cli/accounts/system-account";
import { prepareWithoutServer } from "../../../lib/cli/accounts/without-server";
import { accountsText, SyncedServer } from "./synced-server";

const A = accountsText({ A: "" });
const AB = accountsText({ A: "", B: "" });
const BROKEN = AB.slice(0, AB.lastIndexOf("}"));

let synced: SyncedServer;
beforeEach(async () => {
  synced = await SyncedServer.start({ accounts: A });
});
afterEach(() => synced?.stop());

const prepare = (content: string) => prepareWithoutServer({ path: synced.path, content });

/** The system account, whose answer to a reload is lost: the server gets the request, or does not. */
function losingAnswers(system: SystemAccount, isHeard: boolean): SystemAccount {
  const lost = Object.create(system) as SystemAccount;
  lost.reload = async () => {
    if (isHeard) await system.reload();
    throw new NoAnswer("RELOAD: timeout", false);
  };
  return lost;
}

test.each([
  ["the server has read the file", true],
  ["it has not", false],
])("a lost answer is told, and the next call ends in force: %s", async (_, isHeard) => {
  const file = { path: synced.path, content: AB };
  expect(await putInForce(losingAnswers(synced.system, isHeard), file)).toEqual({
    kind: "unknown",
    reason: "the server was told to read the file: RELOAD: timeout",
  });
  expect(await synced.put(AB)).toMatchObject({ kind: "inForce" });
  expect([await synced.letsIn("B"), synced.isPending]).toEqual([true, false]);
});

test("also where the file is another one by then, which is refused", async () => {
  await putInForce(losingAnswers(synced.system, false), { path: synced.path, content: BROKEN });
  expect(synced.check()).not.toBe("valid");
  expect(await synced.put(`UNUSED: x\n${AB}`)).toMatchObject({ kind: "refused" });
  expect([synced.content, synced.isPending]).toEqual([A, false]);
});

test("a change of the user's own password closes its connection, and the next connection finds it in force", async () => {
  const content = AB.replace("password: sys", "password: other");
  expect(await synced.put(content)).toMatchObject({ kind: "unknown" });
  await synced.reconnect("other");
  expect(await synced.put(content)).toMatchObject({ kind: "inForce" });
  expect(await synced.letsIn("B")).toBe(true);
});

test("a server that is down is told, and nothing new is written", async () => {
  await synced.server.halt();
  expect(await synced.put(AB)).toEqual({
    kind: "unreachable",
    reason: expect.stringContaining(`${synced.path} is as it was`),
  });
  expect([synced.content, synced.isPending]).toEqual([A, false]);
});

test("while a server is busy nothing is put back: it may be reading the file", async () => {
  await putInForce(losingAnswers(synced.system, false), { path: synced.path, content: AB });
  const busy = Object.create(synced.system) as SystemAccount;
  busy.state = () => Promise.reject(new NoAnswer("VARZ: timeout", false));
  expect(await putInForce(busy, { path: synced.path, content: AB })).toEqual({
    kind: "unreachable",
    reason: `VARZ: timeout; ${synced.path} is left as it is`,
  });
  expect(synced.content).toBe(AB);
});

test("what no server has taken is put back while it is down, and comes into force when it is up", async () => {
  await putInForce(losingAnswers(synced.system, true), { path: synced.path, content: AB });
  await synced.server.halt();
  expect(prepare(AB)).toMatch(/was put back$/);
  expect(synced.content).toBe(A);
  await synced.server.restart();
  await synced.reconnect();
  expect(await synced.put(AB)).toMatchObject({ kind: "inForce" });
  expect(await synced.letsIn("B")).toBe(true);
});

describe("without a file, which the server includes", () => {
  beforeEach(async () => {
    await synced.server.halt();
    rmSync(synced.path);
    expect(synced.check()).toMatch(/no such file/);
  });

  test("the server starts with the first one, and it is in force", async () => {
    expect(prepare(AB)).toMatch(/since a server that includes it does not start without it$/);
    await synced.server.restart();
    await synced.reconnect();
    expect(await synced.put(AB)).toMatchObject({ kind: "inForce" });
    expect(synced.isPending).toBe(false);
  });

  test("a first one that is broken gives way to another, and none is lost when a later one is refused", async () => {
    prepare(BROKEN);
    expect(synced.check()).not.toBe("valid");
    prepare(A);
    await synced.server.restart();
    await synced.reconnect();
    expect(await synced.put(BROKEN)).toMatchObject({ kind: "refused" });
    expect([synced.content, synced.check()]).toEqual([A, "valid"]);
  });
});
