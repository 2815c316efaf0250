import { TerraformProvider, type TerraformStack } from "cdktf";
import { valueAt } from "../collections/groups";
import { attached, attachedTo } from "../problems/attached";

/** What Terraform calls the provider of a stack that has no alias. */
export const DEFAULT_PROVIDER = "jetstream";

/** What a provider is for: the account's name, and what its messages call it. */
interface Purpose {
  readonly account: string;
  /** The alias of the provider that the library would make for it: `prod_cache`. */
  readonly alias: string;
}

const PURPOSE = "purpose";
const DEFAULT_ACCOUNTS = "accountsOfDefault";

/** Notes what a provider is for, and returns what was noted first. */
export const notePurpose = (provider: TerraformProvider, purpose: Purpose): Purpose =>
  attached(provider, PURPOSE, () => purpose);

/** Notes that something of an account relies on the provider of a stack that has no alias. */
export function noteDefault(stack: TerraformStack, account: string): void {
  attached(stack, DEFAULT_ACCOUNTS, () => new Set<string>()).add(account);
}

/** Looks up the accounts that the providers of stacks are for, at one moment. */
export class ProviderAccounts {
  private readonly providers = new Map<TerraformStack, ReadonlyMap<string, TerraformProvider>>();

  /**
   * The accounts that a provider may be for; undefined where nothing tells.
   *
   * @param name the provider as Terraform has it: `jetstream.prod`
   */
  public accountsOf(stack: TerraformStack, name: string): ReadonlySet<string> | undefined {
    const provider = valueAt(this.providers, stack, () => providersIn(stack)).get(name);
    const known = provider && attachedTo<Purpose>(provider, PURPOSE);
    if (known) return new Set([known.account]);
    return name === DEFAULT_PROVIDER ? attachedTo<ReadonlySet<string>>(stack, DEFAULT_ACCOUNTS) : undefined;
  }
}

function providersIn(stack: TerraformStack): Map<string, TerraformProvider> {
  const own = stack.node
    .findAll()
    .filter((each): each is TerraformProvider => each instanceof TerraformProvider && each.cdktfStack === stack);
  return new Map(own.map((each) => [each.fqn, each]));
}
