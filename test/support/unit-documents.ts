import type { AccountDocument, UserDocument } from "../../lib/documents/schema";
import { type KeyedText, stackDocument } from "../../lib/documents/whole-stack";

/** A document as a bucket has it. */
export interface BucketDocument {
  readonly key: string;
  readonly text: string;
  readonly revision: number;
}

/** What a stack declares: accounts, and users of the platform's account by their names with what their documents say besides. */
export interface DeclaredStack {
  readonly accounts?: readonly string[];
  readonly users?: { readonly [name: string]: Partial<UserDocument> };
}

const accountDocument = (stack: string, account: string): AccountDocument => ({
  version: 1,
  stack,
  about: `account ${account}`,
  account,
  accountsFile: true,
  exports: {},
  imports: {},
  jetStream: false,
  limits: {},
  mappings: {},
  source: stack,
});

const userDocument = (stack: string, platform: string, user: string, more: Partial<UserDocument>): UserDocument => ({
  ...{ version: 1, stack, user },
  account: platform.toUpperCase(),
  credentials: `variable ${user.toUpperCase().replace(/-/g, "_")}_PASSWORD`,
  declaredBy: [`${stack}/${user}`],
  inboxPrefix: "_INBOX",
  publish: { [`${platform}.x`]: "for the test" },
  role: "app",
  subscribe: { "_INBOX.>": "replies arrive here" },
  ...more,
});

/** Documents with that of their stack behind them, as an apply writes them. */
export const withStackDocument = (stack: string, documents: readonly KeyedText[]): KeyedText[] => [
  ...documents,
  { key: `access.stacks.${stack}`, text: JSON.stringify(stackDocument(documents)) },
];

/** The documents of a stack as an apply has written them, that of the stack last. */
export function stackDocuments(
  platform: string,
  stack: string,
  { accounts = [], users = {} }: DeclaredStack,
  revision = 1,
): BucketDocument[] {
  const texts = [
    ...accounts.map((name) => ({ key: `access.accounts.${name}`, text: accountDocument(stack, name) })),
    ...Object.entries(users).map(([name, more]) => ({
      key: `access.users.${name}`,
      text: userDocument(stack, platform, name, more),
    })),
  ].map(({ key, text }) => ({ key, text: JSON.stringify(text) }));
  return withStackDocument(stack, texts).map((each, index) => ({ ...each, revision: revision + index }));
}
