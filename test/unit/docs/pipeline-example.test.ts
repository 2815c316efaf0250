import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import { sync } from "../../../lib/cli/accounts/sync";
import { argumentsOf as argumentsOfCommand, commandLine } from "../../../lib/cli/arguments";

interface Workflow {
  readonly jobs: { readonly [name: string]: { readonly steps: readonly { readonly run?: string }[] } };
}

const workflow: Workflow = parse(
  readFileSync(join(__dirname, "../../../examples/pipeline/.github/workflows/nats.yml"), "utf8"),
);
const checks = Object.entries(workflow.jobs).flatMap(([job, { steps }]) =>
  steps.flatMap(({ run }) => (run?.includes("check-plan") ? [[job, run] as const] : [])),
);

/** What a step gives the command, in a folder with files that a shell may take for a name of what is allowed. */
function argumentsOf(step: string, allowed: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "pipeline-example-"));
  try {
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin/npx"), '#!/bin/sh\nprintf "%s\\n" "$@" > arguments\n');
    chmodSync(join(folder, "bin/npx"), 0o755);
    for (const file of ["prod_a", "jetstream_stream.x0"]) writeFileSync(join(folder, file), "");
    writeFileSync(join(folder, "allowed-losses.txt"), allowed);
    const env = { ...process.env, RUNNER_TEMP: folder, PATH: `${join(folder, "bin")}${delimiter}${process.env.PATH}` };
    const { status, stderr } = spawnSync("bash", ["-eo", "pipefail", "-c", step], {
      cwd: folder,
      env,
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, ""]);
    return readFileSync(join(folder, "arguments"), "utf8").split("\n").slice(0, -1);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("both jobs check a plan", () => expect(checks.map(([job]) => job)).toEqual(["check", "apply"]));

test.each(checks)("the job %s gives each name as it is written", (_, step) => {
  const allowedBy = (text: string) => argumentsOf(step, text).filter((each) => each.startsWith("--allow"));
  expect(argumentsOf(step, "").slice(0, 2)).toEqual(["cdktf-nats-platform", "check-plan"]);
  expect(allowedBy("")).toEqual([]);
  expect(allowedBy('prod_*\n\nmodule.a["b c"].jetstream_stream.x[0]\nprod_cache')).toEqual([
    "--allow=prod_*",
    '--allow=module.a["b c"].jetstream_stream.x[0]',
    "--allow=prod_cache",
  ]);
});

test("the unit of systemd calls the command with options that it has", () => {
  const [unit, environment] = ["service", "env"].map((ending) =>
    readFileSync(join(__dirname, `../../../examples/pipeline/nats-accounts-sync.${ending}`), "utf8"),
  ) as [string, string];
  const options = /^SYNC_OPTIONS=(.*)$/m.exec(environment)?.[1] ?? "";
  const calls = [...unit.matchAll(/^ExecStart(?:Pre)?=-?\S+ accounts sync (.*)$/gm)].map(([, words = ""]) => {
    const line = commandLine(words.replace("$SYNC_OPTIONS", options).split(" "), sync.options);
    return argumentsOfCommand(sync, line.words, line);
  });
  expect(calls.map((call) => [call.options.to, call.options.watch])).toEqual([
    ["/var/lib/nats-accounts/accounts.conf", undefined],
    ["/var/lib/nats-accounts/accounts.conf", "0.5"],
  ]);
  expect(environment).not.toMatch(/PASSWORD=./);
});
