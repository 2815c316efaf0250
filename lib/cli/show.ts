import { chosenCatalog } from "./catalog-file";
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
    const view = chosenCatalog(options.catalog, io.cwd);
    io.out(text(view.answerAbout(name)));
    return ExitStatus.OK;
  },
};
