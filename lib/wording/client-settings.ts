import { NatsClient } from "../access/clients";
import type { CatalogUser } from "../catalog/catalog";
import { grouped } from "../collections/groups";
import { DEFAULT_INBOX_PREFIX } from "../naming/names";
import { ownEntry } from "../problems/own-entry";

/** What a client library can be told beyond user and password. */
export type SettingName = "inbox prefix" | "JetStream domain" | "single keys";

/** What one client library must be told. */
export interface Setting {
  readonly name: SettingName;
  readonly client: string;
  readonly code: string;
}

type Code = (value: string) => string;

/** How each client library is told its inbox prefix. */
const INBOX_PREFIX: { readonly [client in NatsClient]: Code } = {
  [NatsClient.NATS_JS_V2]: (prefix) => `connect({ inboxPrefix: "${prefix}" })`,
  [NatsClient.NATS_JS_V3]: (prefix) => `connect({ inboxPrefix: "${prefix}" })`,
  [NatsClient.NATS_GO]: (prefix) => `nats.CustomInboxPrefix("${prefix}")`,
  [NatsClient.NATS_GO_LEGACY]: (prefix) => `nats.CustomInboxPrefix("${prefix}")`,
  [NatsClient.NATS_PY]: (prefix) => `nats.connect(inbox_prefix=b"${prefix}")`,
  [NatsClient.NATS_CLI]: (prefix) => `--inbox-prefix ${prefix}`,
  [NatsClient.NATS_JAVA]: (prefix) => `Options.builder().inboxPrefix("${prefix}")`,
  [NatsClient.NATS_RUST]: (prefix) => `ConnectOptions::new().custom_inbox_prefix("${prefix}")`,
};

/** How each client library is told its JetStream domain. */
const DOMAIN: { readonly [client in NatsClient]: Code } = {
  [NatsClient.NATS_JS_V2]: (domain) => `nc.jetstream({ domain: "${domain}" })`,
  [NatsClient.NATS_JS_V3]: (domain) => `jetstream(nc, { domain: "${domain}" })`,
  [NatsClient.NATS_GO]: (domain) => `jetstream.NewWithDomain(nc, "${domain}")`,
  [NatsClient.NATS_GO_LEGACY]: (domain) => `nc.JetStream(nats.Domain("${domain}"))`,
  [NatsClient.NATS_PY]: (domain) => `nc.jetstream(domain="${domain}")`,
  [NatsClient.NATS_CLI]: (domain) => `--js-domain ${domain}`,
  [NatsClient.NATS_JAVA]: (domain) => `JetStreamOptions.builder().domain("${domain}")`,
  [NatsClient.NATS_RUST]: (domain) => `jetstream::with_domain(client, "${domain}")`,
};

const JAVASCRIPT = /^nats\.js/;
const SINGLE_KEYS = /^sharedKv\.read/;

/** Whether a user may read single keys of a bucket, which JavaScript clients then must open in another way. */
function readsSingleKeys({ publish }: CatalogUser): boolean {
  return publish.allow.some(({ reasons }) => reasons.some(({ capability }) => SINGLE_KEYS.test(capability)));
}

function settingsOfClient(user: CatalogUser, client: string): Omit<Setting, "client">[] {
  const { inboxPrefix, domain } = user.connection;
  const settings: Omit<Setting, "client">[] = [];
  const add = (name: SettingName, codes: { readonly [client: string]: Code }, value: string) =>
    settings.push({ name, code: ownEntry(codes, client)?.(value) ?? `${name} ${value}` });
  if (inboxPrefix !== DEFAULT_INBOX_PREFIX) add("inbox prefix", INBOX_PREFIX, inboxPrefix);
  if (domain !== undefined) add("JetStream domain", DOMAIN, domain);
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
