import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "../command";
import { ExitStatus } from "../exit-status";
import type { Io } from "../io";
import { Refusal } from "../refusal";
import { CONNECTION_HELP } from "../server";
import { isInForce, outcomeText } from "./outcome";
import { secretLinesFrom } from "./secrets";
import { type ServerFile, serverFileOf } from "./server-file";
import { SystemLink } from "./system-link";
import { looked, SECRETS_OPTION } from "./watch";

/** The accounts file that is to be in force, where the server includes it. */
function fileOf(given: string, to: string, secrets: string | undefined, { cwd }: Io): ServerFile {
  const source = resolve(cwd, given);
  if (!existsSync(source)) throw new Refusal(`no such file: ${given}`);
  const content = readFileSync(source, "utf8");
  const secretsOf = (variables: readonly string[]) => secretLinesFrom(secrets ?? "", cwd, variables);
  const file = serverFileOf(resolve(cwd, to), content, secrets === undefined ? undefined : secretsOf);
  if (file.accounts?.length === 0) {
    throw new Refusal(`no accounts in ${given}`, [
      "Give the accounts.conf of a synth, or what `accounts render` prints.",
    ]);
  }
  return file;
}

/** Brings an accounts file into force on the server that it is beside. */
export const put: Command = {
  name: "accounts put",
  words: ["FILE"],
  about: "brings an accounts file into force on the server beside which it is called, and proves it",
  help: [
    "FILE is the accounts.conf of a synth, or what `accounts render` printed. It is written to the file of --to, which the server's",
    "configuration includes, and the server is told to read it, over NATS. What the server refuses is taken back: it is on disk only",
    "until the server has answered, and a server that is started in that time does not start. Clients stay connected, but those of",
    "users whose password is another or who are gone. Called again, it asks the server, and does nothing if the file is in force.",
    "",
    "Before that it compares the JetStream limits of all accounts with what the server may store: it would take more without a word,",
    "and not start again. A server wires imports of an account that is new only when it reads the file again, which it is told then.",
    "",
    "With --secrets the passwords go into the same file, in front of the accounts, and only its owner may read it: a new user and its",
    "password are in force at one moment. The server needs no other file with them, and must have none.",
    "Run it as the user who runs nats-server, and once at a time for a file.",
    "",
    "With --watch it looks again and again: the command beside a server, which follows the file and the secrets. It prints a line for",
    "each change. What it cannot read or bring into force leaves all as it is. SIGTERM ends it at a moment when that is whole.",
    "",
    ...CONNECTION_HELP,
    "The user is one of the system account: `accounts render --reload-user NAME` makes one that may do this and no more. NATS_URL",
    "is the address of this one server, also in a cluster: call it beside each.",
    "",
    "Exit status: 0 in force, 5 not in force, or the server does not say so, 2 called in a wrong way, or nobody may do this.",
  ],
  options: {
    to: { value: "PATH", about: "the file that the server's configuration includes; needed" },
    watch: { value: "SECONDS", about: "look again every so many seconds, and say what changes, until it is ended" },
    ...SECRETS_OPTION,
  },
  examples: [
    "accounts put new.conf --to /etc/nats/accounts.conf --secrets secrets.env",
    "accounts put new.conf --to /etc/nats/accounts.conf --watch 2",
  ],
  async run({ words: [given = ""], options }, io) {
    if (options.to === undefined) throw new Refusal("accounts put needs --to PATH");
    const { to, secrets, watch } = options;
    const link = new SystemLink();
    const look = async () => {
      const outcome = await link.putInForce(fileOf(given, to, secrets, io));
      return { text: outcomeText(outcome), isInForce: isInForce(outcome) };
    };
    try {
      return (await looked(look, watch, io)).isInForce ? ExitStatus.OK : ExitStatus.NOT_IN_FORCE;
    } finally {
      await link.close();
    }
  },
};
