import { stringify } from "yaml";
import { SYSTEM_ACCOUNT } from "../naming/names";
import {
  exportSettings,
  importSettings,
  jetStreamSettings,
  limitSettings,
  subjectSettings,
  userSettings,
} from "./account-settings";
import { type FileAccount, type FileLine, hasSystem } from "./file-account";
import { type Setting, type Settings, Variable, Word } from "./server-syntax";

/** The official Helm chart writes `<< … >>` into the server's file without quotes. */
function plain(setting: Setting): unknown {
  if (setting instanceof Word) return setting.text;
  if (setting instanceof Variable) return `<< $${setting.name} >>`;
  if (typeof setting === "string" && setting.includes("<<"))
    throw new Error("the chart would write this without quotes");
  if (Array.isArray(setting)) return setting.map(plain);
  if (typeof setting !== "object") return setting;
  return Object.fromEntries(Object.entries(setting as Settings).map(([name, value]) => [name, plain(value)]));
}

function accountSettings(account: FileAccount): Settings {
  const jetstream = jetStreamSettings(account);
  const limits = limitSettings(account);
  const subjects = (lines: readonly FileLine[]) => subjectSettings(lines.map(({ text }) => text));
  return {
    ...(jetstream && { jetstream }),
    ...(limits && { limits }),
    users: account.users.map((user) => ({
      ...userSettings(user),
      permissions: { publish: subjects(user.publish), subscribe: subjects(user.subscribe) },
    })),
    ...(Object.keys(account.mappings).length > 0 && { mappings: account.mappings }),
    ...(account.exports.length > 0 && { exports: account.exports.map(exportSettings) }),
    ...(account.imports.length > 0 && { imports: account.imports.map(importSettings) }),
  };
}

/**
 * The accounts as values for the official Helm chart `nats/nats`, below `config.merge`. The permissions stand at each
 * user, because the chart sorts what it writes and a named set must stand before its use. Helm reads YAML 1.1, where an
 * account `NO` without quotes is the value false.
 */
export function helmValues(accounts: readonly FileAccount[]): string {
  const entries = accounts.map((account) => [account.name, plain(accountSettings(account))]);
  return stringify(
    {
      config: {
        merge: {
          ...(hasSystem(accounts) && { system_account: SYSTEM_ACCOUNT }),
          accounts: Object.fromEntries(entries),
        },
      },
    },
    { version: "1.1", lineWidth: 0, aliasDuplicateObjects: false },
  );
}
