import type { Catalog, CatalogAccount, CatalogFinding, CatalogResource } from "../../../lib/catalog/catalog";
import { catalogOf } from "../../../lib/catalog/catalog-of";
import { clientName } from "../../../lib/wording/resources";
import { largePlatform } from "../analysis/platform";

/** A text that would be a script where it is not escaped. */
export const HOSTILE = "</script><img src=x onerror=hacked=1>\u2028`$&`'\"&";

const FINDINGS: readonly CatalogFinding[] = [
  { id: "NP004", level: "warning", message: "The stream prod_audit has no limit.", source: "stack/prod" },
  {
    id: "NP002",
    level: "warning",
    message: "Users share the inbox _INBOX.",
    source: "stack/prod",
    acknowledged: "one team owns all apps",
  },
  { id: "NP001", level: "error", message: "An app reaches another app's bucket.", source: "stack/prod/app-1" },
];

function resourceOf({ stream, kind, account, subjects, rollUp, republish }: CatalogResource): CatalogResource {
  const plain = clientName({ kind, stream });
  const [, app] = /^prod_(app-\d+)/.exec(plain) ?? [];
  return {
    name: plain,
    kind,
    stream,
    account,
    subjects,
    platform: "prod",
    ...(app !== undefined && { app }),
    address: `jetstream_stream.${plain}`,
    replicas: 3,
    bounded: false,
    sized: false,
    rollUp,
    copies: [],
    ...(republish && { republish }),
    source: `stack/prod/${plain}`,
  };
}

/** The facts of a platform with many apps, all in its account or each in two of its own. */
export function platformCatalog(apps: number, isolated: boolean): Catalog {
  const declared = largePlatform(apps, isolated);
  const { accounts } = catalogOf([], declared.accounts, [], [], [], { retired: [], formerly: [] });
  const platform = {
    name: "prod",
    account: "PROD",
    nodes: ["prod-node-1"],
    apps: Array.from({ length: apps }, (_, index) => ({
      name: `app-${index}`,
      user: `prod-app-${index}`,
      account: isolated ? `PROD_APP-${index}` : "PROD",
      ...(isolated && {
        messagingUser: `prod-app-${index}-messaging`,
        messagingAccount: `PROD_APP-${index}_MESSAGING`,
      }),
      source: `stack/prod/app-${index}`,
    })),
    source: "stack/prod",
  };
  const resources = declared.resources.map(resourceOf);
  return { platforms: [platform], accounts, resources, consumers: [], findings: FINDINGS };
}

/** The facts of a small platform in which every text that a program chooses is hostile. */
export function hostileCatalog(): Catalog {
  const { platforms, accounts, resources } = platformCatalog(2, true);
  const token = HOSTILE.replace(/[\s.*>]/g, "");
  const reasons = [{ why: HOSTILE, capability: HOSTILE, source: HOSTILE }];
  const changed = accounts.map(
    (account): CatalogAccount => ({
      ...account,
      about: HOSTILE,
      source: HOSTILE,
      users: account.users.map((user) => ({
        ...user,
        name: `${user.name}${HOSTILE}`,
        role: HOSTILE,
        connection: { inboxPrefix: HOSTILE, domain: HOSTILE, queueGroup: HOSTILE, credentials: HOSTILE },
        publish: { ...user.publish, allow: [...user.publish.allow, { subject: `prod._.audit.${token}`, reasons }] },
      })),
      imports: account.imports.map((each) => ({ ...each, subject: `${each.subject.replace(/\.>$/, "")}.${token}.>` })),
    }),
  );
  return {
    platforms: platforms.map((platform) => ({
      ...platform,
      name: HOSTILE,
      apps: platform.apps.map((app) => ({
        ...app,
        name: HOSTILE,
        user: `${app.user}${HOSTILE}`,
        messagingUser: `${app.messagingUser}${HOSTILE}`,
      })),
    })),
    accounts: changed,
    resources: resources.map((resource) => ({ ...resource, name: HOSTILE, stream: `${resource.stream}${HOSTILE}` })),
    consumers: [],
    findings: FINDINGS.map((finding) => ({ ...finding, id: HOSTILE, message: HOSTILE, acknowledged: HOSTILE })),
  };
}
