import type { FileAccount } from "../../server-config/file-account";
import type { Arguments } from "../command";
import { knownHashes } from "./known-hashes";
import { namedSystemAccount, SYSTEM_USER_OPTIONS } from "./system-users";

/** The options that decide what a file says besides the documents. */
export const RENDERING_OPTIONS = {
  hashes: { value: "FILE", about: "a file with a line for each user with a bcrypt hash: its name and the hash" },
  ...SYSTEM_USER_OPTIONS,
} as const;

/** What a file says besides the documents. */
export interface Rendering {
  hashOf(fingerprint: string): string | undefined;
  /** Further accounts of the server: the system account, where a user of it is named. */
  readonly besides: readonly FileAccount[];
}

/** What a file says besides the documents, by the options of a call. @throws a refusal where one is wrong */
export function renderingOf({ options, repeated }: Pick<Arguments, "options" | "repeated">, cwd: string): Rendering {
  const system = namedSystemAccount(repeated);
  return { hashOf: knownHashes(options.hashes, cwd), besides: system ? [system] : [] };
}
