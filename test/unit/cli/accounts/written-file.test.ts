import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WrittenFile } from "../../../../lib/cli/accounts/written-file";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "written-file-"));
  path = join(folder, "accounts.conf");
});
afterEach(() => rmSync(folder, { recursive: true }));

const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);
const kept = (content: string | undefined) => ({ content, digest: "sha256:1", isAccepted: false });

test("a file keeps its mode; one with secrets is its owner's, and so is what is put back", () => {
  writeFileSync(path, "one");
  chmodSync(path, 0o640);
  const written = new WrittenFile(path);
  written.keep(kept("one"));
  written.replace("two", false);
  expect([modeOf(path), modeOf(`${path}.last`)]).toEqual(["640", "640"]);
  written.replace("three", true);
  expect(modeOf(path)).toBe("600");
  written.putBack();
  expect([readFileSync(path, "utf8"), modeOf(path)]).toEqual(["one", "640"]);
});

test("a new file can be read by all, and one with secrets by its owner", () => {
  new WrittenFile(path).replace("one", false);
  expect(modeOf(path)).toBe("644");
  rmSync(path);
  new WrittenFile(path).replace("one", true);
  expect(modeOf(path)).toBe("600");
});

test("a file that was written with secrets in it by others is protected, another is not", () => {
  writeFileSync(path, "secret");
  const written = new WrittenFile(path);
  written.protect("another");
  expect(modeOf(path)).toBe("644");
  written.protect("secret");
  expect(modeOf(path)).toBe("600");
});

test.each([
  ["a content", "one\n# two\n"],
  ["an empty file", ""],
  ["no file", undefined],
])("%s is kept from before a change and is put back, byte for byte", (_, content) => {
  if (content !== undefined) writeFileSync(path, content);
  const written = new WrittenFile(path);
  expect(written.kept()).toBeUndefined();
  written.keep(kept(content));
  written.replace("changed", false);
  expect(new WrittenFile(path).kept()).toEqual(kept(content));
  written.keep({ ...kept(content), isAccepted: true });
  expect(written.kept()).toEqual({ ...kept(content), isAccepted: true });
  written.putBack();
  expect(written.content()).toBe(content);
  written.forget();
  expect(readdirSync(folder)).toEqual(content === undefined ? [] : ["accounts.conf"]);
});

test("what somebody else has put there under that name is not put back", () => {
  writeFileSync(path, "one");
  writeFileSync(`${path}.last`, "of somebody else");
  const written = new WrittenFile(path);
  written.putBack();
  expect(written.content()).toBe("one");
});

test("what a killed process has left half written is removed, and nothing else", () => {
  const others = ["accounts.conf.new", "other.conf.7.new", "accounts.conf.7.new.txt"];
  for (const name of ["accounts.conf.7.new", "accounts.conf.last.123.new", ...others])
    writeFileSync(join(folder, name), "");
  new WrittenFile(path).removeLeftovers();
  expect(readdirSync(folder).sort()).toEqual([...others].sort());
});

test("where the path is a link, the file to which it leads is replaced", () => {
  const target = join(folder, "target.conf");
  writeFileSync(target, "one");
  symlinkSync(target, path);
  new WrittenFile(path).replace("two", false);
  expect(readFileSync(target, "utf8")).toBe("two");
  expect(readFileSync(path, "utf8")).toBe("two");
});

test("a file that cannot be written is told with its path, and nothing is left half written", () => {
  const missing = join(folder, "missing", "accounts.conf");
  expect(() => new WrittenFile(missing).replace("one", false)).toThrow(
    /^.*missing\/accounts\.conf cannot be read or written: ENOENT/,
  );
  expect(() => new WrittenFile(folder).replace("one", false)).toThrow(/cannot be read or written: /);
  expect(readdirSync(folder)).toEqual([]);
});
