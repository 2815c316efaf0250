/** A setting of the server's file. */
export type Setting = string | number | Word | Variable | Settings | readonly Setting[];

/** Settings by name, in the order in which they are written. */
export interface Settings {
  readonly [name: string]: Setting;
}

/** A word that the server's file has without quotes, since the server takes no text in its place. */
export class Word {
  /** What turns something on. */
  public static readonly ENABLED = new Word("enabled");

  private constructor(public readonly text: string) {}
}

/** A variable of the server's file: of its environment, or something that the file itself defines. */
export class Variable {
  public constructor(public readonly name: string) {
    if (!/^[A-Za-z_][\w-]*$/.test(name)) throw new Error("a variable of the server's file has a name of letters");
  }
}

const ESCAPES: { readonly [character: string]: string } = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escapeOf(character: string): string {
  if (character === '"' || character === "\\") return `\\${character}`;
  const code = character.charCodeAt(0);
  return ESCAPES[character] ?? (code < 0x80 ? `\\x${code.toString(16).padStart(2, "0")}` : character);
}

/** A text as a value. Between quotes it is never a variable, a number or a word. */
const quoted = (text: string) => `"${text.replace(/["\\\p{Cc}]/gu, escapeOf)}"`;

/**
 * The name of a setting. The server's file knows no escapes in names, so that one with a quote cannot be written; and
 * `include` without quotes is a command, in capitals too.
 */
export function nameText(name: string): string {
  if (/^[A-Za-z_][\w-]*$/.test(name) && name.toLowerCase() !== "include") return name;
  if (name === "" || /["\p{Cc}]/u.test(name))
    throw new Error(`the server's file has no way to write this name: ${name}`);
  return `"${name}"`;
}

/** A setting on one line, in the syntax of the server's file. */
export function settingText(setting: Setting): string {
  if (setting instanceof Word) return setting.text;
  if (setting instanceof Variable) return `$${setting.name}`;
  if (typeof setting === "number") return String(setting);
  if (typeof setting === "string") return quoted(setting);
  if (Array.isArray(setting)) return `[${setting.map(settingText).join(", ")}]`;
  return `{ ${settingTexts(setting as Settings).join(", ")} }`;
}

/** Settings with their names, one text each. */
export function settingTexts(settings: Settings): string[] {
  return Object.entries(settings).map(([name, value]) => `${nameText(name)}: ${settingText(value)}`);
}

/** A comment, on one line whatever it says. */
export const comment = (text: string) => `# ${text.replace(/[\s\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, " ")}`;
