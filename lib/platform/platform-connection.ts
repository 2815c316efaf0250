import { isDeepStrictEqual } from "node:util";
import { type TerraformProvider, TerraformResource, TerraformStack, TerraformVariable } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { valueAt } from "../collections/groups";
import * as jetstream from "../jetstream";
import { attached } from "../problems/attached";
import type { Fault, Problem } from "../problems/fault";
import { Program, problemsOf } from "../problems/program";
import { isTokenText } from "../problems/shown";
import { declare } from "../program/declaration";
import { noteDefault, notePurpose } from "../program/provider-accounts";
import { type Overrides, overridesOf, stackOverridesOf } from "../tokens/overrides";
import { isOwn, own } from "../tokens/own-elements";
import { resolved } from "../tokens/resolved";

/** How Terraform reaches the platform's account. */
export interface ConnectionOptions {
  /**
   * The NATS servers, as `nats://host:port`, also with `tls`, `ws` or `wss`, without user and password. The platform
   * then makes a `JetstreamProvider` for its user `{platform}-terraform`, whose password is the sensitive Terraform
   * variable `{platform}_terraform_password` (a hyphen in the platform's name becomes an underscore).
   *
   * The provider has the platform's name as alias, in the stack of the platform and in those of its apps, which get one of
   * their own.
   *
   * @default - `provider`, or else the stack's own `JetstreamProvider`
   * @knownAt apply
   */
  readonly servers?: string[];

  /**
   * The provider to use, for any other way to connect. It must be in the platform's stack; apps in other stacks name
   * theirs.
   *
   * @default - made from `servers`, or else the stack's own `JetstreamProvider`
   */
  readonly provider?: jetstream.JetstreamProvider;
}

const SERVER = /^(nats|tls|ws|wss):\/\/([\p{L}\p{N}._-]+|\[[\da-f:.]+\])(:(\d{1,5}))?\/?$/iu;

/** As much of an address as cannot be a password that somebody has put into an odd place. */
const HARMLESS = /^([a-z]+:\/\/[\p{L}\p{N}._-]*(:\d{1,5}(?!\w))?\/?|[\p{L}\p{N}._-]+:\d{1,5}(?!\w))/iu;
const MAX_PORT = 65_535;
const SERVERS_ALLOWED = "nats://host:port, also with tls, ws or wss, without user, password and path";

function serverFault(server: string): Fault | undefined {
  const known = String(server).replace(/\$\{[^}]*\}/g, "1");
  const [valid, , , , port = "1"] = SERVER.exec(known) ?? [];
  if ((known === "1" && known !== server) || (valid && Number(port) <= MAX_PORT)) return undefined;
  if (/[@?]/.test(known)) {
    return {
      what: "a server's address holds credentials (not repeated here)",
      allowed: SERVERS_ALLOWED,
      fix: "Remove them from the code; the password comes from a Terraform variable",
    };
  }
  const [harmless = ""] = HARMLESS.exec(String(server)) ?? [];
  return {
    what: "a server's address is not valid",
    value: harmless === server || isTokenText(String(server)) ? server : `${harmless}…`,
    allowed: SERVERS_ALLOWED,
    fix: "Correct the address",
  };
}

/** What is wrong with the way in which a platform is to be reached. */
export function connectionFaults(props: ConnectionOptions): (Fault | undefined)[] {
  return [
    props.servers && props.provider
      ? { what: "both servers and provider are given", allowed: "one of the two", fix: "Remove servers or provider" }
      : undefined,
    props.servers?.length === 0
      ? { what: "servers is empty", value: [], allowed: SERVERS_ALLOWED, fix: "Name a server, or leave servers out" }
      : undefined,
    ...(props.servers ?? []).map(serverFault),
  ];
}

/** Who Terraform connects as, and what the provider is called. */
export interface ConnectionTerms {
  /** The id below the stack of what is made for the connection. */
  readonly id: string;
  /** The account that the user is in. */
  readonly account: string;
  /** The provider's alias: the same in every stack and whatever else is declared, since Terraform's state goes by it. */
  readonly alias: string;
  readonly user: string;
  /** The Terraform variable with the user's password. */
  readonly passwordVariable: string;
}

/** The providers of one account: one in each stack that holds something of it. */
export class Connection {
  private readonly checked = new Set<TerraformStack>();
  private readonly made = new Map<TerraformStack, jetstream.JetstreamProvider>();

  public constructor(
    private readonly terms: ConnectionTerms,
    private readonly props: ConnectionOptions,
  ) {}

  /** The provider for a construct's stack, made on first use; undefined stands for the stack's own. */
  public providerFor(construct: Construct): TerraformProvider | undefined {
    const { provider, servers } = this.props;
    const stack = TerraformStack.of(construct);
    if (provider) {
      if (!this.checked.has(stack)) this.check(construct, provider);
      this.checked.add(stack);
      return provider;
    }
    if (!servers) {
      Providers.of(stack).requireDefault(construct);
      noteDefault(stack, this.terms.account);
      return undefined;
    }
    return valueAt(this.made, stack, () => this.makeProvider(stack, servers));
  }

  /** Reports what is wrong with a provider that is given for something of this account. */
  public check(construct: Construct, provider: TerraformProvider): void {
    const faults = [
      foreignProviderFault(provider, TerraformStack.of(construct)),
      otherAccountFault(provider, this.terms),
    ];
    Program.of(construct).report(construct, ...faults);
  }

  private makeProvider(stack: TerraformStack, servers: readonly string[]): jetstream.JetstreamProvider {
    const { id, account, alias, user, passwordVariable } = this.terms;
    const shared = stack.node.tryFindChild(id)?.node.tryFindChild("Provider");
    if (shared instanceof jetstream.JetstreamProvider) {
      Program.of(stack).report(shared, isOwn(shared) ? otherServersFault(shared, servers) : takenIdFault(id));
      return shared;
    }
    Providers.of(stack);
    const scope = new Construct(stack, id);
    const password = own(
      new TerraformVariable(scope, "TerraformPassword", {
        type: "string",
        sensitive: true,
        description: `Password of the NATS user ${user}`,
      }),
    );
    password.overrideLogicalId(passwordVariable);
    Program.of(stack).keep(password);
    const given = { alias, servers: servers.join(","), user, password: `\${var.${passwordVariable}}` };
    const provider = own(new jetstream.JetstreamProvider(scope, "Provider", given));
    notePurpose(provider, { account, alias });
    const written = resolved(password, password.toTerraform());
    const isVariable = () =>
      !overridesVariable(overridesOf(stack), passwordVariable) &&
      isDeepStrictEqual(resolved(password, password.toTerraform()), written);
    declare(provider, {
      provider: () => ({
        faults: [
          ...(isWho(provider, given) ? [] : [otherIdentityFault(user)]),
          ...(isVariable() ? [] : [otherVariableFault(passwordVariable)]),
        ],
        source: provider.node.path,
      }),
    });
    return provider;
  }
}

/** Whether Terraform still connects as a user by a provider, whatever an Aspect or an override sets: nothing else is set. */
function isWho(provider: jetstream.JetstreamProvider, given: jetstream.JetstreamProviderConfig): boolean {
  const { alias, serversInput, userInput, passwordInput, credentialsInput, credentialDataInput, nkeyInput, tlsInput } =
    provider;
  const isOverridden = overridesProvider(stackOverridesOf(provider)) || Object.keys(overridesOf(provider)).length > 0;
  const others = [credentialsInput, credentialDataInput, nkeyInput, tlsInput];
  return (
    !isOverridden &&
    alias === given.alias &&
    userInput === given.user &&
    serversInput === given.servers &&
    passwordInput === given.password &&
    others.every((other) => other === undefined)
  );
}

/** Whether overrides of a stack have something of a variable, or of all of its variables. */
function overridesVariable({ variable }: Overrides, name: string): boolean {
  return variable !== undefined && (typeof variable !== "object" || variable === null || Object.hasOwn(variable, name));
}

/** Whether overrides of a stack have something of its JetStream providers, or of all of its providers. */
function overridesProvider(overrides: Overrides): boolean {
  const { provider } = overrides;
  if (provider === undefined) return Object.hasOwn(overrides, "provider");
  return provider === null || Array.isArray(provider) || Object.hasOwn(Object(provider), "jetstream");
}

const otherIdentityFault = (user: string): Fault => ({
  what: "the JetstreamProvider of the platform is changed by an Aspect or an override",
  value: user,
  allowed: "the provider as the library makes it: as another user Terraform would make everything in another account",
  fix: "Give the platform or app a provider of your own in place of servers",
});

const takenIdFault = (id: string): Fault => ({
  what: "a provider of the program has the id of the one that the library makes for a platform",
  value: `${id}/Provider`,
  allowed: "ids that the library does not use",
  fix: "Give the provider another id, and the platform or app that provider in place of servers",
});

const otherVariableFault = (variable: string): Fault => ({
  what: "the variable with the password of the platform's Terraform user is changed by an Aspect or an override",
  value: variable,
  allowed: "the variable as the library makes it: sensitive and without a default, so that no file has the password",
  fix: "Set the value outside of the program, as TF_VAR_…, or give the platform or app a provider of your own in place of servers",
});

function otherServersFault(shared: jetstream.JetstreamProvider, servers: readonly string[]): Fault | undefined {
  if (shared.serversInput === servers.join(",")) return undefined;
  return {
    what: "a platform is declared twice in the stack, the other time with other servers",
    allowed: "the same servers each time",
    fix: "Declare the platform once and pass it to its apps",
  };
}

function otherAccountFault(provider: TerraformProvider, { account, alias }: ConnectionTerms): Fault | undefined {
  const known = notePurpose(provider, { account, alias });
  if (known.account === account) return undefined;
  return {
    what: `the JetstreamProvider is for the account of ${known.alias}, and is given for that of ${alias}`,
    allowed: "a provider for each account, whose user is in it: by another one everything would be made there",
    fix: "Make a JetstreamProvider with a user of this account, or give servers in place of provider",
  };
}

/** What is wrong with a provider that is used in another stack than its own. */
function foreignProviderFault(provider: TerraformProvider, stack: TerraformStack): Fault | undefined {
  const home = TerraformStack.of(provider);
  if (home === stack) return undefined;
  return {
    what: `the JetstreamProvider is in stack "${home.node.path}", what uses it is in stack "${stack.node.path}"`,
    allowed: "a provider of the same stack",
    fix:
      "Give the app a provider of its own stack; or give the platform servers instead of provider, which is what an app " +
      "with an account of its own needs",
  };
}

/** The JetStream providers of one stack, whoever made them. */
class Providers {
  public static of(stack: TerraformStack): Providers {
    return attached(stack, "providers", () => new Providers(stack));
  }

  private needy: Construct | undefined;

  private constructor(private readonly stack: TerraformStack) {
    Program.of(stack).atSynth(() => this.problems());
  }

  /** Notes that a construct relies on the stack's provider without alias. */
  public requireDefault(construct: Construct): void {
    this.needy ??= construct;
  }

  private problems(): Problem[] {
    const { path } = this.stack.node;
    const isHere = (node: IConstruct) => TerraformStack.of(node) === this.stack;
    const all = this.stack.node.findAll();
    const [first, second] = all.filter((node) => isDefault(node) && isHere(node));
    if (first) return second ? problemsOf(second, [secondProviderFault(path, first.node.path)]) : [];
    if (this.needy) return problemsOf(this.needy, [missingProviderFault(path)]);
    const lost = all.filter((node) => hasNoProvider(node) && isHere(node));
    return lost.flatMap((node) => problemsOf(node, [noProviderFault(path)]));
  }
}

const isDefault = (construct: IConstruct): boolean =>
  construct instanceof jetstream.JetstreamProvider && construct.alias === undefined;

/** Whether a construct is a resource that Terraform gives to the stack's provider without alias. */
const hasNoProvider = (construct: IConstruct): boolean =>
  construct instanceof TerraformResource &&
  construct.terraformResourceType.startsWith("jetstream_") &&
  construct.provider === undefined;

const noProviderFault = (stack: string): Fault => ({
  what: `resource has no provider, and stack "${stack}" has no JetstreamProvider without alias`,
  allowed: "the provider of the platform, which has the platform's name as alias, or another one of the stack",
  fix: "Give it that of a resource of the same account: provider: platform.keyValueStore.resource.provider",
});

const missingProviderFault = (stack: string): Fault => ({
  what: `stack "${stack}" has no JetstreamProvider without alias`,
  allowed: "one such provider, or the platform's servers or provider",
  fix: 'Give the platform servers: ["nats://host:4222"]',
});

const secondProviderFault = (stack: string, other: string): Fault => ({
  what: `stack "${stack}" has two JetstreamProviders without alias; the other is [${other}]`,
  allowed: "one without alias in a stack",
  fix: "Give one of the two an alias",
});
