import type { Catalog, CatalogFormer, CatalogOrigin } from "../../catalog/catalog";
import { SubjectMapping } from "../../subjects/subject-mapping";
import { counted, someOf } from "../../wording/lists";
import { chosenCatalog } from "../catalog-file";
import { CATALOG_OPTION, type Command } from "../command";
import { ExitStatus } from "../exit-status";
import { Refusal } from "../refusal";
import { CONNECTION_HELP, type Server, withServer } from "../server";
import { type Copied, type Copy, compareCopy, messagesIn } from "./copied-messages";

function mappingsOf({ filter = ">", transforms = [] }: CatalogOrigin): SubjectMapping[] {
  if (transforms.length === 0) return [SubjectMapping.ofStreamImport(filter, filter)];
  return transforms.map(({ source, destination }) => new SubjectMapping(source, destination));
}

/**
 * The copies, in an account, of streams and buckets that the program declares. They may be declared in another account, from
 * which a rename of a platform brings them. What was copied of a former name is compared for as long as the former is declared.
 */
function copiesIn({ resources, formerly = [] }: Catalog, account: string): Copy[] {
  const isKept = ({ stream }: CatalogOrigin) =>
    resources.some((each) => each.stream === stream && each.retention === undefined);
  const copyOf = (stream: string, origin: CatalogOrigin): Copy => ({
    stream,
    origin: origin.stream,
    mirror: origin.mirror ?? false,
    mappings: mappingsOf(origin),
  });
  const declared = resources
    .filter((each) => each.account === account)
    .flatMap(({ stream, origins = [] }) =>
      origins
        .filter((origin) => origin.externalApiPrefix === undefined && isKept(origin))
        .map((origin) => copyOf(stream, origin)),
    );
  const former = formerly.flatMap(({ stream: origin, copy }) => {
    const isCopied = declared.some((each) => each.origin === origin && each.stream === copy?.stream);
    return copy?.account !== account || isCopied
      ? []
      : [copyOf(copy.stream, { stream: origin, transforms: copy.transforms })];
  });
  return [...declared, ...former];
}

/** What a former name has that is not looked at, since its copy is in another account. */
const elsewhereText = ({ stream, copy }: CatalogFormer) =>
  `${copy?.stream}, which is to copy ${stream}, is in account ${copy?.account}, which was not looked at: --account ${copy?.account}`;

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

interface Finding {
  readonly text: string;
  readonly isWhole: boolean;
}

async function compared(server: Server, copy: Copy, { resources }: Catalog): Promise<Finding> {
  try {
    const copied = await compareCopy(server, copy);
    return { text: textOf(copy, copied), isWhole: copied.missing.length === 0 };
  } catch (error) {
    const isLeaving = resources.every(({ stream }) => stream !== copy.origin);
    if (isLeaving && (await messagesIn(server, copy.origin)) === undefined) {
      return { text: `${copy.origin}, which is retired, is gone`, isWhole: true };
    }
    const why = error instanceof Error ? error.message : String(error);
    return { text: `${copy.stream} could not be compared with ${copy.origin}: ${why}`, isWhole: false };
  }
}

/** What nothing copies that a former name has, if there is anything in it. */
async function leftBehind(server: Server, { stream }: CatalogFormer): Promise<Finding[]> {
  const messages = (await messagesIn(server, stream)) ?? 0;
  if (messages === 0) return [];
  return [{ text: `${stream} is copied by nothing: ${counted(messages, "message")}`, isWhole: false }];
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
    "later one of its key. What nothing copies, such as work queues, has to be empty. Run it when nobody writes to the origin",
    "any more, and before anybody writes under the new name: what is still copied would take the place of that.",
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
    const formerly = catalog.formerly ?? [];
    const left = formerly.filter(({ copy }) => copy === undefined);
    const elsewhere =
      options.account === undefined ? formerly.filter(({ copy }) => copy && copy.account !== account) : [];
    for (const each of elsewhere) io.out(`${elsewhereText(each)}\n`);
    if (copies.length + left.length === 0) {
      if (elsewhere.length > 0) return ExitStatus.LOST;
      io.out(`Nothing in account ${account} copies a stream or bucket of the program.\n`);
      return ExitStatus.OK;
    }
    return withServer(async (server) => {
      let status = elsewhere.length > 0 ? ExitStatus.LOST : ExitStatus.OK;
      const report = ({ text, isWhole }: Finding) => {
        io.out(`${text}\n`);
        if (!isWhole) status = ExitStatus.LOST;
      };
      for (const copy of copies) report(await compared(server, copy, catalog));
      for (const each of left) for (const found of await leftBehind(server, each)) report(found);
      return status;
    });
  },
};
