import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Settled } from "../../../lib/cli/accounts/settled";
import { SystemAccount } from "../../../lib/cli/accounts/system-account";
import { accountsText, SyncedServer } from "./synced-server";

let synced: SyncedServer;
beforeAll(async () => {
  synced = await SyncedServer.start();
});
afterAll(() => synced?.stop());

const A = accountsText({ A: "" });
const AB = accountsText({ A: "", B: "" });

beforeEach(async () => {
  await synced.put(A);
});

const reloads = () => synced.server.log.split("Reloaded server configuration").length;

test("a new user is let in, a removed one is put out and refused, and nobody else is disconnected", async () => {
  const stays = await synced.connectAs("A");
  expect(await synced.letsIn("B")).toBe(false);
  expect(await synced.put(AB)).toEqual({ kind: "inForce", digest: expect.stringMatching(/^sha256:/) });
  const removed = await synced.connectAs("B");
  const closed = removed.closed();
  expect(await synced.put(A)).toMatchObject({ kind: "inForce" });
  await closed;
  expect(await synced.letsIn("B")).toBe(false);
  expect(stays.isClosed()).toBe(false);
  await stays.flush();
  expect(synced.isPending).toBe(false);
});

test("what the server has read is not read again, by a process that knows it or not", async () => {
  const settled = new Settled();
  await synced.put(AB, { settled });
  const before = reloads();
  expect(await synced.put(AB, { settled })).toMatchObject({ kind: "unchanged" });
  expect(reloads()).toBe(before);
  await new Promise((resolve) => setTimeout(resolve, 60));
  await synced.system.reload();
  expect(await synced.put({ content: AB, accounts: ["A", "B"] })).toMatchObject({ kind: "unchanged" });
  expect(reloads()).toBe(before + 1);
});

test("what is on disk and was never read is read", async () => {
  writeFileSync(synced.path, AB);
  expect(await synced.put(AB)).toMatchObject({ kind: "inForce" });
  expect(await synced.letsIn("B")).toBe(true);
});

test("a comment that changes is in force, though the server's digest is the same", async () => {
  expect(await synced.put(`# declared by prod\n${A}`)).toMatchObject({ kind: "inForce" });
});

test.each([
  ["does not end", AB.slice(0, AB.lastIndexOf("}")), /Parse error on line 6: 'Unexpected EOF processing map\.'/],
  [
    "has a variable that nothing uses",
    `UNUSED: x\n${AB}`,
    /accounts\.conf:1:0: unknown field "UNUSED" \(line 1 of the accounts: UNUSED: x\)/,
  ],
  [
    "has another system account",
    AB.replace("system_account: SYS", "system_account: A"),
    /not supported for SystemAccount/,
  ],
])("a file that %s is refused; what was in force still is, and on disk", async (_, content, reason) => {
  const client = await synced.connectAs("A");
  expect(await synced.put(content)).toEqual({ kind: "refused", reason: expect.stringMatching(reason) });
  expect(synced.content).toBe(A);
  expect(synced.check()).toBe("valid");
  expect(synced.isPending).toBe(false);
  expect([await synced.letsIn("A"), await synced.letsIn("B"), client.isClosed()]).toEqual([true, false, false]);
});

test("a file that was refused is not tried again at once by a process that knows it, but when the server has read anew", async () => {
  const settled = new Settled();
  const broken = AB.slice(0, AB.lastIndexOf("}"));
  const first = await synced.put(broken, { settled });
  const steps: string[] = [];
  const again = () => synced.put(broken, { settled, afterStep: (step) => steps.push(step) });
  expect(await again()).toEqual(first);
  expect(steps).toEqual([]);
  await synced.system.reload();
  expect(await again()).toEqual(first);
  expect(steps).toEqual(["kept", "written", "reloaded", "putBack", "forgotten"]);
});

test("a new account calls a service that it imports, which takes a second reload", async () => {
  const service = accountsText({ A: 'exports: [{ service: "api.>" }]' });
  await synced.put(service);
  const serving = await synced.connectAs("A");
  serving.subscribe("api.>", { callback: (_, message) => void message.respond("served") });
  await serving.flush();
  const steps: string[] = [];
  const imports = (accounts: object) =>
    accountsText({
      A: 'exports: [{ service: "api.>" }]',
      ...Object.fromEntries(
        Object.keys(accounts).map((name) => [name, 'imports: [{ service: { account: A, subject: "api.>" } }]']),
      ),
    });
  await synced.put(imports({ B: "" }), { afterStep: (step) => steps.push(step) });
  const calling = await synced.connectAs("B");
  expect((await calling.request("api.get")).string()).toBe("served");
  expect(steps).toEqual(["kept", "written", "reloaded", "accepted", "reloadedAgain", "forgotten"]);
  steps.length = 0;
  await synced.put(`${imports({ B: "" })}max_payload: 2MB`, { afterStep: (step) => steps.push(step) });
  expect(steps).not.toContain("reloadedAgain");
});

describe("a file that the server does not include", () => {
  const path = () => join(synced.server.folder, "other.conf");
  afterEach(() => {
    for (const name of readdirSync(synced.server.folder))
      if (name.startsWith("other.conf")) rmSync(join(synced.server.folder, name));
  });

  test("is told, by the digest or by an account that lacks", async () => {
    expect(await synced.put({ path: path(), content: AB })).toEqual({
      kind: "unproven",
      reason: [
        "the server has read its configuration, and that says the same as before the file was changed: it does not seem to include",
        `${path()}. Include that file in the server's configuration, or name the file that it includes.`,
      ].join(" "),
    });
    expect(await synced.put({ path: path(), content: AB, accounts: ["A", "B"] })).toMatchObject({
      kind: "unproven",
      reason: expect.stringContaining("it has no account B"),
    });
  });

  test("is in force when somebody has included it", async () => {
    const settled = new Settled();
    const file = { path: path(), content: AB };
    await synced.put(file, { settled });
    const before = reloads();
    expect(await synced.put(file, { settled })).toMatchObject({ kind: "unproven" });
    expect(reloads()).toBe(before);
    writeFileSync(synced.path, 'include "other.conf"');
    await synced.system.reload();
    expect(await synced.put(file, { settled })).toMatchObject({ kind: "inForce" });
  });
});

test("a user who is not of the system account is told so", async () => {
  const client = new SystemAccount(await synced.connectAs("A"));
  await expect(client.state()).rejects.toThrow(/^the user may not ask the server: /);
});
