import { isDeepStrictEqual } from "node:util";
import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { type Account, accountProblems } from "../access/accounts";
import { accountsOf } from "../access/accounts-of";
import { credentialProblems } from "../access/credential-clashes";
import type {
  ConsumerModel,
  FormerModel,
  MonitorModel,
  PlatformModel,
  ReaderModel,
  ResourceModel,
  RetiredModel,
} from "../access/models";
import { systemAccount } from "../access/system-model";
import type { Catalog } from "../catalog/catalog";
import { catalogOf } from "../catalog/catalog-of";
import { addTo } from "../collections/groups";
import { inOrder } from "../collections/order";
import { documentsOf, documentText, type Unplaced } from "../documents/documents-of";
import { Findings } from "../findings/findings";
import * as names from "../naming/names";
import { attached } from "../problems/attached";
import type { Problem } from "../problems/fault";
import { Program } from "../problems/program";
import { type FileAccount, fileAccountOf } from "../server-config/file-account";
import { type AccountsFileModel, fileProblems, firstSystemAccount, systemProblems } from "./accounts-files";
import { type Declared, type DocumentEntry, declarationsIn, type FileModel, type MadeProvider } from "./declaration";
import { type Entries, entriesOf } from "./entries";
import { hclProblems } from "./hcl-output";
import { limitProblems } from "./limit-problems";
import { otherResources } from "./other-resources";
import { stateFault } from "./raw-elements";
import { addressesOf } from "./stack-addresses";
import { type StackShape, shapeOf } from "./stack-shape";
import { consumerProblems } from "./stream-consumers";
import { loopProblems } from "./stream-loops";
import { originProblems, withKnownOrigins } from "./stream-origins";
import { overlapProblems } from "./stream-overlap";

/** Reads the model of a construct from its Terraform resource again; returns whether it is another one. */
type Reader = () => boolean;

/** What follows from the constructs at one moment. */
interface Derived {
  readonly platforms: readonly PlatformModel[];
  readonly files: readonly AccountsFileModel[];
  /** The accounts of some platforms of the program. */
  readonly accountsWith: (platforms: readonly PlatformModel[]) => Account[];
  readonly accounts: readonly Account[];
  readonly readers: ReadonlyMap<TerraformStack, readonly Reader[]>;
  readonly shapes: ReadonlyMap<TerraformStack, StackShape>;
  readonly resources: Map<IConstruct, ResourceModel>;
  readonly consumers: Map<IConstruct, ConsumerModel>;
  readonly retired: readonly RetiredModel[];
  readonly formerly: readonly FormerModel[];
  readonly entries: Entries;
  readonly documentEntries: Map<IConstruct, DocumentEntry>;
  readonly providers: Map<IConstruct, MadeProvider>;
  documents?: ReadonlyMap<string, Unplaced>;
  addresses?: ReadonlyMap<TerraformStack, readonly string[]>;
  catalog?: Catalog;
}

/**
 * What a program is: read from the tree of its constructs when it is asked for, and kept until a construct says something
 * new. So it does not matter in which order a program declares what its apps do.
 */
export class ProgramAccounts {
  /** The accounts of the program that a construct belongs to. */
  public static of(construct: IConstruct): ProgramAccounts {
    const { root } = construct.node;
    return attached(root, "accounts", () => new ProgramAccounts(root));
  }

  private readonly program: Program;
  private derived: Derived | undefined;
  private derivedFrom = -1;

  private constructor(private readonly root: IConstruct) {
    this.program = Program.of(root);
    this.program.atSynth(() => {
      const { accounts, platforms, files, entries, retired, shapes, ...made } = this.derive();
      const resources = this.resources();
      const consumers = this.consumers();
      return [
        ...accountProblems(accounts, new Set(platforms.flatMap(({ owned, naming }) => (owned ? [] : naming.account)))),
        ...credentialProblems(accounts),
        ...systemProblems(files, accounts),
        ...originProblems(resources, consumers),
        ...consumerProblems(resources, consumers),
        ...entries.problems,
        ...limitProblems(accounts, resources, consumers, entries.byAccount),
        ...overlapProblems(resources),
        ...loopProblems(resources),
        ...[...shapes.values()].flatMap(({ shared }) => shared),
        ...retiredBlockProblems([...shapes.values()], retired),
        ...[...resources, ...consumers, ...made.documentEntries.values(), ...made.providers.values()].flatMap(
          ({ source, faults }) => faults.map((fault) => ({ path: source, ...fault })),
        ),
        ...hclProblems(this.root, retired),
        ...ownReferenceProblems(platforms),
        ...fileProblems(files, platforms),
      ];
    });
    this.program.atSynth(() => (this.files().length > 0 ? Findings._problems(this.catalog().findings) : []));
  }

  /** Counts how often the program was read. */
  public reading = 0;

  /**
   * Looks at what a stack has again, since an Aspect or an override may have changed it. The program is read anew if its
   * streams, buckets, consumers, providers or entries are others, or not what they were.
   */
  public readAgain(stack: TerraformStack): void {
    if (!this.derived || this.derivedFrom !== this.program.revision) return;
    const readers = this.derived.readers.get(stack) ?? [];
    const isSame = isDeepStrictEqual(this.derived.shapes.get(stack), shapeOf(stack));
    if (!isSame || readers.some((isOther) => isOther())) this.program.changed();
  }

  /** The accounts files: one, unless each is for some platforms; none in a program without a platform of its own. */
  public files(): readonly AccountsFileModel[] {
    return this.derive().files;
  }

  /** The accounts that the program declares, sorted by name, with ACCESS and MONITOR last. */
  public accounts(): readonly Account[] {
    return this.derive().accounts;
  }

  /** The accounts that an accounts file is made of. */
  public fileAccounts({ platforms, system }: FileModel): readonly FileAccount[] {
    const accounts = platforms ? this.derive().accountsWith(platforms) : this.accounts();
    const inFile = accounts.filter((account) => account.inFile);
    return [...inFile, ...(system ? [systemAccount(system)] : [])].map(fileAccountOf);
  }

  /** Every fact of the program. */
  public catalog(): Catalog {
    const derived = this.derive();
    if (!derived.catalog) {
      const owned = derived.platforms.filter((platform) => platform.owned);
      const others = otherResources(this.root, derived.shapes);
      const consumers = [...derived.consumers.values()];
      const leaving = { retired: derived.retired, formerly: derived.formerly };
      const accounts = [...derived.accounts, ...firstSystemAccount(derived.files)];
      const facts = catalogOf(owned, accounts, this.resources(), consumers, others, leaving);
      derived.catalog = { ...facts, findings: Findings._evaluate(this.root, facts) };
    }
    return derived.catalog;
  }

  /**
   * The access document of a platform under a key: `access.users.prod-convex`.
   *
   * @param stack the name of the stack that has it, for its readers
   */
  public document(platform: PlatformModel, key: string, stack: string): string {
    const derived = this.derive();
    derived.documents ??= documentsOf(derived.platforms, derived.accounts);
    const document = derived.documents.get(`${platform.naming.platform} ${key}`);
    if (document === undefined) throw new Error(`no access document ${key} of platform ${platform.naming.platform}`);
    return documentText(document, stack);
  }

  /** The addresses of the provider's resources in the other stacks of the program. */
  public addressesBeside(stack: TerraformStack): string[] {
    const derived = this.derive();
    derived.addresses ??= addressesOf(this.root);
    const own = new Set(derived.addresses.get(stack));
    const beside = [...derived.addresses].flatMap(([other, addresses]) => (other === stack ? [] : addresses));
    return beside.filter((address) => !own.has(address));
  }

  private consumers(): ConsumerModel[] {
    return [...this.derive().consumers.values()];
  }

  private resources(): ResourceModel[] {
    return withKnownOrigins([...this.derive().resources.values()]);
  }

  private derive(): Derived {
    if (this.derived && this.derivedFrom === this.program.revision) return this.derived;
    const declared = declarationsIn(this.root);
    const declaredPlatforms = declared.of("platform");
    const platforms = declaredPlatforms.map(([, platform]) => platform);
    const files = declared.of("file");
    const readers = new Map<TerraformStack, Reader[]>();
    const resources = readModels(declared.of("resource"), readers);
    const consumers = readModels(declared.of("consumer"), readers);
    const retired = declared.of("retired").map(([, each]) => each);
    const entries = entriesOf(declared.entries, [...resources.values()], retired);
    const documentEntries = readModels(declared.of("documentEntry"), readers);
    const providers = readModels(declared.of("provider"), readers);
    const implied = declaredPlatforms.find(([, { inFile }]) => inFile);
    const allFiles: readonly Declared<"file">[] = files.length > 0 || !implied ? files : [[implied[0], IMPLIED_FILE]];
    const [monitor] = declared.of("monitor").map(([, model]) => model);
    const [reader] = declared.of("reader").map(([, model]) => model);
    const accountsWith = (some: readonly PlatformModel[]) =>
      accountsOf(some, monitor ?? impliedMonitor(some), reader ?? impliedReader(some), entries.byAccount);
    this.derived = {
      platforms,
      files: allFiles.map(([construct, model]) => ({ construct, ...model })),
      accountsWith,
      accounts: accountsWith(platforms),
      readers,
      shapes: new Map(
        this.root.node
          .findAll()
          .filter(TerraformStack.isStack)
          .map((stack) => [stack, shapeOf(stack)]),
      ),
      resources,
      consumers,
      retired,
      formerly: declared.of("formerly").flatMap(([, read]) => read()),
      entries,
      documentEntries,
      providers,
    };
    this.derivedFrom = this.program.revision;
    this.reading++;
    return this.derived;
  }
}

/** The models of constructs, and for each stack how to read them again. */
function readModels<T extends { readonly source: string }>(
  declared: readonly (readonly [construct: IConstruct, read: () => T])[],
  readers: Map<TerraformStack, Reader[]>,
): Map<IConstruct, T> {
  const models = new Map<IConstruct, T>();
  for (const [construct, read] of declared) {
    const model = read();
    models.set(construct, model);
    addTo(readers, TerraformStack.of(construct), () => {
      const now = read();
      return now !== model && !isDeepStrictEqual(now, model);
    });
  }
  return models;
}

/** An account that several platforms lead to, of a program that says nothing about it. */
function impliedAccount(user: string, platforms: readonly PlatformModel[]): MonitorModel {
  return {
    credentials: { kind: "variable", variable: names.passwordVariable(user) },
    limits: {},
    source: platforms.map(({ source }) => source).sort(inOrder)[0] ?? "",
  };
}

const impliedMonitor = (platforms: readonly PlatformModel[]): MonitorModel =>
  impliedAccount(
    names.MONITOR.user,
    platforms.filter(({ monitored }) => monitored !== "no"),
  );

const impliedReader = (platforms: readonly PlatformModel[]): ReaderModel =>
  impliedAccount(
    names.ACCESS.user,
    platforms.filter(({ access, hasEntries }) => access && hasEntries),
  );

/** The accounts file of a program that says nothing about it. */
const IMPLIED_FILE: FileModel = { helmValues: false, reports: true };

/** What is wrong with blocks of others about what is retired, which say something else of its data. */
function retiredBlockProblems(shapes: readonly StackShape[], retired: readonly RetiredModel[]): Problem[] {
  const gone = new Set(retired.map(({ address }) => address));
  const blocks = shapes.flatMap(({ moved }) => moved.filter(({ address }) => gone.has(address)));
  return blocks.map(({ source, address }) => ({ path: source, ...stateFault(address) }));
}

/** What is wrong with references to platforms that the program declares itself. */
function ownReferenceProblems(platforms: readonly PlatformModel[]): Problem[] {
  const owned = new Map(platforms.filter((each) => each.owned).map((each) => [each.naming.platform, each]));
  return platforms.flatMap((platform) => {
    const own = platform.owned ? undefined : owned.get(platform.naming.platform);
    if (!own) return [];
    return [
      {
        path: platform.source,
        what: `a platform is referred to by its name that this program declares [${own.source}]`,
        value: platform.naming.platform,
        allowed: "fromPlatformName for the platforms of other programs: their apps are in no accounts file of this one",
        fix: "Pass the PlatformConstruct itself",
      },
    ];
  });
}
