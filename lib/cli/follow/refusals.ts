import type { Choice } from "./choice";
import type { Notice } from "./unit";

/** What is said of changes that were not taken. */
export const refusals = (refused: Choice["refused"]): Notice[] =>
  [...refused].map(([{ platform, stack }, objections]) => ({
    ...{ platform, stack },
    kind: "refused",
    why: objections.map(({ text }) => text).join("; "),
  }));
