/** A piece of an answer: a heading, details in rows of cells, and pieces of its own. */
export interface Answer {
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly parts: readonly Answer[];
}

/** An answer with one heading. */
export function answer(head: string, rows: Answer["rows"] = [], parts: readonly Answer[] = []): Answer {
  return { heads: [head], rows, parts };
}

/** Sentences as rows. */
export const sentences = (texts: readonly string[]): string[][] => texts.map((text) => [text]);
