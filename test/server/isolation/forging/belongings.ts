import { setTimeout as sleep } from "node:timers/promises";
import { isLiteral } from "../../../../lib/subjects/subject-pattern";
import { type AccountContents, accountContents } from "../../../support/account-contents";
import { type Connection, must } from "./connection";
import { filtersOf } from "./expected";
import { KEEPER_INBOX, type Place } from "./place";
import type { Secrets } from "./secrets";
import { type State, type StreamState, stateOf } from "./state";

/** A subject that a pattern matches. */
export const filled = (pattern: string, token = "probe"): string =>
  pattern
    .split(".")
    .map((each) => (each === "*" || each === ">" ? token : each))
    .join(".");

/** What the accounts have, with a secret in every corner of it, and how it is put back after an effect. */
export class Belongings {
  /** Hides secrets in all that the accounts have, and lets each consumer have a message that is not acknowledged. */
  public static async of(place: Place, secrets: Secrets): Promise<Belongings> {
    const names = place.accounts.map(({ name }) => name);
    for (const [account, streams] of await stateOf(place, names)) {
      const keeper = place.keeper(account);
      for (const stream of Object.values(streams)) await hideIn(keeper, account, stream, secrets);
      for (const stream of Object.values(streams)) await leaveUnacknowledged(keeper, stream);
    }
    const belongings = new Belongings(place);
    await belongings.remember();
    return belongings;
  }

  private contents = new Map<string, AccountContents>();
  private current: State = new Map();
  private restored: State = new Map();

  private constructor(private readonly place: Place) {}

  /** What there was when it was last looked at. */
  public get state(): State {
    return this.current;
  }

  /** Takes what there is now as what there was. */
  public accept(state: State): void {
    this.current = new Map([...this.current, ...state]);
  }

  /** Puts back what all accounts had at first, where it has changed. */
  public async restoreAll(): Promise<void> {
    const state = await stateOf(this.place, [...this.contents.keys()]);
    for (const [account, streams] of state) {
      if (JSON.stringify(streams) !== JSON.stringify(this.restored.get(account))) await this.restore(account);
    }
  }

  /** Puts an account back to what it had at first. */
  public async restore(account: string): Promise<void> {
    const keeper = this.place.keeper(account);
    const { streams } = await must(keeper, "$JS.API.STREAM.NAMES");
    for (const name of (streams ?? []) as string[]) await must(keeper, `$JS.API.STREAM.DELETE.${name}`);
    for (const [name, { config, messages, consumers }] of Object.entries(this.contents.get(account) ?? {})) {
      await persistently(() => must(keeper, `$JS.API.STREAM.CREATE.${name}`, config));
      if (!config.sources && !config.mirror) {
        for (const { subject, data = "" } of messages) await keeper.request(subject, atob(data));
      }
      for (const [consumer, { config: wanted }] of Object.entries(
        consumers as { [name: string]: { config: object } },
      )) {
        await must(keeper, `$JS.API.CONSUMER.CREATE.${name}.${consumer}`, { stream_name: name, config: wanted });
      }
    }
    const restored = await stateOf(this.place, [account]);
    for (const stream of Object.values(restored.get(account) ?? {})) await leaveUnacknowledged(keeper, stream);
    const state = await stateOf(this.place, [account]);
    this.restored = new Map([...this.restored, ...state]);
    this.accept(state);
  }

  private async remember(): Promise<void> {
    const names = this.place.accounts.filter(({ jetStream }) => jetStream).map(({ name }) => name);
    for (const name of names) this.contents.set(name, await accountContents(this.place.keeper(name)));
    this.current = await stateOf(this.place, names);
    this.restored = this.current;
  }
}

/** How often the server is asked for what it may not be ready for. */
const TRIES = 20;

/** Tries again: a stream that is deleted is in the way of the next one of its name for a moment. */
async function persistently(action: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; attempt < TRIES; attempt++) {
    try {
      await action();
      return;
    } catch {
      await sleep(50);
    }
  }
  await action();
}

/** The subjects of a stream that get a secret each: of its own, and of what its consumers are for. */
function subjectsOf({ config: { subjects = [] }, subjects: used, consumers }: StreamState): string[] {
  const filters = Object.values(consumers).flatMap(filtersOf);
  const wanted = [...subjects, ...filters].map((pattern) => filled(pattern));
  const keys = Object.keys(used).filter((subject) => /\.config\./.test(subject));
  return [...new Set([...wanted, ...keys])].filter((subject) => isLiteral(subject) && subject.includes("."));
}

async function hideIn(keeper: Connection, account: string, stream: StreamState, secrets: Secrets): Promise<void> {
  const { config } = stream;
  const description = secrets.hide({ account, stream: config.name });
  await must(keeper, `$JS.API.STREAM.UPDATE.${config.name}`, { ...config, description });
  if (config.sources || config.mirror) return;
  for (const subject of subjectsOf(stream)) {
    const text = secrets.hide({ account, stream: config.name, subject });
    await keeper.request(subject, text).catch(() => undefined);
  }
}

/** Fetches one message of each consumer that wants acknowledgements, and gives none. */
async function leaveUnacknowledged(keeper: Connection, { config: { name }, consumers }: StreamState): Promise<void> {
  for (const [consumer, { config }] of Object.entries(consumers)) {
    if ("deliver_subject" in config) continue;
    const reply = `${KEEPER_INBOX}.unacknowledged`;
    keeper.publish(`$JS.API.CONSUMER.MSG.NEXT.${name}.${consumer}`, '{"batch":1,"no_wait":true}', { reply });
  }
  await keeper.flush();
}
