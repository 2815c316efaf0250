import type { Catalog, CatalogOrigin } from "../../catalog/catalog";
import { SubjectMapping } from "../../subjects/subject-mapping";
import { counted, someOf } from "../../wording/lists";
import { chosenCatalog } from "../catalog-file";
import { CATALOG_OPTION, type Command } from "../command";
import { ExitStatus } from "../exit-status";
import { Refusal } from "../refusal";
import { CONNECTION_HELP, type Server, withServer } from "../server";
import { type Copied, type Copy, compareCopy } from "./copied-messages";

function mappingsOf({ filter = ">", transforms = [] }: CatalogOrigin): SubjectMapping[] {
  if (transforms.length === 0) return [SubjectMapping.ofStreamImport(filter, filter)];
  return transforms.map(({ source, destination }) => new SubjectMapping(source, destination));
}

/**
 * The copies, in an account, of streams and buckets that the program declares. They may be declared in another account, from
 * which a rename of a platform brings them.
 */
function copiesIn({ resources }: Catalog, account: string): Copy[] {
  const isKept = ({ stream }: CatalogOrigin) =>
    resources.some((each) => each.stream === stream && each.retention === undefined);
  return resources
    .filter((each) => each.account === account)
    .flatMap(({ stream, origins = [] }) =>
      origins
        .filter((origin) => origin.externalApiPrefix === undefined && isKept(origin))
        .map((origin) => ({
          stream,
          origin: origin.stream,
          mirror: origin.mirror ?? false,
          mappings: mappingsOf(origin),
        })),
    );
}

/** The account to look at: the one that is named, or that of the user who connects. */
function accountOf({ accounts }: Catalog, named: string | undefined): string {
  if (named !== undefined) {
    if (accounts.some(({ name }) => name === named)) return named;
    throw new Refusal(`no account ${named} in the catalog`, [`It has ${accounts.map(({ name }) => name).join(", ")}.`]);
  }
  const user = process.env.NATS_USER;
  const found = accounts.find(({ users }) => users.some(({ name }) => name === user));
  if (found) return found.name;
  throw new Refusal("no user of the catalog in NATS_USER", ["Say which account it is with --account NAME."]);
}

/** What to do about messages that were taken for duplicates: the server reads nothing of the origin twice. */
const duplicatesText = (duplicates: number) =>
  [
    `\n  ${counted(duplicates, "message")} of these with the Nats-Msg-Id of an earlier one: the server took them for duplicates;`,
    "delete the copy, and let it copy again with duplicateWindowSeconds: 0 (nats-server 2.14)",
  ].join(" ");

function textOf({ stream, origin }: Copy, { messages, missing, duplicates }: Copied): string {
  const all = counted(messages, "message");
  if (missing.length === 0) return `${stream} has all of ${origin}: ${all}`;
  const lacks = `${missing.length.toLocaleString("en-US")} of ${all} of ${origin}: ${someOf(missing.map(String), 5)}`;
  return `${stream} lacks ${lacks}${duplicates > 0 ? duplicatesText(duplicates) : ""}`;
}

async function compared(server: Server, copy: Copy): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  try {
    const copied = await compareCopy(server, copy);
    return { text: textOf(copy, copied), isWhole: copied.missing.length === 0 };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { text: `${copy.stream} could not be compared with ${copy.origin}: ${why}`, isWhole: false };
  }
}

/** Whether copies have everything. */
export const checkCopies: Command = {
  name: "check-copies",
  words: [],
  about: "whether each stream and bucket that copies another one has every message of it, as a server says",
  help: [
    ...CONNECTION_HELP,
    "The user must be able to read both, as a node can. Streams of one account are compared: that of NATS_USER.",
    "",
    "Each message is looked up by its sequence number; bodies are not read. In a bucket a message may have given way to a",
    "later one of its key. Work queues and streams by interest are left out. Run it when nobody writes to the origin any more.",
    "",
    "Exit status: 0 every copy has everything, 4 messages are missing or a stream cannot be read, 2 called in a wrong way, no",
    "readable catalog or no connection.",
  ],
  options: {
    ...CATALOG_OPTION,
    account: { value: "NAME", about: "the account of the streams; by default that of NATS_USER" },
  },
  examples: ["check-copies", "check-copies --account PROD --catalog cdktf.out/stacks/prod/catalog.json"],
  async run({ options }, io) {
    const { catalog } = chosenCatalog(options.catalog, io.cwd);
    const account = accountOf(catalog, options.account);
    const copies = copiesIn(catalog, account);
    if (copies.length === 0) {
      io.out(`Nothing in account ${account} copies a stream or bucket of the program.\n`);
      return ExitStatus.OK;
    }
    return withServer(async (server) => {
      let status = ExitStatus.OK;
      for (const copy of copies) {
        const { text, isWhole } = await compared(server, copy);
        io.out(`${text}\n`);
        if (!isWhole) status = ExitStatus.LOST;
      }
      return status;
    });
  },
};
