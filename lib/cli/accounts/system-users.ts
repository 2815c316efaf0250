import { publicKeyFault } from "../../access/credential-rules";
import { type SystemUserModel, systemAccount, systemUserName } from "../../access/system-model";
import { nameFault } from "../../naming/name-rules";
import { describeFault } from "../../problems/fault";
import { type FileAccount, fileAccountOf } from "../../server-config/file-account";
import { Refusal } from "../refusal";

/** What a user of the system account may do, by the option that names it. */
const KINDS = { "system-user": "everything", "reload-user": "reload" } as const;

/** The users of the system account as options of a command. */
export const SYSTEM_USER_OPTIONS = {
  "system-user": {
    value: "NAME",
    repeats: true,
    about:
      "add a user sys-NAME of the system account, who may do everything there; NAME=U…, the public key, has it connect by an nkey; may be given several times",
  },
  "reload-user": {
    value: "NAME",
    repeats: true,
    about:
      "add a user sys-NAME, or NAME=U…, who may only do what `accounts put`, `sync` and `status` need; may be given several times",
  },
} as const;

function credentialsOf(kind: keyof typeof KINDS, publicKey: string | undefined): SystemUserModel["credentials"] {
  if (publicKey === undefined) return undefined;
  const fault = publicKeyFault(publicKey);
  if (fault) throw new Refusal(`--${kind} has no public key behind its name: ${describeFault(fault)}`);
  return { kind: "nkey", publicKey };
}

function userOf(kind: keyof typeof KINDS, given: string): SystemUserModel {
  const [, name = "", publicKey] = /^([^=]*)(?:=(.*))?$/s.exec(given) ?? [];
  const fault = nameFault("system user", name);
  if (fault) throw new Refusal(`--${kind} is no name of a user: ${name}`, [`Allowed: ${fault.allowed}.`]);
  return { name, may: KINDS[kind], credentials: credentialsOf(kind, publicKey) };
}

/**
 * The system account with users for people and for programs; undefined where none is named.
 *
 * @param named the names that each option has
 * @throws a refusal for what is no name, and for a name that is given twice
 */
export function namedSystemAccount(named: { readonly [option: string]: readonly string[] }): FileAccount | undefined {
  const kinds = Object.keys(KINDS) as (keyof typeof KINDS)[];
  const users = kinds.flatMap((kind) => (named[kind] ?? []).map((name) => userOf(kind, name)));
  const twice = users.find(({ name }, index) => users.findIndex((other) => other.name === name) !== index);
  if (twice) {
    throw new Refusal(`user ${systemUserName(twice.name)} is named twice`, [
      "Name each user of the system account once.",
    ]);
  }
  return users.length === 0 ? undefined : fileAccountOf(systemAccount({ users, source: "accounts render" }));
}
