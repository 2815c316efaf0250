import { PROGRAM } from "../wording/command-name";
import { CATALOG_OPTION, type Command } from "./command";
import { BEHIND_DASHES, QUOTE_SUBJECTS } from "./subject-words";
import { described, reflowed, wrapped } from "./wrapped";

const optionTexts = (options: Command["options"]) =>
  Object.entries(options).map(([name, { value, about }]) => [`--${name}${value ? ` ${value}` : ""}`, about] as const);

const usageOf = ({ name, words, options }: Command) => [
  `Usage: ${PROGRAM}`,
  name,
  ...words,
  ...optionTexts(options).map(([option]) => `[${option}]`),
];

/** How a command is called, in one line. */
export function usageText(command: Command): string {
  return usageOf(command).join(" ");
}

/** Everything about one command. */
export function commandHelp(command: Command): string[] {
  return [
    ...wrapped(usageOf(command), undefined, "  "),
    "",
    ...reflowed([command.about, ...(command.help.length > 0 ? ["", ...command.help] : [])]),
    "",
    "Options:",
    ...described([...optionTexts(command.options), ["-h, --help", "this text"]]),
    "",
    "Examples:",
    ...command.examples.map((example) => `  npx ${PROGRAM} ${example}`),
  ];
}

/** What the program does, and its commands. */
export function programHelp(commands: readonly Command[]): string[] {
  const rows = commands.map((command) => [[command.name, ...command.words].join(" "), command.about] as const);
  return [
    `Usage: ${PROGRAM} COMMAND [--catalog FILE]`,
    "",
    ...reflowed([
      "Says who can reach what on NATS, from the catalog.json that synth writes, and what a plan of",
      "Terraform loses; makes the accounts file of a server, brings it into force, and says whether it is.",
      "No server is asked but by check-copies, `check-plan --ask-server`, `accounts put`, `accounts sync`,",
      "`accounts status` and `accounts render --platform`.",
    ]),
    "",
    "Commands:",
    ...described(rows),
    "",
    "Options:",
    ...described([
      ...optionTexts(CATALOG_OPTION),
      ["-h, --help", "this text, or behind a command everything about it"],
      ["--version", "the version of this program"],
    ]),
    "",
    ...reflowed([
      "Exit status: 0 done or yes, 1 no, 2 called in a wrong way or no readable catalog or plan, 3 access",
      "differs or data is at risk (diff), 4 a plan loses something (check-plan), or a copy lacks something",
      "or was not looked at (check-copies), 5 a server does not have in force what it should (accounts put, accounts",
      "sync, accounts status).",
      "",
      QUOTE_SUBJECTS,
      BEHIND_DASHES,
    ]),
  ];
}
