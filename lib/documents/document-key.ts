const FORMS = {
  user: /^access\.(?:accounts\.([^.]+)\.)?users\.([^.]+)$/,
  account: /^access\.accounts\.([^.]+)$/,
  stack: /^access\.stacks\.(.+)$/,
} as const;

/** The user that the key of a document is of; undefined for another key. */
export const userOfKey = (key: string): string | undefined => FORMS.user.exec(key)?.[2];

/** The account that the key of a user says, where it is not that of the platform. */
export const accountOfUserKey = (key: string): string | undefined => FORMS.user.exec(key)?.[1];

/** The account that the key of a document is of; undefined for another key. */
export const accountOfKey = (key: string): string | undefined => FORMS.account.exec(key)?.[1];

/** The stack that the key of a document is of; undefined for another key. */
export const stackOfKey = (key: string): string | undefined => FORMS.stack.exec(key)?.[1];
