import { isDeepStrictEqual } from "node:util";
import type { Act } from "../../analysis/jetstream-api";
import type { CatalogOrigin, CatalogResource, CatalogSettings, CatalogTransform } from "../../catalog/catalog";
import { addTo } from "../../collections/groups";
import { counted, listed, names } from "../../wording/lists";
import { resourceText } from "../../wording/resources";
import type { CatalogView } from "../catalog-view";
import { settingTexts } from "../setting-changes";
import { accessChange, type Change, type ChangeKind, otherChange } from "./change";
import { casesOf, pairs, without } from "./pairs";
import { attributesAtRisk } from "./risk-changes";

const DONE: readonly (readonly [Act, string])[] = [
  ["read", "read"],
  ["write", "written"],
  ["manage", "managed"],
];

/** Who reads, writes and manages a stream or bucket: the users who can do the same together. */
function usedBy(view: CatalogView, resource: CatalogResource): string[] {
  const byActs = new Map<string, string[]>();
  for (const { user, cell } of view.cellsOf(resource)) {
    const acts = DONE.filter(([act]) => cell.abilities.some((each) => each.act === act)).map(([, done]) => done);
    if (acts.length > 0) addTo(byActs, listed(acts), user);
  }
  return [...byActs].map(([acts, users]) => `${acts} by ${names(users)}`);
}

/** One member of a resource in words, or nothing if it is the same in both. */
type Difference = (before: CatalogResource, after: CatalogResource) => string | undefined;

const replicasText = ({ replicas }: CatalogResource) =>
  replicas === undefined ? "as many replicas as Terraform decides" : counted(replicas, "replica");

function subjectsText({ subjects: before }: CatalogResource, { subjects: after }: CatalogResource): string | undefined {
  const more = without(after, before);
  const fewer = without(before, after);
  const texts = [
    ...(more.length > 0 ? [`now stores ${names(more)}`] : []),
    ...(fewer.length > 0 ? [`no longer stores ${names(fewer)}`] : []),
  ];
  return texts.length > 0 ? texts.join(" and ") : undefined;
}

function republishText(
  { republish: before }: CatalogResource,
  { republish: after }: CatalogResource,
): string | undefined {
  if (before?.source === after?.source && before?.destination === after?.destination) return undefined;
  return after
    ? `now publishes \`${after.source}\` again as \`${after.destination}\``
    : `no longer publishes \`${before?.source}\` again as \`${before?.destination}\``;
}

const rewritingText = ({ source, destination }: CatalogTransform) => `\`${source}\` as \`${destination}\``;

function transformText(
  { transform: before }: CatalogResource,
  { transform: after }: CatalogResource,
): string | undefined {
  if (before?.source === after?.source && before?.destination === after?.destination) return undefined;
  if (after) return `now stores ${rewritingText(after)}`;
  return before && `no longer stores ${rewritingText(before)}`;
}

/** One origin of a copy in words: ``all of `prod_a` ``. */
function originText({ stream, mirror, filter = "", transforms = [], externalApiPrefix }: CatalogOrigin): string {
  const what =
    filter === "" || filter === ">" ? (transforms.length > 0 ? "what is rewritten" : "all") : `\`${filter}\``;
  const where = externalApiPrefix === undefined ? "" : ` by the API \`${externalApiPrefix}\``;
  const rewritten = transforms.length > 0 ? `, ${listed(transforms.map(rewritingText))}` : "";
  return `${what} of \`${stream}\`${where}${rewritten}${mirror ? " as its mirror" : ""}`;
}

function originsText({ origins: before = [] }: CatalogResource, { origins: after = [] }: CatalogResource) {
  const [old, now] = [before.map(originText), after.map(originText)];
  const texts = [
    ...without(now, old).map((text) => `now copies ${text}`),
    ...without(old, now).map((text) => `no longer copies ${text}`),
  ];
  return texts.length > 0 ? texts.join(" and ") : undefined;
}

/** Differences that change what somebody reaches. */
const OF_ACCESS: readonly Difference[] = [
  subjectsText,
  originsText,
  transformText,
  republishText,
  ({ rollUp: before }, { rollUp: after }) =>
    before === after
      ? undefined
      : `${after ? "now lets" : "no longer lets"} a message delete others, by \`Nats-Rollup\``,
];

const OTHER: readonly Difference[] = [
  ({ kind: before }, { kind: after }) => (before === after ? undefined : `was of the kind ${before}`),
  (before, after) =>
    before.replicas === after.replicas ? undefined : `has ${replicasText(after)} instead of ${replicasText(before)}`,
  ({ bounded: before }, { bounded: after }) =>
    before === after ? undefined : `${after ? "now has" : "no longer has"} a limit of age, size or number`,
  ({ address: before }, { address: after }) =>
    before === after ? undefined : `is \`${after}\` in Terraform's state instead of \`${before}\``,
  ({ app: before }, { app: after }) =>
    before === after ? undefined : `belongs to ${after ? `app \`${after}\`` : "the platform"} now`,
];

/** What an attribute says of origins beyond the text about them. */
function beyondOrigins({ settings }: CatalogResource): unknown[] {
  return [settings?.mirror, settings?.source].flat().flatMap((each) => {
    const { name, filter_subject, subject_transform, external, ...rest } = (each ?? {}) as CatalogSettings;
    const deliver = (external as CatalogSettings | undefined)?.deliver;
    return Object.keys(rest).length > 0 || deliver !== undefined ? [{ name, rest, deliver }] : [];
  });
}

/** Attributes that the differences above say, where there are such. */
const saidBy = (before: CatalogResource, after: CatalogResource): string[] => [
  ...(republishText(before, after) === undefined ? [] : ["republish_source", "republish_destination"]),
  ...(transformText(before, after) === undefined ? [] : ["subject_transform"]),
  ...(originsText(before, after) !== undefined && isDeepStrictEqual(beyondOrigins(before), beyondOrigins(after))
    ? ["mirror", "source"]
    : []),
  ...(before.replicas === after.replicas ? [] : ["replicas"]),
  ...(before.rollUp === after.rollUp ? [] : ["allow_rollup_hdrs"]),
];

/** The order of the kinds of changes. */
const KINDS: readonly ChangeKind[] = ["added", "removed", "changed"];

/** Attributes by which messages get from or to others. */
const OF_FLOW = ["mirror", "source", "subject_transform", "republish_headers_only", "deny_delete", "deny_purge"];

function changed(before: CatalogResource, after: CatalogResource, view: CatalogView): Change[] {
  const users = usedBy(view, after);
  const withUsers = users.length > 0 ? { details: users } : {};
  const said = (differences: readonly Difference[], change: typeof accessChange) =>
    differences.flatMap((difference) => {
      const text = difference(before, after);
      const more = change === accessChange ? withUsers : {};
      return text === undefined ? [] : [change("changed", `${resourceText(after)} ${text}`, more)];
    });
  const settings = settingTexts(before.settings, after.settings, [
    ...saidBy(before, after),
    ...without(attributesAtRisk(before, after), OF_FLOW),
  ]).map(({ attribute, text }) => {
    const line = `${resourceText(after)}: ${text}`;
    return OF_FLOW.includes(attribute) ? accessChange("changed", line, withUsers) : otherChange("changed", line);
  });
  return [...said(OF_ACCESS, accessChange), ...said(OTHER, otherChange), ...settings];
}

/** Streams and buckets that are new or different, apart from what puts data at risk. */
export function resourceChanges(before: CatalogView, after: CatalogView): Change[] {
  const changes = pairs(before.catalog.resources, after.catalog.resources, ({ stream }) => stream).flatMap((pair) =>
    casesOf(pair, {
      added: (now) => [
        accessChange("added", `${resourceText(now)} added in account \`${now.account}\``, {
          details: usedBy(after, now),
        }),
      ],
      removed: () => [],
      changed: (old, now) => changed(old, now, after),
    }),
  );
  return KINDS.flatMap((kind) => changes.filter((each) => each.kind === kind));
}
