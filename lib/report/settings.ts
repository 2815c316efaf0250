import type { CatalogUser } from "../catalog/catalog";

/** What one client library must be told. */
export interface Setting {
  readonly client: string;
  readonly code: string;
}

interface ClientSettings {
  readonly inbox: (prefix: string) => string;
  readonly domain: (domain: string) => string;
}

const CLIENTS: { readonly [client: string]: ClientSettings } = {
  "nats.js v2": {
    inbox: (prefix) => `connect({ inboxPrefix: "${prefix}" })`,
    domain: (domain) => `nc.jetstream({ domain: "${domain}" })`,
  },
  "nats.js v3": {
    inbox: (prefix) => `connect({ inboxPrefix: "${prefix}" })`,
    domain: (domain) => `jetstream(nc, { domain: "${domain}" })`,
  },
  "nats.go": {
    inbox: (prefix) => `nats.CustomInboxPrefix("${prefix}")`,
    domain: (domain) => `jetstream.NewWithDomain(nc, "${domain}")`,
  },
  "nats.go legacy": {
    inbox: (prefix) => `nats.CustomInboxPrefix("${prefix}")`,
    domain: (domain) => `nc.JetStream(nats.Domain("${domain}"))`,
  },
  "nats.py": {
    inbox: (prefix) => `nats.connect(inbox_prefix=b"${prefix}")`,
    domain: (domain) => `nc.jetstream(domain="${domain}")`,
  },
  "nats CLI": {
    inbox: (prefix) => `--inbox-prefix ${prefix}`,
    domain: (domain) => `--js-domain ${domain}`,
  },
};

const DEFAULT_PREFIX = "_INBOX";
const JAVASCRIPT = /^nats\.js/;
const SINGLE_KEYS = /^sharedKv\.read/;

/** Whether a user may read single keys of a bucket, which JavaScript clients then must open in another way. */
function readsSingleKeys({ publish }: CatalogUser): boolean {
  return publish.allow.some(({ reasons }) => reasons.some(({ capability }) => SINGLE_KEYS.test(capability)));
}

/** Everything that a user's clients must set beyond user and password, by client; nothing where defaults do. */
export function settingsOf(user: CatalogUser): Setting[] {
  const { inboxPrefix, domain } = user.connection;
  return user.clients.flatMap((client) => {
    const known = CLIENTS[client];
    const settings: string[] = [];
    if (inboxPrefix !== DEFAULT_PREFIX) settings.push(known?.inbox(inboxPrefix) ?? `inbox prefix ${inboxPrefix}`);
    if (domain !== undefined) settings.push(known?.domain(domain) ?? `JetStream domain ${domain}`);
    if (JAVASCRIPT.test(client) && readsSingleKeys(user)) {
      settings.push("allow_direct: true, to open a bucket of single keys");
    }
    return settings.map((code) => ({ client, code }));
  });
}

/** The settings with the clients that share them. */
export function settingsByCode(user: CatalogUser): { readonly code: string; readonly clients: readonly string[] }[] {
  const clients = new Map<string, string[]>();
  for (const { client, code } of settingsOf(user)) clients.set(code, [...(clients.get(code) ?? []), client]);
  return [...clients].map(([code, names]) => ({ code, clients: names }));
}
