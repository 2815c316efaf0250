import type { StreamInfo } from "@nats-io/jetstream";
import type { Catalog, CatalogResource } from "../../catalog/catalog";
import { SubjectMapping } from "../../subjects/subject-mapping";
import { overlaps } from "../../subjects/subject-pattern";
import type { Server } from "../server";
import { type Copied, compareCopy, isCopying } from "./copied-messages";
import type { Copy } from "./declared-copies";
import { messagesOf, type Seen, streamInfo } from "./stream-messages";

/** A copy of which the program says nothing any more, and which has stopped before it had everything. */
export interface EndedCopy {
  readonly copy: Copy;
  readonly copied: Copied;
}

/** The streams of an account that the program has for good, and that copy nothing by its word. */
const plainIn = ({ resources, formerly = [] }: Catalog, account: string): readonly CatalogResource[] =>
  resources.filter(
    ({ account: own, retention, origins = [], stream }) =>
      own === account &&
      retention === undefined &&
      origins.length === 0 &&
      !formerly.some(({ copy }) => copy?.account === account && copy.stream === stream),
  );

/** The first message of a stream: what a copy of a former name has comes before all else. */
async function firstOf(server: Server, { config, state }: StreamInfo): Promise<Seen | undefined> {
  for await (const message of messagesOf(server, config.name, state, "headers")) return message;
  return undefined;
}

const subjectsOf = ({ config }: StreamInfo): readonly string[] => config.subjects ?? [];

/** How a stream copied another one as its former name: subject for subject, by their order. */
function copyOf(now: StreamInfo, old: StreamInfo): Copy {
  const own = subjectsOf(now);
  const mappings = subjectsOf(old).map((source, index) => new SubjectMapping(source, own[index] ?? source));
  return { stream: now.config.name, origin: old.config.name, mirror: false, mappings };
}

/** Whether a stream is called as one would be that a resource was formerly: alike, but for the platform and the app. */
function isFormerName(origin: string, { stream, name, platform, app }: CatalogResource): boolean {
  const id = name.slice((app === undefined ? platform : `${platform}_${app}`).length);
  const [kind] = /^(?:KV_|OBJ_)?/.exec(stream) ?? [""];
  return origin !== stream && origin.startsWith(kind) && origin.endsWith(id);
}

/** What a stream has of the one that it once copied, if that is still there and has later messages. */
async function endedAt(server: Server, resource: CatalogResource): Promise<EndedCopy | undefined> {
  const now = await streamInfo(server, resource.stream);
  const first = now && (await firstOf(server, now));
  const [origin = ""] = first?.source.split(" ")[0]?.split(":") ?? [];
  if (!now || !first || origin === "" || !isFormerName(origin, resource)) return undefined;
  const old = await streamInfo(server, origin);
  const copy = old && copyOf(now, old);
  if (!copy || isCopying(now, copy) || !copy.mappings.some(({ image }) => overlaps(image, first.subject)))
    return undefined;
  const copied = await compareCopy(server, copy);
  // What is missing at the beginning only has made room for newer messages of the copy itself.
  return copied.missing.includes(old.state.last_seq) ? { copy, copied } : undefined;
}

/**
 * Finds copies of a former name that have ended too early: `formerly` is gone from the program, the stream of the former name is
 * still there, and its last message was not copied. Streams of other programs do not count, unless one of this program has copied
 * them.
 *
 * @throws an error of the server
 */
export async function endedCopies(server: Server, catalog: Catalog, account: string): Promise<EndedCopy[]> {
  const found: EndedCopy[] = [];
  for (const resource of plainIn(catalog, account)) {
    const ended = await endedAt(server, resource);
    if (ended) found.push(ended);
  }
  return found;
}
