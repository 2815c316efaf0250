import { userAnswer } from "../wording/user-answer";
import { chosenCatalog } from "./catalog-file";
import { CatalogView } from "./catalog-view";
import { CATALOG_OPTION, type Command } from "./command";
import { ExitStatus } from "./exit-status";
import { text } from "./layout";

/** Everything about one user. */
export const show: Command = {
  name: "show",
  words: ["USER"],
  about: "what a user is, what its clients must set, and what it can do to each stream and bucket, with reasons",
  help: [
    "What a user reaches only through holes of the server, which no permission can close, has a section of its own.",
    "An account of its own for an app (`isolation: Isolation.ACCOUNT`) limits them to what is in that account.",
  ],
  options: CATALOG_OPTION,
  examples: ["show prod-cache", "show monitor --catalog cdktf.out/stacks/prod/catalog.json"],
  run({ words: [name = ""], options }, io) {
    const view = new CatalogView(chosenCatalog(options.catalog, io.cwd));
    const member = view.member(name);
    const user = view.user(member);
    const access = view.accessOf(member);
    io.out(text(userAnswer(view, access, user, view.account(member.account))));
    return ExitStatus.OK;
  },
};
