import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize, relative } from "node:path";

const ROOT = join(__dirname, "..", "..", "..");
const LIB = join(ROOT, "lib");

/** The files of the library by their paths in `lib`, without those that the build makes. */
const files = readdirSync(LIB, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".generated.ts") && !path.startsWith("jetstream"))
  .sort();

const roomOf = (path: string) => path.split("/")[0] ?? "";

/** The folders in the order of the table in CONTRIBUTING.md: imports go down. */
const rooms = [...readFileSync(join(ROOT, "CONTRIBUTING.md"), "utf8").matchAll(/^\| `lib\/([\w-]+)` \|/gm)].map(
  ([, room = ""]) => room,
);

/** The files that a file imports, types included. */
function importedFiles(file: string): string[] {
  const text = readFileSync(join(LIB, file), "utf8");
  return [...text.matchAll(/(?:\bfrom |\bimport\(|^import )"(\.[^"]+)"/gm)].map(([, to = ""]) =>
    normalize(`${join(dirname(file), to)}.ts`),
  );
}

/** The folders that a file imports from, apart from its own. */
const importedRooms = (file: string) =>
  importedFiles(file)
    .map((to) => roomOf(to).replace(/\.ts$/, ""))
    .filter((room) => room !== roomOf(file));

/** What can be reached from a file by imports. */
function reachedFrom(file: string): Set<string> {
  const reached = new Set<string>();
  const left = importedFiles(file);
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (reached.has(next) || !files.includes(next)) continue;
    reached.add(next);
    left.push(...importedFiles(next));
  }
  return reached;
}

test("lib has index.ts and the folders that CONTRIBUTING.md names", () => {
  const entries = readdirSync(LIB);
  expect(entries.filter((each) => each.endsWith(".ts"))).toEqual(["index.ts"]);
  expect(entries.filter((each) => !each.endsWith(".ts")).sort()).toEqual([...rooms].sort());
});

test("imports go down", () => {
  const up = files
    .filter((file) => file !== "index.ts")
    .flatMap((file) => importedRooms(file).map((room) => [file, room] as const))
    .filter(([file, room]) => rooms.indexOf(room) < rooms.indexOf(roomOf(file)));
  expect(up).toEqual([]);
});

test("no file imports itself through others, by types neither", () => {
  expect(files.filter((file) => reachedFrom(file).has(file))).toEqual([]);
});

test("the imports of files are found", () => {
  expect([...reachedFrom("problems/placeholder.ts")].sort()).toEqual([
    "problems/fault.ts",
    "problems/shown.ts",
    "problems/visible.ts",
  ]);
  expect(reachedFrom("app/app-construct.ts")).toContain("collections/order.ts");
});

test("no two files have one name", () => {
  const names = files.map((file) => basename(file));
  expect(files.filter((file) => names.filter((name) => name === basename(file)).length > 1)).toEqual([]);
});

test("the demo and the library import nothing from the tests", () => {
  const all = ["lib", "scripts/demo", "scripts/tools"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => /\.(ts|mjs)$/.test(path))
      .map((path) => join(ROOT, folder, path)),
  );
  const fromTests = all.filter((path) => /from "(\.\.\/)+test\//.test(readFileSync(path, "utf8")));
  expect(fromTests.map((path) => relative(ROOT, path))).toEqual([]);
});
