import { parseArgs } from "node:util";
import { addTo } from "../collections/groups";
import { didYouMean } from "../problems/nearest";
import { ownEntry } from "../problems/own-entry";
import type { Arguments, Command, Option } from "./command";
import { Refusal } from "./refusal";
import { BEHIND_DASHES, QUOTE_SUBJECTS } from "./subject-words";

/** A command line taken apart, before it is known whether it makes sense. */
export interface CommandLine {
  readonly words: readonly string[];
  readonly options: readonly { readonly name: string; readonly text: string; readonly value: string | undefined }[];
}

/** Takes a command line apart: what is an option, and which options have a value. */
export function commandLine(argv: readonly string[], options: { readonly [name: string]: Option }): CommandLine {
  const config = Object.entries(options).map(([name, { value }]) => [name, { type: value ? "string" : "boolean" }]);
  const { tokens } = parseArgs({
    args: [...argv],
    options: { ...Object.fromEntries(config), help: { type: "boolean", short: "h" } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return {
    words: tokens.flatMap((token) => (token.kind === "positional" ? [token.value] : [])),
    options: tokens.flatMap((token) =>
      token.kind === "option" ? [{ name: token.name, text: token.rawName, value: token.value }] : [],
    ),
  };
}

/** What a command is called with, once its words and options make sense. */
export function argumentsOf(command: Command, words: readonly string[], line: CommandLine): Arguments {
  const known = Object.keys(command.options).map((each) => `--${each}`);
  const values: { [name: string]: string | undefined } = {};
  const repeated = new Map<string, string[]>();
  const switches = new Set<string>();
  for (const { name, text, value } of line.options) {
    const option = ownEntry(command.options, name);
    if (!option || text !== `--${name}`) {
      throw new Refusal(`${command.name} has no option ${text}`, [
        didYouMean(text, known),
        ...(command.words.includes("SUBJECT") ? [BEHIND_DASHES] : []),
      ]);
    }
    if (option.value !== undefined && (value === undefined || value === "")) {
      throw new Refusal(`${text} needs a value: ${text} ${option.value}`);
    }
    values[name] = value;
    if (option.value === undefined) switches.add(name);
    if (option.repeats && value !== undefined) addTo(repeated, name, value);
  }
  const missing = command.words.slice(words.length).filter((word) => !word.startsWith("["));
  if (missing.length > 0) throw new Refusal(`${command.name} needs ${missing.join(" and ")}`);
  const surplus = command.takesMore ? [] : words.slice(command.words.length);
  if (surplus.length > 0) {
    throw new Refusal(`${command.name} does not know what to do with ${surplus.join(" ")}`, [QUOTE_SUBJECTS]);
  }
  return { words, options: values, switches, repeated: Object.fromEntries(repeated) };
}
