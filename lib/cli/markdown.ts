import { visible } from "../problems/visible";
import { partsOfSentence } from "../wording/code-marks";

/** Between the two characters that would be a mention, a reference or a link: a space that takes no room. */
const APART = "&#8203;";

/** Code of any content: between more back-ticks than it has in a row. */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const room = /^`|`$/.test(text) ? " " : "";
  return `${fence}${room}${text}${room}${fence}`;
}

/** Text as it stands: no mark of Markdown or HTML, nobody mentioned, nothing referred to or linked. */
function words(text: string): string {
  return text
    .replaceAll(/[\\*_<>[\]|`~&$]/g, "\\$&")
    .replaceAll(/@(?=\w)|#(?=\d)|:(?=\/\/)|www(?=\.)|\bGH(?=-\d)/gi, `$&${APART}`);
}

/** What begins a heading, a list or a line under a heading, at the beginning of a line. */
const BEGINNING = /^\s*(?:[-+#=]|\d+[.)])/;

/** A sentence as Markdown on one line. What is between back-ticks in it is code; everything else is text. */
export function markdownOf(sentence: string): string {
  const parts = partsOfSentence(sentence).map((part) => ({ ...part, text: visible(part.text) }));
  const line = parts.map(({ text, code: isCode }) => (isCode ? code(text) : words(text))).join("");
  return BEGINNING.test(line) && !sentence.startsWith("`") ? line.replace(/[-+#=.)]/, "\\$&").trimStart() : line;
}
