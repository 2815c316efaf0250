/** What Terraform takes for a comment. */
const COMMENT = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|#[^\n]*/g;

/** A text without what Terraform takes for a comment, with white space in its place. */
export const withoutComments = (text: string): string => text.replace(COMMENT, " ");

/** The address that a block of Terraform names: without comments, white space and the braces of an expression. */
export const addressText = (value: unknown): string =>
  typeof value === "string"
    ? withoutComments(value)
        .replace(/\s/g, "")
        .replace(/^\$\{(.*)\}$/, "$1")
    : "";

/** The blocks by which Terraform takes something into its state, gives it another address there, or lets it go. */
export const STATE_BLOCKS = ["import", "moved", "removed"];
