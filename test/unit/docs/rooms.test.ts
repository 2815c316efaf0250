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

/** The folders that a file imports from, apart from its own. */
function importedRooms(file: string): string[] {
  const text = readFileSync(join(LIB, file), "utf8");
  const found = [...text.matchAll(/from "(\.[^"]+)"/g)].map(([, to = ""]) => normalize(join(dirname(file), to)));
  return found.map(roomOf).filter((room) => room !== roomOf(file));
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
