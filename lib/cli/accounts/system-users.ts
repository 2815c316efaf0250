import * as names from "../../naming/names";
import type { FileAccount, FileLine, FileUser } from "../../server-config/file-account";
import { Refusal } from "../refusal";

const NAME = /^[a-z][a-z0-9-]*$/;

const lines = (why: string, ...subjects: readonly string[]): FileLine[] => subjects.map((text) => ({ text, why }));

/** What `accounts put` asks the server that it is connected to. */
const RELOAD = ["ACCOUNTZ", "JSZ", "RELOAD", "VARZ"].map((what) => `$SYS.REQ.SERVER.*.${what}`);

/** What `accounts status` asks every server. */
const STATUS = ["PING", ...["ACCOUNTZ", "CONNZ", "VARZ"].map((what) => `*.${what}`)].map(
  (what) => `$SYS.REQ.SERVER.${what}`,
);

/** What a user of the system account may do, by the option that names it. */
const KINDS = {
  "system-user": {
    publish: lines("all of the system account", ">"),
    subscribe: lines("all of the system account", ">"),
  },
  "reload-user": {
    publish: lines("brings an accounts file into force", ...RELOAD),
    subscribe: lines("replies arrive here", "_INBOX.>"),
  },
  "status-user": {
    publish: lines("asks what is in force", ...STATUS),
    subscribe: lines("replies arrive here", "_INBOX.>"),
  },
} as const;

/** The users of the system account as options of a command. */
export const SYSTEM_USER_OPTIONS = {
  "system-user": {
    value: "NAME",
    repeats: true,
    about: "add a user sys-NAME of the system account, who may do everything there; may be given several times",
  },
  "reload-user": {
    value: "NAME",
    repeats: true,
    about:
      "add a user sys-NAME who may only do what `accounts put` and `accounts sync` need; may be given several times",
  },
  "status-user": {
    value: "NAME",
    repeats: true,
    about: "add a user sys-NAME who may only ask what `accounts status` asks; may be given several times",
  },
} as const;

type Kind = keyof typeof KINDS;

function userOf(kind: Kind, name: string): FileUser {
  if (!NAME.test(name)) {
    throw new Refusal(`--${kind} is no name of a user: ${name}`, [
      "Small letters, digits and hyphens, beginning with a letter.",
    ]);
  }
  const user = names.user("sys", name);
  const credentials = { kind: "variable", variable: names.passwordVariable(user) } as const;
  return { name: user, credentials, permissionSet: undefined, ...KINDS[kind], declaredBy: [`--${kind} ${name}`] };
}

/**
 * The system account with users for people and for programs; undefined where none is named.
 *
 * @param named the names that each option has
 * @throws a refusal for what is no name, and for a name that is given twice
 */
export function systemAccount(named: { readonly [option: string]: readonly string[] }): FileAccount | undefined {
  const kinds = Object.keys(KINDS) as Kind[];
  const users = kinds.flatMap((kind) => (named[kind] ?? []).map((name) => userOf(kind, name)));
  const twice = users.find(({ name }, index) => users.findIndex((other) => other.name === name) !== index);
  if (twice) throw new Refusal(`user ${twice.name} is named twice`, ["Name each user of the system account once."]);
  if (users.length === 0) return undefined;
  return {
    name: names.SYSTEM_ACCOUNT,
    about: "the system account: servers are asked and reloaded with it",
    source: "accounts render",
    jetStream: undefined,
    limits: {},
    mappings: {},
    users,
    exports: [],
    imports: [],
  };
}
