import type { Catalog } from "../../catalog/catalog";
import { grouped } from "../../collections/groups";
import { listed } from "../../wording/lists";

/** A stream of an account that is not looked at. */
export interface Elsewhere {
  readonly stream: string;
  readonly account: string;
  /** What to know of it, in a line. */
  readonly text: string;
}

/** A stream of an account that is not looked at, and what else is to be said of it. */
export const elsewhere = (stream: string, account: string, more = ""): Elsewhere => ({
  stream,
  account,
  text: `${stream} is in account ${account}, which was not looked at${more}`,
});

/** What is not looked at of former names when one account is: copies in others, and what nothing copies there. */
export function elsewhereOf({ formerly = [] }: Catalog, looked: string): Elsewhere[] {
  return formerly.flatMap(({ stream, account, copy }): Elsewhere[] => {
    if (copy === undefined) return account === looked ? [] : [elsewhere(stream, account, ": nothing copies it")];
    if (copy.account === looked) return [];
    const { text } = elsewhere(
      `${copy.stream}, which is to copy ${stream},`,
      copy.account,
      `: --account ${copy.account}`,
    );
    return [{ stream: copy.stream, account: copy.account, text }];
  });
}

/** All that is in accounts that are not looked at, in one line. */
export function elsewhereLine(all: readonly Elsewhere[]): string {
  const accounts = [...grouped(all, ({ account }) => account)].map(
    ([account, streams]) => `${listed(streams.map(({ stream }) => stream))} in account ${account}`,
  );
  return `Not looked at: ${accounts.join("; ")}`;
}
