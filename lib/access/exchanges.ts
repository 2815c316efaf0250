import { grouped } from "../collections/groups";
import { by } from "../collections/order";
import * as names from "../naming/names";
import { wildcardsNumbered } from "../subjects/mapping-function";
import { covers } from "../subjects/subject-pattern";
import { withoutOverlaps } from "../subjects/subject-union";
import type { Account, Exchange } from "./accounts";
import {
  ACCESS_EXCHANGES,
  APP_EXCHANGES,
  type CapabilityName,
  type ExchangeTemplate,
  MONITOR_EXCHANGES,
} from "./capabilities";
import { fill, type Grant, type GrantValues } from "./grant";
import {
  type AppAccountModel,
  accessAccountsOf,
  appUsersOf,
  type PlatformModel,
  subjectsOf,
  type UserModel,
} from "./models";
import { joinedLive, widest, withOutboxes } from "./overlapping-grants";

/** The subjects of a platform that MONITOR gets, by the names that the tables use. */
export function monitorValues(platform: string): GrantValues {
  return {
    platform,
    health: names.healthSubjects(platform),
    audit: names.subject(platform, names.PLATFORM_SCOPE, "audit", ">"),
    liveAudit: names.liveSubjects(platform, "audit"),
    stream: names.resource(platform, "audit"),
    consumer: names.MONITOR.consumer,
    group: names.MONITOR.user,
    inbox: names.inboxPrefix(names.MONITOR.user),
  };
}

/** The names of the access documents of a platform or an app, by the names that the tables use. */
export const accessValues = (platform: string, app?: string): GrantValues => ({
  platform,
  bucket: names.accessStore(platform, app),
  inbox: names.DEFAULT_INBOX_PREFIX,
});

type Ends = Pick<Exchange, "from" | "to" | "source">;

/** The ways that MONITOR has to a platform at most: to what is published, as it is or again, and to what is stored. */
export function waysToMonitor(platform: string, from: string): Exchange[] {
  const templates = Object.values(MONITOR_EXCHANGES).flat();
  return filled(templates, monitorValues(platform), { from, to: names.MONITOR.account, source: "" });
}

/** The ways that ACCESS has to the access documents of a platform, or of an app that another program declares. */
export function waysToAccess(platform: string, app: string | undefined, source: string): Exchange[] {
  const ends = { from: names.accessAccount(platform, app), to: names.ACCESS.account, source };
  return filled(ACCESS_EXCHANGES, accessValues(platform, app), ends);
}

function filled(templates: readonly ExchangeTemplate[], values: GrantValues, ends: Ends): Exchange[] {
  return templates.map(({ subject, as, offered, clients: _, ...template }) => ({
    ...template,
    ...ends,
    subject: fill(subject, values),
    ...(offered !== undefined && { offered: fill(offered, values) }),
    ...(as !== undefined && { as: fill(as, values) }),
  }));
}

/** The ways that any of a user's clients needs for a capability. */
const exchangesFor = (capability: CapabilityName, { clients }: UserModel): readonly ExchangeTemplate[] =>
  (APP_EXCHANGES[capability] ?? []).filter(
    (template) => template.clients?.some((client) => clients.includes(client)) ?? true,
  );

/** The users of a platform's apps that are in an account for messages. */
const messagingUsers = (platform: PlatformModel): (UserModel & { readonly account: AppAccountModel })[] =>
  appUsersOf(platform).flatMap((user) =>
    user.role === "messaging" && user.account ? [{ ...user, account: user.account }] : [],
  );

/** The ways from a platform and its apps to MONITOR. */
function monitorExchanges(platform: PlatformModel): Exchange[] {
  if (platform.monitored === "no") return [];
  const isolated = messagingUsers(platform);
  const audits = isolated.some((user) => subjectsOf(user, "audit.publish").length > 0);
  const live = audits ? MONITOR_EXCHANGES.republished : MONITOR_EXCHANGES.live;
  const templates = platform.monitored === "history" ? [...live, ...MONITOR_EXCHANGES.history] : live;
  const to = names.MONITOR.account;
  return [
    ...filled(templates, monitorValues(platform.naming.platform), {
      from: platform.naming.account,
      to,
      source: platform.source,
    }),
    ...isolated.flatMap((user) =>
      subjectsOf(user, "health.publish").map(
        (subject): Exchange => ({ kind: "stream", from: user.account.name, to, subject, source: user.source }),
      ),
    ),
  ];
}

/** The ways from the platform's account to the one for messages of one of its apps. */
function appExchanges(platform: PlatformModel, app: UserModel, account: AppAccountModel): Exchange[] {
  const ends = { from: platform.naming.account, to: account.name, source: app.source };
  const isLive = ({ capability }: Grant) => capability === "events.live";
  const exchanged = withOutboxes(app.grants).filter(({ capability }) => capability in APP_EXCHANGES);
  const apart = [...widest(exchanged.filter((each) => !isLive(each))), ...joinedLive(exchanged.filter(isLive))];
  return apart.flatMap(({ capability, values }) => filled(exchangesFor(capability, app), values, ends));
}

/**
 * The ways of calls between apps of different accounts. Where patterns overlap the server would make one request twice, so
 * that their way is one, of a pattern that covers them. The permissions of the callers stay what they are; what an import of
 * a wider pattern lets through besides is an answer whose reply subject leads into it, to an API of the app that is called
 * anyway. Nodes call only what some app of their account calls, since an import of
 * every API into the platform's account takes the server quadratic time.
 */
function callExchanges(platform: PlatformModel): Exchange[] {
  const accountOf = (app: UserModel) => app.account?.name ?? platform.naming.account;
  const servers = new Map(
    platform.apps.filter((app) => subjectsOf(app, "service.serve").length > 0).map((app) => [app.source, app]),
  );
  const calls = appUsersOf(platform).flatMap((app) =>
    app.grants.flatMap((each): Exchange[] => {
      const owner = each.server === undefined ? undefined : servers.get(each.server);
      const from = owner ? accountOf(owner) : otherProgramsAccount(platform, each);
      if (from === undefined || from === accountOf(app)) return [];
      const { subjects: subject = "" } = each.values;
      return [{ kind: "service", from, to: accountOf(app), subject, source: app.source }];
    }),
  );
  const pair = ({ from, to }: Exchange) => `${from} ${to}`;
  const ways = new Map(
    [...grouped(calls, pair)].map(([key, own]) => [key, withoutOverlaps(own.map(({ subject }) => subject))]),
  );
  const wide = calls.map((call) => {
    const subject = ways.get(pair(call))?.find((wide) => covers(wide, call.subject)) ?? call.subject;
    return { ...call, subject };
  });
  return wide.sort(by(({ subject }) => subject));
}

/** The account of an app that a delegated app calls and another program declares. */
const otherProgramsAccount = ({ delegatedTo, naming }: PlatformModel, { capability }: Grant): string | undefined =>
  delegatedTo !== undefined && capability === "service.call" ? naming.account : undefined;

/** The ways of calls from the platform's account to a delegated app with an account of its own: its program knows no callers. */
function delegatedApis(platform: PlatformModel): Exchange[] {
  if (platform.delegatedTo === undefined) return [];
  const to = platform.naming.account;
  return messagingUsers(platform).flatMap((app) =>
    subjectsOf(app, "service.serve").map(
      (subject): Exchange => ({ kind: "service", from: app.account.name, to, subject, source: app.source }),
    ),
  );
}

/** Every way between the accounts that one platform leads to. */
export function exchangesOf(platform: PlatformModel): Exchange[] {
  return [
    ...(platform.hasEntries ? accessAccountsOf(platform) : []).flatMap(({ app }) =>
      waysToAccess(platform.naming.platform, app, platform.source),
    ),
    ...monitorExchanges(platform),
    ...messagingUsers(platform).flatMap((app) => appExchanges(platform, app, app.account)),
    ...callExchanges(platform),
    ...delegatedApis(platform),
  ];
}

/**
 * What the user of an app's messaging account publishes under another name: platform events leave by an outbox, so that the
 * app's own subscribers do not get them at once and a second time when the platform's stream has stored them.
 */
export function mappingsOf(platform: PlatformModel): ReadonlyMap<AppAccountModel, Account["mappings"]> {
  const mappings = new Map<AppAccountModel, Account["mappings"]>();
  for (const { account, grants } of messagingUsers(platform)) {
    const published = withOutboxes(grants).filter(({ capability }) => capability === "events.publish");
    if (published.length === 0) continue;
    const values = widest(published).map((each) => each.values);
    const outboxes = values.map(({ subjects = "", outbox = "" }) => [subjects, wildcardsNumbered(outbox)]);
    mappings.set(account, Object.fromEntries(outboxes));
  }
  return mappings;
}
