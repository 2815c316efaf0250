import type { AccountContents } from "./account-contents";

/** Headers that only a copy has, and what begins and ends headers. */
const OF_COPIES = /^(NATS\/1\.0|Nats-Stream-Source:.*|)$/;

/**
 * What the streams of an owner hold, in their order, with `*` for the owner's name (`shop_cache`, `shop`): without what is
 * otherwise in a copy, which are sequence numbers, times, and the header that says where a message is from.
 */
export function held(contents: AccountContents, owner: string): { [stream: string]: string[] } {
  const subject = owner.replace("_", ".");
  const renamed = (text: string) => text.replaceAll(`${subject}.`, "*.").replaceAll(owner, "*");
  const headersOf = (text = "") => {
    const lines = Buffer.from(text, "base64").toString().split("\r\n");
    return lines.filter((line) => !OF_COPIES.test(line));
  };
  const own = Object.entries(contents).filter(([stream]) => new RegExp(`(^|_)${owner}(_|$)`).test(stream));
  return Object.fromEntries(
    own.map(([stream, { messages }]) => [
      renamed(stream),
      messages.map(({ subject, data, hdrs }) => `${renamed(subject)} ${data} ${headersOf(hdrs)}`),
    ]),
  );
}
