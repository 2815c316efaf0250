import { resolve } from "node:path";
import type * as framework from "cdktf";
import { App, TerraformStack } from "cdktf";
import { AppConstruct, PlatformConstruct } from "../../../lib";

const ROOT = resolve(__dirname, "../../..");
const CDKTF = resolve(ROOT, "node_modules/cdktf");
const CDKTN = resolve(ROOT, "test/cdktn/node_modules/cdktf");

/** Whether this run has cdktn in place of cdktf. */
const withCdktn = require.resolve("cdktf").startsWith(CDKTN);

/** The framework that the library does not use in this run. */
const other = jest.requireActual<typeof framework>(withCdktn ? CDKTF : CDKTN);

const [theirs, ours] = withCdktn ? ["cdktf", "cdktn"] : ["cdktn", "cdktf"];
const fix = withCdktn
  ? 'Remove the alias "cdktf": "npm:cdktn@…" from package.json, or import everything from cdktn'
  : 'Add "cdktf": "npm:cdktn@^0.24.0" to the dependencies in package.json and install again';

const MESSAGES = [`comes from ${theirs}, but this library was installed with ${ours}`, fix];

const stackOf = (Stack: typeof framework.TerraformStack) => new Stack(new other.App(), "foreign");
const declare = (stack: framework.TerraformStack) =>
  new PlatformConstruct(stack, "prod", { servers: ["nats://nats:4222"] });

test.each(MESSAGES)("refuses a stack of the other framework at once: %s", (message) => {
  expect(() => declare(stackOf(other.TerraformStack))).toThrow(message);
});

test("refuses it with the construct's path", () => {
  expect(() => declare(stackOf(other.TerraformStack))).toThrow('[foreign/prod] stack "foreign"');
});

test("refuses a subclass of a stack of the other framework", () => {
  class MyStack extends other.TerraformStack {}
  expect(() => declare(stackOf(MyStack))).toThrow(fix);
});

test("refuses a reference to a platform in a stack of the other framework", () => {
  const reference = () => PlatformConstruct.fromPlatformName(stackOf(other.TerraformStack), "prod", "prod");
  expect(reference).toThrow(fix);
});

test("refuses an app in a stack of the other framework", () => {
  const app = () => new AppConstruct(stackOf(other.TerraformStack), "convex");
  expect(app).toThrow(fix);
});

test("refuses a tree that another version of constructs keeps otherwise", () => {
  const stack = new TerraformStack(new App({ outdir: process.env.TMPDIR }), "stack");
  const { node } = stack;
  const addChild = () => {
    throw new TypeError("scope.node._scopes is not iterable");
  };
  Object.defineProperty(stack, "node", { value: Object.create(node, { addChild: { value: addChild } }) });
  expect(() => new PlatformConstruct(stack, "prod")).toThrow(
    "[stack] the program has another version of constructs than this library, which cannot add to it",
  );
});
