import { isDeepStrictEqual } from "node:util";
import type { CatalogConsumer, CatalogResource, CatalogSettings } from "../../catalog/catalog";
import { retiredAt } from "../../catalog/retired";
import { ownEntry } from "../../problems/own-entry";
import { names } from "../../wording/lists";
import { consumerText, resourceText } from "../../wording/resources";
import { UNKNOWN, type Update, type Values } from "../attribute-effects";
import type { CatalogView } from "../catalog-view";
import { type Copied, copyText, givesWay, mayBeQueue, newlyCopied, placeText } from "../new-copies";
import { changeText, effectsOf, replacing } from "../update-effects";
import { accessChange, type Change, otherChange } from "./change";
import { inBoth, pairs } from "./pairs";

/** An attribute whose change puts data at risk, in words. */
interface Risk {
  readonly attribute: string;
  readonly text: string;
}

const isExpression = (value: unknown) => typeof value === "string" && value.includes("${");

/** Settings of which those are unknown that are other expressions than before. */
function evaluated(settings: CatalogSettings = {}, others: CatalogSettings = {}): Values {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      const isSame = isDeepStrictEqual(value, ownEntry(others, name));
      return [name, isExpression(value) && !isSame ? UNKNOWN : value];
    }),
  );
}

const updateOf = (before: CatalogSettings | undefined, after: CatalogSettings | undefined): Update => ({
  before: evaluated(before, after),
  after: evaluated(after, before),
});

function risksOf(type: string, update: Update, what: string): Risk[] {
  const replaced = replacing(type, update);
  const others = effectsOf(type, update).filter(
    ({ kind, attribute }) => kind !== "refusedBy" && !replaced.includes(attribute),
  );
  return [
    ...replaced.map((attribute) => ({
      attribute,
      text: `${changeText(type, attribute, update)}: Terraform refuses that of a protected one, and otherwise makes it again, ${what}`,
    })),
    ...others.map(({ kind, attribute, text }) => ({
      attribute,
      text: kind === "refused" ? `${text}; the server refuses that, unless it is made again, ${what}` : text,
    })),
  ];
}

const typeOf = ({ address }: CatalogResource) => address.split(".")[0] ?? "";

function resourceRisks(before: CatalogResource, after: CatalogResource): Risk[] {
  if (typeOf(before) !== typeOf(after)) return [];
  return risksOf(typeOf(after), updateOf(before.settings, after.settings), "empty");
}

/** The attributes of a stream or bucket whose change puts data at risk. */
export const attributesAtRisk = (before: CatalogResource, after: CatalogResource): string[] =>
  resourceRisks(before, after).map(({ attribute }) => attribute);

/** Whether something is gone that was not retired before, or is retired now; what is kept is declared all the same. */
const isLeaving = (address: string, now: object | undefined, before: CatalogView, after: CatalogView) =>
  !retiredAt(before.catalog, address) && (!now || retiredAt(after.catalog, address) !== undefined);

/** What becomes of what is not declared any more. */
function goneText(address: string, { catalog }: CatalogView): string {
  const data = retiredAt(catalog, address)?.data;
  if (data === "keep") return "it is retired: Terraform forgets it, and it stays on the server";
  if (data === "delete") return "it is retired: the apply destroys it with everything that is in it";
  return "the apply destroys it with everything that is in it; `retired: RetiredData.KEEP` in its declaration keeps it";
}

const copiesOf = (resource: CatalogResource | undefined): Copied[] =>
  (resource?.origins ?? []).map(({ stream, filter, transforms = [], externalApiPrefix: api }) => {
    const sources = transforms.map(({ source }) => source);
    return { stream, api, filters: sources.length > 0 ? sources : filter === undefined ? [] : [filter] };
  });

/** What is said of the messages that a stream newly copies, and of its own. A work queue that is new itself has none. */
function copyTexts(old: CatalogResource | undefined, now: CatalogResource, before: CatalogView, after: CatalogView) {
  return newlyCopied(copiesOf(old), copiesOf(now)).flatMap((copied) => {
    const isOrigin = ({ stream, account }: CatalogResource) =>
      copied.api === undefined && stream === copied.stream && account === now.account;
    const origin = after.catalog.resources.find(isOrigin);
    // What is copied by `formerly` is no queue. It may be declared in another account.
    const isFormer = after.catalog.formerly?.some(
      ({ stream, copy }) => stream === copied.stream && copy?.stream === now.stream && copy.account === now.account,
    );
    const isEmptied = origin
      ? origin.retention === "workqueue" && before.catalog.resources.some(isOrigin)
      : !isFormer && mayBeQueue(copied);
    const settings = updateOf(old?.settings, now.settings).after;
    return [
      ...(isEmptied ? [copyText(copied, origin !== undefined)] : []),
      ...(old?.account === now.account && givesWay(settings) ? [placeText(copied)] : []),
    ];
  });
}

function resources(before: CatalogView, after: CatalogView): Change[] {
  return pairs(before.catalog.resources, after.catalog.resources, ({ stream }) => stream).flatMap(
    ({ before: old, after: now }) => {
      if (old && isLeaving(old.address, now, before, after)) {
        const details = [goneText(old.address, after)];
        return [accessChange("removed", `${resourceText(old)} removed from account \`${old.account}\``, { details })];
      }
      if (!now) return [];
      const copies = copyTexts(old, now, before, after).map((text) =>
        otherChange("changed", `${resourceText(now)} ${text}`),
      );
      if (!old) return copies;
      const moved =
        old.account === now.account
          ? []
          : [
              accessChange(
                "changed",
                `${resourceText(now)} moves from account \`${old.account}\` to \`${now.account}\`; its data does not`,
              ),
            ];
      const texts = resourceRisks(old, now).map(({ text }) => otherChange("changed", `${resourceText(now)}: ${text}`));
      return [...moved, ...texts, ...copies];
    },
  );
}

const withFilters = ({ filters, settings }: CatalogConsumer): CatalogSettings => ({
  ...settings,
  filter_subjects: filters,
});

function consumerRisks(before: CatalogConsumer, after: CatalogConsumer, { catalog }: CatalogView): Risk[] {
  const stream = catalog.resources.find((each) => each.stream === after.stream && each.account === after.account);
  const retention = stream ? stream.retention : UNKNOWN;
  const update = { ...updateOf(withFilters(before), withFilters(after)), retention };
  return risksOf("jetstream_consumer", update, "without its position");
}

/** The attributes of a consumer whose change puts its position or messages at risk. */
export const consumerAttributesAtRisk = (
  before: CatalogConsumer,
  after: CatalogConsumer,
  view: CatalogView,
): string[] => consumerRisks(before, after, view).map(({ attribute }) => attribute);

const consumerAddress = ({ stream, name }: CatalogConsumer) => `jetstream_consumer.${stream}_${name}`;

function leavingText(consumer: CatalogConsumer, { catalog }: CatalogView): string {
  return retiredAt(catalog, consumerAddress(consumer))?.data === "keep"
    ? "is retired: Terraform forgets it, and it stays on the server"
    : "removed, and with it how far it has come";
}

function consumers(before: CatalogView, after: CatalogView): Change[] {
  const key = ({ account, stream, name }: CatalogConsumer) => `${account} ${stream} ${name}`;
  const all = pairs(before.catalog.consumers, after.catalog.consumers, key);
  const gone = all.flatMap(({ before: old, after: now }) =>
    old && isLeaving(consumerAddress(old), now, before, after) ? [old] : [],
  );
  return [
    ...gone.map((each) => otherChange("removed", `${consumerText(each)} ${leavingText(each, after)}`)),
    ...inBoth(all).flatMap(({ before: old, after: now }) =>
      consumerRisks(old, now, after).map(({ text }) => otherChange("changed", `${consumerText(now)}: ${text}`)),
    ),
  ];
}

/** What was to be kept and now is to be deleted, or is not declared any more, in case Terraform has not let go of it. */
function retired({ catalog: before }: CatalogView, { catalog: after }: CatalogView): Change[] {
  const declared = new Set(after.resources.map(({ address }) => address));
  return (before.retired ?? []).flatMap(({ address, name, data }) => {
    const now = retiredAt(after, address);
    if (data !== "keep" || now?.data === "keep" || declared.has(address)) return [];
    const what = now
      ? "is retired with its data to be deleted; before, to be kept"
      : "was retired and is not declared any more";
    const details = ["the apply destroys it, unless Terraform has forgotten it before"];
    return [otherChange("changed", `\`${name}\` ${what}`, { details })];
  });
}

/** Platforms that Terraform reaches by other servers than before, which need not be of the same cluster. */
function servers({ catalog: before }: CatalogView, { catalog: after }: CatalogView): Change[] {
  return inBoth(pairs(before.platforms, after.platforms, ({ name }) => name)).flatMap(({ before: old, after: now }) => {
    if (!old.servers || !now.servers || now.servers.some((each) => old.servers?.includes(each))) return [];
    const text = `Terraform reaches platform \`${now.name}\` by ${names(now.servers)}; before, by ${names(old.servers)}`;
    const details = [
      "in another cluster the apply makes everything anew, empty; what is in the one before stays there, unmanaged",
    ];
    return [otherChange("changed", text, { details })];
  });
}

/** Changes by which something that is stored is lost, or may be: of streams and buckets, then of consumers. */
export const riskChanges = (before: CatalogView, after: CatalogView): Change[] => [
  ...servers(before, after),
  ...resources(before, after),
  ...consumers(before, after),
  ...retired(before, after),
];
