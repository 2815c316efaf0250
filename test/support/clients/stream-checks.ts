import { assertEqual, type Checks, type Scene, unique } from "./scene";

const LARGE_COUNT = 30;

const wal = ({ app }: Scene, target: string) => app.subject("wal", target);

/** Lets the keeper store messages in the app's stream, on subjects below one of this check alone. */
async function stored(scene: Scene, ...texts: string[]): Promise<string> {
  const target = unique("frames");
  for (const text of texts) await scene.keeper.store(wal(scene, `${target}.${text}`), text);
  return target;
}

/** More than flow control lets pass unanswered, in the app's stream. */
async function storedMuch(scene: Scene): Promise<string> {
  const target = unique("large");
  const data = "x".repeat(100_000);
  for (let index = 0; index < LARGE_COUNT; index++) await scene.keeper.store(wal(scene, `${target}.${index}`), data);
  return target;
}

/** A durable consumer that the keeper has made. */
async function durableOf({ keeper, app }: Scene, filter: string): Promise<string> {
  const name = unique("durable");
  await keeper.createDurable(app.walStream, name, filter);
  return name;
}

export const STREAM_CHECKS = {
  "stream.ordered": {
    "stream: ordered": async (scene) => {
      const target = await stored(scene, "one", "two", "three");
      const texts = await scene.client.readInOrder(scene.app.walStream, [`${wal(scene, target)}.>`], 3);
      assertEqual("texts", texts.join(), "one,two,three");
    },
    "stream: ordered, beyond 2 MB": async (scene) => {
      const target = await storedMuch(scene);
      const texts = await scene.client.readInOrder(scene.app.walStream, [`${wal(scene, target)}.>`], LARGE_COUNT);
      assertEqual("messages", texts.length, LARGE_COUNT);
    },
    "stream: ordered, several filters": async (scene) => {
      const target = await stored(scene, "one", "two", "three");
      const filters = [wal(scene, `${target}.one`), wal(scene, `${target}.three`)];
      assertEqual("texts", (await scene.client.readInOrder(scene.app.walStream, filters, 2)).join(), "one,three");
    },
  },
  "stream.look": {
    "stream: look at it": async ({ client, app }) => {
      assertEqual("name", await client.lookAt(app.walStream), app.walStream);
    },
  },
  "stream.find": {
    "stream: read a subject, whose stream the client looks up": async (scene) => {
      const target = await stored(scene, "one", "two");
      assertEqual("texts", (await scene.client.readBySubject(`${wal(scene, target)}.>`, 2)).join(), "one,two");
    },
    "stream: read a subject, whose stream the client looks up, beyond 2 MB": async (scene) => {
      const target = await storedMuch(scene);
      const texts = await scene.client.readBySubject(`${wal(scene, target)}.>`, LARGE_COUNT);
      assertEqual("messages", texts.length, LARGE_COUNT);
    },
  },
  "stream.get": {
    "stream: a message by its sequence": async ({ client, keeper, app }) => {
      const { seq } = await keeper.store(app.subject("wal", unique("frames")), "one");
      assertEqual("text", await client.message(app.walStream, { sequence: seq }), "one");
    },
    "stream: the last message of a subject": async ({ client, keeper, app }) => {
      const subject = app.subject("wal", unique("frames"));
      for (const text of ["one", "two"]) await keeper.store(subject, text);
      assertEqual("text", await client.message(app.walStream, { last: subject }), "two");
    },
  },
  "stream.ownDurable": {
    "stream: create a durable consumer": async (scene) => {
      const [target, name] = [await stored(scene, "one"), unique("created")];
      await scene.client.createDurable(scene.app.walStream, name, `${wal(scene, target)}.>`);
      assertEqual("texts", (await scene.keeper.fetch(scene.app.walStream, name, 1)).join(), "one");
    },
    "stream: fetch and acknowledge": async (scene) => {
      const target = await stored(scene, "one", "two");
      const name = await durableOf(scene, `${wal(scene, target)}.>`);
      assertEqual("texts", (await scene.client.fetch(scene.app.walStream, name, 2)).join(), "one,two");
    },
    "stream: read a subject, whose stream the client looks up, beyond 2 MB": async (scene) => {
      const target = await storedMuch(scene);
      const texts = await scene.client.readBySubject(`${wal(scene, target)}.>`, LARGE_COUNT);
      assertEqual("messages", texts.length, LARGE_COUNT);
    },
    "stream: change a durable consumer": async (scene) => {
      const name = await durableOf(scene, scene.app.componentSubjects("wal"));
      await scene.client.updateDurable(scene.app.walStream, name, 7);
      const info = await scene.keeper.request(`$JS.API.CONSUMER.INFO.${scene.app.walStream}.${name}`);
      assertEqual("pending", JSON.parse(info.string()).config?.max_ack_pending, 7);
    },
    "stream: delete a durable consumer": async (scene) => {
      const name = await durableOf(scene, scene.app.componentSubjects("wal"));
      await scene.client.deleteDurable(scene.app.walStream, name);
      const info = await scene.keeper.request(`$JS.API.CONSUMER.INFO.${scene.app.walStream}.${name}`);
      assertEqual("consumer", JSON.parse(info.string()).error?.err_code, 10014);
    },
  },
  "consumer.bindShared": {
    "events: fetch from the durable consumer": async ({
      messaging: client,
      node,
      platform,
      eventsConsumer,
      domain,
    }) => {
      const text = unique("event");
      await node.store(platform.subject("events", "user.created"), text);
      const texts: string[] = [];
      while (!texts.includes(text)) {
        const fetched = await client.fetch(platform.eventsStream, eventsConsumer, 1, domain);
        if (fetched.length === 0) throw new Error("the event does not come");
        texts.push(...fetched);
      }
    },
  },
} satisfies { [capability: string]: Checks };
