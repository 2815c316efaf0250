import * as lazy from "../../../lib/jetstream";
import { SCHEMA_SCENARIOS } from "./schema-scenarios";
import { STREAM_REFUSALS, STREAM_SCENARIOS } from "./stream-scenarios";
import { type Bindings, synthesize } from "./support";

const stock = jest.requireActual<Bindings>("../../.generated/stock");

test("compares two different modules", () => {
  expect(lazy.Stream).not.toBe(stock.Stream);
  expect(Object.keys(lazy).sort()).toEqual(Object.keys(stock).sort());
});

describe("lazy bindings synthesize what stock bindings do", () => {
  test.each(Object.entries({ ...STREAM_SCENARIOS, ...SCHEMA_SCENARIOS }))("%s", (_, scenario) => {
    expect(synthesize(lazy, scenario)).toEqual(synthesize(stock, scenario));
  });
});

describe("lazy bindings refuse what stock bindings refuse", () => {
  test.each(Object.entries(STREAM_REFUSALS))("%s", (_, scenario) => {
    expect(refusal(lazy, scenario)).toEqual(refusal(stock, scenario));
  });
});

function refusal(...args: Parameters<typeof synthesize>): string {
  try {
    synthesize(...args);
  } catch (error) {
    return String(error);
  }
  throw new Error("Expected a refusal, but it was synthesized.");
}
