import type { TerraformStack } from "cdktf";
import fc from "fast-check";
import * as lazy from "../../../lib/jetstream";
import { type Bindings, show, synthesize } from "./support";

const stock = jest.requireActual<Bindings>("../../.generated/stock");

/** One thing that a program can do to a stream it has constructed. */
type Step = (stream: lazy.Stream, stack: TerraformStack) => void;

const text = fc.constantFrom("", "A", "orders.>");
const external = fc.record({ api: text, deliver: text }, { requiredKeys: ["api"] });
const transform = fc.record({ source: text, destination: text });
const mirror = fc.record(
  { name: text, filterSubject: text, startSeq: fc.nat(3), external, subjectTransform: fc.array(transform) },
  { requiredKeys: ["name"] },
);
const source = fc.array(mirror, { maxLength: 3 });
const config = fc.record(
  { name: text, maxAge: fc.nat(2), denyPurge: fc.boolean(), mirror, source, subjectTransform: transform },
  { requiredKeys: ["name"] },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  mirror.map(
    (value): Step =>
      (stream) =>
        stream.putMirror(value),
  ),
  source.map(
    (value): Step =>
      (stream) =>
        stream.putSource(value),
  ),
  transform.map(
    (value): Step =>
      (stream) =>
        stream.putSubjectTransform(value),
  ),
  text.map(
    (value): Step =>
      (stream) => {
        stream.mirror.name = value;
      },
  ),
  external.map(
    (value): Step =>
      (stream) =>
        stream.mirror.putExternal(value),
  ),
  text.map(
    (value): Step =>
      (stream) =>
        stream.addOverride("mirror.name", value),
  ),
  fc.constantFrom<Step>(
    (stream) => stream.resetMirror(),
    (stream) => stream.resetSource(),
    (stream) => stream.resetSubjectTransform(),
    (stream) => stream.mirror.resetExternal(),
    (stream) => stream.addOverride("source", undefined),
    (stream, stack) => showNext(stack, stream.mirror.name),
    (stream, stack) => showNext(stack, stream.source.get(0).external.api),
    (stream, stack) => showNext(stack, stream.mirrorInput),
    (stream, stack) => showNext(stack, stream.sourceInput),
    (stream, stack) => showNext(stack, stream.subjectTransformInput),
  ),
);

test("any steps on any stream synthesize to the same with lazy and with stock bindings", () => {
  fc.assert(
    fc.property(config, fc.array(step, { maxLength: 8 }), (initial, steps) => {
      const scenario = (bindings: Bindings, stack: TerraformStack) => {
        const stream = new bindings.Stream(stack, "stream", initial);
        for (const take of steps) {
          take(stream, stack);
        }
      };
      expect(synthesize(lazy, scenario)).toEqual(synthesize(stock, scenario));
    }),
    { numRuns: 100 },
  );
});

function showNext(stack: TerraformStack, value: unknown): void {
  show(stack, `output-${stack.node.children.length}`, value);
}
