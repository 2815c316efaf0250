import { resolve } from "node:path";
import type { Arguments, Command } from "../command";
import { ExitStatus } from "../exit-status";
import { BucketReader } from "../follow/bucket-reader";
import { Follower } from "../follow/follower";
import { FollowCounts, metricsText, served } from "../follow/metrics";
import { platformsNamed } from "../follow/platform-buckets";
import { programUnits } from "../follow/program-units";
import type { Io } from "../io";
import { Refusal } from "../refusal";
import { CONNECTION_HELP, READER_HELP } from "../server";
import type { Step } from "./in-force";
import { RENDERING_OPTIONS, renderingOf } from "./rendering";
import { secretsAt } from "./secrets";
import { SystemLink } from "./system-link";
import { type Look, looked, SECRETS_OPTION } from "./watch";

const MOST_REMOVALS = "10";

/** How many users a change may take away. */
function removalsIn(given: string): number {
  if (given === "none") return Number.POSITIVE_INFINITY;
  if (/^\d{1,9}$/.test(given)) return Number(given);
  throw new Refusal(`--max-removals is no number: ${given}`, ["A whole number, or `none` for no limit."]);
}

/** Counts what the server was told. */
const counting =
  (counts: FollowCounts) =>
  (step: Step): void => {
    if (step === "reloaded" || step === "reloadedAgain") counts.reloads++;
    if (step === "putBack") counts.refusals++;
  };

/** A follower of the documents that a call names. */
function followerOf(args: Arguments, io: Io, reader: BucketReader, link: SystemLink): Follower {
  const { options, repeated } = args;
  const { to = "", secrets, watch } = options;
  return new Follower(
    {
      path: resolve(io.cwd, to),
      maxRemovals: removalsIn(options["max-removals"] ?? MOST_REMOVALS),
      start: () => programUnits(repeated.start ?? [], io.cwd),
      rendering: () => renderingOf(args, io.cwd),
      secrets: () => (secrets === undefined ? undefined : secretsAt(secrets, io.cwd)),
      log: (lines) => {
        const time = watch === undefined ? "" : `${new Date().toISOString()} `;
        io.out(lines.map((line) => `${time}${line}\n`).join(""));
      },
    },
    reader,
    link,
  );
}

/** A look that counts what comes of it. */
const counted = (follower: Follower, counts: FollowCounts) => async (): Promise<Look> => {
  try {
    const look = await follower.look();
    if (look.isInForce) counts.lastInForce = Date.now();
    for (const { kind } of follower.state.notices) if (kind === "unreadable") counts.fail(kind);
    if (follower.state.digest === undefined) counts.fail("server");
    return look;
  } catch (error) {
    counts.fail("input");
    throw error;
  }
};

/** Follows access documents: what Terraform has stored comes into force on the server. */
export const sync: Command = {
  name: "accounts sync",
  words: [],
  about: "brings what Terraform has stored of users and accounts into force on the server beside which it is called",
  help: [
    "It reads the access documents of each --platform from its bucket, makes the accounts file of them, and brings that into force as",
    "`accounts put` does: written to the file of --to, which the server's configuration includes, read by the server over NATS, and",
    "taken back if the server refuses it. With --watch it goes on: a change is in force a moment after the apply that stores it.",
    "",
    "What one apply stores comes into force at once or not at all: a stack waits until its last document is there. What is wrong",
    "leaves its stack as it was, and holds up no other: documents that clash, a password that nobody has, a file that the server",
    "refuses. A bucket that cannot be read, is deleted or emptied leaves its platform as it was. What is in force is kept beside the",
    "accounts file, as PATH.documents, so that a restart knows it without a server. A change that takes away more than",
    "--max-removals users is not made. A platform that is not named any more goes.",
    "",
    "A platform has no bucket before its first apply. Until then its documents are those of --start.",
    "",
    "The file has a mark of what it says, by which `accounts status` knows what a server has in force: a mapping of account ACCESS.",
    "Call it once for each server, on its machine, as the user who runs nats-server, and once for a file. SIGTERM ends it at a moment when",
    "the file is whole.",
    "",
    ...CONNECTION_HELP,
    "The user is one of the system account, as --reload-user makes one. NATS_URL is the address of this one server, also in a cluster.",
    ...READER_HELP,
    "",
    "Exit status: 0 all documents are in force, 5 not all, 2 called in a wrong way, or nobody may do this.",
  ],
  options: {
    to: { value: "PATH", about: "the file that the server's configuration includes; needed" },
    platform: { value: "NAME", repeats: true, about: "follow this platform; needed, and may be given several times" },
    start: {
      value: "OUT",
      repeats: true,
      about: "the output folder of a program, for platforms that have no bucket yet; may be given several times",
    },
    ...SECRETS_OPTION,
    watch: {
      value: "SECONDS",
      about: "look again every so many seconds, as 0.5, and say what changes, until it is ended",
    },
    ...RENDERING_OPTIONS,
    "max-removals": {
      value: "N",
      about: `make no change that takes away more than N users, or \`none\` for no limit; ${MOST_REMOVALS} by default`,
    },
    metrics: { value: "ADDRESS", about: "serve metrics for Prometheus there, as 127.0.0.1:9100; needs --watch" },
  },
  examples: [
    "accounts sync --platform prod --to accounts.conf --secrets env --watch 0.5",
    "accounts sync --platform prod --to accounts.conf --start cdktf.out",
  ],
  async run(args, io) {
    const { to, metrics, watch } = args.options;
    const platforms = platformsNamed(args.repeated.platform ?? []);
    if (to === undefined) throw new Refusal("accounts sync needs --to PATH");
    if (platforms.length === 0) throw new Refusal("accounts sync needs --platform NAME");
    if (metrics !== undefined && watch === undefined) throw new Refusal("--metrics needs --watch SECONDS");
    const counts = new FollowCounts();
    const reader = new BucketReader(platforms);
    const link = new SystemLink({ afterStep: counting(counts) });
    const follower = followerOf(args, io, reader, link);
    const server = metrics === undefined ? undefined : await served(metrics, () => metricsText(follower.state, counts));
    try {
      const last = await looked(counted(follower, counts), watch, io);
      return last.isInForce ? ExitStatus.OK : ExitStatus.NOT_IN_FORCE;
    } finally {
      server?.close();
      await Promise.all([reader.close(), link.close()]);
    }
  },
};
