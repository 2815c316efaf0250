import type { Step } from "../analysis/course";
import type { Reason, Resource } from "../analysis/server-model";
import type { CatalogResource } from "../catalog/catalog";
import { clientName, NOUNS, resourceText } from "../wording/resources";
import { listed, names } from "./layout";

/** Several streams and buckets in words, those of a kind together. */
export function resourcesText(resources: readonly Pick<Resource, "name" | "kind">[]): string {
  const kinds = Object.keys(NOUNS) as Resource["kind"][];
  const texts = kinds.flatMap((kind) => {
    const these = resources.filter((resource) => resource.kind === kind).map(clientName);
    return these.length === 0 ? [] : [`the ${NOUNS[kind]}${these.length > 1 ? "s" : ""} ${names(these)}`];
  });
  return listed(texts);
}

/** As `resourceText`, of a resource in a catalog. */
export function catalogResourceText({ stream, kind }: CatalogResource): string {
  return resourceText({ name: stream, kind });
}

/** The reasons for a line, each once, with the capabilities and constructs that it comes from. */
export function reasonTexts(reasons: readonly Reason[]): string[] {
  const byWhy = new Map<string, Set<string>>();
  for (const { why, capability, source } of reasons) {
    const from = byWhy.get(why) ?? new Set<string>();
    byWhy.set(why, from);
    if (capability !== undefined) from.add(capability);
    if (source !== undefined) from.add(source);
  }
  return [...byWhy].map(([why, from]) => {
    const names = [...from].sort((one, other) => Number(one.includes("/")) - Number(other.includes("/")));
    return names.length > 0 ? `${why} (${names.join(", ")})` : why;
  });
}

/** One step of a way between accounts. */
export function stepText(step: Step): string {
  if (step.kind === "republish") return `the ${resourceText(step.resource)} publishes it again`;
  const { kind, account, subject, to } = step.import;
  const renamed = to === undefined || to === subject ? "" : ` as ${to}`;
  const whose = kind === "stream" ? `${step.account}'s` : "the";
  return `${whose} ${kind} import of ${subject} from ${account}${renamed}`;
}

/** A way between accounts, or nothing for no way. */
export function wayText(through: readonly Step[]): string {
  return plain(through.map(stepText).join(", then "));
}

/** Text without the marks of code. */
export function plain(text: string): string {
  return text.replaceAll("`", "");
}
