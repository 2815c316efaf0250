import type { Step } from "../analysis/course";
import { plain } from "./lists";
import { resourceText } from "./resources";

/** Whether a step is from one stream into another. */
export const isCopy = ({ kind }: Step): boolean => kind === "copy";

/** One step of a way between accounts and streams. */
function stepText(step: Step): string {
  if (step.kind === "republish") return `the ${resourceText(step.resource)} publishes it again`;
  if (step.kind === "copy") return `the ${resourceText(step.resource)}, which copies ${resourceText(step.from)}`;
  const { kind, account, subject, to } = step.import;
  const renamed = to === undefined || to === subject ? "" : ` as ${to}`;
  const whose = kind === "stream" ? `${step.account}'s` : "the";
  return `${whose} ${kind} import of ${subject} from ${account}${renamed}`;
}

/** A way between accounts and streams, or nothing for no way. */
export function wayText(through: readonly Step[]): string {
  return plain(through.map(stepText).join(", then "));
}
