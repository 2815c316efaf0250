import * as names from "../naming/names";
import type { Account } from "./accounts";
import type { CapabilityName } from "./capabilities";
import { ALL_CLIENTS } from "./clients";
import type { CredentialsModel } from "./credentials-model";
import { grant } from "./models";
import { userOf } from "./users";

/** A user of the server's system account, as declared. */
export interface SystemUserModel {
  /** The last part of its name: `deploy`. */
  readonly name: string;
  /** What it may do there. */
  readonly may: "everything" | "reload";
  readonly credentials: CredentialsModel | undefined;
}

/** The server's system account, as declared. */
export interface SystemModel {
  readonly users: readonly SystemUserModel[];
  readonly source: string;
}

const CAPABILITY_OF: { readonly [may in SystemUserModel["may"]]: CapabilityName } = {
  everything: "system.all",
  reload: "system.reload",
};

/** The name of a user of the system account: `sys-deploy`. */
export const systemUserName = (name: string): string => names.user("sys", name);

/** The server's system account: servers are asked and reloaded as one of its users. */
export function systemAccount({ users, source }: SystemModel): Account {
  const made = users.map(({ name, may, credentials }) => {
    const user = systemUserName(name);
    const variable = names.passwordVariable(user);
    const identity = { name: user, credentials: credentials ?? ({ kind: "variable", variable } as const), source };
    const values = { inbox: names.DEFAULT_INBOX_PREFIX };
    return userOf({
      ...identity,
      role: "system",
      clients: ALL_CLIENTS,
      inboxPrefix: names.DEFAULT_INBOX_PREFIX,
      grants: [grant(identity, CAPABILITY_OF[may], values)],
    });
  });
  return {
    name: names.SYSTEM_ACCOUNT,
    about: "the system account: servers are asked and reloaded with it",
    inFile: true,
    jetStream: undefined,
    limits: {},
    mappings: {},
    identities: made,
    users: made,
    exports: [],
    imports: [],
    source,
  };
}
