/** A variable of the server's configuration: its name, and its value in quotes or without. */
const VARIABLE = /^\s*"?[\w.-]+"?\s*[:=]?\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^#\s]+))/;

const unescaped = (text: string) => text.replace(/\\(.)/g, "$1");

/** The values of variables, the longest first. */
function valuesOf(secrets: string): string[] {
  const values = secrets.split("\n").flatMap((line) => {
    const [, double, single, bare] = VARIABLE.exec(line) ?? [];
    const value = double ?? single ?? bare ?? "";
    return [value, unescaped(value)];
  });
  return [...new Set(values)].filter((value) => value !== "").sort((a, b) => b.length - a.length);
}

/** A text in which no value of the given variables stands: `***` stands in its place. */
export function masked(text: string, secrets: string): string {
  return valuesOf(secrets).reduce((shown, value) => shown.replaceAll(value, "***"), text);
}
