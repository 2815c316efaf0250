/** What an accounts file of this library says, as far as it matters to who brings it to a server. */
export interface AccountsSummary {
  readonly accounts: readonly AccountSummary[];
  /** The variables that it takes passwords from, each once. */
  readonly variables: readonly string[];
  /** The names of the users of all accounts. */
  readonly users: readonly string[];
}

/** An account of the file. */
export interface AccountSummary {
  readonly name: string;
  /** What its JetStream may store, in bytes; undefined for an account without JetStream. */
  readonly jetStream:
    | { readonly maxFileBytes: number | undefined; readonly maxMemoryBytes: number | undefined }
    | undefined;
}

const ACCOUNT = /^ {2}(?:"([^"]+)"|([\w-]+)) \{$/;
const JETSTREAM = /^ {4}jetstream: (.*)$/;
const NAMED_USER = /^ {6}# ([\w-]+): declared by /;
const USER = /^ +\{ user: "[^"]*", password: \$([A-Za-z_][\w-]*), /;

function limitOf(settings: string, name: string): number | undefined {
  const [, bytes] = new RegExp(`\\b${name}: (\\d+)\\b`).exec(settings) ?? [];
  return bytes === undefined ? undefined : Number(bytes);
}

/** What an accounts file says that this library has written: it goes by how that is laid out. */
export function accountsIn(text: string): AccountsSummary {
  const accounts: { name: string; jetStream: AccountSummary["jetStream"] }[] = [];
  const variables = new Set<string>();
  const users = new Set<string>();
  for (const line of text.split("\n")) {
    const [, quoted, name = quoted] = ACCOUNT.exec(line) ?? [];
    if (name !== undefined) accounts.push({ name, jetStream: undefined });
    const [, settings] = JETSTREAM.exec(line) ?? [];
    const last = accounts.at(-1);
    if (settings !== undefined && last) {
      last.jetStream = { maxFileBytes: limitOf(settings, "max_file"), maxMemoryBytes: limitOf(settings, "max_mem") };
    }
    const [, user] = NAMED_USER.exec(line) ?? [];
    if (user !== undefined) users.add(user);
    const [, variable] = USER.exec(line) ?? [];
    if (variable !== undefined) variables.add(variable);
  }
  return { accounts, variables: [...variables], users: [...users] };
}
