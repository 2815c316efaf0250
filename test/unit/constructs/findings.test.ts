import { AppConstruct, Findings, PlatformConstruct } from "../../../lib";
import { catalogFrom } from "../../../lib/catalog/catalog-text";
import { prodOf } from "../../support/prod";
import { type Program, refusal, synthFiles } from "../../support/synth";

const findings = (program: Program) => {
  const catalog = catalogFrom(JSON.parse(synthFiles(program)["stack/catalog.json"] ?? "{}"));
  return catalog.findings;
};

test("a finding is a warning of its construct, once", () => {
  const manifest = JSON.parse(synthFilesWithManifest((stack) => prodOf(stack)));
  const { annotations } = manifest.stacks.stack;
  const limits = annotations.filter(({ message }: { message: string }) => message.startsWith("NP002"));
  expect(limits.map(({ constructPath, level }: Record<string, string>) => [constructPath, level])).toEqual([
    ["stack/prod/Stream-events", "@cdktf/warn"],
    ["stack/prod/Stream-audit", "@cdktf/warn"],
  ]);
});

function synthFilesWithManifest(program: Program): string {
  const { mkdtempSync, readFileSync, rmSync } = jest.requireActual("node:fs");
  const { join } = jest.requireActual("node:path");
  const { App, TerraformStack } = jest.requireActual("cdktf");
  const outdir = mkdtempSync(join(jest.requireActual("node:os").tmpdir(), "findings-"));
  try {
    const app = new App({ outdir });
    program(new TerraformStack(app, "stack"), app);
    app.synth();
    return readFileSync(join(outdir, "manifest.json"), "utf8");
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

test("an acknowledgement holds for a construct and everything in it, and lands in the catalog", () => {
  const found = findings((stack) => {
    const prod = prodOf(stack);
    new AppConstruct(prod, "convex", { wal: {} });
    Findings.of(prod.events).acknowledge("NP002", "removed by the archiver");
  });
  const limits = found.filter(({ id }) => id === "NP002").map(({ source, acknowledged }) => [source, acknowledged]);
  expect(limits).toEqual([
    ["stack/prod/Stream-audit", undefined],
    ["stack/prod/Stream-events", "removed by the archiver"],
    ["stack/prod/convex/Stream-wal", undefined],
  ]);
  const all = findings((stack) => Findings.of(prodOf(stack)).acknowledge("NP002", "all"));
  expect(all.filter(({ id, acknowledged }) => id === "NP002" && !acknowledged)).toEqual([]);
});

test("an error that is acknowledged no longer stops the synth", () => {
  const program =
    (acknowledge: boolean): Program =>
    (stack) => {
      const prod = new PlatformConstruct(stack, "prod", {
        servers: ["nats://host:4222"],
        events: { subjects: ["prod._.events.user.>"] },
      });
      const convex = new AppConstruct(prod, "convex");
      convex.publishEvents("order.>");
      if (acknowledge) Findings.of(convex).acknowledge("NP009", "published without waiting for it");
    };
  expect(refusal(program(false)).message).toContain(
    "[stack/prod/convex] NP009: app convex publishes prod._.events.order.>",
  );
  expect(findings(program(true)).find(({ id }) => id === "NP009")?.acknowledged).toBe(
    "published without waiting for it",
  );
});

test.each([
  ["an id that does not exist", "NP999", "because", 'finding is not known: "NP999"'],
  ["no reason", "NP002", " ", "NP002 is acknowledged without a reason"],
])("refuses %s", (_, id, reason, says) => {
  expect(refusal((stack) => Findings.of(prodOf(stack)).acknowledge(id, reason)).message).toContain(says);
});
