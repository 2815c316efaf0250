import type { Msg } from "@nats-io/nats-core";

/** Where a secret is: in the messages of a subject of a stream, or in the stream's configuration. */
export interface Hiding {
  readonly account: string;
  readonly stream: string;
  readonly subject?: string;
}

/** A multiple of three bytes, so that the server's base64 of a whole payload shows it too. */
const PREFIX = "THE-SECRET:";
const DIGITS = 4;
const PLAIN = new RegExp(`${PREFIX}(\\d{${DIGITS}})`, "g");
const ENCODED = new RegExp(`${btoa(PREFIX).slice(0, 12)}[\\w+/]{8}`, "g");

/** Texts that each account has and no other may learn, unless an import exposes them. */
export class Secrets {
  private readonly hidings: Hiding[] = [];

  /** A new text for a place to hide. */
  public hide(hiding: Hiding): string {
    const known = this.hidings.findIndex((each) => JSON.stringify(each) === JSON.stringify(hiding));
    const number = known >= 0 ? known : this.hidings.push(hiding) - 1;
    return `${PREFIX}${`${number}`.padStart(DIGITS, "0")}`;
  }

  /** Where the secrets in a message are from. */
  public foundIn(message: Msg): Hiding[] {
    const headers = message.headers ? [...message.headers].flatMap(([, values]) => values) : [];
    const text = [message.string(), ...headers].join("\n");
    const decoded = [...text.matchAll(ENCODED)].map(([encoded]) => atob(encoded));
    const numbers = [text, ...decoded].flatMap((each) => [...each.matchAll(PLAIN)].map(([, number]) => Number(number)));
    return [...new Set(numbers)].flatMap((number) => this.hidings[number] ?? []);
  }
}
