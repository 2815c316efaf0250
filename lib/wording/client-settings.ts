import { NatsClient } from "../access/clients";
import type { CatalogUser } from "../catalog/catalog";
import { grouped } from "../collections/groups";
import { DEFAULT_INBOX_PREFIX } from "../naming/names";

/** What a client library can be told beyond user and password. */
export type SettingName = "inbox prefix" | "JetStream domain" | "single keys";

/** What one client library must be told. */
export interface Setting {
  readonly name: SettingName;
  readonly client: string;
  readonly code: string;
}

type Code = (value: string) => string;

/** How each client library is told its inbox prefix and its JetStream domain. */
const CLIENTS: { readonly [client in NatsClient]: { readonly inbox: Code; readonly domain: Code } } = {
  [NatsClient.NATS_JS_V2]: {
    inbox: (prefix) => `connect({ inboxPrefix: "${prefix}" })`,
    domain: (domain) => `nc.jetstream({ domain: "${domain}" })`,
  },
  [NatsClient.NATS_JS_V3]: {
    inbox: (prefix) => `connect({ inboxPrefix: "${prefix}" })`,
    domain: (domain) => `jetstream(nc, { domain: "${domain}" })`,
  },
  [NatsClient.NATS_GO]: {
    inbox: (prefix) => `nats.CustomInboxPrefix("${prefix}")`,
    domain: (domain) => `jetstream.NewWithDomain(nc, "${domain}")`,
  },
  [NatsClient.NATS_GO_LEGACY]: {
    inbox: (prefix) => `nats.CustomInboxPrefix("${prefix}")`,
    domain: (domain) => `nc.JetStream(nats.Domain("${domain}"))`,
  },
  [NatsClient.NATS_PY]: {
    inbox: (prefix) => `nats.connect(inbox_prefix=b"${prefix}")`,
    domain: (domain) => `nc.jetstream(domain="${domain}")`,
  },
  [NatsClient.NATS_CLI]: {
    inbox: (prefix) => `--inbox-prefix ${prefix}`,
    domain: (domain) => `--js-domain ${domain}`,
  },
  [NatsClient.NATS_JAVA]: {
    inbox: (prefix) => `Options.builder().inboxPrefix("${prefix}")`,
    domain: (domain) => `JetStreamOptions.builder().domain("${domain}")`,
  },
  [NatsClient.NATS_RUST]: {
    inbox: (prefix) => `ConnectOptions::new().custom_inbox_prefix("${prefix}")`,
    domain: (domain) => `jetstream::with_domain(client, "${domain}")`,
  },
};

const JAVASCRIPT = /^nats\.js/;
const SINGLE_KEYS = /^sharedKv\.read/;

/** Whether a user may read single keys of a bucket, which JavaScript clients then must open in another way. */
function readsSingleKeys({ publish }: CatalogUser): boolean {
  return publish.allow.some(({ reasons }) => reasons.some(({ capability }) => SINGLE_KEYS.test(capability)));
}

function settingsOfClient(user: CatalogUser, client: string): Omit<Setting, "client">[] {
  const { inboxPrefix, domain } = user.connection;
  const known = CLIENTS[client as NatsClient];
  const settings: Omit<Setting, "client">[] = [];
  if (inboxPrefix !== DEFAULT_INBOX_PREFIX) {
    settings.push({ name: "inbox prefix", code: known?.inbox(inboxPrefix) ?? `inbox prefix ${inboxPrefix}` });
  }
  if (domain !== undefined) {
    settings.push({ name: "JetStream domain", code: known?.domain(domain) ?? `JetStream domain ${domain}` });
  }
  if (JAVASCRIPT.test(client) && readsSingleKeys(user)) {
    settings.push({ name: "single keys", code: "allow_direct: true, to open a bucket of single keys" });
  }
  return settings;
}

/** In which queue groups a user may be where others subscribe too, in words; nothing where there are none. */
export function queueGroupTexts({ connection: { queueGroup } }: CatalogUser): string[] {
  return queueGroup === undefined
    ? []
    : [`${queueGroup}, and groups that begin with ${queueGroup}.; no other where others subscribe too`];
}

/** Everything that a user's clients must set beyond user and password, by client; nothing where defaults do. */
export function settingsOf(user: CatalogUser): Setting[] {
  return user.clients.flatMap((client) => settingsOfClient(user, client).map((setting) => ({ ...setting, client })));
}

/** The settings with the clients that share them. */
export function settingsByCode(user: CatalogUser): { readonly code: string; readonly clients: readonly string[] }[] {
  const settings = grouped(settingsOf(user), ({ code }) => code);
  return [...settings].map(([code, same]) => ({ code, clients: same.map(({ client }) => client) }));
}
