import { isDeepStrictEqual } from "node:util";
import {
  CAPABILITIES,
  type CapabilityName,
  IMPORTED,
  type LineTemplate,
  MESSAGING,
  QUEUE_GROUPS,
} from "../access/capabilities";
import * as names from "../naming/names";
import { wildcardsNumbered } from "../subjects/mapping-function";
import type { AccountDocument, DocumentExchange, UserDocument } from "./schema";

/** Where a user of an app is: in the platform's account, or in one of the two of an isolated app. */
type Place = "shared" | "data" | "messaging";

const APP_CAPABILITIES: readonly CapabilityName[] = (Object.keys(CAPABILITIES) as CapabilityName[]).filter(
  (name) => !/^(terraform|monitor|system|access|node$)/.test(name),
);

const ONLY_IMPORTED: readonly CapabilityName[] = Object.values(IMPORTED);

/** What a user of an app can do: everything that the library gives to such a user, whatever the app declares. */
const CAPABILITIES_IN: { readonly [place in Place]: readonly CapabilityName[] } = {
  shared: APP_CAPABILITIES.filter((name) => !ONLY_IMPORTED.includes(name)),
  data: APP_CAPABILITIES.filter(
    (name) => !ONLY_IMPORTED.includes(name) && !MESSAGING.has(name) && !/^(sharedKv|service)/.test(name),
  ),
  messaging: ["inbox", "service.reply", ...[...MESSAGING].map((name) => IMPORTED[name] ?? name)],
};

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** What is below a subject, as a pattern of subjects. */
const below = (subject: string) => `${escaped(subject)}\\.[^\\s]+`;

/** A key, and no pattern of keys. */
const KEY = "[\\w/=-]+(?:\\.[\\w/=-]+)*";

/** The values that an app may have in the place of each name of a table, as patterns. */
type Values = { readonly [name: string]: string };

/** A text of a table as a pattern: what is in braces stands for the values that an app may have. */
const patternOf = (template: string, values: Values): string =>
  template
    .split(/[{}]/)
    .map((part, index) => (index % 2 === 0 ? escaped(part) : `(?:${values[part] ?? "(?!)"})`))
    .join("");

function valuesFor(capability: CapabilityName, platform: string, app: string): Values {
  const scoped = (component: string) => `${platform}.${names.PLATFORM_SCOPE}.${component}`;
  const own = `${escaped(names.resource(platform, app))}(?:_[a-z][a-z0-9-]*)?`;
  const shared = escaped(names.resource(platform, "platform"));
  const readable = { bucket: shared, key: `(?:config|lock)\\.${KEY}` };
  const consumed = {
    stream: `${escaped(platform)}_[a-z][a-z0-9-]*`,
    consumer: `${escaped(app)}(?:_[a-z][a-z0-9-]*)?`,
  };
  const further: { readonly [name in CapabilityName]?: Values } = {
    "core.publish": { subjects: below(`${platform}.${app}`) },
    "core.subscribe": { subjects: below(`${platform}.${app}`) },
    "events.live": { subjects: below(scoped("events")) },
    "events.publish": { subjects: below(scoped("events")) },
    "events.publishImported": { outbox: `${escaped(scoped("outbox"))}\\.(?:\\d+\\.)?events\\.[^\\s]+` },
    "audit.publish": { subjects: below(`${scoped("audit")}.${app}`) },
    "health.publish": { subjects: below(`${platform}.${app}.health`) },
    "service.call": { subjects: below(scoped("api")) },
    "service.serve": { subjects: below(`${scoped("api")}.${app}`) },
    "sharedKv.readKey": readable,
    "sharedKv.readImportedKey": { bucket: shared, key: `config\\.${KEY}` },
    "sharedKv.writeKey": { bucket: shared, key: `lock\\.${KEY}` },
    "consumer.bindShared": consumed,
    "consumer.bindImported": consumed,
  };
  return {
    platform: escaped(platform),
    bucket: own,
    store: own,
    stream: own,
    consumer: "[A-Za-z0-9_-]+",
    group: escaped(names.user(platform, app)),
    inbox: `${names.DEFAULT_INBOX_PREFIX}(?:_${escaped(names.resource(platform, app))})?`,
    callerInbox: `${names.DEFAULT_INBOX_PREFIX}|${names.EXCHANGE_INBOX_PREFIX}`,
    ...further[capability],
  };
}

const anyOf = (patterns: readonly string[]) => new RegExp(`^(?:${[...new Set(patterns)].join("|") || "(?!)"})$`);

/** What the lines of a user in one place may be. */
class Lines {
  private readonly publish: RegExp;
  private readonly plain: RegExp;
  private readonly grouped: RegExp;
  private readonly groups: readonly string[];

  public constructor(place: Place, platform: string, app: string) {
    const lines = CAPABILITIES_IN[place].flatMap((capability) =>
      (CAPABILITIES[capability].lines as readonly LineTemplate[]).map((line) => ({
        line,
        values: valuesFor(capability, platform, app),
      })),
    );
    const where = place === "shared" ? "platform" : "app";
    const isShared = ({ grouped }: LineTemplate) =>
      grouped === "everywhere" || (grouped === "platform" && where === "platform");
    const subscribed = (shared: boolean) =>
      anyOf(
        lines.flatMap(({ line, values }) =>
          line.subscribe !== undefined && isShared(line) === shared ? patternOf(line.subscribe, values) : [],
        ),
      );
    this.publish = anyOf(
      lines.flatMap(({ line, values }) => (line.publish === undefined ? [] : patternOf(line.publish, values))),
    );
    this.plain = subscribed(false);
    this.grouped = subscribed(true);
    this.groups = QUEUE_GROUPS.map((queue) => queue.replace("{group}", names.user(platform, app)));
  }

  /** Whether a user may have lines: those on which it could meet others limit its queue groups too. */
  public allow({ publish, subscribe }: UserDocument, api: RegExp): boolean {
    const subscribes = Object.keys(subscribe);
    const isRight = (text: string): boolean => {
      const [subject = "", queue] = text.split(" ");
      if (queue !== undefined) return this.groups.includes(queue) && this.grouped.test(subject);
      if (this.plain.test(subject)) return true;
      return this.grouped.test(subject) && this.groups.every((group) => subscribes.includes(`${subject} ${group}`));
    };
    const answers = Object.keys(publish).some((text) => /^_(INBOX|R_)\.>$/.test(text));
    return (
      Object.keys(publish).every((text) => this.publish.test(text)) &&
      subscribes.every(isRight) &&
      (!answers || subscribes.some((text) => api.test(text)))
    );
  }
}

/**
 * What the documents of an app that another program declares may say: that its users can do what the library gives to users of
 * such an app, and that its account for messages has the ways that the library makes for it. So whoever writes them can give
 * that app what it may have, and change nothing of the platform or of another app.
 */
export class DelegatedAppRules {
  /** Its users by their names: the account that each is in, what it is, and what its lines may be. */
  private readonly users: ReadonlyMap<
    string,
    { readonly account: string; readonly role: string; readonly lines: Lines }
  >;
  private readonly ownApi: RegExp;

  /** @param isIsolated whether the platform has an account for the app's data */
  public constructor(
    private readonly platform: string,
    private readonly app: string,
    private readonly isIsolated: boolean,
  ) {
    const user = names.user(platform, app);
    const lines = (place: Place) => new Lines(place, platform, app);
    const account = isIsolated ? names.appAccount(platform, app) : names.account(platform);
    const data = lines(isIsolated ? "data" : "shared");
    this.users = new Map([
      [user, { account, role: "app", lines: data }],
      [names.user(user, "litestream"), { account, role: "litestream", lines: data }],
      ...(isIsolated
        ? ([
            [names.user(user, "messaging"), { account: this.messaging, role: "messaging", lines: lines("messaging") }],
          ] as const)
        : []),
    ]);
    this.ownApi = new RegExp(`^${below(`${platform}.${names.PLATFORM_SCOPE}.api.${app}`)}$`);
  }

  /** Whether a document is that of a user of the app, who may do what it says. */
  public allowsUser(name: string, document: UserDocument): boolean {
    const user = this.users.get(name);
    if (!user || document.permissionSet !== undefined) return false;
    const isThere = document.account === user.account && document.role === user.role;
    return isThere && user.lines.allow(document, this.ownApi);
  }

  /** Whether a document is that of the account in which the app exchanges messages. */
  public allowsAccount(name: string, { jetStream, mappings }: AccountDocument): boolean {
    if (!this.isIsolated || name !== this.messaging || jetStream !== false) return false;
    return Object.entries(mappings).every(([from, { to }]) => {
      const event = this.below("events", from);
      return (
        event !== undefined && names.firstOutbox(to) === wildcardsNumbered(names.outboxSubject(this.platform, event))
      );
    });
  }

  /** Whether the app's account for messages may import something from another account of the platform. */
  public allowsImport({ account, source: _, ...way }: DocumentExchange): boolean {
    if (account !== names.account(this.platform)) return false;
    const { subject } = way;
    return this.waysFor(subject).some((each) =>
      isDeepStrictEqual(each, { ...way, ...(way.to && { to: names.firstOutbox(way.to) }) }),
    );
  }

  /** Whether another account of the platform may import something from the app's account for messages: the platform's, its APIs. */
  public allowsExport({ account, source: _, ...way }: DocumentExchange): boolean {
    const isApi = this.ownApi.test(way.subject) && isDeepStrictEqual(way, { kind: "service", subject: way.subject });
    return isApi && account === names.account(this.platform);
  }

  /** Whether a way to MONITOR is that of the app's own health. */
  public allowsHealth({ subject }: DocumentExchange): boolean {
    return new RegExp(`^${below(`${this.platform}.${this.app}.health`)}$`).test(subject);
  }

  private get messaging(): string {
    return names.messagingAccount(this.platform, this.app);
  }

  /** What is behind a component of the platform's own subjects. */
  private below(component: string, subject: string): string | undefined {
    const prefix = names.subject(this.platform, names.PLATFORM_SCOPE, component, "");
    return subject.startsWith(prefix) ? subject.slice(prefix.length) : undefined;
  }

  /** The ways that the library makes for a subject of the platform's account. */
  private waysFor(subject: string): Omit<DocumentExchange, "account" | "source">[] {
    const { platform, app } = this;
    const scoped = (component: string) => names.subject(platform, names.PLATFORM_SCOPE, component, ">");
    const bucket = names.keyValueStream(names.resource(platform, "platform"));
    const [event, live] = [this.below("events", subject), this.below("live.events", subject)];
    const key = new RegExp(
      `^${escaped(`$JS.API.DIRECT.GET.${bucket}.$KV.${names.resource(platform, "platform")}.`)}config\\.${KEY}$`,
    );
    const request = { kind: "service", subject, to: subject.replace("$JS.API.", `$JS.${platform}.API.`) } as const;
    return [
      ...(this.below(`audit.${app}`, subject) === undefined
        ? []
        : [{ kind: "service", subject, offered: scoped("audit") } as const]),
      ...(event === undefined
        ? []
        : [{ kind: "service", subject, to: names.outboxSubject(platform, event), offered: scoped("events") } as const]),
      ...(live === undefined
        ? []
        : [
            {
              kind: "stream",
              subject,
              to: names.subject(platform, names.PLATFORM_SCOPE, "events", live),
              offered: names.liveSubjects(platform, "events"),
            } as const,
          ]),
      ...(this.below("api", subject) === undefined ? [] : [{ kind: "service", subject } as const]),
      ...(subject === `$JS.API.STREAM.INFO.${bucket}` ? [request] : []),
      ...(key.test(subject) ? [{ ...request, offered: subject.replace(/\.config\..*$/, ".config.>") }] : []),
    ].map((way) => ("offered" in way && way.offered === subject ? withoutOffered(way) : way));
  }
}

/** A way that offers no more than it imports says no more. */
function withoutOffered({ offered: _, ...way }: Omit<DocumentExchange, "account" | "source">) {
  return way;
}
