import { AppConstruct, PlatformConstruct, type Stream } from "../../lib";
import { HOSTILE } from "../support/hostile";
import { ALL } from "../support/sample";
import { problemsIn, refusal, synth } from "../support/synth";

const SERVERS = ["nats://nats:4222"];

interface Scene {
  readonly prod: PlatformConstruct;
  readonly app: AppConstruct;
}

/** How a text is given to each place that takes names or subjects only. */
const PLACES: { readonly [place: string]: (scene: Scene, text: string) => unknown } = {
  appName: ({ prod }, text) => new AppConstruct(prod, "b", { appName: text }),
  platformName: ({ prod }, text) =>
    new PlatformConstruct(prod.node.scope as never, "c", { platformName: text, servers: SERVERS }),
  nodes: ({ prod }, text) => new PlatformConstruct(prod.node.scope as never, "c", { nodes: [text], servers: SERVERS }),
  addStream: ({ app }, text) => app.addStream(text),
  addConsumer: ({ app }, text) => app.addConsumer(text, { stream: app.wal as Stream }),
  usePlatformLocks: ({ app }, text) => app.usePlatformLocks(text),
  readPlatformConfig: ({ app }, text) => app.readPlatformConfig(text),
  serveApi: ({ app }, text) => app.serveApi(text),
  liveEvents: ({ prod }, text) => new AppConstruct(prod, "b", { liveEvents: [text] }),
  consumeEvents: ({ app }, text) => app.consumeEvents({ subjects: [text] }),
  subjects: ({ app }, text) => app.addStream("jobs", { subjects: [`prod.a.jobs.${text}`] }),
  filterSubject: ({ app }, text) => app.addStream("jobs", { sources: [{ name: "other", filterSubject: text }] }),
  sourceName: ({ app }, text) => app.addStream("jobs", { sources: [{ name: text }] }),
  prefix: ({ app }, text) => app.addStream("jobs", { sources: [{ name: "other", externalApiPrefix: text }] }),
  destination: ({ app }, text) =>
    app.addStream("jobs", { republish: { source: "prod.a.jobs.x", destination: `prod.a.again.${text}` } }),
  transform: ({ app }, text) =>
    app.addStream("jobs", { subjectTransform: { source: "prod.a.jobs.x", destination: `prod.a.jobs.${text}` } }),
};

test.each(Object.entries(PLACES))("%s takes no text that Terraform evaluates", (_, give) => {
  const program = (text: string) => (stack: ConstructorParameters<typeof PlatformConstruct>[0]) => {
    const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS });
    give({ prod, app: new AppConstruct(prod, "a", { wal: {} }) }, text);
  };
  for (const text of ALL ? HOSTILE : HOSTILE.filter((each) => /[$%]/.test(each))) {
    const { message } = refusal(program(text));
    if (message !== undefined) {
      expect(problemsIn(message).length).toBeGreaterThan(0);
      continue;
    }
    const written = JSON.stringify(synth(program(text)), (key, value) => (key === "//" ? undefined : value));
    expect(written.match(/(?<!\$)\$\{(?!jetstream_|var\.)|\$\{var\.x|(?<!%)%\{/g) ?? []).toEqual([]);
  }
});
