import {
  App,
  DefaultTokenResolver,
  Fn,
  type IResolvable,
  Lazy,
  StringConcat,
  TerraformElement,
  TerraformStack,
  TerraformVariable,
  Token,
  Tokenization,
} from "cdktf";
import fc from "fast-check";
import { literal } from "../../../lib/tokens/literal";
import { own } from "../../../lib/tokens/own-elements";

const app = new App({ outdir: process.env.TMPDIR });
const stack = new TerraformStack(app, "stack");
const variable = new TerraformVariable(stack, "v", {});

/** Elements of the program, and of the library. */
const ELEMENTS = [variable, own(new TerraformVariable(stack, "w", {}))];

const tokens: readonly unknown[] = [
  variable.stringValue,
  variable.numberValue,
  variable.listValue,
  `text with ${variable.stringValue} in it`,
  `and with ${variable.numberValue}`,
  Lazy.stringValue({ produce: () => "later" }),
  Lazy.numberValue({ produce: () => 7 }),
  Lazy.listValue({ produce: () => ["a", "b"] }),
  Lazy.anyValue({ produce: () => ({ later: [undefined, 1] }) }),
  Token.asStringMap(variable.value),
  Token.asNumberMap(variable.value),
  Token.asNumberList(variable.value),
  Fn.upper("text"),
  variable.value as IResolvable,
];

const literals = fc.oneof(
  fc.string(),
  fc.constantFrom("$${x}", "$" + "{jetstream_stream.x.id}", "app-1e5", "1.5e+10", "TfToken", "$KV.a.>", ""),
  fc.integer(),
  // The numbers that cdktf makes for tokens are left out: it refuses those that it has not made.
  fc.double({ noNaN: true }).filter((number) => number > -1e289),
  fc.boolean(),
  fc.constantFrom(null, undefined, new Date(0)),
);

const valuesOf = (leaf: fc.Arbitrary<unknown>) =>
  fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: "small" }, leaf, fc.array(tie("value"), { maxLength: 4 }), tie("object")),
    object: fc.dictionary(fc.string({ maxLength: 8 }), tie("value"), { maxKeys: 5, noNullPrototype: true }),
  })).object as fc.Arbitrary<object>;

const resolver = new DefaultTokenResolver(new StringConcat());

const resolve = (value: unknown) => Tokenization.resolve(value, { scope: stack, resolver, preparing: false });

/** An element's JSON as its stack writes it: resolved by itself, and again with the stack. */
const written = (json: unknown) => resolve(resolve(json));

test("any value is written as without it", () => {
  const leaf = fc.oneof({ weight: 6, arbitrary: literals }, { weight: 1, arbitrary: fc.constantFrom(...tokens) });
  fc.assert(
    fc.property(valuesOf(leaf), (value) => {
      for (const element of ELEMENTS) {
        expect(resolve(literal(element, value))).toEqual(resolve(value));
        expect(written(literal(element, value))).toStrictEqual(written(value));
        expect(written({ in: literal(element, value) })).toStrictEqual(written({ in: value }));
      }
    }),
    { numRuns: 500 },
  );
});

test.each(tokens.map((token) => [token]))("a value with a token is left to cdktf: %s", (token) => {
  const value = { deep: [{ token }] };
  expect(literal(variable, value)).toBe(value);
});

test("a key that is a token is left to cdktf", () => {
  const value = { [variable.stringValue]: 1 };
  expect(literal(variable, value)).toBe(value);
});

test("a value without tokens is one for cdktf, whoever asks for its JSON", () => {
  const value = { a: [1, "$KV.a.>", { b: null }] };
  expect(Tokenization.isResolvable(literal(variable, value))).toBe(true);
  expect(JSON.stringify(literal(variable, value))).toBe(JSON.stringify(value));
});

test("a stack's overrides change what has no tokens", () => {
  const overridden = new TerraformStack(new App({ outdir: process.env.TMPDIR }), "overridden");
  class Jobs extends TerraformElement {
    public override toTerraform() {
      return literal(this, { resource: { jetstream_stream: { jobs: { name: "jobs", max_msgs: 5 } } } });
    }
  }
  own(new Jobs(overridden, "jobs"));
  overridden.addOverride("resource.jetstream_stream.jobs.max_msgs", 7);
  expect(overridden.toTerraform()).toHaveProperty("resource.jetstream_stream.jobs", { name: "jobs", max_msgs: 7 });
});

test("what the library makes is resolved once, and its attributes can be read and copied before that", () => {
  const [, made] = ELEMENTS;
  if (!made) throw new Error("there is such an element");
  const json = { resource: { jetstream_stream: { jobs: { name: "jobs", max_msgs: 5 } } } };
  const { resource } = resolve(literal(made, json)) as typeof json;
  expect(Tokenization.isResolvable(resource.jetstream_stream.jobs)).toBe(true);
  expect(resource.jetstream_stream.jobs.name).toBe("jobs");
  expect({ ...resource.jetstream_stream.jobs, name: "copy" }).toStrictEqual({ name: "copy", max_msgs: 5 });
  expect(resolve({ copy: resource.jetstream_stream.jobs })).toStrictEqual({ copy: { name: "jobs", max_msgs: 5 } });
});

test("a circular value is refused by cdktf", () => {
  const circular: { self?: object } = {};
  circular.self = circular;
  expect(() => resolve(literal(variable, circular))).toThrow(/circular/i);
});
