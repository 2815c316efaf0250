import type { CatalogConnection, CatalogUser } from "../catalog/catalog";
import { DEFAULT_INBOX_PREFIX } from "../naming/names";
import { queueGroupTexts, type SettingName, settingsOf } from "./client-settings";

/** How a user proves who it is. */
export function credentialsText({ credentials, identity }: CatalogConnection): string {
  const [kind, variable] = credentials.split(" ");
  const which = identity === undefined ? "" : ` \`${identity}\``;
  if (kind === "variable") return `a password, which the server has as the environment variable ${variable}`;
  if (kind === "nkey") return `the seed of its nkey${which}`;
  if (kind === "bcrypt")
    return `the password whose bcrypt hash the server has${identity ? `, with the fingerprint${which}` : ""}`;
  return credentials;
}

/** What the clients of a user must set, as rows: what, for which client, and how. */
export function connectionRows(user: CatalogUser): string[][] {
  const { inboxPrefix, domain } = user.connection;
  const settings = settingsOf(user);
  const of = (name: SettingName) =>
    settings.filter((setting) => setting.name === name).map(({ client, code }) => [`  ${client}`, code]);
  const isDefault = inboxPrefix === DEFAULT_INBOX_PREFIX;
  const direct = of("single keys");
  return [
    ["user", user.name],
    ["credentials", credentialsText(user.connection)],
    ["inbox prefix", isDefault ? `${inboxPrefix}, the default of all clients` : inboxPrefix],
    ...of("inbox prefix"),
    ...(domain === undefined ? [] : [["JetStream domain", `${domain}, for what belongs to another account`]]),
    ...of("JetStream domain"),
    ...(direct.length === 0 ? [] : [["single keys", "to open a bucket of which it may read single keys"]]),
    ...direct,
    ...queueGroupTexts(user).map((text) => ["queue group", text]),
  ];
}
