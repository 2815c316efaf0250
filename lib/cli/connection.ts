import type { CatalogUser } from "../catalog/catalog";

/** The inbox prefix of all clients that set none. */
export const DEFAULT_INBOX = "_INBOX";

type Setting = (value: string) => string;

/** How each client library is told its inbox prefix, by the name that the catalog gives it. */
const INBOX_SETTINGS: { readonly [client: string]: Setting } = {
  "nats.js v2": (prefix) => `connect({ inboxPrefix: "${prefix}" })`,
  "nats.js v3": (prefix) => `connect({ inboxPrefix: "${prefix}" })`,
  "nats.go": (prefix) => `nats.CustomInboxPrefix("${prefix}")`,
  "nats.go legacy": (prefix) => `nats.CustomInboxPrefix("${prefix}")`,
  "nats.py": (prefix) => `nats.connect(inbox_prefix=b"${prefix}")`,
  "nats CLI": (prefix) => `--inbox-prefix ${prefix}`,
};

/** How each client library is told its JetStream domain. */
const DOMAIN_SETTINGS: { readonly [client: string]: Setting } = {
  "nats.js v2": (domain) => `nc.jetstream({ domain: "${domain}" })`,
  "nats.js v3": (domain) => `jetstream(nc, { domain: "${domain}" })`,
  "nats.go": (domain) => `jetstream.NewWithDomain(nc, "${domain}")`,
  "nats.go legacy": (domain) => `nc.JetStream(nats.Domain("${domain}"))`,
  "nats.py": (domain) => `nc.jetstream(domain="${domain}")`,
  "nats CLI": (domain) => `--js-domain ${domain}`,
};

function settings(clients: readonly string[], of: { readonly [client: string]: Setting }, value: string): string[][] {
  return clients.map((client) => [client, of[client]?.(value) ?? value]);
}

/** How a user proves who it is. */
export function credentialsText(credentials: string): string {
  const [kind, variable] = credentials.split(" ");
  if (kind === "variable") return `a password, which the server has as the environment variable ${variable}`;
  if (kind === "nkey") return "the seed of its nkey";
  if (kind === "bcrypt") return "the password whose bcrypt hash the server has";
  return credentials;
}

/** What the clients of a user must set, as rows: what, for which client, and how. */
export function connectionRows({ name, connection, clients }: CatalogUser): string[][] {
  const { inboxPrefix, domain, credentials } = connection;
  const rows = [
    ["user", name],
    ["credentials", credentialsText(credentials)],
    ["inbox prefix", inboxPrefix === DEFAULT_INBOX ? `${DEFAULT_INBOX}, the default of all clients` : inboxPrefix],
  ];
  const per = (of: { readonly [client: string]: Setting }, value: string) =>
    settings(clients, of, value).map(([client = "", how = ""]) => [`  ${client}`, how]);
  if (inboxPrefix !== DEFAULT_INBOX) rows.push(...per(INBOX_SETTINGS, inboxPrefix));
  if (domain !== undefined) {
    rows.push(["JetStream domain", `${domain}, for what belongs to another account`], ...per(DOMAIN_SETTINGS, domain));
  }
  return rows;
}
