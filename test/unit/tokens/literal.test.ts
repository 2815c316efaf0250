import {
  App,
  DefaultTokenResolver,
  Fn,
  type IResolvable,
  Lazy,
  StringConcat,
  TerraformStack,
  TerraformVariable,
  Token,
  Tokenization,
} from "cdktf";
import fc from "fast-check";
import { literal } from "../../../lib/tokens/literal";

const app = new App({ outdir: process.env.TMPDIR });
const stack = new TerraformStack(app, "stack");
const variable = new TerraformVariable(stack, "v", {});

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

test("any value resolves as without it", () => {
  const leaf = fc.oneof({ weight: 6, arbitrary: literals }, { weight: 1, arbitrary: fc.constantFrom(...tokens) });
  fc.assert(
    fc.property(valuesOf(leaf), (value) => {
      expect(resolve(literal(value))).toEqual(resolve(value));
      expect(resolve({ in: literal(value) })).toEqual(resolve({ in: value }));
    }),
    { numRuns: 2_000 },
  );
});

test.each(tokens.map((token) => [token]))("a value with a token is left to cdktf: %s", (token) => {
  const value = { deep: [{ token }] };
  expect(literal(value)).toBe(value);
});

test("a key that is a token is left to cdktf", () => {
  const value = { [variable.stringValue]: 1 };
  expect(literal(value)).toBe(value);
});

test("a value without tokens is one for cdktf, whoever asks for its JSON", () => {
  const value = { a: [1, "$KV.a.>", { b: null }] };
  expect(Tokenization.isResolvable(literal(value))).toBe(true);
  expect(JSON.stringify(literal(value))).toBe(JSON.stringify(value));
});

test("a circular value is refused by cdktf", () => {
  const circular: { self?: object } = {};
  circular.self = circular;
  expect(() => resolve(literal(circular))).toThrow(/circular/i);
});
