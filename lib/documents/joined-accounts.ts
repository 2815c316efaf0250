import { accountProblems, type Exchange, wiringOf } from "../access/accounts";
import { credentialProblems } from "../access/credential-clashes";
import type { CredentialsModel } from "../access/credentials-model";
import { grouped, valueAt } from "../collections/groups";
import { by, inOrder } from "../collections/order";
import { nameFault } from "../naming/name-rules";
import type { Fault, Problem } from "../problems/fault";
import type { FileAccount, FileLine, FileUser } from "../server-config/file-account";
import { SubjectIndex } from "../subjects/subject-index";
import { covers } from "../subjects/subject-pattern";
import { accountOfKey, accountOfUserKey, userOfKey } from "./document-key";
import { DocumentRights } from "./document-rights";
import { apiSubjects, FurtherReplies } from "./further-replies";
import { isFault, readAccount, readCredentials, readUser } from "./read-documents";
import type { AccountDocument, DocumentExchange, DocumentLines, UserDocument } from "./schema";
import { isShared } from "./shared-account-rules";

/** A document as it is stored. */
export interface StoredDocument {
  /** The platform that it is about. */
  readonly platform: string;
  /** The app that another program declares, if it is in the bucket of such a one: it says nothing else of the platform. */
  readonly app?: string | undefined;
  readonly key: string;
  readonly text: string;
  /** Where it was found, for whoever reads what is wrong with it: `shop/cdktf.out/stacks/shop`. */
  readonly origin: string;
}

/** The accounts that documents say, or everything that is wrong with these. */
export interface JoinedAccounts {
  readonly accounts: readonly FileAccount[];
  readonly problems: readonly Problem[];
}

/** Whom a document is about, and where it was found. */
interface Source {
  readonly platform: string;
  readonly app?: string | undefined;
  readonly origin: string;
  readonly name: string;
}

interface Found<T> extends Source {
  readonly document: T;
}

type FoundUser = Found<UserDocument> & { readonly credentials: CredentialsModel };

/** Joins the access documents of any number of programs into the accounts of one server. */
class Joining {
  public readonly problems: Problem[] = [];
  private readonly rights: DocumentRights;
  private readonly users: FoundUser[] = [];
  private inFile: ReadonlySet<string> | undefined;
  private calling: readonly Found<UserDocument>[] | undefined;
  private replies: FurtherReplies | undefined;
  /** All users, also those whose credentials are not known. */
  private readonly understood: Found<UserDocument>[] = [];
  private readonly accounts: Found<AccountDocument>[] = [];

  public constructor(
    documents: readonly StoredDocument[],
    private readonly hashOf: (fingerprint: string) => string | undefined,
  ) {
    this.rights = new DocumentRights(documents);
    for (const document of [...documents].sort(by(({ platform }) => platform))) this.take(document);
  }

  public accountsOf(): FileAccount[] {
    const parts = grouped(this.accounts, ({ name }) => name);
    for (const [name, [first, ...others]] of parts) {
      if (isShared(name)) continue;
      for (const other of others) this.report(other, declaredTwice(`account ${name}`, first?.origin ?? ""));
    }
    this.reportDoubleUsers();
    // A program that declares one app does not know whether the platform is monitored.
    const ways = this.accounts.flatMap(exchangesOf).filter(({ to }) => !isShared(to) || parts.has(to));
    const wiring = wiringOf(ways);
    this.reportUnservedCalls(wiring);
    const users = grouped(this.users, ({ document }) => document.account);
    for (const [name, [first]] of users)
      if (first && !parts.has(name)) this.report(first, accountMissing(name, first.platform));
    return [...parts]
      .map(([name, same]) => this.accountOf(name, same, users.get(name) ?? [], wiring))
      .sort(by(({ name }) => `${Number(isShared(name))} ${name}`));
  }

  /** Whether an account is part of the accounts file: a shared one is, if it is in one of its documents. */
  public isInFile(account: string): boolean {
    this.inFile ??= new Set(this.accounts.flatMap(({ name, document }) => (document.accountsFile ? [name] : [])));
    return this.inFile.has(account);
  }

  /** Reports users that are there twice; that of a shared account has a part in each platform. */
  private reportDoubleUsers(): void {
    const named = grouped(
      this.users.filter(({ document }) => !isShared(document.account)),
      ({ name }) => name,
    );
    for (const [name, [first, ...others]] of named) {
      for (const other of others) this.report(other, declaredTwice(`user ${name}`, first?.origin ?? ""));
    }
  }

  /** Reports what apps call and no app of the platform serves, of whichever program. */
  private reportUnservedCalls({ imports }: ReturnType<typeof wiringOf>): void {
    const apps = grouped(this.callers(), ({ platform }) => platform);
    for (const [platform, own] of apps) {
      const served = new SubjectIndex<{ readonly subject: string; readonly account: string }>();
      for (const { document } of own) {
        const { account, subscribe } = document;
        for (const subject of apiSubjects(subscribe, platform)) served.add(subject, { subject, account });
      }
      for (const user of own) {
        const { account } = user.document;
        const imported = (imports.get(account) ?? []).map(({ subject, to = subject }) => to);
        for (const call of apiSubjects(user.document.publish, platform)) {
          const servers = served.overlapping(call).filter(({ subject }) => covers(subject, call));
          const isReached =
            servers.some((each) => each.account === account) || imported.some((each) => covers(each, call));
          if (servers.length === 0) this.report(user, unserved(call));
          else if (!isReached) this.report(user, unreachable(call, servers[0]?.account ?? ""));
        }
      }
    }
  }

  private accountOf(
    name: string,
    parts: readonly Found<AccountDocument>[],
    users: readonly FoundUser[],
    { exports, imports }: ReturnType<typeof wiringOf>,
  ): FileAccount {
    const [{ document }] = parts as [Found<AccountDocument>];
    for (const other of parts.slice(1)) {
      const differs = JSON.stringify([other.document.limits, other.document.jetStream]);
      if (differs !== JSON.stringify([document.limits, document.jetStream]))
        this.report(other, otherwise(`account ${name}`));
    }
    const { about, source, jetStream, limits, mappings } = document;
    return {
      ...{ name, about, source, limits },
      jetStream: jetStream === false ? undefined : jetStream,
      mappings: Object.fromEntries(Object.entries(mappings).map(([from, { to }]) => [from, to])),
      users: this.usersOf(users),
      exports: exports.get(name) ?? [],
      imports: imports.get(name) ?? [],
    };
  }

  private usersOf(found: readonly FoundUser[]): FileUser[] {
    this.replies ??= new FurtherReplies(this.callers());
    const { replies } = this;
    return [...grouped(found, ({ name }) => name).values()]
      .map((same) => same as [FoundUser, ...FoundUser[]])
      .sort(([one], [other]) => rankOf(one) - rankOf(other) || inOrder(one.name, other.name))
      .map((same) => this.userOf(same, replies));
  }

  private userOf([first, ...others]: [FoundUser, ...FoundUser[]], replies: FurtherReplies): FileUser {
    const further = replies.of(first);
    if (others.length === 0 && further.length === 0) return userOfDocument(first);
    for (const other of others) {
      if (isShared(first.document.account) && other.document.credentials !== first.document.credentials)
        this.report(other, otherwise(`user ${first.name}`));
    }
    const all = [first, ...others].map((each) => each.document);
    return {
      ...userOfDocument(first),
      publish: [...joinedLines(all.map(({ publish }) => publish)), ...further],
      subscribe: joinedLines(all.map(({ subscribe }) => subscribe)),
      declaredBy: declaredBy(all),
    };
  }

  private take(stored: StoredDocument): void {
    const { platform, app, key, origin } = stored;
    const [account, user] = [accountOfKey(key), userOfKey(key)];
    const name = account ?? user ?? "";
    const found = { platform, app, origin, name };
    const fault = nameFault("platform", platform)
      ? foreign(`platform ${platform}`, platform)
      : account !== undefined
        ? this.takeAccount(found, readAccount(stored))
        : user !== undefined && this.takeUser(found, readUser(stored), accountOfUserKey(key));
    if (fault) this.report(found, fault);
  }

  /** Takes the document of an account, or says what is wrong with it. */
  private takeAccount(found: Source, document: AccountDocument | Fault): Fault | undefined {
    if (isFault(document)) return document;
    const { name, platform } = found;
    if (document.account !== name || !this.rights.mayDeclareAccount(found, document)) {
      return foreign(`account ${name}`, platform);
    }
    this.accounts.push({ ...found, document: this.withOwnExchanges(document, found) });
    return undefined;
  }

  /** Takes the document of a user, or says what is wrong with it. */
  private takeUser(found: Source, document: UserDocument | Fault, account?: string): Fault | undefined {
    if (isFault(document)) return document;
    const { name, platform } = found;
    const isIn = document.user === name && (account ?? document.account) === document.account;
    if (!isIn || !this.rights.mayDeclareUser(found, document)) return foreign(`user ${name}`, platform);
    this.understood.push({ ...found, document });
    const credentials = readCredentials(document.credentials, this.hashOf);
    if (isFault(credentials)) return credentials;
    this.users.push({ ...found, document, credentials });
    return undefined;
  }

  /** The document with the ways that a platform may say: between accounts of its own, and to shared ones. */
  private withOwnExchanges(document: AccountDocument, found: Source): AccountDocument {
    const { platform } = found;
    const rightly = (exchanges: AccountDocument["imports"], isRight: (way: DocumentExchange) => boolean) =>
      Object.fromEntries(
        Object.entries(exchanges).filter(([words, way]) => {
          if (isRight(way)) return true;
          this.report(found, foreign(words, platform));
          return false;
        }),
      );
    return {
      ...document,
      imports: rightly(document.imports, (way) => this.rights.mayImport(found, document, way)),
      exports: rightly(document.exports, (way) => this.rights.mayExport(found, document, way)),
    };
  }

  /** The users that may call others. */
  private callers(): readonly Found<UserDocument>[] {
    this.calling ??= this.understood.filter(({ document }) => CALLERS.includes(document.role));
    return this.calling;
  }

  private report({ platform, origin, name }: Source, fault: Fault): void {
    this.problems.push({ path: `${origin}: ${name} of platform ${platform}`, ...fault });
  }
}

/** The roles of users that call apps and answer their calls. */
const CALLERS: readonly string[] = ["app", "messaging"];

/** The order of users in an account: nodes, Terraform, then those of apps by their names. */
const RANKS: readonly string[] = ["node", "terraform"];

function rankOf({ document }: FoundUser): number {
  const rank = RANKS.indexOf(document.role);
  return rank < 0 ? RANKS.length : rank;
}

const usersOfDocuments = new WeakMap<UserDocument, FileUser>();

/** A user as its document says it; the same as before, where the document is. */
function userOfDocument({ name, credentials, document }: FoundUser): FileUser {
  return valueAt(usersOfDocuments, document, () => ({
    ...{ name, credentials },
    permissionSet: document.permissionSet,
    publish: linesOf(document.publish),
    subscribe: linesOf(document.subscribe),
    declaredBy: declaredBy([document]),
  }));
}

/** Who declares a user: the first that its documents name, and the others sorted. */
function declaredBy(documents: readonly UserDocument[]): string[] {
  const [own = "", ...further] = [...new Set(documents.flatMap((each) => each.declaredBy))];
  return [own, ...further.sort(inOrder)];
}

/** The lines of one document in its order, or those of several, each once, sorted. */
function joinedLines(all: readonly DocumentLines[]): FileLine[] {
  if (all.length === 1) return linesOf(all[0] ?? {});
  const lines = [...grouped(all.flatMap(linesOf), ({ text }) => text).values()];
  return lines.flatMap(([line]) => line ?? []).sort(by(({ text }) => text));
}

function exchangesOf({ name, document: { imports, exports } }: Found<AccountDocument>): Exchange[] {
  const exchange = ({ account: _, to: as, ...way }: DocumentExchange, from: string, to: string): Exchange => ({
    ...way,
    ...(as !== undefined && { as }),
    from,
    to,
  });
  return [
    ...Object.values(imports).map((each) => exchange(each, each.account, name)),
    ...Object.values(exports).map((each) => exchange(each, name, each.account)),
  ];
}

/** Lines as the file has them; one with a queue group has no comment. */
const linesOf = (lines: DocumentLines): FileLine[] =>
  Object.entries(lines).map(([text, why]) => ({ text, why: text.includes(" ") ? undefined : why }));

const declaredTwice = (what: string, origin: string): Fault => ({
  what: `${what} is declared by another program too [${origin}]`,
  allowed: "each user and account in one program; ACCESS and MONITOR in several",
  fix: "Rename one of the two, or let one program declare it and the other refer to it",
});

const otherwise = (what: string): Fault => ({
  what: `${what} is declared otherwise by another program`,
  allowed: "one declaration of ACCESS and of MONITOR in all programs: credentials and limits",
  fix: "Give all programs the same AccessReader and MonitorConstruct",
});

const unserved = (value: string): Fault => ({
  what: "app calls what no app of the given programs serves",
  value,
  allowed: "APIs that an app of the platform serves, in any of the programs",
  fix: "Give the output folder of the program that serves it too, serve it, or remove the call",
});

const unreachable = (value: string, account: string): Fault => ({
  what: `app calls what an app in account ${account} serves, which its own account does not import`,
  value,
  allowed: "apps without an account of their own, and those of the same program",
  fix: "Declare both apps in one program, or let the app that serves be in the platform's account",
});

const accountMissing = (account: string, platform: string): Fault => ({
  what: `no program declares account ${account}, which the user is in`,
  allowed: `the program of platform ${platform} among the given ones`,
  fix: "Give the output folder of that program too",
});

const foreign = (what: string, platform: string): Fault => ({
  what: `${what} is not one that platform ${platform} may say something of`,
  allowed: "users, accounts, exports and imports of the platform and its apps, and what ACCESS and MONITOR get of them",
  fix: "Remove it, or declare it in the program of its platform",
});

/**
 * The accounts of one server, of the access documents of any number of programs, and everything that is wrong with them. A
 * document can only say what its platform may: users of its accounts, exports of those, and imports from those.
 *
 * @param hashOf the bcrypt hash of a fingerprint, of which the documents have no more than that
 * @param besides further accounts of the server, which come last
 */
export function joinedAccounts(
  documents: readonly StoredDocument[],
  hashOf: (fingerprint: string) => string | undefined = () => undefined,
  besides: readonly FileAccount[] = [],
): JoinedAccounts {
  const joining = new Joining(documents, hashOf);
  const accounts = [...joining.accountsOf(), ...besides];
  const known = accounts.map((account) => ({
    ...account,
    identities: account.users.map(({ name, credentials, permissionSet, declaredBy: [source = ""] }) => ({
      ...{ name, credentials, permissionSet, source },
    })),
  }));
  const inFile = accounts.filter((account) => besides.includes(account) || joining.isInFile(account.name));
  return { accounts: inFile, problems: [...joining.problems, ...accountProblems(known), ...credentialProblems(known)] };
}
