import { connect } from "@nats-io/transport-node";
import type { Catalog } from "../../lib/catalog/catalog";
import type { TestServer } from "../../scripts/tools/nats-server";

/** What is known of an account, in lines that can be compared. */
export interface KnownAccount {
  readonly jetStream: boolean;
  readonly users: readonly string[];
  /** `service prod._.api.convex.query for PROD_CACHE_MESSAGING`. */
  readonly exports: readonly string[];
  /** `stream prod._.audit.> of PROD as prod._.audit.>`. */
  readonly imports: readonly string[];
  readonly mappings: readonly string[];
}

type Accounts = { readonly [name: string]: KnownAccount };

/** The accounts of the accounts file as the catalog has them. */
export function accountsOfCatalog({ accounts }: Catalog): Accounts {
  return Object.fromEntries(
    accounts.map(({ name, jetStream, users, exports, imports, mappings }) => [
      name,
      {
        jetStream,
        users: users.map((user) => user.name).sort(),
        exports: exports.map((each) => `${each.kind} ${each.subject} for ${[...each.accounts].sort()}`).sort(),
        imports: imports
          .map(({ kind, subject, account, to = subject }) => `${kind} ${subject} of ${account} as ${to}`)
          .sort(),
        mappings: Object.entries(mappings)
          .map(([from, to]) => `${from} to ${to} 100`)
          .sort(),
      },
    ]),
  );
}

interface AccountDetail {
  readonly jetstream_enabled?: boolean;
  readonly exports?: readonly {
    readonly type: string;
    readonly subject: string;
    readonly approved_accounts?: string[];
  }[];
  readonly imports?: readonly {
    readonly type: string;
    readonly subject: string;
    readonly account: string;
    readonly local_subject: string;
    readonly invalid: boolean;
  }[];
  readonly mappings?: { readonly [from: string]: readonly { readonly subject: string; readonly weight: number }[] };
}

interface Monitoring {
  readonly accounts?: readonly string[];
  readonly account_detail?: AccountDetail;
  readonly connections?: readonly { readonly account: string; readonly authorized_user: string }[];
}

/**
 * The accounts as a server with `http` reports them. Its users are those whom it lets in with these passwords, in the
 * account where it has them.
 *
 * @throws if it does not let one in, or lets one in by a wrong password
 */
export async function reportedAccounts(
  server: TestServer,
  passwords: { readonly [user: string]: string },
): Promise<Accounts> {
  const ask = async (path: string) => (await (await fetch(`${server.monitor}${path}`)).json()) as Monitoring;
  const enter = (user: string, pass: string) => connect({ servers: server.url, user, pass, reconnect: false });
  const connections = await Promise.all(Object.entries(passwords).map(([user, pass]) => enter(user, pass)));
  const users = (await ask("/connz?auth=1&limit=10000")).connections ?? [];
  for (const connection of connections) await connection.close();
  for (const [user, pass] of [["evil", "evil"], ...Object.keys(passwords).map((each) => [each, each])]) {
    const entered = await enter(user as string, pass as string).catch(() => undefined);
    await entered?.close();
    if (entered) throw new Error(`the server lets ${user} in by the password ${pass}`);
  }
  const names = ((await ask("/accountz")).accounts ?? []).filter((name) => !name.startsWith("$"));
  const known = names.map(async (name): Promise<[string, KnownAccount]> => {
    const { account_detail: detail = {} } = await ask(`/accountz?acc=${encodeURIComponent(name)}`);
    const { exports = [], imports = [], mappings = {} } = detail;
    return [
      name,
      {
        jetStream: detail.jetstream_enabled ?? false,
        users: users
          .filter(({ account }) => account === name)
          .map((each) => each.authorized_user)
          .sort(),
        exports: exports
          .map(({ type, subject, approved_accounts: approved = [] }) => `${type} ${subject} for ${approved.sort()}`)
          .sort(),
        imports: imports
          .filter(({ account }) => account !== "$SYS")
          .map(({ type, subject, account, local_subject: local, invalid }) => {
            return `${type} ${subject} of ${account} as ${local}${invalid ? ", invalid" : ""}`;
          })
          .sort(),
        mappings: Object.entries(mappings)
          .map(([from, to]) => `${from} to ${to.map(({ subject, weight }) => `${subject} ${weight}`)}`)
          .sort(),
      },
    ];
  });
  return Object.fromEntries(await Promise.all(known));
}
