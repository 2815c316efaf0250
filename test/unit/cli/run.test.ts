import { COMMANDS } from "../../../lib/cli/run";
import { CATALOG, catalogText, command, finished, program } from "./cli";

const catalog = catalogText(program());
const one = { [CATALOG]: catalog };
const plan = JSON.stringify({
  format_version: "1.2",
  resource_changes: [
    {
      address: "jetstream_kv_bucket.prod_cache",
      type: "jetstream_kv_bucket",
      change: { actions: ["delete"], before: { name: "prod_cache" }, after: null },
    },
  ],
});

const WHITE = /\s+/g;

describe("help", () => {
  test.each([[], ...COMMANDS.map(({ name }) => [name])])("is no wider than 100 columns: %s", (...name) => {
    const lines = command([...name, "--help"], {}).out.split("\n");
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });

  test.each([["--help"], ["-h"], ["help"]])("%s lists every command", (argument) => {
    const { status, out } = command([argument], {});
    expect(status).toBe(0);
    for (const { name, words, about } of COMMANDS) {
      expect(out).toContain([name, ...words].join(" "));
      expect(out.replaceAll(WHITE, " ")).toContain(about);
    }
  });

  test.each(COMMANDS)("$name --help says its words, options and examples", (each) => {
    const { status, out } = command([each.name, "--help"], {});
    expect(status).toBe(0);
    for (const text of [...each.words, ...Object.keys(each.options).map((name) => `--${name}`), ...each.examples]) {
      expect(out).toContain(text);
    }
    expect(command(["help", each.name], {}).out).toBe(out);
  });

  // One with `--watch` does not end; it has a test of its own.
  test.each(COMMANDS.flatMap(({ examples }) => examples).filter((example) => !example.includes("--watch")))(
    "the example `%s` is a call that is understood",
    async (example) => {
      process.env.NATS_USER = "prod-terraform";
      const words = example.replace(/ >.*/, "").replaceAll("'", "").split(" ");
      const some = { ...one, "main.json": catalog, "plan.json": plan };
      const files = { ...some, "cdktf.out/stacks/prod/catalog.json": catalog };
      const { err } = await finished(words, example.includes("stacks/prod") ? files : some);
      const understood = example.startsWith("accounts") ? /: no (such file|such folder|output folder)/ : /^$/;
      expect(err).toMatch(/--(ask-server|platform)/.test(example) ? /: NATS_URL is not set/ : understood);
    },
  );

  test("without a command the help is on the standard error", () => {
    const { status, out, err } = command([], {});
    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain("Usage: cdktf-nats-platform COMMAND");
  });

  test("--version is the version of the package", () => {
    expect(command(["--version"], {})).toEqual({ status: 0, out: "0.1.0\n", err: "" });
  });
});

describe("refuses, with what to do", () => {
  const rows: [string, string[], string][] = [
    ["an unknown command", ["shw", "prod-cache"], "Did you mean show?"],
    ["an unknown option", ["show", "prod-cache", "--catlog", "x"], "Did you mean --catalog?"],
    ["an option of another command", ["show", "prod-cache", "--format", "json"], "show has no option --format"],
    ["an option without its value", ["show", "prod-cache", "--catalog"], "--catalog needs a value: --catalog FILE"],
    ["a missing word", ["can", "prod-cache", "publish"], "can needs SUBJECT"],
    ["two missing words", ["can", "prod-cache"], "can needs publish|subscribe and SUBJECT"],
    ["a word too many", ["show", "prod-cache", "x"], "show does not know what to do with x"],
    ["an unknown user", ["show", "cache"], "Did you mean prod-cache?"],
    ["a user that nothing is like", ["show", "xyzxyz"], "There is prod-node-1, prod-terraform, prod-cache"],
    ["an unknown account", ["who-can", "publish", "a", "--account", "PRD"], "Did you mean PROD?"],
    ["a direction that is none", ["who-can", "publsh", "a"], "Did you mean publish?"],
    ["a subject that the shell changed", ["who-can", "publish", ".prod_convex.>"], "Put a subject in single quotes"],
    ["an unknown format", ["diff", CATALOG, CATALOG, "--format", "md"], "There is text, json, markdown."],
    ["a file that is not there", ["diff", "old.json", CATALOG], "no such file: old.json"],
    ["a catalog that is not there", ["show", "prod-cache", "--catalog", "x"], "no such file: x"],
  ];
  test.each(rows)("%s", (_, argv, message) => {
    const { status, out, err } = command(argv, one);
    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain(message);
    expect(err).not.toMatch(/\n\s+at .*:\d+/);
  });

  test.each([
    ["is not JSON", "{", "not a catalog, since it is not JSON"],
    ["is something else", "{}", "not a catalog: "],
    ["is null", "null", "not a catalog: "],
    ["is of another version", '{"version":1}', "a catalog of version 1, which this command does not know"],
    [
      "is damaged",
      '{"version":2,"platforms":[],"accounts":[{}],"resources":[],"findings":[],"reasons":[]}',
      "may be damaged",
    ],
  ])("a catalog that %s", (_, text, message) => {
    const { status, err } = command(["show", "prod-cache"], { [CATALOG]: text });
    expect(status).toBe(2);
    expect(err).toContain(message);
  });
});

describe("the catalog", () => {
  test("is by default the only one in cdktf.out", () => {
    expect(command(["show", "prod-cache"], one).status).toBe(0);
  });

  test("refuses to guess where there is none", () => {
    const { status, err } = command(["show", "prod-cache"], {});
    expect(status).toBe(2);
    expect(err).toContain(
      "no catalog.json in cdktf.out/stacks\n  Run the program first (`npx tsx main.ts`, `cdktf synth`), or say where it is",
    );
  });

  test("refuses to guess where there are several, and names them", () => {
    const { status, err } = command(["show", "prod-cache"], { ...one, "cdktf.out/stacks/b/catalog.json": catalog });
    expect(status).toBe(2);
    expect(err).toContain(
      "  --catalog cdktf.out/stacks/b/catalog.json\n    --catalog cdktf.out/stacks/stack/catalog.json",
    );
  });

  test.each([
    ["a file", "x/catalog.json"],
    ["its folder", "x"],
    ["a folder of stacks", "y"],
  ])("can be %s", (_, path) => {
    const files = { "x/catalog.json": catalog, "y/stacks/a/catalog.json": catalog };
    expect(command(["--catalog", path, "show", "prod-cache"], files).status).toBe(0);
  });
});
