/** What a terminal obeys, or what makes a text look as another one: control and format characters, separators of lines. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A character as JSON writes it where it is escaped: `\u2028`. */
export const escaped = (character: string) =>
  Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }).join("");

/** A text on one line for people: what is not to be seen stands as JSON would write it, so that JSON stays what it is. */
export const visible = (text: string): string => text.replace(UNSEEN, escaped);

/** Lines for people, which no text of others can break or add to. */
export const visibleLines = (text: string): string => text.split("\n").map(visible).join("\n");
