import { can as answerTo } from "../wording/can-answer";
import { chosenCatalog } from "./catalog-file";
import { CATALOG_OPTION, type Command } from "./command";
import { ExitStatus } from "./exit-status";
import { text } from "./layout";
import { directionOf, subjectOf } from "./subject-words";

/** Whether a user may publish or subscribe to something. */
export const can: Command = {
  name: "can",
  words: ["USER", "publish|subscribe", "SUBJECT"],
  about: "whether a user may publish or subscribe to a subject or pattern, and why",
  help: [
    "Exit status: 0 yes, 1 no, 2 called in a wrong way or no readable catalog.",
    "",
    "To publish a pattern is to publish all of its subjects. A subscription must be allowed as it is: one that is wider",
    "than what a user may receive is refused, even if it overlaps it.",
  ],
  options: { ...CATALOG_OPTION, queue: { value: "GROUP", about: "subscribe in this queue group" } },
  examples: ["can prod-cache publish 'prod._.api.convex.query'", "can prod-cache subscribe '$KV.prod_convex.>'"],
  run({ words: [user = "", word, pattern], options }, io) {
    const direction = directionOf(word);
    const subject = subjectOf(pattern);
    const view = chosenCatalog(options.catalog, io.cwd);
    const member = view.member(user);
    const { yes, ...answer } = answerTo(view, member, direction, subject, options.queue);
    io.out(text(answer));
    return yes ? ExitStatus.OK : ExitStatus.NO;
  },
};
