import type { ServerFile } from "./server-file";
import { storageShortage } from "./storage-shortage";
import type { JetStreamAccount, ServerState, SystemAccount } from "./system-account";

const reservedBy = (accounts: readonly JetStreamAccount[]) =>
  new Map(accounts.map(({ account, reserved }) => [account, reserved]));

/**
 * Why a server might not start again with a file; undefined if it will. Also if it might not with the accounts that it has: then the
 * file is no worse, and may be what takes a user away.
 *
 * @throws NoAnswer where there is none
 */
export async function shortageBefore(
  system: SystemAccount,
  { jetStream }: ServerFile,
  { capacity }: ServerState,
): Promise<string | undefined> {
  if (jetStream === undefined || capacity === undefined) return undefined;
  const now = await system.jetStreamAccounts();
  const reserved = reservedBy(now);
  const isShort = storageShortage(now, capacity, reserved) !== undefined;
  return isShort ? undefined : storageShortage(jetStream, capacity, reserved);
}

/**
 * What a server has not done of a file that it has taken, and does not tell; undefined if there is nothing.
 *
 * @throws NoAnswer where there is none
 */
export async function jetStreamWarning(
  system: SystemAccount,
  { jetStream }: ServerFile,
  { capacity }: ServerState,
): Promise<string | undefined> {
  if (jetStream === undefined) return undefined;
  const now = await system.jetStreamAccounts();
  const names = new Set(now.map(({ account }) => account));
  const missing = jetStream.find(({ account }) => !names.has(account));
  if (missing === undefined) return storageShortage(jetStream, capacity, reservedBy(now));
  return `the server gives account ${missing.account} no JetStream before it is started anew; its log says why`;
}
