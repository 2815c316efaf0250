import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { AppConstruct, type AppConstructProps, Isolation, PlatformConstruct, RetiredData } from "../../../lib";
import { addresses, problemsIn, synthStacks } from "../../support/synth";

describe.each([
  ["in the account of the platform", Isolation.PERMISSIONS],
  ["in an account of its own", Isolation.ACCOUNT],
])("an app %s", (_, isolation) => {
  test.each([RetiredData.KEEP, RetiredData.DELETE])(
    "is retired with all that it declares (%s), since what it has leads to nothing that stays",
    (retired) => {
      const { stack } = synthStacks((scope) => {
        const prod = new PlatformConstruct(scope, "prod", { servers: ["nats://nats:4222"] });
        const convex = new AppConstruct(prod, "convex", { isolation, retired, wal: {}, snapshots: {} });
        const jobs = convex.addStream("jobs");
        convex.addStream("copy", { sources: [{ stream: jobs }] });
        convex.addStream("again", { mirror: { stream: jobs } });
        convex.addConsumer("worker", { stream: jobs });
        convex.addLitestream({ databasePath: "/data/app.db" });
      });
      expect(addresses(stack ?? {}).filter((address) => address.includes("convex_"))).toEqual([]);
    },
  );
});

describe("where cdktf writes HCL, which has no removed blocks", () => {
  /** What is refused of an app with these properties. */
  function problems(hclOutput: boolean, propsOf: (old: TerraformStack) => AppConstructProps): string[] {
    const outdir = mkdtempSync(join(tmpdir(), "cdktf-nats-platform-"));
    try {
      const app = new App({ outdir, hclOutput });
      const [old, stack] = [new TerraformStack(app, "old"), new TerraformStack(app, "stack")];
      const prod = new PlatformConstruct(stack, "prod", { servers: ["nats://nats:4222"] });
      new AppConstruct(prod, "convex", { wal: {}, ...propsOf(old) });
      app.synth();
      return [];
    } catch (error) {
      return problemsIn((error as Error).message);
    } finally {
      rmSync(outdir, { recursive: true });
    }
  }

  test.each<[string, (old: TerraformStack) => AppConstructProps, string[]]>([
    [
      "data of what is retired is not kept",
      () => ({ retired: RetiredData.KEEP }),
      ["[stack/prod/convex/", "retired: RetiredData.KEEP needs a `removed` block", "Terraform would destroy the data"],
    ],
    [
      "nothing is moved to another stack",
      (movedFrom) => ({ movedFrom }),
      ["[stack/prod/convex]", "movedFrom needs a `removed` block, which cdktf cannot write as HCL", ': "old"'],
    ],
  ])("%s: that is refused, once", (_, props, says) => {
    const found = problems(true, props);
    expect(found).toHaveLength(1);
    for (const each of [
      ...says,
      "JSON, which cdktf writes unless",
      "Leave hclOutput of the App (SYNTH_HCL_OUTPUT) out",
    ]) {
      expect(found[0]).toContain(each);
    }
    expect(problems(false, props)).toEqual([]);
  });

  test.each<[string, AppConstructProps]>([
    ["what stays", {}],
    ["what is retired with its data", { retired: RetiredData.DELETE }],
  ])("%s needs none", (_, props) => {
    expect(problems(true, () => props)).toEqual([]);
  });
});
