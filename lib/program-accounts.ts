import type { IConstruct } from "constructs";
import { importsDocument, userDocument } from "./access/access-document";
import { type Account, accountProblems, type User } from "./access/accounts";
import { accountsOf } from "./access/accounts-of";
import { appAccountsOf, type MonitorModel, type PlatformModel, type ResourceModel } from "./access/models";
import type { PermittedSubject } from "./access/permissions";
import { PlatformUsers } from "./access/users";
import type { Catalog } from "./catalog/catalog";
import { catalogOf } from "./catalog/catalog-of";
import { Findings } from "./findings";
import * as names from "./naming/names";
import { Program } from "./problems/program";
import { originProblems } from "./storage/stream-origins";

/** What follows from the models at one moment. */
interface Derived {
  readonly accounts: readonly Account[];
  documents?: ReadonlyMap<string, string>;
  catalog?: Catalog;
}

/**
 * The platforms of a program and the accounts that follow from them. The accounts are made when they are asked for, so
 * that it does not matter in which order a program declares what its apps do.
 */
export class ProgramAccounts {
  private static readonly programs = new WeakMap<IConstruct, ProgramAccounts>();

  /** The accounts of the program that a construct belongs to. */
  public static of(construct: IConstruct): ProgramAccounts {
    const root = construct.node.root;
    let accounts = ProgramAccounts.programs.get(root);
    if (!accounts) {
      accounts = new ProgramAccounts(root, Program.of(construct));
      ProgramAccounts.programs.set(root, accounts);
    }
    return accounts;
  }

  private readonly platforms: PlatformModel[] = [];
  private readonly resources: ResourceModel[] = [];
  private monitor: MonitorModel | undefined;
  private file: IConstruct | undefined;
  private implied = false;
  private derived: Derived | undefined;
  private derivedFrom = -1;

  private constructor(
    private readonly root: IConstruct,
    private readonly program: Program,
  ) {
    program.atSynth(() => program.add(accountProblems(this.accounts())));
    program.atSynth(() => program.add(originProblems(this.resources)));
    program.atSynth(() => this.reportOwnReferences());
    program.atSynth(() => this.writesFiles() && Findings._announce(root, this.catalog().findings));
  }

  /** Adds a platform. */
  public addPlatform(platform: PlatformModel): void {
    this.platforms.push(platform);
    this.program.changed();
  }

  private reportOwnReferences(): void {
    const owned = new Map(this.platforms.filter((each) => each.owned).map((each) => [each.naming.platform, each]));
    for (const platform of this.platforms) {
      const own = platform.owned ? undefined : owned.get(platform.naming.platform);
      if (!own) continue;
      this.program.add([
        {
          path: platform.source,
          what: `a platform is referred to by its name that this program declares [${own.source}]`,
          value: platform.naming.platform,
          allowed:
            "fromPlatformName for the platforms of other programs: their apps are in no accounts file of this one",
          fix: "Pass the PlatformConstruct itself",
        },
      ]);
    }
  }

  /** Adds a stream or bucket. */
  public addResource(resource: ResourceModel): void {
    this.resources.push(resource);
    this.program.changed();
  }

  /** Sets what the account MONITOR has of its own. */
  public setMonitor(monitor: MonitorModel): void {
    this.monitor = monitor;
    this.program.changed();
  }

  /** Makes a construct the one whose stack the accounts file is written to. */
  public claimFile(construct: IConstruct): void {
    if (this.file) {
      this.program.report(construct, {
        what: `accounts file is already declared by [${this.file.node.path}]`,
        allowed: "one AccountsFile in a program",
        fix: "Remove one of the two",
      });
    }
    this.file ??= construct;
  }

  private makeCatalog(): Catalog {
    const owned = this.platforms.filter((platform) => platform.owned);
    const facts = catalogOf(owned, this.accounts(), this.resources);
    return { ...facts, findings: Findings._evaluate(this.root, facts) };
  }

  private writesFiles(): boolean {
    return this.file !== undefined || this.implied;
  }

  /** Whether a construct of its own declares the accounts file. */
  public hasFile(): boolean {
    return this.file !== undefined;
  }

  /** Whether the platform that asks is the first one, whose stack has the accounts file if no other is declared. */
  public claimImpliedFile(): boolean {
    const first = !this.implied;
    this.implied = true;
    return first;
  }

  /** The accounts that the program declares, sorted by name, with MONITOR last. */
  public accounts(): readonly Account[] {
    return this.derive().accounts;
  }

  /** The accounts that the server's file is made of. */
  public fileAccounts(): readonly Account[] {
    return this.accounts().filter(({ inFile }) => inFile);
  }

  /** Every fact of the program. */
  public catalog(): Catalog {
    const derived = this.derive();
    derived.catalog ??= this.makeCatalog();
    return derived.catalog;
  }

  /** The access document of a platform under a key: `access.users.prod-convex`. */
  public document(platform: PlatformModel, key: string): string {
    const derived = this.derive();
    derived.documents ??= this.documents(derived.accounts);
    const document = derived.documents.get(`${platform.naming.platform} ${key}`);
    if (document === undefined) throw new Error(`no access document ${key} of platform ${platform.naming.platform}`);
    return document;
  }

  private derive(): Derived {
    if (this.derived && this.derivedFrom === this.program.revision) return this.derived;
    this.derived = { accounts: accountsOf(this.platforms, this.monitor ?? impliedMonitor(this.platforms)) };
    this.derivedFrom = this.program.revision;
    return this.derived;
  }

  private documents(accounts: readonly Account[]): Map<string, string> {
    const documents = new Map<string, string>();
    const byName = new Map(accounts.map((account) => [account.name, account]));
    const importers = accounts.filter(({ imports }) => imports.length > 0);
    for (const platform of this.platforms) {
      const { naming, owned } = platform;
      const add = (key: string, document: string) => documents.set(`${naming.platform} ${key}`, document);
      const own = new Set([naming.account, ...appAccountsOf(platform).map(({ name }) => name)]);
      const users = owned ? (byName.get(naming.account)?.users ?? []) : new PlatformUsers(platform).ofPlatform();
      for (const user of users) add(names.accessKey.user(user.name), userDocument(naming.account, user));
      for (const name of own) {
        add(names.accessKey.imports(name), importsDocument(name, byName.get(name)?.imports ?? []));
        if (name === naming.account) continue;
        for (const user of byName.get(name)?.users ?? []) {
          add(names.accessKey.isolatedUser(name, user.name), userDocument(name, user));
        }
      }
      for (const { name, imports, users: importing } of importers) {
        const fromHere = imports.filter(({ account }) => own.has(account));
        if (fromHere.length === 0 || own.has(name)) continue;
        add(names.accessKey.imports(name), importsDocument(name, fromHere));
        for (const user of importing) add(names.accessKey.user(user.name), userDocument(name, partOf(user, platform)));
      }
    }
    return documents;
  }
}

/** A user of an account that imports, with only what it may do because of one platform. */
function partOf(user: User, { source }: PlatformModel): User {
  const fromHere = (subjects: readonly PermittedSubject[]) =>
    subjects.filter(({ lines }) => lines.some(({ grant }) => grant.source === source));
  const { publish, subscribe } = user.permissions;
  return { ...user, permissions: { publish: fromHere(publish), subscribe: fromHere(subscribe) } };
}

/** The MONITOR account of a program that says nothing about it. */
function impliedMonitor(platforms: readonly PlatformModel[]): MonitorModel {
  return {
    credentials: { kind: "variable", variable: names.passwordVariable(names.MONITOR.user) },
    limits: {},
    source: platforms.flatMap(({ monitored, source }) => (monitored === "no" ? [] : source)).sort()[0] ?? "",
  };
}
