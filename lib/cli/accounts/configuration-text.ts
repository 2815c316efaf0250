/** A text in quotes; or space with comments, as the server reads its configuration. */
const PIECE = /("(?:[^"\\]|\\.)*"|'[^']*')|(?:\s+|(?<=^|\s)(?:#|\/\/)[^\n]*)+/g;

const withoutComments = (text: string) => text.replace(PIECE, (_, quoted?: string) => quoted ?? " ").trim();

/** Whether two texts of the server's configuration differ in comments and space only, so that its digest is the same. */
export const saysTheSame = (one: string, other: string): boolean => withoutComments(one) === withoutComments(other);
