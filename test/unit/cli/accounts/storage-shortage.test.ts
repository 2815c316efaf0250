import { storageShortage } from "../../../../lib/cli/accounts/storage-shortage";

const capacity = { fileBytes: 100, memoryBytes: 50 };

test.each([
  ["all that the server has", { fileBytes: 100, memoryBytes: 50 }, capacity],
  ["any sum, where the server sets nothing aside", { fileBytes: 1_000, memoryBytes: 1_000 }, undefined],
])("%s is no shortage", (_, setAside, available) => {
  expect(storageShortage(setAside, available)).toBeUndefined();
});

test("both shortages are told with their numbers, and what to do", () => {
  expect(storageShortage({ fileBytes: 101, memoryBytes: 51 }, capacity)).toBe(
    [
      "the accounts' JetStream limits set aside 101 bytes of files, and the server has 100 (max_file_store);",
      "the accounts' JetStream limits set aside 51 bytes of memory, and the server has 50 (max_memory_store):",
      "it would take the file and not start again. Lower the limits, or raise those of the server",
    ].join(" "),
  );
});
