import { escaped, visibleLines } from "../problems/visible";

const ENTITIES: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text as content or attribute of HTML or SVG; a character that is not to be seen stands as JSON would write it. */
export function html(text: string): string {
  return visibleLines(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

/** A value as JSON that may stand inside of a `script` element, and in JavaScript of any age. */
export function json(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escaped);
}

/** A text as label in a Mermaid diagram, between quotes: also no icon (`fa:fa-car`), formula (`$$x$$`) or mark of an entity. */
export function mermaid(text: string): string {
  return text.replace(
    /["#<&`\\;:{}[\]|\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|\$(?=\$)/gu,
    (character) => `#${character.codePointAt(0)};`,
  );
}
