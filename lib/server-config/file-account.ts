import type { Account, Export, Import, User } from "../access/accounts";
import { type PermittedSubject, permittedText } from "../access/permissions";
import { inOrder } from "../collections/order";
import { SYSTEM_ACCOUNT } from "../naming/names";

/** A subject that a user may publish or subscribe to, as the server's file has it, with what it is for. */
export interface FileLine {
  /** `prod._.events.>`, or with a queue group `prod._.events.> prod-cache`. */
  readonly text: string;
  /** What stands behind it as a comment; undefined for nothing. */
  readonly why: string | undefined;
}

/** A user as the server's file has it. */
export interface FileUser extends Pick<User, "name" | "credentials" | "permissionSet"> {
  readonly publish: readonly FileLine[];
  readonly subscribe: readonly FileLine[];
  /** The paths of the constructs that give it what it may do: that of the user first, the others sorted. */
  readonly declaredBy: readonly string[];
}

/** An account as the server's file has it: from a program, or from the documents that Terraform has stored. */
export interface FileAccount extends Pick<Account, "name" | "about" | "source" | "jetStream" | "limits" | "mappings"> {
  readonly users: readonly FileUser[];
  readonly exports: readonly Export[];
  readonly imports: readonly Import[];
}

/** Whether the server's system account is among some accounts: no platform may be called so. */
export const hasSystem = (accounts: readonly FileAccount[]): boolean =>
  accounts.some(({ name }) => name === SYSTEM_ACCOUNT);

const lineOf = (permitted: PermittedSubject): FileLine => ({
  text: permittedText(permitted),
  why: permitted.queue === undefined ? permitted.lines[0]?.why : undefined,
});

/** A user of a program, whose lines are made when they are asked for: those of thousands take much memory. */
class ProgramUser implements FileUser {
  public constructor(private readonly user: User) {}

  public get name() {
    return this.user.name;
  }

  public get credentials() {
    return this.user.credentials;
  }

  public get permissionSet() {
    return this.user.permissionSet;
  }

  public get publish(): FileLine[] {
    return this.user.permissions.publish.map(lineOf);
  }

  public get subscribe(): FileLine[] {
    return this.user.permissions.subscribe.map(lineOf);
  }

  public get declaredBy(): string[] {
    const { source, permissions } = this.user;
    const lines = [...permissions.publish, ...permissions.subscribe].flatMap((each) => each.lines);
    const others = new Set(lines.map(({ grant }) => grant.source));
    others.delete(source);
    return [source, ...[...others].sort(inOrder)];
  }
}

/** A user of a program as the server's file has it. */
export const fileUserOf = (user: User): FileUser => new ProgramUser(user);

/** An account of a program as the server's file has it. */
export function fileAccountOf(account: Account): FileAccount {
  const { name, about, source, jetStream, limits, mappings, imports } = account;
  return {
    ...{ name, about, source, jetStream, limits, mappings, imports },
    exports: account.exports,
    get users() {
      return account.users.map(fileUserOf);
    },
  };
}
