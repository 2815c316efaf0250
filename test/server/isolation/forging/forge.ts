import { setTimeout as sleep } from "node:timers/promises";
import { type Attempt, marked } from "./attempt";
import { filled } from "./belongings";
import type { Connection } from "./connection";
import { groupedBy } from "./family";
import type { Field } from "./field";

/** Messages that the attacker has stored, all for one target. */
export interface Hoard {
  readonly target: string;
  readonly attempts: readonly Attempt[];
  readonly stream: string;
  /** The subjects of the messages in the stream, where it has others too. */
  readonly filter?: string;
}

/** How a stream comes to store a message under any name. */
export interface Method {
  readonly name: string;
  /** Whether messages come into the stream by themselves, some time later. */
  readonly slow?: boolean;
  /** What is made, the stream that stores the names last. */
  streams(stream: string, prefix: string): readonly (object & { readonly name: string })[];
  /** Publishes the messages; without it they are published below the prefix, and the stream rewrites that away. */
  publish?(client: Connection, prefix: string, attempts: readonly Attempt[]): Promise<void>;
}

const COMMON = { storage: "memory", allow_direct: true, max_msgs: 100_000 };

/** A stream that takes its prefix away from the subject of what it stores. */
export const TRANSFORM: Method = {
  name: "transform",
  streams: (name, prefix) => [
    { ...COMMON, name, subjects: [`${prefix}.>`], subject_transform: { src: `${prefix}.>`, dest: ">" } },
  ],
};

/** How often it is looked whether a stream has stored what it gets, and how often in vain. */
const LOOKS = 1000;
const IN_VAIN = { quick: 20, slow: 400 };

/** Stores messages under the names that attempts want, in streams of the attacker's account, one for each target. */
export class Forge {
  private static count = 0;
  private readonly made: string[] = [];

  public constructor(
    private readonly field: Field,
    private readonly method: Method = TRANSFORM,
  ) {}

  /** Stores the messages of attempts. Whoever may make no stream stores in those that its account has. */
  public async store(attempts: readonly Attempt[]): Promise<Hoard[]> {
    const groups = [...groupedBy(attempts, ({ target }) => target)];
    const hoards = await Promise.all(groups.map(([target, group]) => this.hoard(target, group)));
    return hoards.flat();
  }

  /** Removes the streams. */
  public async remove(): Promise<void> {
    const { client } = this.field;
    await Promise.all(this.made.splice(0).map((stream) => client.ask(`$JS.API.STREAM.DELETE.${stream}`)));
  }

  private async hoard(target: string, attempts: readonly Attempt[]): Promise<Hoard[]> {
    if (this.field.user) return this.borrowed(target, attempts);
    const { client } = this.field;
    const number = Forge.count++;
    const [stream, prefix] = [`FORGE_${number}`, `forge.${number}`];
    for (const config of this.method.streams(stream, prefix)) {
      const { error } = await client.ask(`$JS.API.STREAM.CREATE.${config.name}`, config);
      if (error) throw new Error(`${this.method.name}: ${error.description}`);
      this.made.unshift(config.name);
    }
    if (this.method.publish) await this.method.publish(client, prefix, attempts);
    else for (const each of attempts) client.publish(`${prefix}.${each.stored}`, each.data, { headers: marked(each) });
    await this.untilStored(stream, attempts.length);
    return [{ target, attempts, stream }];
  }

  private async untilStored(stream: string, count: number): Promise<void> {
    let stored = -1;
    let inVain = 0;
    const most = this.method.slow ? IN_VAIN.slow : IN_VAIN.quick;
    for (let look = 0; look < LOOKS && inVain < most; look++) {
      const { state } = await this.field.client.ask(`$JS.API.STREAM.INFO.${stream}`);
      if (!state || state.messages >= count) return;
      inVain = state.messages === stored ? inVain + 1 : 0;
      stored = state.messages;
      await sleep(5);
    }
  }

  /** Stores under the account's own names, which is all that a user can do who may make no stream. */
  private async borrowed(target: string, attempts: readonly Attempt[]): Promise<Hoard[]> {
    const { belongings, account, client } = this.field;
    const streams = Object.values(belongings.state.get(account.name) ?? {});
    const hoards = streams.flatMap(({ config: { name, subjects = [] } }, index) => {
      const [pattern] = subjects;
      const share = attempts.filter((_, each) => each % streams.length === index);
      if (!pattern || share.length === 0) return [];
      const filter = filled(pattern, `forged${Forge.count++}`);
      for (const each of share) client.publish(filter, each.data, { headers: marked(each) });
      return [{ target, attempts: share, stream: name, filter }];
    });
    await client.flush();
    return hoards;
  }
}
