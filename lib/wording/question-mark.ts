/** What the page says of the question mark, which a subject may have. */
export const QUESTION_MARK = "A question mark right behind a subject is part of it.";
