import { Settled } from "../../../../lib/cli/accounts/settled";

let settled: Settled;
beforeEach(() => {
  jest.useFakeTimers();
  settled = new Settled();
});
afterEach(() => jest.useRealTimers());

const HOUR = 3_600_000;

test("what is in force is unchanged, for as long as the server does not read its configuration", () => {
  settled.remember("text", "12:00", { kind: "inForce", digest: "sha256:1" });
  jest.advanceTimersByTime(HOUR);
  expect(settled.recall("text", "12:00")).toEqual({ kind: "unchanged", digest: "sha256:1" });
  expect(settled.recall("text", "12:01")).toBeUndefined();
  expect(settled.recall("other", "12:00")).toBeUndefined();
});

test.each(["refused", "unproven"] as const)("what is %s is so for a minute", (kind) => {
  settled.remember("text", "12:00", { kind, reason: "why" });
  jest.advanceTimersByTime(59_000);
  expect(settled.recall("text", "12:00")).toEqual({ kind, reason: "why" });
  jest.advanceTimersByTime(2_000);
  expect(settled.recall("text", "12:00")).toBeUndefined();
});
