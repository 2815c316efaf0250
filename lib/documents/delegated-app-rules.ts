import {
  APP_EXCHANGES,
  CAPABILITIES,
  type CapabilityName,
  type ExchangeTemplate,
  IMPORTED,
  type LineTemplate,
  QUEUE_GROUPS,
} from "../access/capabilities";
import * as names from "../naming/names";
import type { AccountDocument, DocumentExchange, DocumentLines, UserDocument } from "./schema";

/** What a user of an app can do: everything that the library gives to such a user, whatever the app declares. */
const APP_CAPABILITIES: readonly CapabilityName[] = (Object.keys(CAPABILITIES) as CapabilityName[]).filter(
  (name) => !/^(terraform|monitor|system|access|node$)/.test(name),
);

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** What is below a subject, as a pattern of subjects. */
const below = (subject: string) => `${escaped(subject)}\\.[^\\s]+`;

/** The values that an app may have in the place of each name of a table, as patterns. */
type Values = { readonly [name: string]: string };

/** A text of a table as a pattern: what is in braces stands for the values that an app may have. */
const patternOf = (template: string, values: Values): string =>
  template
    .split(/[{}]/)
    .map((part, index) => (index % 2 === 0 ? escaped(part) : `(?:${values[part] ?? "(?!)"})`))
    .join("");

function valuesOf(platform: string, app: string): Values {
  const own = `${escaped(names.resource(platform, app))}(?:_[a-z][a-z0-9-]*)?`;
  const user = escaped(names.user(platform, app));
  const scoped = (component: string) => names.subject(platform, names.PLATFORM_SCOPE, component, "").slice(0, -1);
  return {
    platform: escaped(platform),
    bucket: own,
    store: own,
    stream: own,
    consumer: "[A-Za-z0-9_-]+",
    group: user,
    inbox: `${names.DEFAULT_INBOX_PREFIX}(?:_${escaped(names.resource(platform, app))})?`,
    callerInbox: `${names.DEFAULT_INBOX_PREFIX}(?:_${escaped(platform)}_[a-z0-9-]+)?|${names.EXCHANGE_INBOX_PREFIX}`,
    outbox: below(scoped("outbox")),
    live: below(scoped("live")),
    offered: below(scoped("(?:audit|events|live)")).replace("\\(\\?:audit\\|events\\|live\\)", "(?:audit|events|live)"),
  };
}

/** What differs for a capability, since it is of something of the platform or of one kind of subjects. */
function furtherValues(capability: CapabilityName, platform: string, app: string): Values {
  const scoped = (component: string) => `${platform}.${names.PLATFORM_SCOPE}.${component}`;
  const shared = {
    bucket: escaped(names.resource(platform, "platform")),
    key: "(?:config|lock)\\.[^\\s*>]+",
  };
  const consumed = {
    stream: `${escaped(platform)}_[a-z][a-z0-9-]*`,
    consumer: `${escaped(app)}(?:_[a-z0-9-]+)?`,
  };
  const subjects: { readonly [name in CapabilityName]?: Values } = {
    "core.publish": { subjects: below(`${platform}.${app}`) },
    "core.subscribe": { subjects: below(`${platform}.${app}`) },
    "events.live": { subjects: below(scoped("events")) },
    "events.publish": { subjects: below(scoped("events")) },
    "audit.publish": { subjects: below(`${scoped("audit")}.${app}`) },
    "health.publish": { subjects: below(`${platform}.${app}.health`) },
    "service.call": { subjects: below(scoped("api")) },
    "service.serve": { subjects: below(`${scoped("api")}.${app}`) },
    "sharedKv.readKey": shared,
    "sharedKv.writeKey": shared,
    "sharedKv.readImportedKey": shared,
    "consumer.bindShared": consumed,
    "consumer.bindImported": consumed,
  };
  return subjects[capability] ?? {};
}

const anyOf = (patterns: readonly string[]) => new RegExp(`^(?:${[...new Set(patterns)].join("|")})$`);

/**
 * What the documents of an app that another program declares may say: that its users can do what the library gives to users of
 * such an app, and that its account for messages has the ways that the library makes for it. So whoever writes them can give
 * that app what it may have, and change nothing of the platform or of another app.
 */
export class DelegatedAppRules {
  private readonly users: ReadonlySet<string>;
  private readonly publish: RegExp;
  private readonly subscribe: RegExp;
  private readonly ways: RegExp;

  public constructor(
    private readonly platform: string,
    private readonly app: string,
  ) {
    const user = names.user(platform, app);
    this.users = new Set([user, names.user(user, "messaging"), names.user(user, "litestream")]);
    const values = (capability: CapabilityName): Values => ({
      ...valuesOf(platform, app),
      ...furtherValues(capability, platform, app),
    });
    const lines = APP_CAPABILITIES.flatMap((capability) =>
      (CAPABILITIES[capability].lines as readonly LineTemplate[]).map((line) => ({ line, values: values(capability) })),
    );
    this.publish = anyOf(
      lines.flatMap(({ line, values: each }) => (line.publish === undefined ? [] : patternOf(line.publish, each))),
    );
    this.subscribe = anyOf(
      lines.flatMap(({ line, values: each }) => {
        if (line.subscribe === undefined) return [];
        const subject = patternOf(line.subscribe, each);
        const groups = line.grouped ? QUEUE_GROUPS.map((queue) => `${subject} ${patternOf(queue, each)}`) : [];
        return [subject, ...groups];
      }),
    );
    const templates = (Object.entries(APP_EXCHANGES) as [CapabilityName, readonly ExchangeTemplate[]][]).flatMap(
      ([capability, ways]) =>
        ways.map((way) => wayPattern(way, { ...values(IMPORTED[capability] ?? capability), ...values(capability) })),
    );
    this.ways = anyOf(templates);
  }

  /** Whether a document is that of a user of the app, who may do what it says. */
  public allowsUser(name: string, { account, permissionSet, publish, role, subscribe }: UserDocument): boolean {
    const all = (pattern: RegExp, lines: DocumentLines) => Object.keys(lines).every((text) => pattern.test(text));
    const accounts = [names.account(this.platform), ...this.ownAccounts];
    return (
      this.users.has(name) &&
      ["app", "messaging", "litestream"].includes(role) &&
      permissionSet === undefined &&
      accounts.includes(account) &&
      all(this.publish, publish) &&
      all(this.subscribe, subscribe)
    );
  }

  /** Whether a document is that of the account in which the app exchanges messages. */
  public allowsAccount(name: string, { jetStream }: AccountDocument): boolean {
    return name === names.messagingAccount(this.platform, this.app) && jetStream === false;
  }

  /** Whether the app's account for messages may import something from another account of the platform. */
  public allowsImport({ account, kind, subject, to = subject, offered = subject }: DocumentExchange): boolean {
    const api = new RegExp(`^${below(names.apiSubjects(this.platform).replace(/\.>$/, ""))}$`);
    if (kind === "service" && to === subject && offered === subject && api.test(subject)) return true;
    return account === names.account(this.platform) && this.ways.test([kind, subject, to, offered].join(" "));
  }

  /** Whether another account of the platform may import something from the app's account for messages: its APIs. */
  public allowsExport({ kind, subject, to = subject, offered = subject }: DocumentExchange): boolean {
    const api = `${names.apiSubjects(this.platform).replace(/\.>$/, "")}.${this.app}`;
    return kind === "service" && to === subject && offered === subject && new RegExp(`^${below(api)}$`).test(subject);
  }

  /** Whether a way to MONITOR is that of the app's own health. */
  public allowsHealth({ subject }: DocumentExchange): boolean {
    return new RegExp(`^${below(`${this.platform}.${this.app}.health`)}$`).test(subject);
  }

  private get ownAccounts(): string[] {
    return [names.appAccount(this.platform, this.app), names.messagingAccount(this.platform, this.app)];
  }
}

function wayPattern({ kind, subject, as = subject, offered = subject }: ExchangeTemplate, values: Values): string {
  return [kind, ...[subject, as, offered].map((each) => patternOf(each, values))].join(" ");
}
