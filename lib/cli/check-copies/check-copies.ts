import type { Catalog } from "../../catalog/catalog";
import { chosenCatalog } from "../catalog-file";
import { CATALOG_OPTION, type Command } from "../command";
import { ExitStatus } from "../exit-status";
import { Refusal } from "../refusal";
import { CONNECTION_HELP, withServer } from "../server";
import { CopyFindings, type Finding } from "./copy-findings";
import { copiesIn } from "./declared-copies";
import { type Elsewhere, elsewhereLine, elsewhereOf } from "./other-accounts";

/** The account to look at: the one that is named, or that of the user who connects. */
function accountOf({ accounts, formerly = [] }: Catalog, named: string | undefined): string {
  const user = process.env.NATS_USER;
  const ofUser = accounts.find(({ users }) => users.some(({ name }) => name === user))?.name;
  if (named === undefined) {
    if (ofUser !== undefined) return ofUser;
    throw new Refusal("no user of the catalog in NATS_USER", ["Say which account it is with --account NAME."]);
  }
  const known = new Set([...accounts.map(({ name }) => name), ...formerly.map(({ account }) => account)]);
  if (!known.has(named)) throw new Refusal(`no account ${named} in the catalog`, [`It has ${[...known].join(", ")}.`]);
  if (ofUser === undefined || ofUser === named) return named;
  throw new Refusal(`NATS_USER is ${user}, a user of account ${ofUser}`, [`Connect as a user of ${named}.`]);
}

/** What is found of a copy that the program makes for good, where something has another name: that does not depend on it. */
const noted = (found: Finding): Finding =>
  found.isWhole
    ? found
    : { text: `${found.text}\n  This does not count: it is no copy of a former name.`, isWhole: true };

/** Asks a server about an account, if there is anything to ask, and says each finding; gives what turns out to be in others. */
async function ask(catalog: Catalog, account: string, say: (finding: Finding) => void): Promise<readonly Elsewhere[]> {
  const copies = copiesIn(catalog, account);
  const held = (catalog.formerly ?? []).filter((each) => each.account === account && each.copy?.account !== account);
  if (copies.length + held.length === 0) {
    say({ text: `Nothing in account ${account} copies a stream or bucket of the program.`, isWhole: true });
    if (!process.env.NATS_URL) return [];
  }
  return withServer(async (server) => {
    const asked = new CopyFindings(server, catalog, account, copies);
    const isRenamed = (catalog.formerly ?? []).length > 0;
    for (const copy of copies) {
      const found = await asked.ofCopy(copy);
      if (found) say(isRenamed && copy.former === undefined ? noted(found) : found);
    }
    for (const each of held) say(await asked.ofHeld(each));
    for (const each of [...asked.ofGone(), ...(await asked.ofEnded())]) say(each);
    return asked.elsewhere;
  });
}

/** What is to come next where nothing lacks, and the server goes on copying. */
const nextStep = (account: string, isAll: boolean) =>
  [
    isAll ? "Nothing lacks. Retire" : `Nothing lacks in account ${account}. When the others are looked at, retire`,
    "the former (`retired`) and apply that before clients write under the new name:",
    "until then a restart of a server before 2.14 copies again.",
  ].join(" ");

/** Whether copies have everything. */
export const checkCopies: Command = {
  name: "check-copies",
  words: [],
  about: "whether each stream and bucket that copies another one has every message of it, as a server says",
  help: [
    ...CONNECTION_HELP,
    "The user must be able to read both, as a node can. Streams of one account are compared: that of NATS_USER. What is in other",
    "accounts is named, and counts as missing unless --account says which account is meant.",
    "",
    "Both streams are read once. Each message is looked up by its number, and has to have the same subject, headers and body. In",
    "a bucket a message may have given way to a later one of its key. What nothing copies, such as work queues, has to be empty.",
    "A stream that copies others itself is not copied: each of its messages has to be under the new name, from the same origin,",
    "or in an origin that is copied. Where something has a former name (`formerly`), other copies are said and do not count.",
    "What is retired is gone only if its copy no longer copies it; where all copies of an app have nothing, there was nothing,",
    "or they were made too late. Where formerly was removed before all was copied, that is said as long as the former is there.",
    "Run it when nobody writes to the origin any more, then retire the origin and apply that, and only then let clients write under",
    "the new name: what is still copied could take the place of that.",
    "",
    "Exit status: 0 every copy has everything, also with a warning, 4 messages are missing or a stream is not there, cannot be",
    "read or was not looked at, 2 called in a wrong way, no readable catalog or no connection.",
  ],
  options: {
    ...CATALOG_OPTION,
    account: { value: "NAME", about: "the account of the streams; by default that of NATS_USER" },
  },
  examples: ["check-copies", "check-copies --account PROD --catalog cdktf.out/stacks/prod/catalog.json"],
  async run({ options }, io) {
    const { catalog } = chosenCatalog(options.catalog, io.cwd);
    const account = accountOf(catalog, options.account);
    let isWhole = true;
    let goesOn = false;
    const found = await ask(catalog, account, (finding) => {
      io.out(`${finding.text}\n`);
      isWhole &&= finding.isWhole;
      goesOn ||= finding.goesOn ?? false;
    });
    const elsewhere = [...elsewhereOf(catalog, account), ...found];
    if (options.account === undefined) {
      for (const { text } of elsewhere) io.out(`${text}\n`);
      isWhole &&= elsewhere.length === 0;
    } else if (elsewhere.length > 0) {
      io.out(`${elsewhereLine(elsewhere)}\n`);
    }
    if (isWhole && goesOn) io.out(`${nextStep(account, elsewhere.length === 0)}\n`);
    return isWhole ? ExitStatus.OK : ExitStatus.LOST;
  },
};
