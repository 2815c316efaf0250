import type { ExitStatus } from "./exit-status";
import type { Io } from "./io";

/** An option of a command. */
export interface Option {
  /** What its value is, as the help names it; a switch has none. */
  readonly value?: string;
  /** Whether it may be given several times, each with a value that counts. */
  readonly repeats?: true;
  readonly about: string;
}

/** What a command was called with. */
export interface Arguments {
  /** The words behind the command's name. */
  readonly words: readonly string[];
  /** The values of options. */
  readonly options: { readonly [name: string]: string | undefined };
  /** The switches that are given. */
  readonly switches: ReadonlySet<string>;
  /** All values of options that may be given several times. */
  readonly repeated: { readonly [name: string]: readonly string[] };
}

/** One thing that can be asked for. */
export interface Command {
  readonly name: string;
  /** The words that it takes, as the help names them; one in brackets may be left out. */
  readonly words: readonly string[];
  /** Whether the last of the words may be given several times. */
  readonly takesMore?: true;
  /** What it does, in one line. */
  readonly about: string;
  /** Everything else that one should know, in lines. */
  readonly help: readonly string[];
  readonly options: { readonly [name: string]: Option };
  /** Calls without the name of the program. */
  readonly examples: readonly string[];
  /** Carries it out; one that asks a server says later what to exit with. */
  run(args: Arguments, io: Io): ExitStatus | Promise<ExitStatus>;
}

/** The option that all commands have that ask one catalog. */
export const CATALOG_OPTION = {
  catalog: { value: "FILE", about: "the catalog to ask; by default the one in cdktf.out/stacks" },
} as const;
