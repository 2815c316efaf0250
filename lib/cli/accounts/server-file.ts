import { accountsIn } from "../../server-config/read-accounts-text";
import type { AccountStorage } from "./storage-shortage";

/** A file beside a server that its configuration includes, and what is to be in it. */
export interface ServerFile {
  /** Where it is. Where it is a link, the file to which that leads is replaced. */
  readonly path: string;
  /** The accounts, as the server reads them. It may name the variables of `secrets`. */
  readonly content: string;
  /**
   * Variables with secrets, a line each: `PROD_CONVEX_PASSWORD: "…"`. They go into the same file, in front of the accounts, and
   * no value of them into any output. A file with secrets has mode 0600. Each variable has to be used: a server refuses others.
   *
   * They have no file of their own, since two files cannot be replaced at one moment: between them a variable would be missing
   * or be one too many, and a server that starts then would die of it.
   *
   * @default - none
   */
  readonly secrets?: string;
  /** The names of the accounts in the content, by which it is proven that the server includes the file. @default - none are looked for */
  readonly accounts?: readonly string[];
  /**
   * All accounts of the server that have JetStream, with their limits. They are compared with what the server has, before the
   * file is written. @default - nothing is compared
   */
  readonly jetStream?: readonly AccountStorage[];
}

/** The lines in front of the accounts. */
export const secretLines = ({ secrets }: ServerFile): string => (secrets ? `${secrets.trimEnd()}\n` : "");

/** All that is to be in the file. */
export const textOf = (file: ServerFile): string => secretLines(file) + file.content;

/** Whether its owner alone may read it. */
export const isSecret = ({ secrets }: ServerFile): boolean => Boolean(secrets);

/**
 * An accounts file of this library beside a server: what it says is what is looked for in the server.
 *
 * @param secretsOf the lines that give variables their values; undefined where the server has them in its environment
 */
export function serverFileOf(
  path: string,
  content: string,
  secretsOf: ((variables: readonly string[]) => string) | undefined,
): ServerFile {
  const { accounts, variables } = accountsIn(content);
  return {
    ...{ path, content },
    ...(secretsOf && { secrets: secretsOf(variables) }),
    accounts: accounts.map(({ name }) => name),
    jetStream: accounts.flatMap(({ name, jetStream }) => (jetStream ? [{ account: name, ...jetStream }] : [])),
  };
}
