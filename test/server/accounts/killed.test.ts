import { statSync } from "node:fs";
import type { Step } from "../../../lib/cli/accounts/in-force";
import { prepareWithoutServer } from "../../../lib/cli/accounts/without-server";
import { accountsText, Killed, killedAfter, SyncedServer } from "./synced-server";

let synced: SyncedServer;
beforeAll(async () => {
  synced = await SyncedServer.start();
});
afterAll(() => synced?.stop());

/** Accounts whose passwords are secrets, under one variable or another, so that neither fits the other's secrets. */
const former = { content: accountsText({ A: "" }, "$FORMER"), secrets: 'FORMER: "one-secret"' };
const next = { content: accountsText({ A: "", B: "" }, "$NEXT"), secrets: 'NEXT: "two-secret"' };
const broken = { ...next, content: next.content.replace("system_account: SYS", "system_account: ") };

const IN_FORCE: readonly Step[] = ["kept", "written", "reloaded", "accepted", "reloadedAgain", "forgotten"];
const REFUSED: readonly Step[] = ["kept", "written", "reloaded", "putBack", "forgotten"];

beforeEach(async () => {
  if (synced.server.pid === undefined) await synced.server.restart();
  await synced.reconnect();
  await synced.put(former);
  expect(await synced.letsIn("A", "one-secret")).toBe(true);
});

const isSecret = (path: string) => (statSync(path).mode & 0o077) === 0;

describe.each(IN_FORCE)("killed behind the step %s, with a file that is valid", (step) => {
  beforeEach(() => expect(synced.put(next, killedAfter(step))).rejects.toThrow(Killed));

  test("the server starts with what is on disk, which others cannot read, and the next call ends in force", async () => {
    expect(synced.check()).toBe("valid");
    expect(isSecret(synced.path)).toBe(true);
    if (synced.isPending) expect(isSecret(synced.lastPath)).toBe(true);
    expect(await synced.put(next)).toMatchObject({ kind: expect.stringMatching(/^(inForce|unchanged)$/) });
    expect([await synced.letsIn("B", "two-secret"), await synced.letsIn("A", "one-secret")]).toEqual([true, false]);
    expect(synced.isPending).toBe(false);
  });

  test("the next call brings the former file into force, or a broken one is refused and nothing is lost", async () => {
    expect(await synced.put(broken)).toMatchObject({ kind: "refused" });
    expect(synced.check()).toBe("valid");
    expect(await synced.put(former)).toMatchObject({ kind: expect.stringMatching(/^(inForce|unchanged)$/) });
    expect([await synced.letsIn("B", "two-secret"), await synced.letsIn("A", "one-secret")]).toEqual([false, true]);
    expect(synced.isPending).toBe(false);
  });

  test("the server starts anew with what is on disk, and the next call ends in force", async () => {
    await synced.server.restart();
    await synced.reconnect();
    expect(await synced.put(next)).toMatchObject({ kind: expect.stringMatching(/^(inForce|unchanged)$/) });
    expect(await synced.letsIn("B", "two-secret")).toBe(true);
  });

  test("while the server is down what is on disk starts it, and the next call ends in force", async () => {
    await synced.server.halt();
    prepareWithoutServer({ path: synced.path, ...next });
    expect(synced.check()).toBe("valid");
    await synced.server.restart();
    await synced.reconnect();
    expect(await synced.put(next)).toMatchObject({ kind: expect.stringMatching(/^(inForce|unchanged)$/) });
    expect(await synced.letsIn("B", "two-secret")).toBe(true);
    expect(synced.isPending).toBe(false);
  });
});

describe.each(REFUSED)("killed behind the step %s, with a file that is refused", (step) => {
  beforeEach(() => expect(synced.put(broken, killedAfter(step))).rejects.toThrow(Killed));

  test("the next call puts the former file back, or brings another into force", async () => {
    expect(await synced.put(broken)).toMatchObject({ kind: "refused" });
    expect(synced.content).toBe(`${former.secrets}\n${former.content}`);
    expect(isSecret(synced.path)).toBe(true);
    expect(synced.check()).toBe("valid");
    expect(await synced.letsIn("A", "one-secret")).toBe(true);
    expect(await synced.put(next)).toMatchObject({ kind: "inForce" });
    expect(await synced.letsIn("B", "two-secret")).toBe(true);
  });

  test("a server that does not start with it starts again when it is prepared without one", async () => {
    await synced.server.halt();
    const isBroken = step === "written" || step === "reloaded";
    expect(synced.check()).toMatch(isBroken ? /Parse error/ : /^valid$/);
    prepareWithoutServer({ path: synced.path, ...broken });
    expect(synced.check()).toBe("valid");
    await synced.server.restart();
    expect(await synced.letsIn("A", "one-secret")).toBe(true);
  });
});
