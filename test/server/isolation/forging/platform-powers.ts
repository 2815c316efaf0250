import { setTimeout as sleep } from "node:timers/promises";
import { worldByHand } from "./by-hand";
import type { Connection } from "./connection";
import { APART } from "./shapes";

/** Something that the account of a platform can do to its isolated apps. */
export interface Power {
  readonly name: string;
  /** Why it is left so. */
  readonly reason: string;
  /** Does it, and says whether it has worked. */
  readonly works: (platform: Connection, app: Connection) => Promise<boolean>;
}

/** What arrives at a subject while something is done. */
async function heard(client: Connection, subject: string, action: () => Promise<unknown>): Promise<string[]> {
  const subjects: string[] = [];
  const ear = client.subscribe(subject, (message) => subjects.push(message.subject));
  await client.flush();
  await action();
  await sleep(60);
  await client.flush();
  ear.unsubscribe();
  return subjects;
}

const publishing = (client: Connection, subject: string) => async () => {
  client.publish(subject, "forged");
  await client.flush();
};

const CONSUMER = "prod_events.convex";

/** What the platform's account can do to an isolated app, all of which a test expects to work. */
export const POWERS: readonly Power[] = [
  {
    name: "forge live events",
    reason:
      "the platform's account is where live events come from: whoever may do everything there speaks as the platform",
    works: async (platform, app) =>
      (await heard(app, "prod._.events.user.created", publishing(platform, "prod._.live.events.user.created"))).length >
      0,
  },
  {
    name: "forge stored events",
    reason: "the stream of events is the platform's, and so is what the app's consumer delivers from it",
    works: async (platform) => {
      const { stream } = await platform.ask("prod._.events.user.created", "forged");
      return stream === "prod_events";
    },
  },
  {
    name: "call the APIs that one of its apps calls, as that app",
    reason: "an API knows the account of its caller, not which app of the platform's account it is",
    works: async (platform, app) =>
      (await heard(app, "prod._.api.convex.query", publishing(platform, "prod._.api.convex.query"))).length > 0,
  },
  {
    name: "change the configuration that the app reads",
    reason: "the configuration is the platform's, in the platform's bucket",
    works: async (platform, app) => {
      await platform.request("$KV.prod_platform.config.flags", "forged");
      const subject = "$JS.prod.API.DIRECT.GET.KV_prod_platform.$KV.prod_platform.config.flags";
      const value = await app.request(subject).then((message) => message.string());
      return value === "forged";
    },
  },
  {
    name: "have live events heard under any name",
    reason: "the platform's account has JetStream and exports streams: what it stores keeps its name on the way out",
    works: async (platform, app) => {
      const [name, deliver_subject] = ["forged", "prod._.live.events.forged"];
      const subject_transform = { src: "forged.>", dest: ">" };
      await platform.ask(`$JS.API.STREAM.CREATE.${name}`, { name, subjects: ["forged.>"], subject_transform });
      const subjects = await heard(app, ">", async () => {
        await platform.request("forged.any.name", "forged");
        const ear = platform.subscribe(deliver_subject, () => undefined);
        const config = { name, deliver_subject, ack_policy: "none" };
        await platform.ask(`$JS.API.CONSUMER.CREATE.${name}.${name}`, { stream_name: name, config });
        await sleep(60);
        ear.unsubscribe();
      });
      return subjects.includes("any.name");
    },
  },
  {
    name: "delete the app's consumer of events",
    reason: "the consumer is in the platform's account, beside the stream that it reads",
    works: async (platform, app) => {
      await platform.ask(`$JS.API.CONSUMER.DELETE.${CONSUMER}`);
      return (await app.ask(`$JS.prod.API.CONSUMER.INFO.${CONSUMER}`)).error?.err_code === 10014;
    },
  },
];

/** Which powers the account of a platform has over an isolated app. */
export async function runPowers(): Promise<(Power & { readonly present: boolean })[]> {
  const { place, stop } = await worldByHand(APART);
  try {
    const [platform, app] = [place.keeper("PROD"), place.keeper("PROD_CONVEX_MESSAGING")];
    const results: (Power & { present: boolean })[] = [];
    for (const power of POWERS)
      results.push({ ...power, present: await power.works(platform, app).catch(() => false) });
    return results;
  } finally {
    await stop();
  }
}
