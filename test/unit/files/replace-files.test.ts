import fs, {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { digestOf, MANIFEST, manifestText, readManifest } from "../../../lib/catalog/manifest";
import { replaceFiles } from "../../../lib/files/replace-files";

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), "files-"));
});
afterEach(() => rmSync(outdir, { recursive: true }));

/** Every file of a folder but the manifest, with its content. */
function filesIn(folder: string): { readonly [path: string]: string } {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    files
      .map((file) => [file.slice(folder.length + 1), readFileSync(file, "utf8")] as const)
      .filter(([path]) => path !== MANIFEST)
      .sort(),
  );
}

const write = (path: string, content: string) => {
  mkdirSync(dirname(join(outdir, path)), { recursive: true });
  writeFileSync(join(outdir, path), content);
};

const PATHS = [
  "stacks/a/accounts.conf",
  "stacks/a/accounts/PROD.conf",
  "stacks/a/catalog.json",
  "stacks/b/accounts.conf",
];
const FOLDERS = ["stacks/a", "stacks/b"];
const contents = fc.dictionary(fc.constantFrom(...PATHS), fc.constantFrom("one", "two", ""));
const foreign = fc.dictionary(
  fc.constantFrom("stacks/a/cdk.tf.json", "stacks/a/accounts/own.conf", "manifest.json"),
  fc.string(),
);

test("whatever is written one after another, the last is there and what others wrote", () => {
  fc.assert(
    fc.property(foreign, fc.array(contents, { minLength: 1, maxLength: 5 }), (others, synths) => {
      rmSync(outdir, { recursive: true });
      mkdirSync(outdir);
      for (const [path, content] of Object.entries(others)) write(path, content);
      for (const files of synths) replaceFiles(outdir, FOLDERS, new Map(Object.entries(files)));
      const expected = { ...others, ...synths.at(-1) };
      expect(filesIn(outdir)).toEqual(Object.fromEntries(Object.entries(expected).sort()));
    }),
    { numRuns: 200 },
  );
});

test("a file that cannot be written leaves all others as they were", () => {
  replaceFiles(outdir, FOLDERS, new Map([["stacks/a/accounts.conf", "old"]]));
  mkdirSync(join(outdir, "stacks/a/catalog.json"));
  const next = new Map([
    ["stacks/a/accounts.conf", "new"],
    ["stacks/a/catalog.json", "new"],
  ]);
  expect(() => replaceFiles(outdir, FOLDERS, next)).toThrow(
    /cannot be written; accounts, catalog and reports are as before: .*catalog\.json is a folder/,
  );
  expect(filesIn(outdir)).toEqual({ "stacks/a/accounts.conf": "old" });
});

test("a file that cannot be put in its place leaves all others as they were, and nothing else behind", () => {
  const paths = ["stacks/a/accounts.conf", "stacks/a/new.conf", "stacks/a/catalog.json"];
  const contents = (content: string) => new Map(paths.map((path) => [path, content]));
  replaceFiles(outdir, FOLDERS, new Map([...contents("old")].filter(([path]) => path !== "stacks/a/new.conf")));
  const before = filesIn(outdir);
  const manifest = readFileSync(join(outdir, MANIFEST), "utf8");
  const { renameSync } = fs;
  const spy = jest.spyOn(fs, "renameSync").mockImplementation((from, to) => {
    if (String(from).endsWith(`catalog.json.${process.pid}.tmp`)) throw new Error("EBUSY: catalog.json");
    renameSync(from, to);
  });
  try {
    expect(() => replaceFiles(outdir, FOLDERS, contents("new"))).toThrow(/as before: EBUSY/);
  } finally {
    spy.mockRestore();
  }
  expect(filesIn(outdir)).toEqual(before);
  expect(readFileSync(join(outdir, MANIFEST), "utf8")).toBe(manifest);
});

describe("what another synth takes away at the same time", () => {
  const OLD = new Map([
    ["stacks/a/accounts.conf", "old"],
    ["stacks/a/accounts/PROD.conf", "old"],
  ]);
  const NEW = new Map([["stacks/a/accounts.conf", "new"]]);

  test.each(["lstatSync", "realpathSync", "readFileSync"] as const)("is no problem to remove: before %s", (name) => {
    replaceFiles(outdir, FOLDERS, OLD);
    const real = fs[name] as (...args: unknown[]) => unknown;
    const spy = jest.spyOn(fs, name).mockImplementation(((...args: unknown[]) => {
      if (String(args[0]).includes("accounts/PROD.conf") || String(args[0]).endsWith("/accounts")) {
        rmSync(join(outdir, "stacks/a/accounts"), { recursive: true, force: true });
      }
      return real(...args);
    }) as never);
    try {
      replaceFiles(outdir, FOLDERS, NEW);
    } finally {
      spy.mockRestore();
    }
    expect(filesIn(outdir)).toEqual(Object.fromEntries(NEW));
  });

  test.each(["writeFileSync", "chmodSync", "linkSync"] as const)("is written all the same: before %s", (name) => {
    replaceFiles(outdir, FOLDERS, OLD);
    const again = new Map([...OLD].map(([path]) => [path, "new"]));
    const real = fs[name] as (...args: unknown[]) => unknown;
    let disturbed = false;
    const spy = jest.spyOn(fs, name).mockImplementation(((...args: unknown[]) => {
      if (!disturbed && String(args[0]).includes("accounts/PROD.conf")) {
        disturbed = true;
        rmSync(join(outdir, "stacks/a/accounts"), { recursive: true, force: true });
      }
      return real(...args);
    }) as never);
    try {
      replaceFiles(outdir, FOLDERS, again);
    } finally {
      spy.mockRestore();
    }
    expect([disturbed, filesIn(outdir)]).toEqual([true, Object.fromEntries(again)]);
  });

  test("is said in words where something else is the cause", () => {
    replaceFiles(outdir, FOLDERS, OLD);
    const { rmSync: real } = fs;
    const spy = jest.spyOn(fs, "rmSync").mockImplementation((path, options) => {
      if (String(path).endsWith("PROD.conf")) throw new Error("EPERM: PROD.conf");
      real(path, options);
    });
    try {
      expect(() => replaceFiles(outdir, FOLDERS, NEW)).toThrow(
        "NATS platform: stacks/a/accounts/PROD.conf of an earlier synth cannot be removed: EPERM",
      );
    } finally {
      spy.mockRestore();
    }
  });
});

test("a file where a folder belongs is named, and stays", () => {
  write("stacks/a/accounts", "mine");
  const contents = new Map([["stacks/a/accounts/PROD.conf", "new"]]);
  expect(() => replaceFiles(outdir, FOLDERS, contents)).toThrow(/^NATS platform: .* as before: E(EXIST|NOTDIR)/);
  expect(filesIn(outdir)).toEqual({ "stacks/a/accounts": "mine" });
});

test("a link to a folder elsewhere is refused, and nothing is written there", () => {
  const other = mkdtempSync(join(tmpdir(), "other-"));
  try {
    mkdirSync(join(outdir, "stacks/a"), { recursive: true });
    symlinkSync(other, join(outdir, "stacks/a/accounts"));
    const contents = new Map([["stacks/a/accounts/PROD.conf", "new"]]);
    expect(() => replaceFiles(outdir, FOLDERS, contents)).toThrow("is outside of the output folder, by a link");
    expect(readdirSync(other)).toEqual([]);
  } finally {
    rmSync(other, { recursive: true });
  }
});

test("a file keeps who may read it", () => {
  replaceFiles(outdir, FOLDERS, new Map([["stacks/a/accounts.conf", "old"]]));
  chmodSync(join(outdir, "stacks/a/accounts.conf"), 0o600);
  replaceFiles(outdir, FOLDERS, new Map([["stacks/a/accounts.conf", "new"]]));
  expect(statSync(join(outdir, "stacks/a/accounts.conf")).mode & 0o777).toBe(0o600);
});

test("the files of another program in the same output folder stay, in its stacks", () => {
  replaceFiles(outdir, ["stacks/a"], new Map([["stacks/a/accounts.conf", "one"]]));
  replaceFiles(outdir, ["stacks/b"], new Map([["stacks/b/accounts.conf", "two"]]));
  replaceFiles(outdir, ["stacks/c"], new Map());
  expect(filesIn(outdir)).toEqual({ "stacks/a/accounts.conf": "one", "stacks/b/accounts.conf": "two" });
  replaceFiles(outdir, ["stacks/a"], new Map());
  expect(filesIn(outdir)).toEqual({ "stacks/b/accounts.conf": "two" });
});

test("a file of an earlier synth that somebody has changed since stays", () => {
  replaceFiles(outdir, FOLDERS, new Map([["stacks/a/accounts.conf", "old"]]));
  write("stacks/a/accounts.conf", "edited");
  replaceFiles(outdir, FOLDERS, new Map([["stacks/b/accounts.conf", "new"]]));
  expect(filesIn(outdir)).toEqual({ "stacks/a/accounts.conf": "edited", "stacks/b/accounts.conf": "new" });
});

describe("a manifest that leads out of the folder removes nothing", () => {
  let other: string;
  beforeEach(() => {
    other = mkdtempSync(join(tmpdir(), "other-"));
    writeFileSync(join(other, "precious"), "text");
  });
  afterEach(() => rmSync(other, { recursive: true }));

  test.each([
    ["a path upwards", () => `../${other.split("/").at(-1)}/precious`],
    ["an absolute path", () => join(other, "precious")],
    ["a path upwards out of the folder of a stack", () => `stacks/a/../../../${other.split("/").at(-1)}/precious`],
  ])("%s", (_, pathOf) => {
    mkdirSync(join(outdir, "stacks/a"), { recursive: true });
    writeFileSync(join(outdir, MANIFEST), manifestText({ [pathOf()]: digestOf("text") }));
    expect(readManifest(outdir)).toBeUndefined();
    replaceFiles(outdir, FOLDERS, new Map([["stacks/a/accounts.conf", "new"]]));
    expect(existsSync(join(other, "precious"))).toBe(true);
  });

  test.each(["link", "stacks/a/accounts"])("a link %s", (link) => {
    mkdirSync(join(outdir, "stacks/a"), { recursive: true });
    symlinkSync(other, join(outdir, link));
    writeFileSync(join(outdir, MANIFEST), manifestText({ [`${link}/precious`]: digestOf("text") }));
    expect(readManifest(outdir)).toBeDefined();
    replaceFiles(outdir, FOLDERS, new Map([["stacks/a/accounts.conf", "new"]]));
    expect(existsSync(join(other, "precious"))).toBe(true);
  });

  test.each(["", "{", "[]", '{"version":1}', '{"version":2,"files":{}}', '{"version":1,"files":{"x":1}}'])(
    "%s",
    (text) => {
      writeFileSync(join(outdir, MANIFEST), text);
      replaceFiles(outdir, FOLDERS, new Map([["stacks/a/accounts.conf", "new"]]));
      expect(filesIn(outdir)).toEqual({ "stacks/a/accounts.conf": "new" });
    },
  );
});

test("nothing to write and nothing written before leaves no manifest", () => {
  replaceFiles(outdir, FOLDERS, new Map());
  expect(readdirSync(outdir)).toEqual([]);
});
