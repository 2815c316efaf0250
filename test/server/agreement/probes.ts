import type { AccessModel, Member } from "../../../lib/analysis/access-model";
import { SubjectMapping } from "../../../lib/subjects/subject-mapping";
import type { RawClient } from "./raw-client";
import type { Kept, ServerStreams } from "./server-streams";

/** A request that lets its sender read messages. */
export interface Probe {
  readonly account: string;
  readonly request: string;
  readonly reads: readonly Kept[];
}

/** Every request by which something of some messages can be read, with what it lets one read. */
export async function probesOf(model: AccessModel, streams: ServerStreams, kept: readonly Kept[]): Promise<Probe[]> {
  const probes: Probe[] = [];
  for (const { name: account, resources } of model.accounts) {
    for (const { stream } of resources) {
      const all = kept.filter((each) => each.stream === stream);
      const whole = ["STREAM.MSG.GET", "DIRECT.GET", "CONSUMER.CREATE"];
      for (const call of whole) probes.push({ account, request: `$JS.API.${call}.${stream}`, reads: all });
      for (const subject of new Set(all.map((each) => each.subject))) {
        const reads = all.filter((each) => each.subject === subject);
        probes.push({ account, request: `$JS.API.DIRECT.GET.${stream}.${subject}`, reads });
        probes.push({ account, request: `$JS.API.CONSUMER.CREATE.${stream}.probe.${subject}`, reads });
      }
    }
  }
  for (const consumer of streams.consumers) {
    const { account, stream, name } = consumer;
    const sequences = new Set(await streams.delivered(consumer));
    const reads = kept.filter((each) => each.stream === stream && sequences.has(each.sequence));
    probes.push({ account, request: `$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`, reads });
  }
  return probes;
}

/** What a user publishes so that a request gets to the JetStream of an account: its own, or one whose requests it imports. */
function sentFor({ account, request }: Probe, { account: own }: Member, model: AccessModel): string[] {
  if (account === own) return [request];
  const imports = model.accounts.find(({ name }) => name === own)?.imports ?? [];
  return imports.flatMap(({ kind, account: from, subject, to = subject }) =>
    kind === "service" && from === account ? (SubjectMapping.ofServiceImport(subject, to).unapply(request) ?? []) : [],
  );
}

/** The subjects in streams of which a user reads messages: by requests, and those that these are copies of. */
export async function readBy(
  client: RawClient,
  member: Member,
  probes: readonly Probe[],
  kept: readonly Kept[],
  model: AccessModel,
): Promise<ReadonlySet<string>> {
  const byPlace = new Map(kept.map((each) => [`${each.stream} ${each.sequence}`, each]));
  const found = new Set<Kept>();
  for (const probe of probes) {
    for (const subject of sentFor(probe, member, model)) {
      client.send(`PUB ${subject} 0\r\n\r\n`);
      if ((await client.sync()).some(({ kind }) => kind === "error")) continue;
      for (const each of probe.reads) found.add(each);
    }
  }
  for (const { copyOf } of found) {
    const original = copyOf && byPlace.get(`${copyOf.stream} ${copyOf.sequence}`);
    if (original) found.add(original);
  }
  return new Set([...found].map(({ stream, subject }) => `${stream} ${subject}`));
}
