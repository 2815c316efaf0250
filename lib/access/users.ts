import { addTo } from "../collections/groups";
import { by, inOrder } from "../collections/order";
import * as names from "../naming/names";
import { SubjectIndex } from "../subjects/subject-index";
import type { User } from "./accounts";
import { CAPABILITIES, IMPORTED } from "./capabilities";
import { type Grant, linesOf } from "./grant";
import {
  type AppAccountModel,
  appUsersOf,
  type EntryModel,
  grant,
  type PlatformModel,
  subjectsOf,
  type UserModel,
} from "./models";
import { withOutboxes } from "./overlapping-grants";
import { permissionsOf } from "./permissions";

/** What a Terraform user may do: manage the storage of its account, and what else is given. */
export const terraformGrants = (user: UserModel, ...further: readonly Grant[]): Grant[] => [
  grant(user, "terraform.storage", { inbox: user.inboxPrefix }),
  ...further,
];

const CAPABILITY_ORDER = new Map(Object.keys(CAPABILITIES).map((name, index) => [name, index]));

const textOf = ({ values }: Grant) => Object.values(values).join(" ");

/** The order of the table, then of what the grants are for, in whatever order a program declares them. */
function byCapability(one: Grant, other: Grant): number {
  const order = (CAPABILITY_ORDER.get(one.capability) ?? 0) - (CAPABILITY_ORDER.get(other.capability) ?? 0);
  return order || inOrder(textOf(one), textOf(other));
}

/** A user with its permissions. In the account of an app it uses what that account imports. */
export function userOf(model: UserModel, further: readonly Grant[] = []): User {
  const { grants, account, group, ...user } = model;
  const own = [...(account ? withOutboxes(grants) : grants), ...further].sort(byCapability).map((each) => {
    const imported = account && IMPORTED[each.capability];
    return imported ? { ...each, capability: imported } : each;
  });
  const usesDomain = account !== undefined && own.some(({ capability }) => USES_DOMAIN.includes(capability));
  const permissions = permissionsOf(own.flatMap((each) => linesOf(each, model.clients, account ? "app" : "platform")));
  return {
    ...user,
    ...(usesDomain && { domain: account.naming.platform }),
    ...(permissions.subscribe.some(({ queue }) => queue !== undefined) && { queueGroup: group }),
    permissions,
  };
}

/** The capabilities for which a client sets the platform's name as JetStream domain. */
const USES_DOMAIN: readonly string[] = ["consumer.bindImported", "sharedKv.readImportedKey"];

/** Who calls a service, and where it waits for the answer. */
interface Caller {
  readonly account?: AppAccountModel;
  readonly inboxPrefix: string;
}

function replies(user: UserModel, inboxes: readonly string[]): Grant[] {
  return [...new Set(inboxes)].map((callerInbox) => grant(user, "service.reply", { callerInbox }));
}

/**
 * The users of a platform and its apps, with their permissions. Who serves an API may answer the inboxes of its callers,
 * and of the nodes in its account, which may call everything. An answer to another account goes to a subject that the server makes.
 */
export class PlatformUsers {
  private readonly callers = new SubjectIndex<Caller>();
  private readonly apps = new Map<AppAccountModel | undefined, UserModel[]>();
  private readonly nodeInboxes: readonly string[];

  public constructor(
    private readonly platform: PlatformModel,
    private readonly entries: ReadonlyMap<string, readonly EntryModel[]> = new Map(),
  ) {
    const { owned, nodes } = platform;
    this.nodeInboxes = owned ? nodes.map((node) => node.inboxPrefix) : [names.DEFAULT_INBOX_PREFIX];
    for (const app of appUsersOf(platform)) {
      for (const subjects of subjectsOf(app, "service.call")) this.callers.add(subjects, app);
      addTo(this.apps, app.account, app);
    }
  }

  /** The users as declared in an account of an app, or without one in the platform's own; those of apps sorted by name. */
  public declaredIn(account?: AppAccountModel): UserModel[] {
    const { terraform } = account ?? this.platform;
    const delegated = account ? [] : this.platform.delegated.flatMap((each) => each.terraform ?? []);
    return [
      ...(account ? [] : [...this.platform.nodes].sort(by(({ name }) => name))),
      ...[...(terraform ? [terraform] : []), ...delegated].sort(by(({ name }) => name)),
      ...(this.apps.get(account) ?? []),
    ];
  }

  /** The same users with their permissions. */
  public usersIn(account?: AppAccountModel): User[] {
    return this.declaredIn(account).map((user) => userOf(user, this.furtherGrants(user, account)));
  }

  /** What a user may do because of what others declare. */
  private furtherGrants(user: UserModel, account: AppAccountModel | undefined): Grant[] {
    switch (user.role) {
      case "node":
        return replies(user, [...this.nodeInboxes, ...(this.apps.get(undefined) ?? []).map((app) => app.inboxPrefix)]);
      case "terraform":
        return user === (account ?? this.platform).terraform
          ? this.entryGrants(account?.name ?? this.platform.naming.account)
          : [];
      default:
        return this.repliesOf(user);
    }
  }

  /** What the Terraform user of an account writes beside the access documents: exactly the keys that the program declares. */
  private entryGrants(account: string): Grant[] {
    return (this.entries.get(account) ?? [])
      .filter(({ generated }) => !generated)
      .map(({ bucket, key, source }) => ({ capability: "terraform.entry", values: { bucket, key }, source }));
  }

  private repliesOf(app: UserModel): Grant[] {
    const served = subjectsOf(app, "service.serve");
    if (served.length === 0) return [];
    const nodes = app.account ? [] : this.nodeInboxes;
    const callers = served.flatMap((subjects) => this.callers.overlapping(subjects));
    const inboxes = callers.map((caller) =>
      caller.account === app.account ? caller.inboxPrefix : names.EXCHANGE_INBOX_PREFIX,
    );
    return replies(app, [...nodes, ...inboxes]);
  }
}
