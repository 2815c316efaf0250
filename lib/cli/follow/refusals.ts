import type { Choice } from "./choice";
import type { Notice } from "./unit";

/** What is said of changes that were not taken. */
export const refusals = (refused: Choice["refused"]): Notice[] =>
  [...refused].map(([{ platform, app, stack }, objections]) => ({
    ...{ platform, app, stack },
    kind: "refused",
    why: objections.map(({ text }) => text).join("; "),
  }));
