import { visibleLines } from "../problems/visible";
import type { Answer } from "../wording/answer";

/** How much of an answer is shown at most. */
const MOST = { parts: 200, rows: 100 };

/** An element with a text or elements in it; never markup, and no character that is not to be seen. */
function element(name: string, className: string, ...content: readonly (Node | string)[]): HTMLElement {
  const made = document.createElement(name);
  if (className !== "") made.className = className;
  made.append(...content.map((each) => (typeof each === "string" ? visibleLines(each) : each)));
  return made;
}

/** Whether a text is a subject and not words. */
const isSubject = (text: string) => !/\s/.test(text) && /[.*>$]/.test(text);

function cutNote(all: number, most: number): HTMLElement[] {
  return all > most ? [element("p", "cut", `Here are the first ${most} of ${all}.`)] : [];
}

const cellOf = (text: string) => element("td", "", isSubject(text) ? element("code", "", text) : text);

function rowsOf(rows: Answer["rows"]): HTMLElement[] {
  if (rows.length === 0) return [];
  const made = rows.slice(0, MOST.rows).map((cells) => element("tr", "", ...cells.map(cellOf)));
  const table = element("table", "rows", element("tbody", "", ...made));
  table.setAttribute("role", "presentation");
  return [table, ...cutNote(rows.length, MOST.rows)];
}

function partsOf(parts: readonly Answer[], className: string): HTMLElement[] {
  if (parts.length === 0) return [];
  const items = parts.slice(0, MOST.parts).map((part) => {
    const heads = part.heads.map((head) => element("strong", "", head));
    return element("li", "", ...heads, ...rowsOf(part.rows), ...partsOf(part.parts, "parts"));
  });
  return [element("ul", className, ...items), ...cutNote(parts.length, MOST.parts)];
}

/** An answer as elements. */
export function elementsOf({ heads, rows, parts }: Answer): HTMLElement[] {
  return [...heads.map((head) => element("h3", "", head)), ...rowsOf(rows), ...partsOf(parts, "answers")];
}
