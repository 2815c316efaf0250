import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import { Pipeline } from "./pipeline";
import { expectAsked } from "./server-view";

let toolchain: Toolchain;

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterAll(() => toolchain?.close());

describe.each([
  { example: "quickstart", platforms: { quickstart: "prod" } },
  { example: "multi-tenant", platforms: { prod: "prod", staging: "staging" } },
])("the example $example", ({ example, platforms }) => {
  let pipeline: Pipeline;

  beforeAll(async () => {
    pipeline = await Pipeline.startExample(toolchain, example);
  });

  afterAll(() => pipeline?.stop());

  test("has these stacks", () => expect(pipeline.workspace.stacks).toEqual(Object.keys(platforms)));

  describe.each(Object.entries(platforms))("its stack %s", (stack, platform) => {
    test("is planned and applied by the Terraform user, and then as it was asked for", async () => {
      const terraform = await pipeline.terraform(stack);
      await terraform.validate();
      const { changes } = await terraform.plan();
      expect(new Set(changes.map(({ change }) => change.actions.join()))).toEqual(new Set(["create"]));
      await terraform.applyPlan();
      expect(pipeline.violations).toEqual([]);
      await expectAsked(await pipeline.views(platform), pipeline.workspace.json(stack));
    });

    test("needs nothing more after it is applied", async () => {
      const { changes, drift } = await (await pipeline.terraform(stack)).plan();
      expect({ changes, drift }).toEqual({ changes: [], drift: [] });
    });
  });
});
