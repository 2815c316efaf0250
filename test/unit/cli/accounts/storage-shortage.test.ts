import { storageShortage } from "../../../../lib/cli/accounts/storage-shortage";

const capacity = { fileBytes: 100, memoryBytes: 50 };
const files = (bytes: number) => ({ fileBytes: bytes, memoryBytes: 0 });

test.each([
  ["limits that are all that the server has", { A: 60, B: 40 }, {}],
  ["an account without a limit beside one", { A: undefined, B: 100 }, {}],
  ["a limit and the streams of other accounts that are all", { A: undefined, B: 40 }, { A: 60 }],
  ["a limit below what the account's own streams reserve", { A: 20 }, { A: 90 }],
  ["a limit and the streams of an account that is there no more", { B: 80 }, { A: 60 }],
])("%s, is no shortage", (_, limits, reserved) => {
  const accounts = Object.entries(limits).map(([account, maxFileBytes]) => ({ account, maxFileBytes }));
  const streams = new Map(Object.entries(reserved).map(([account, bytes]) => [account, files(bytes)]));
  expect(storageShortage(accounts, capacity, streams)).toBeUndefined();
});

test("the sums of both limits are told with what the server has, and what to do", () => {
  const accounts = [
    { account: "A", maxFileBytes: 100, maxMemoryBytes: 50 },
    { account: "B", maxFileBytes: 1, maxMemoryBytes: 1 },
  ];
  expect(storageShortage(accounts, capacity, new Map())).toBe(
    [
      "the server might not start again:",
      "the limits of accounts set aside 101 bytes of files, and the server has 100 (max_file_store);",
      "the limits of accounts set aside 51 bytes of memory, and the server has 50 (max_memory_store).",
      "Lower the limits, or raise those of the server",
    ].join(" "),
  );
});

test("an account is told for whose limit the streams of others leave no room", () => {
  const accounts = [{ account: "A" }, { account: "B", maxFileBytes: 41 }];
  expect(storageShortage(accounts, capacity, new Map([["A", files(60)]]))).toBe(
    [
      "the server might not start again: the limit of account B sets aside 41 bytes of files,",
      "the streams of other accounts 60 (by their max_bytes), and the server has 100 (max_file_store).",
      "Lower the limits, or raise those of the server",
    ].join(" "),
  );
});

test("a server in a cluster sets nothing aside", () => {
  expect(storageShortage([{ account: "A", maxFileBytes: 1_000 }], undefined, new Map())).toBeUndefined();
});
