import { readFileSync } from "node:fs";
import { join } from "node:path";
import { didYouMean } from "../problems/nearest";
import { visible, visibleLines } from "../problems/visible";
import { PROGRAM } from "../wording/command-name";
import { put } from "./accounts/put";
import { render } from "./accounts/render";
import { status } from "./accounts/status";
import { sync } from "./accounts/sync";
import { argumentsOf, type CommandLine, commandLine } from "./arguments";
import { can } from "./can";
import { checkCopies } from "./check-copies/check-copies";
import { checkPlan } from "./check-plan/check-plan";
import type { Command, Option } from "./command";
import { diff } from "./diff/diff";
import { ExitStatus } from "./exit-status";
import { commandHelp, programHelp, usageText } from "./help";
import type { Io } from "./io";
import { Refusal } from "./refusal";
import { show } from "./show";
import { whoCan } from "./who-can";

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  whoCan,
  can,
  show,
  diff,
  checkPlan,
  checkCopies,
  render,
  put,
  sync,
  status,
];

const OPTIONS: { readonly [name: string]: Option } = Object.assign({}, ...COMMANDS.map(({ options }) => options));

function print(lines: readonly string[], write: (text: string) => void): void {
  write(`${lines.join("\n")}\n`);
}

function version(): string {
  const file = join(__dirname, "../../package.json");
  return JSON.parse(readFileSync(file, "utf8")).version;
}

function commandOf(name: string): Command {
  const found = COMMANDS.find((command) => command.name === name);
  if (!found) {
    const names = COMMANDS.map((command) => command.name);
    throw new Refusal(`no command ${name}`, [didYouMean(name, names), `${PROGRAM} --help lists what each does.`]);
  }
  return found;
}

/** What an action comes to, at once or later; where it fails, at once or later, what is made of the error. */
function orElse(
  action: () => ExitStatus | Promise<ExitStatus>,
  failed: (error: unknown) => ExitStatus,
): ExitStatus | Promise<ExitStatus> {
  try {
    const status = action();
    return typeof status === "object" ? status.catch(failed) : status;
  } catch (error) {
    return failed(error);
  }
}

/** The name of a command and the words behind it; a name may have two words. */
function named(words: readonly string[]): [name: string | undefined, ...others: string[]] {
  const [first, second, ...others] = words;
  const both = `${first} ${second}`;
  const isTwo = COMMANDS.some(({ name }) => name === both);
  return isTwo ? [both, ...others] : [first, ...words.slice(1)];
}

function execute({ words: given, options }: CommandLine, io: Io): ExitStatus | Promise<ExitStatus> {
  const [name, ...words] = named(given);
  const asked = (option: string) => options.some((each) => each.name === option);
  if (asked("help") || name === "help") {
    const [about] = name === "help" ? named(words) : [name];
    print(about === undefined ? programHelp(COMMANDS) : commandHelp(commandOf(about)), io.out);
    return ExitStatus.OK;
  }
  if (asked("version")) {
    io.out(`${version()}\n`);
    return ExitStatus.OK;
  }
  if (name === undefined) {
    print(programHelp(COMMANDS), io.err);
    return ExitStatus.USAGE;
  }
  const command = commandOf(name);
  return orElse(
    () => command.run(argumentsOf(command, words, { words, options }), io),
    (error) => {
      if (error instanceof Refusal) throw new Refusal(error.message, [...error.hints, usageText(command)]);
      throw error;
    },
  );
}

/** What the runner of GitHub Actions takes for a command: `::error::` at the beginning of a line, `##[group]` anywhere. */
const COMMAND_OF_RUNNER = /^(\s*)(?=::)|#(?=#\[)/gm;

const harmless = (text: string) => visibleLines(text).replaceAll(COMMAND_OF_RUNNER, "$&\\");

/** What is written with nothing in it that a terminal obeys but the ends of lines, and nothing that a runner obeys. */
const visibly = ({ cwd, out, err }: Io): Io => ({
  cwd,
  out: (text) => out(harmless(text)),
  err: (text) => err(harmless(text)),
});

/** Carries out what a command line asks for, and says what to exit with: at once, or when a server has answered. */
export function run(argv: readonly string[], terminal: Io): ExitStatus | Promise<ExitStatus> {
  const io = visibly(terminal);
  const failed = (error: unknown): ExitStatus => {
    const message = error instanceof Error ? error.message : String(error);
    const hints = error instanceof Refusal ? error.hints : ["This should not happen; the catalog may be damaged."];
    const [first = "", ...others] = [message, ...hints].map(visible);
    print([`${PROGRAM}: ${first}`, ...others.map((hint) => `  ${hint}`)], io.err);
    return ExitStatus.USAGE;
  };
  return orElse(() => execute(commandLine(argv, OPTIONS), io), failed);
}
