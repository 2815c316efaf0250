import type { Attributes } from "../../scripts/tools/provider/stream-config";

/** A stack as cdktf writes it. */
interface WrittenStack {
  readonly resource: { readonly [type: string]: { readonly [name: string]: Attributes } };
  readonly provider?: { readonly jetstream?: readonly { readonly alias?: string }[] };
  readonly variable?: { readonly [name: string]: unknown };
}

/** What earlier versions had no documents of: stacks, and the accounts that documents are in and read from. */
const NEW =
  /^access\.(stacks\.|(accounts|users)\.(ACCESS$|access-reader$|\w+_ACCESS$|\w+_ACCESS\.|[\w-]+-access-terraform$))/;

const without = <T>(object: { readonly [name: string]: T } = {}, isNew: (name: string, value: T) => boolean) =>
  Object.fromEntries(Object.entries(object).filter(([name, value]) => !isNew(name, value)));

/**
 * The Terraform of a stack as versions before 0.1.0 wrote it: the access documents of a platform were entries of the
 * platform's own bucket, written by the provider of its account, and no document said that a stack is whole.
 */
export function formerStack(text: string, platform: string): string {
  const [bucket, formerly] = [`${platform}_access`, `${platform}_platform`];
  const stack: WrittenStack = JSON.parse(text);
  const { jetstream_kv_entry: entries, jetstream_stream: streams, ...others } = stack.resource;
  const kept = without(entries, (_, each) => each.bucket === bucket && NEW.test(String(each.key)));
  const written = Object.entries(kept).map(([name, entry]) => {
    if (entry.bucket !== bucket) return [name, entry] as const;
    const { depends_on: before, ...rest } = entry;
    const depends_on = (before as string[] | undefined)?.map((each) => each.replace(bucket, formerly));
    const former = {
      ...rest,
      bucket: formerly,
      provider: `jetstream.${platform}`,
      ...(before !== undefined && { depends_on }),
    };
    return [name.replace(bucket, formerly), former] as const;
  });
  return JSON.stringify({
    ...stack,
    resource: {
      ...others,
      jetstream_stream: without(streams, (name) => name === bucket),
      ...(written.length > 0 && { jetstream_kv_entry: Object.fromEntries(written) }),
    },
    provider: { jetstream: stack.provider?.jetstream?.filter(({ alias }) => alias !== bucket) },
    variable: without(stack.variable, (name) => name === `${bucket}_terraform_password`),
  });
}

/** The accounts file as those versions wrote it, without the accounts of the access documents and of their reader. */
export const formerAccounts = (accounts: string): string =>
  accounts.replace(/^(?: {2}# .*\n)* {2}(?:\w+_)?ACCESS \{\n[\s\S]*?^ {2}\}\n/gm, "");
