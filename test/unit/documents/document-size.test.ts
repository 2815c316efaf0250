import { AppConstruct, Isolation, PlatformConstruct } from "../../../lib";
import { documentsInStack } from "../../../lib/documents/stack-documents";
import { SERVERS } from "../../support/prod";
import { synthStacks } from "../../support/synth";

/** The size of each document of a platform with so many isolated apps, of which each serves, calls the first, and has health. */
function sizesWith(count: number): ReadonlyMap<string, number> {
  const stacks = synthStacks((stack) => {
    const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS, nodes: ["node-1"] });
    const shared = new AppConstruct(prod, "shared");
    const apps = Array.from({ length: count }, (_, index) => {
      const app = new AppConstruct(prod, `app-${100 + index}`, { isolation: Isolation.ACCOUNT, liveEvents: ["a.>"] });
      app.serveApi("q");
      app.publishHealth();
      app.consumeEvents();
      return app;
    });
    for (const app of apps) if (app !== apps[0] && apps[0]) app.callApi(apps[0], "q");
    if (apps[0]) shared.callApi(apps[0], "q");
  });
  const documents = Object.values(stacks).flatMap((stack) => documentsInStack(stack, ""));
  return new Map(documents.map(({ key, text }) => [key, text.length]));
}

/** Whether two sizes are the same, but for the digits of a number of apps. */
const withinDigits = (one = 0, other: number) => Math.abs(one - other) <= 1;

test("no document grows with the number of isolated apps", () => {
  const [few, many] = [sizesWith(3), sizesWith(40)];
  for (const [key, size] of few) expect([key, withinDigits(many.get(key), size)]).toEqual([key, true]);
  expect(Math.max(...many.values())).toBeLessThan(40_000);
});
