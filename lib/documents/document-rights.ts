import { valueAt } from "../collections/groups";
import * as names from "../naming/names";
import { DelegatedAppRules } from "./delegated-app-rules";
import type { AccountDocument, DocumentExchange, UserDocument } from "./schema";
import { isShared, SharedAccountRules } from "./shared-account-rules";

/** What a document is about, and in whose bucket it is. */
export interface Claim {
  readonly platform: string;
  /** The app that the platform delegates, if it is in the bucket of such a one. */
  readonly app?: string | undefined;
  /** The user or the account that it is about. */
  readonly name: string;
}

/**
 * What the documents of a bucket may say: those of a platform all of its own accounts, users and ways between these, those of a
 * delegated app what such an app may have, and both what ACCESS and MONITOR get of it.
 */
export class DocumentRights {
  private readonly shared = new Map<string, SharedAccountRules>();
  private readonly ofApps = new Map<string, DelegatedAppRules>();
  private readonly platforms: readonly string[];

  /** @param all all documents: which platforms there are, and which delegated apps have an account for their data */
  public constructor(private readonly all: readonly (Pick<Claim, "platform" | "app"> & { readonly key: string })[]) {
    this.platforms = [...new Set(all.map(({ platform }) => platform))];
  }

  /** Whether a document may be about its account. */
  public mayDeclareAccount(found: Claim, document: AccountDocument): boolean {
    const { name, platform } = found;
    const delegated = this.delegated(found);
    if (delegated) return delegated.allowsAccount(name, document);
    return isShared(name) ? this.rules(name, platform).allowsAccount(document) : isOwnAccount(name, platform);
  }

  /** Whether a document may be about its user, and say of it what it says. */
  public mayDeclareUser(found: Claim, document: UserDocument): boolean {
    const { name, platform } = found;
    const delegated = this.delegated(found);
    if (delegated) return delegated.allowsUser(name, document) && this.ownsVariable(document, platform);
    return isShared(document.account)
      ? this.rules(document.account, platform).allowsUser(name, document)
      : isOwnUser(name, document, platform) &&
          this.ownerOf(name, "-") === platform &&
          this.ownsVariable(document, platform);
  }

  /** Whether a variable with a password is not called as one of another platform. */
  private ownsVariable({ credentials }: UserDocument, platform: string): boolean {
    const [, variable] = /^variable (.+)$/.exec(credentials) ?? [];
    if (variable === undefined) return true;
    const owner = this.ownerOf(variable.toLowerCase().replace(/-/g, "_"), "_", (name) => name.replace(/-/g, "_"));
    return owner === undefined || owner === platform;
  }

  /** The platform whose name a text begins with; of `prod` and `prod-eu` the longer one. */
  private ownerOf(text: string, separator: string, written = (name: string) => name): string | undefined {
    const found = this.platforms.filter((name) => text.startsWith(`${written(name)}${separator}`));
    return found.sort((one, other) => other.length - one.length)[0];
  }

  /** Whether the account of a document may import something. */
  public mayImport(found: Claim, document: AccountDocument, way: DocumentExchange): boolean {
    const { platform } = found;
    if (!isOwnAccount(way.account, platform)) return false;
    if (isShared(document.account)) return this.rules(document.account, platform).allowsWay(way.account, way);
    return this.delegated(found)?.allowsImport(way) ?? true;
  }

  /** Whether the account of a document may export something. */
  public mayExport(found: Claim, document: AccountDocument, way: DocumentExchange): boolean {
    const { platform } = found;
    const delegated = this.delegated(found);
    if (!isShared(way.account)) return isOwnAccount(way.account, platform) && (delegated?.allowsExport(way) ?? true);
    const isRight = this.rules(way.account, platform).allowsWay(document.account, way);
    return isRight && (delegated?.allowsHealth(way) ?? true);
  }

  private delegated({ platform, app }: Claim): DelegatedAppRules | undefined {
    if (app === undefined) return undefined;
    return valueAt(this.ofApps, `${platform} ${app}`, () => {
      const key = names.accessKey.account(names.appAccount(platform, app));
      const isIsolated = this.all.some(
        (each) => each.platform === platform && each.app === undefined && each.key === key,
      );
      return new DelegatedAppRules(platform, app, isIsolated);
    });
  }

  private rules(account: string, platform: string): SharedAccountRules {
    return valueAt(this.shared, `${account} ${platform}`, () => new SharedAccountRules(account, platform));
  }
}

/** Whether an account is one of a platform's, or of its apps, by its name. */
const isOwnAccount = (name: string, platform: string): boolean =>
  name === names.account(platform) || name.startsWith(names.appAccount(platform, ""));

/** Whether a user is one of a platform's, with no permissions that are called as those of another one. */
function isOwnUser(name: string, { account, permissionSet }: UserDocument, platform: string): boolean {
  const sets = [names.permissionSet.nodes(platform), names.permissionSet.appTerraform(platform)];
  if (permissionSet !== undefined && !sets.includes(permissionSet)) return false;
  return isOwnAccount(account, platform) && name.startsWith(names.user(platform, ""));
}
