import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { NatsConnection } from "@nats-io/transport-node";
import { accountsIn } from "../../server-config/read-accounts-text";
import type { Command } from "../command";
import { ExitStatus } from "../exit-status";
import type { Io } from "../io";
import { Refusal } from "../refusal";
import { CONNECTION_HELP, connectionTo } from "../server";
import { putInForce } from "./in-force";
import type { Outcome } from "./outcome";
import { secretLinesFrom } from "./secrets";
import type { ServerFile } from "./server-file";
import { Settled } from "./settled";
import { SystemAccount } from "./system-account";
import { lookAgain } from "./watch";
import { prepareWithoutServer } from "./without-server";

/** The accounts file that is to be in force, where the server includes it. */
function fileOf(given: string, to: string, secrets: string | undefined, { cwd }: Io): ServerFile {
  const source = resolve(cwd, given);
  if (!existsSync(source)) throw new Refusal(`no such file: ${given}`);
  const content = readFileSync(source, "utf8");
  const { accounts, variables } = accountsIn(content);
  if (accounts.length === 0) {
    throw new Refusal(`no accounts in ${given}`, [
      "Give the accounts.conf of a synth, or what `accounts render` prints.",
    ]);
  }
  return {
    path: resolve(cwd, to),
    content,
    ...(secrets !== undefined && { secrets: secretLinesFrom(secrets, cwd, variables) }),
    accounts: accounts.map(({ name }) => name),
    jetStream: accounts.flatMap(({ name, jetStream }) => (jetStream ? [{ account: name, ...jetStream }] : [])),
  };
}

/** Whether a server is there and refuses who connects. */
const isRefused = (error: Error) => /authorization|authentication|permission/i.test(`${error.name} ${error.message}`);

async function outcomeOf(file: ServerFile, settled: Settled): Promise<Outcome> {
  let connection: NatsConnection;
  try {
    connection = await connectionTo({ reconnect: false, ignoreClusterUpdates: true });
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const { message } = error as Error;
    if (isRefused(error as Error)) {
      throw new Refusal(`the server refuses the user: ${message}`, [
        "Connect as a user of the system account.",
        ...CONNECTION_HELP,
      ]);
    }
    const isBusy = /timeout/i.test(`${(error as Error).name} ${message}`);
    const done = isBusy ? `${file.path} is left as it is` : prepareWithoutServer(file);
    return { kind: "unreachable", reason: `no connection: ${message}; ${done}` };
  }
  try {
    return await putInForce(new SystemAccount(connection), file, { settled });
  } finally {
    await connection.close();
  }
}

/** What came of it, in a sentence. */
function textOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case "unchanged":
      return `In force as it was: ${outcome.digest}`;
    case "inForce":
      return `In force: ${outcome.digest}${outcome.warning ? `\n  but ${outcome.warning}` : ""}`;
    case "refused":
      return `Refused, and what was in force still is: ${outcome.reason}`;
    case "unproven":
      return `Not in force, as far as can be seen: ${outcome.reason}`;
    case "unknown":
      return `Not known: ${outcome.reason}. Call the command again.`;
    case "unreachable":
      return `Not in force: ${outcome.reason}`;
  }
}

/** How long to wait between two looks. */
function secondsOf(given: string): number {
  const seconds = Number(given);
  if (Number.isFinite(seconds) && seconds >= 0.1 && seconds <= 86_400) return seconds;
  throw new Refusal(`--watch is no number of seconds: ${given}`, ["From 0.1 to 86400."]);
}

/** Says when the process is told to end, as by a container's runtime. */
function endOfProcess(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}

const isInForce = (outcome: Outcome) =>
  outcome.kind === "unchanged" || (outcome.kind === "inForce" && outcome.warning === undefined);

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
    secrets: { value: "PATH", about: "a file with lines NAME=value, or a folder with a file for each variable" },
  },
  examples: [
    "accounts put new.conf --to /etc/nats/accounts.conf --secrets secrets.env",
    "accounts put new.conf --to /etc/nats/accounts.conf --watch 2",
  ],
  async run({ words: [given = ""], options }, io) {
    if (options.to === undefined) throw new Refusal("accounts put needs --to PATH");
    const { to, secrets, watch } = options;
    const settled = new Settled();
    const look = async () => {
      const outcome = await outcomeOf(fileOf(given, to, secrets, io), settled);
      return { text: textOf(outcome), isInForce: isInForce(outcome) };
    };
    const last = watch === undefined ? await look() : await lookAgain(look, secondsOf(watch), io, endOfProcess());
    if (watch === undefined) io.out(`${last.text}\n`);
    return last.isInForce ? ExitStatus.OK : ExitStatus.NOT_IN_FORCE;
  },
};
