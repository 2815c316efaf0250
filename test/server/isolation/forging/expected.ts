import type { Account } from "../../../../lib/access/accounts";
import { SubjectMapping } from "../../../../lib/subjects/subject-mapping";
import { covers, intersection, overlaps } from "../../../../lib/subjects/subject-pattern";
import type { ConsumerState, State, StreamConfig } from "./state";

/** How a message has come to where it is: only what a client or the server publishes there goes on by stream exports. */
type Origin = "client" | "import" | "server";

interface Arrival {
  readonly account: string;
  readonly pattern: string;
  readonly origin: Origin;
}

/** What the filter of a consumer lets through. */
export const filtersOf = ({ config }: ConsumerState): readonly string[] =>
  config.filter_subjects ?? [config.filter_subject || ">"];

/** What the imports of an account plainly allow, following from the accounts alone. */
export class Expected {
  private readonly arrivals: Arrival[] = [];

  /**
   * @param accounts all accounts
   * @param attacker the account whose users may publish what they like
   * @param state what JetStream has in the accounts
   */
  public constructor(
    private readonly accounts: readonly Account[],
    private readonly attacker: string,
    private readonly state: State,
  ) {
    const open: Arrival[] = [{ account: attacker, pattern: ">", origin: "client" }];
    for (let next = open.pop(); next; next = open.pop()) {
      if (this.isKnown(next)) continue;
      this.arrivals.push(next);
      open.push(...this.onwards(next));
    }
  }

  /** Whether a message of the attacker's may arrive in another account under a subject. */
  public arrives(account: string, subject: string): boolean {
    return this.patternsIn(account).some((pattern) => covers(pattern, subject));
  }

  /** Whether a stream of another account may store a message of the attacker's under a subject. */
  public stores(account: string, { subjects = [], sources = [], mirror }: StreamConfig, subject: string): boolean {
    if (subjects.some((own) => covers(own, subject))) return this.arrives(account, subject);
    const origins = [...sources, ...(mirror ? [mirror] : [])].map(
      ({ name }) => this.state.get(account)?.[name]?.config,
    );
    return origins.some((origin) => origin !== undefined && this.stores(account, origin, subject));
  }

  /** Whether a call of an account's JetStream API may come from the attacker. */
  public mayCall(account: string, call: string): boolean {
    return this.arrives(account, `$JS.API.${call}`);
  }

  /** Whether the progress of a consumer is the attacker's to change. */
  public mayConsume(account: string, stream: string, consumer: string): boolean {
    const acknowledgement = `$JS.ACK.${stream}.${consumer}.>`;
    return (
      this.mayCall(account, `CONSUMER.MSG.NEXT.${stream}.${consumer}`) ||
      this.patternsIn(account).some((pattern) => overlaps(pattern, acknowledgement))
    );
  }

  /** Whether the attacker may read what a stream of another account stores under a subject. */
  public mayRead(account: string, stream: string, subject: string): boolean {
    const { consumers = {} } = this.state.get(account)?.[stream] ?? {};
    return (
      this.mayCall(account, `DIRECT.GET.${stream}`) ||
      this.mayCall(account, `DIRECT.GET.${stream}.${subject}`) ||
      this.mayCall(account, `STREAM.MSG.GET.${stream}`) ||
      Object.entries(consumers).some(
        ([name, consumer]) =>
          this.mayCall(account, `CONSUMER.MSG.NEXT.${stream}.${name}`) &&
          filtersOf(consumer).some((filter) => covers(filter, subject)),
      )
    );
  }

  /** Whether the attacker may read what any other account stores under a subject. */
  public mayFetch(subject: string): boolean {
    return [...this.state].some(
      ([account, streams]) =>
        account !== this.attacker && Object.keys(streams).some((stream) => this.mayRead(account, stream, subject)),
    );
  }

  /** Whether the attacker may see the configuration of a stream of another account. */
  public mayInspect(account: string, stream: string): boolean {
    return ["STREAM.INFO", "STREAM.UPDATE", "STREAM.PURGE"].some((call) => this.mayCall(account, `${call}.${stream}`));
  }

  /** The patterns of the subjects under which the attacker's messages may arrive in an account. */
  public patternsIn(account: string): string[] {
    return this.arrivals.filter((arrival) => arrival.account === account).map(({ pattern }) => pattern);
  }

  private isKnown({ account, pattern, origin }: Arrival): boolean {
    return this.arrivals.some(
      (known) => known.account === account && known.origin === origin && covers(known.pattern, pattern),
    );
  }

  private onwards(arrival: Arrival): Arrival[] {
    const { account: name, pattern, origin } = arrival;
    const account = this.accounts.find((each) => each.name === name);
    if (!account) return [];
    return [
      ...(origin === "client" ? mappedOf(account, pattern) : []),
      ...account.imports.flatMap(({ kind, account: exporter, subject, to = subject }) => {
        const arrived = kind === "service" ? SubjectMapping.ofServiceImport(subject, to).apply(pattern) : undefined;
        return arrived === undefined ? [] : [{ account: exporter, pattern: arrived, origin: "import" as const }];
      }),
      ...(origin === "import" ? [] : this.importedStreams(name, pattern)),
      ...(name === this.attacker ? [] : this.republished(name, pattern)),
    ];
  }

  private importedStreams(exporter: string, pattern: string): Arrival[] {
    return this.accounts.flatMap(({ name, imports }) =>
      imports.flatMap(({ kind, account, subject, to = subject }) => {
        if (kind !== "stream" || account !== exporter) return [];
        const arrived = SubjectMapping.ofStreamImport(subject, to).apply(pattern);
        return arrived === undefined ? [] : [{ account: name, pattern: arrived, origin: "import" as const }];
      }),
    );
  }

  private republished(account: string, pattern: string): Arrival[] {
    return Object.values(this.state.get(account) ?? {}).flatMap(({ config: { subjects = [], republish } }) => {
      if (!republish) return [];
      const again = new SubjectMapping(republish.src || ">", republish.dest);
      return subjects.flatMap((own) => {
        const stored = intersection(own, pattern);
        const arrived = stored && again.apply(stored);
        return arrived ? [{ account, pattern: arrived, origin: "server" as const }] : [];
      });
    });
  }
}

function mappedOf({ name, mappings }: Account, pattern: string): Arrival[] {
  return Object.entries(mappings).flatMap(([from, to]) => {
    const arrived = new SubjectMapping(from, to).apply(pattern);
    return arrived === undefined ? [] : [{ account: name, pattern: arrived, origin: "client" as const }];
  });
}
