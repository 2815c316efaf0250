import { type JetStreamManager, jetstreamManager } from "@nats-io/jetstream";
import { accountsText, SyncedServer } from "./synced-server";

const STORAGE = 100_000_000;

/** A file with accounts that have JetStream, some of them with a limit in bytes. */
function withLimits(limits: Readonly<Record<string, number | undefined>>) {
  const settings = Object.entries(limits).map(([name, bytes]) => [
    name,
    `jetstream: ${bytes === undefined ? "enabled" : `{ max_file: ${bytes} }`}`,
  ]);
  return {
    content: accountsText(Object.fromEntries(settings)),
    jetStream: Object.entries(limits).map(([account, maxFileBytes]) => ({ account, maxFileBytes })),
  };
}

let synced: SyncedServer;
beforeEach(async () => {
  synced = await SyncedServer.start({ storage: STORAGE, accounts: withLimits({ A: undefined }).content });
});
afterEach(() => synced?.stop());

async function addStream(account: string, maxBytes: number): Promise<JetStreamManager> {
  const manager = await jetstreamManager(await synced.connectAs(account));
  await manager.streams.add({ name: "jobs", subjects: ["jobs"], max_bytes: maxBytes });
  return manager;
}

test("limits that are all that the server has are in force", async () => {
  const file = withLimits({ A: 60_000_000, B: 40_000_000 });
  expect(await synced.put(file)).toEqual({ kind: "inForce", digest: expect.any(String) });
  await addStream("B", 40_000_000);
  await synced.server.restart();
  await synced.reconnect();
  expect(["unchanged", "inForce"]).toContain((await synced.put(file)).kind);
});

test.each([
  ["limits beyond what the server has", 0, { A: 60_000_000, B: 40_000_001 }, /set aside 100000001 bytes of files/],
  [
    "a limit for which streams leave no room",
    60_000_000,
    { A: undefined, B: 50_000_000 },
    /limit of account B .* other accounts 60000000/,
  ],
])("%s: the file is refused before it is written", async (_, reserved, limits, reason) => {
  if (reserved > 0) await addStream("A", reserved);
  const before = synced.content;
  const steps: string[] = [];
  const outcome = await synced.put(withLimits(limits), { afterStep: (step) => steps.push(step) });
  expect(outcome).toEqual({ kind: "refused", reason: expect.stringMatching(reason) });
  expect(steps.filter((step) => step === "written" || step === "reloaded")).toEqual([]);
  expect(synced.content).toBe(before);
});

test("what is so already stops no other change, and is told", async () => {
  expect(await synced.put(withLimits({ A: undefined, B: 50_000_000 }))).toEqual({
    kind: "inForce",
    digest: expect.any(String),
  });
  await addStream("A", 60_000_000);
  expect(await synced.put(withLimits({ A: undefined, B: 50_000_000, C: undefined }))).toEqual({
    kind: "inForce",
    digest: expect.any(String),
    warning: expect.stringContaining("the server might not start again"),
  });
});

test("an account gets no JetStream while the streams of a removed one take its room, which is told", async () => {
  await addStream("A", 60_000_000);
  expect(await synced.put(withLimits({ B: 80_000_000 }))).toEqual({
    kind: "inForce",
    digest: expect.any(String),
    warning: "the server gives account B no JetStream before it is started anew; its log says why",
  });
  await synced.server.restart();
  await addStream("B", 80_000_000);
});
