import { whoCan as answerTo } from "../wording/who-can-answer";
import { chosenCatalog } from "./catalog-file";
import { CATALOG_OPTION, type Command } from "./command";
import { ExitStatus } from "./exit-status";
import { text } from "./layout";
import { directionOf, subjectOf } from "./subject-words";

/** Which users reach a subject. */
export const whoCan: Command = {
  name: "who-can",
  words: ["publish|subscribe", "SUBJECT"],
  about: "which users may publish a subject, or receive it, by which line and through which imports",
  help: [
    "SUBJECT may be a pattern: then users are named who reach some of its subjects. With --account, publish names who",
    "can make it seen in that account, and subscribe names who receives what is published there.",
    "Streams and buckets that store the subject are named with those who get at it there by requests.",
  ],
  options: { ...CATALOG_OPTION, account: { value: "NAME", about: "only in this account; by default in any" } },
  examples: ["who-can publish '$KV.prod_convex.>'", "who-can subscribe 'prod._.audit.>' --account PROD"],
  run({ words: [word, pattern], options: { catalog, account } }, io) {
    const direction = directionOf(word);
    const subject = subjectOf(pattern);
    const view = chosenCatalog(catalog, io.cwd);
    if (account !== undefined) view.account(account);
    io.out(text(answerTo(view, direction, subject, account)));
    return ExitStatus.OK;
  },
};
