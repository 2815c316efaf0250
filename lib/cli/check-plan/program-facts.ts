import type { Catalog, CatalogFormer, CatalogResource, CatalogRetired } from "../../catalog/catalog";
import { retiredAt } from "../../catalog/retired";
import { grouped } from "../../collections/groups";

/** What the catalog of a program says of the streams of a plan. Without a catalog it says nothing. */
export class ProgramFacts {
  private known: Catalog | undefined;
  private resources: ReadonlyMap<string, readonly CatalogResource[]> | undefined;
  private users: ReadonlyMap<string, string> | undefined;
  private formers: ReadonlyMap<string, readonly CatalogFormer[]> | undefined;

  /** @param read reads the catalog, if there is one; it is called when something is asked for the first time */
  public constructor(private readonly read: () => Catalog | undefined) {}

  /**
   * The account of what the program declares at an address, or lets go of; without an address that of the only stream of the
   * name. Undefined where the catalog does not say it.
   */
  public accountOf(stream: string, address?: string): string | undefined {
    const all = this.named(stream);
    if (address === undefined) return all.length === 1 ? all[0]?.account : undefined;
    const declared = all.find((each) => each.address === address);
    return declared?.account ?? retiredAt(this.catalog, address)?.account;
  }

  /** The account of a user; undefined for one of whom the catalog does not know. */
  public accountOfUser(user: string | undefined): string | undefined {
    if (user === undefined) return undefined;
    this.users ??= new Map(this.catalog.accounts.flatMap(({ name, users }) => users.map((each) => [each.name, name])));
    return this.users.get(user);
  }

  /**
   * Whether an account may be a new one without a word of it in a plan: that of an isolated app, where the platform has no access
   * entries.
   */
  public mayBeNew(account: string | undefined): boolean {
    return this.catalog.platforms.some(
      ({ account: shared, apps, accessEntries }) =>
        accessEntries === false && account !== shared && apps.some((app) => app.account === account),
    );
  }

  /** The user who has an nkey; undefined for one of whom the catalog does not know. */
  public userWithKey(publicKey: string | undefined): string | undefined {
    if (publicKey === undefined) return undefined;
    const users = this.catalog.accounts.flatMap((account) => account.users);
    return users.find(({ connection }) => connection.identity === publicKey)?.name;
  }

  /** How long a stream of an account keeps messages; undefined where the catalog does not say it. */
  public retentionOf(stream: string, account: string): string | undefined {
    const all = this.named(stream);
    const declared = all.find((each) => each.account === account);
    if (declared) return retentionOf(declared);
    const former = (this.catalog.formerly ?? []).find(
      (each) => each.stream === stream && each.copy?.account === account,
    );
    if (former === undefined) return undefined;
    // What is copied by `formerly` is no queue; of another account it is there under its name, as a restored one.
    const origin = all.find((each) => each.account === former.account);
    return origin ? retentionOf(origin) : LIMITS;
  }

  /** How long streams of a name keep messages, in whichever account; none where the catalog has no such stream. */
  public retentionsOf(stream: string): readonly string[] {
    return this.named(stream).map(retentionOf);
  }

  /** What a stream is to copy of its former name, or has copied until that was retired. */
  public formersOf(stream: string, account: string): readonly CatalogFormer[] {
    this.formers ??= grouped(this.catalog.formerly ?? [], ({ copy }) => `${copy?.account} ${copy?.stream}`);
    return this.formers.get(`${account} ${stream}`) ?? [];
  }

  /** What copies a stream under its present name, or has copied it until that was retired. */
  public copyOf(stream: string, account: string): CatalogFormer["copy"] {
    return (this.catalog.formerly ?? []).find((each) => each.stream === stream && each.account === account)?.copy;
  }

  /** The streams and buckets that are retired with their data to be deleted. */
  public get toBeDeleted(): readonly CatalogRetired[] {
    const { retired = [] } = this.catalog;
    return retired.filter(({ data, address }) => data === "delete" && !address.startsWith("jetstream_consumer."));
  }

  /** Whether something is retired with its data to be deleted, by its address. */
  public isToBeDeleted(address: string): boolean {
    return retiredAt(this.catalog, address)?.data === "delete";
  }

  /** Whether a stream or bucket is to go. */
  public isRetired(stream: string): boolean {
    const name = stream.replace(/^(?:KV|OBJ)_/, "");
    return (this.catalog.retired ?? []).some((each) => each.name === name);
  }

  private named(stream: string): readonly CatalogResource[] {
    this.resources ??= grouped(this.catalog.resources, (each) => each.stream);
    return this.resources.get(stream) ?? [];
  }

  private get catalog(): Pick<Catalog, "platforms" | "accounts" | "resources" | "retired" | "formerly"> {
    this.known ??= this.read() ?? NOTHING;
    return this.known;
  }
}

const LIMITS = "limits";

const retentionOf = ({ retention }: CatalogResource): string => retention ?? LIMITS;

const NOTHING: Catalog = { platforms: [], accounts: [], resources: [], consumers: [], findings: [] };
