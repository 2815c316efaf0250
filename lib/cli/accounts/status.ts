import { setTimeout as sleep } from "node:timers/promises";
import { counted } from "../../wording/lists";
import type { Arguments, Command } from "../command";
import { ExitStatus } from "../exit-status";
import { BucketReader } from "../follow/bucket-reader";
import { expectedOf } from "../follow/expected";
import { noticeText } from "../follow/notice-text";
import { platformsNamed } from "../follow/platform-buckets";
import { type ImportingConnection, type ServerMark, Servers } from "../follow/server-marks";
import type { Notice } from "../follow/unit";
import { HeldConnection } from "../held-connection";
import type { Io } from "../io";
import { Refusal } from "../refusal";
import { CONNECTION_HELP, connectionTo, READER_HELP } from "../server";
import { RENDERING_OPTIONS, renderingOf } from "./rendering";

/** What is in force where, as `--json` prints it. */
interface Status {
  readonly inForce: boolean;
  /** The digest of the accounts that should be in force; null where the buckets say none. */
  readonly digest: string | null;
  readonly servers: readonly (ServerMark & { readonly inForce: boolean })[];
  /** How many servers there should be; null where that is not said. */
  readonly expectedServers: number | null;
  /** What is not whole or is wrong. */
  readonly notices: readonly Notice[];
  /** Why the servers cannot be asked; null if they can. */
  readonly problem: string | null;
  /** Connections that may miss messages of accounts that are newer. */
  readonly olderConnections: readonly ImportingConnection[];
}

/** How long to wait between two looks, in milliseconds. */
const AGAIN_MILLIS = 250;

const numberIn = (option: string, most: number, given: string | undefined): number | undefined => {
  if (given === undefined) return undefined;
  const number = Number(given);
  if (given.trim() !== "" && number >= 0 && number <= most) return number;
  throw new Refusal(`--${option} is no number: ${given}`, [`From 0 to ${most}.`]);
};

/** Connections that were made before a server of several read its configuration last. */
async function olderThanLast(servers: Servers, marks: readonly ServerMark[]): Promise<ImportingConnection[]> {
  if (marks.length < 2) return [];
  const last = Math.max(...marks.map(({ loadedAt = "" }) => Date.parse(loadedAt) || 0));
  return (await servers.monitors(marks)).filter(({ since }) => Date.parse(since) < last);
}

async function statusOf(
  args: Arguments,
  io: Io,
  reader: BucketReader,
  system: HeldConnection,
  expectedServers: number | undefined,
): Promise<Status> {
  const { digest, notices, isMonitored } = await expectedOf(await reader.read(), renderingOf(args, io.cwd));
  let problem: string | null = null;
  let marks: readonly ServerMark[] = [];
  let olderConnections: readonly ImportingConnection[] = [];
  try {
    const servers = new Servers(await system.get());
    marks = await servers.marks(expectedServers);
    if (isMonitored) olderConnections = await olderThanLast(servers, marks);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    problem = `the servers cannot be asked: ${(error as Error).message}`;
  }
  const servers = marks.map((mark) => ({ ...mark, inForce: digest !== undefined && mark.digest === digest }));
  const isRight = servers.length >= Math.max(1, expectedServers ?? 1) && servers.every(({ inForce }) => inForce);
  return {
    inForce: isRight && notices.length === 0,
    digest: digest ?? null,
    servers,
    expectedServers: expectedServers ?? null,
    notices,
    problem,
    olderConnections,
  };
}

function serverText({ name, inForce, digest, loadedAt }: Status["servers"][number]): string {
  if (loadedAt === undefined) return `${name} does not answer`;
  if (inForce) return `${name} has them in force since ${loadedAt}`;
  return `${name} has ${digest === undefined ? "accounts without a mark" : `accounts ${digest}`} since ${loadedAt}`;
}

const olderText = ({ server, user, client, since }: ImportingConnection) =>
  `${client} of ${user} on ${server} is connected since ${since}, before the last change: it may miss messages of accounts that ` +
  "are new since. Connect it anew";

function linesOf(status: Status): string[] {
  const { inForce, digest, servers, expectedServers, notices, problem, olderConnections } = status;
  const right = servers.filter((each) => each.inForce).length;
  const all = expectedServers === null ? counted(servers.length, "server") : `${expectedServers} servers`;
  const head = `${inForce ? "In force" : "Not in force"}: accounts ${digest ?? "of no platform"} on ${right} of ${all}`;
  return [
    head,
    ...(problem === null ? [] : [`  ${problem}`]),
    ...servers.map((each) => `  ${serverText(each)}`),
    ...notices.map((each) => `  ${noticeText(each)}`),
    ...olderConnections.map((each) => `  ${olderText(each)}`),
  ];
}

/** Says which servers have in force what Terraform has stored. */
export const status: Command = {
  name: "accounts status",
  words: [],
  about: "says whether every server has in force what Terraform has stored of users and accounts",
  help: [
    "It reads the access documents of each --platform, makes the accounts file of them as `accounts sync` does, and asks every server",
    "of the cluster which one it has in force: give it the options of `accounts sync` that decide what the file says. Each server",
    "answers with the mark that `accounts sync` writes into the file. With --wait it asks until all is in force, for that long: behind",
    "an apply, before what needs its users. A server that is down does not answer: say by --servers how many there are.",
    "",
    "A stack that is not whole or is wrong is named: servers have it as it was. In a cluster, a client of MONITOR that was connected",
    "before an account came into force may miss its messages, depending on the server of the publisher: such connections are named.",
    "",
    ...CONNECTION_HELP,
    "The user is one of the system account, as --reload-user makes one.",
    ...READER_HELP,
    "",
    "Exit status: 0 all documents are in force on all servers, 5 not all, 2 called in a wrong way, or the user may not ask.",
  ],
  options: {
    platform: { value: "NAME", repeats: true, about: "ask for this platform; needed, and may be given several times" },
    wait: { value: "SECONDS", about: "ask until all is in force, so many seconds at most" },
    servers: { value: "N", about: "how many servers there are; without it those that answer are all" },
    json: { about: "print it as JSON" },
    ...RENDERING_OPTIONS,
  },
  examples: [
    "accounts status --platform prod --reload-user sync --wait 30",
    "accounts status --platform prod --reload-user sync --json",
  ],
  async run(args, io) {
    const { options, repeated, switches } = args;
    const platforms = platformsNamed(repeated.platform ?? []);
    if (platforms.length === 0) throw new Refusal("accounts status needs --platform NAME");
    const until = Date.now() + (numberIn("wait", 86_400, options.wait) ?? 0) * 1000;
    const expected = numberIn("servers", 10_000, options.servers);
    const reader = new BucketReader(platforms);
    const system = new HeldConnection(() => connectionTo());
    try {
      let found = await statusOf(args, io, reader, system, expected);
      while (!found.inForce && Date.now() < until) {
        await sleep(AGAIN_MILLIS);
        found = await statusOf(args, io, reader, system, expected);
      }
      io.out(`${switches.has("json") ? JSON.stringify(found, undefined, 2) : linesOf(found).join("\n")}\n`);
      return found.inForce ? ExitStatus.OK : ExitStatus.NOT_IN_FORCE;
    } finally {
      await Promise.all([reader.close(), system.close()]);
    }
  },
};
