import type { Account, Export, Import, User } from "../../../../lib/access/accounts";
import { accountsText } from "../../../../lib/server-config/accounts-text";
import { fileAccountOf } from "../../../../lib/server-config/file-account";
import { passwordsFor, TestServer } from "../../../../scripts/tools/nats-server";
import { withKeepers } from "../../../support/accounts-text";
import { must } from "./connection";
import { Place } from "./place";

/** What an account of a hand-written file has; what is left out, it has none of. */
export interface AccountByHand {
  readonly name: string;
  readonly jetStream?: boolean;
  readonly imports?: readonly Omit<Import, "source">[];
  readonly exports?: readonly Omit<Export, "source">[];
  readonly mappings?: Account["mappings"];
  readonly streams?: readonly StreamByHand[];
}

/** A stream with its durable consumers, by their names with their filters. */
export interface StreamByHand {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly consumers?: { readonly [name: string]: string };
  /** Further settings of the stream. */
  readonly more?: object;
}

const SOURCE = "by hand";

/** The one user of such an account, who may do nothing; keepers do everything. */
const userOf = (account: string): User => ({
  name: account.toLowerCase(),
  role: "app",
  credentials: { kind: "variable", variable: `${account}_PASSWORD` },
  permissions: { publish: [], subscribe: [] },
  inboxPrefix: "_INBOX",
  clients: [],
  source: SOURCE,
});

const accountOf = ({ name, jetStream, imports = [], exports = [], mappings = {} }: AccountByHand): Account => ({
  name,
  inFile: true,
  about: name,
  jetStream: jetStream ? {} : undefined,
  limits: {},
  identities: [],
  users: [userOf(name)],
  exports: exports.map((each) => ({ ...each, source: SOURCE })),
  imports: imports.map((each) => ({ ...each, source: SOURCE })),
  mappings,
  source: SOURCE,
});

/** A running server with accounts that are written by hand. */
export interface WorldByHand {
  readonly place: Place;
  stop(): Promise<void>;
}

/**
 * Starts a server with accounts written by hand and makes their streams.
 *
 * @param known the accounts as the attacks are told about them
 * @param running the accounts as the server has them, where that is something else
 */
export async function worldByHand(
  known: readonly AccountByHand[],
  running: readonly AccountByHand[] = known,
): Promise<WorldByHand> {
  const accounts = withKeepers(accountsText(running.map((each) => fileAccountOf(accountOf(each)))));
  const server = await TestServer.start({ accounts, env: passwordsFor(accounts) });
  const place = await Place.of(server, known.map(accountOf));
  for (const { name: account, streams = [] } of known) {
    for (const stream of streams) await make(place, account, stream);
  }
  return {
    place,
    stop: async () => {
      await place.leave();
      await server.stop();
    },
  };
}

async function make(place: Place, account: string, { name, subjects, consumers = {}, more = {} }: StreamByHand) {
  const keeper = place.keeper(account);
  await must(keeper, `$JS.API.STREAM.CREATE.${name}`, { name, subjects, ...more });
  for (const [consumer, filter_subject] of Object.entries(consumers)) {
    const config = { durable_name: consumer, name: consumer, ack_policy: "explicit", filter_subject };
    await must(keeper, `$JS.API.CONSUMER.CREATE.${name}.${consumer}`, { stream_name: name, config });
  }
}
