/** Bytes of JetStream, in files and in memory. */
export interface StorageBytes {
  readonly fileBytes: number;
  readonly memoryBytes: number;
}

/** An account that has JetStream. */
export interface AccountStorage {
  readonly account: string;
  /** What it may store in files, in bytes. @default - as much as the server has; nothing is set aside */
  readonly maxFileBytes?: number;
  /** What it may store in memory, in bytes. @default - as much as the server has; nothing is set aside */
  readonly maxMemoryBytes?: number;
}

/** One of the two kinds of storage: how it is called, and how much of it there is of each. */
interface Kind {
  readonly name: string;
  readonly setting: string;
  bytes(of: StorageBytes): number;
  limit(of: AccountStorage): number | undefined;
}

const KINDS: readonly Kind[] = [
  {
    name: "files",
    setting: "max_file_store",
    bytes: ({ fileBytes }) => fileBytes,
    limit: ({ maxFileBytes }) => maxFileBytes,
  },
  {
    name: "memory",
    setting: "max_memory_store",
    bytes: ({ memoryBytes }) => memoryBytes,
    limit: ({ maxMemoryBytes }) => maxMemoryBytes,
  },
];

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

function shortageOf(
  kind: Kind,
  accounts: readonly AccountStorage[],
  capacity: StorageBytes,
  reserved: ReadonlyMap<string, StorageBytes>,
): string | undefined {
  const available = kind.bytes(capacity);
  const has = `the server has ${available} (${kind.setting})`;
  const limited = accounts.filter((each) => (kind.limit(each) ?? 0) > 0);
  const setAside = sum(limited.map((each) => kind.limit(each) ?? 0));
  if (setAside > available) return `the limits of accounts set aside ${setAside} bytes of ${kind.name}, and ${has}`;
  const ofStreams = (account: string) => {
    const bytes = reserved.get(account);
    return bytes === undefined ? 0 : kind.bytes(bytes);
  };
  const total = sum(accounts.map(({ account }) => ofStreams(account)));
  for (const each of limited) {
    const limit = kind.limit(each) ?? 0;
    const others = total - ofStreams(each.account);
    if (limit + others <= available) continue;
    const limits = `the limit of account ${each.account} sets aside ${limit} bytes of ${kind.name}`;
    return `${limits}, the streams of other accounts ${others} (by their max_bytes), and ${has}`;
  }
  return undefined;
}

/**
 * Why a server might not start again with these accounts; undefined if it will. A server sets aside what accounts may store. It
 * does so account by account, in any order, while the streams of those that it has loaded reserve their `max_bytes`. It takes
 * too much in a reload without a word, gives an account no JetStream, and dies at its next start, or at some of its next starts
 * (measured with 2.11.11, 2.12.8 and 2.15.2). It may set aside all that it has. In a cluster it sets nothing aside.
 *
 * @param accounts all accounts that have JetStream
 * @param capacity what the server has; undefined where it sets nothing aside
 * @param reserved what the streams of accounts reserve by their `max_bytes`
 */
export function storageShortage(
  accounts: readonly AccountStorage[],
  capacity: StorageBytes | undefined,
  reserved: ReadonlyMap<string, StorageBytes>,
): string | undefined {
  if (capacity === undefined) return undefined;
  const shortages = KINDS.map((kind) => shortageOf(kind, accounts, capacity, reserved)).filter(
    (each) => each !== undefined,
  );
  if (shortages.length === 0) return undefined;
  return `the server might not start again: ${shortages.join("; ")}. Lower the limits, or raise those of the server`;
}
