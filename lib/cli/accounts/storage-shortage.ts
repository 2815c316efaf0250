import type { Capacity } from "./system-account";

/** What the limits of accounts set aside, in bytes: the sums over all accounts that have a limit. */
export type SetAside = Capacity;

const shortageOf = (what: string, setting: string, needed: number, available: number): string[] =>
  needed <= available
    ? []
    : [
        `the accounts' JetStream limits set aside ${needed} bytes of ${what}, and the server has ${available} (${setting})`,
      ];

/**
 * Why a server would not start again with these limits; undefined if it would. A server sets aside what its accounts may store.
 * It takes too much in a reload without a word, gives an account no JetStream, and dies at its next start (measured with
 * 2.11.11, 2.12.8 and 2.15.2). The sum may be all that the server has. A server in a cluster sets nothing aside.
 *
 * @param capacity what the server has; undefined where it sets nothing aside
 */
export function storageShortage(setAside: SetAside, capacity: Capacity | undefined): string | undefined {
  if (capacity === undefined) return undefined;
  const shortages = [
    ...shortageOf("files", "max_file_store", setAside.fileBytes, capacity.fileBytes),
    ...shortageOf("memory", "max_memory_store", setAside.memoryBytes, capacity.memoryBytes),
  ];
  if (shortages.length === 0) return undefined;
  return `${shortages.join("; ")}: it would take the file and not start again. Lower the limits, or raise those of the server`;
}
