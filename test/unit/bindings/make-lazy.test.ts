import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const STOCK = join(__dirname, "../../.generated/stock");
const LAZY = join(__dirname, "../../../lib/jetstream");
const MAKE_LAZY = pathToFileURL(join(__dirname, "../../../scripts/bindings/make-lazy.mjs")).href;

test("the bindings of this library are the stock ones, made lazy", () => {
  expect(makeLazy(sources(STOCK))).toEqual(sources(LAZY));
});

const IMPORTS = /^(import \{ (hcl|literal) \} from "\.\.\/tokens\/[\w-]+";\n)+/;

const TO_HCL = /\n {2}\/\*\* @jsii ignore \*\/\n {2}public toHclTerraform\(\): any \{\n.*\n {2}\}\n/;

test("leaves everything but the resource classes as it was, imports and the HCL of the provider", () => {
  const lazy = sources(LAZY);
  for (const [file, text] of Object.entries(sources(STOCK))) {
    expect(beforeResource(lazy[file]).replace(IMPORTS, "").replace(TO_HCL, "")).toBe(beforeResource(text));
  }
});

describe("refuses", () => {
  test.each([
    {
      title: "bindings with one nested block fewer",
      file: "stream.ts",
      from: "private _mirror = new StreamMirrorOutputReference(",
      to: "private _mirror = make(",
      message: /expected 3 nested blocks .*found 2 \(stream\.ts: source, stream\.ts: subjectTransform\)/,
    },
    {
      title: "bindings with a nested block more, in another resource",
      file: "kv-entry.ts",
      from: "    this._key = config.key;\n",
      to:
        "    this._key = config.key;\n    this._extra.internalValue = config.extra;\n" +
        '  }\n  private _extra = new Extra(this, "extra");\n' +
        "  public read() { return [this._extra.internalValue, this._extra.internalValue, this._extra.internalValue];\n",
      message: /expected 3 nested blocks .*found 4 \(kv-entry\.ts: extra, /,
    },
    {
      title: "a constructor that fills a nested block in another way",
      file: "stream.ts",
      from: "this._source.internalValue = config.source;",
      to: "this._source.internalValue = config.source ?? [];",
      message: /expected 1 of .*_source\.internalValue = config\.source.*found 0/s,
    },
    {
      title: "another number of reads of a nested block",
      file: "stream.ts",
      from: "streamMirrorToTerraform(this._mirror.internalValue)",
      to: "streamMirrorToTerraform(this._mirror)",
      message: /expected 3 of .*_mirror.*found 2/,
    },
    {
      title: "a resource class with another synthesizeAttributes",
      file: "kv-bucket.ts",
      from: "protected synthesizeAttributes(): { [name: string]: any } {",
      to: "protected synthesizeAttributes(): Record<string, any> {",
      message: /expected 5 resource classes .*found 4 \(consumer\.ts, kv-entry\.ts, obj-bucket\.ts, stream\.ts\)/,
    },
    {
      title: "bindings that are lazy already",
      file: "stream.ts",
      from: sources(STOCK)["stream.ts"] ?? "",
      to: sources(LAZY)["stream.ts"] ?? "",
      message: /expected 3 nested blocks .*found 0/,
    },
  ])("$title", ({ file, from, to, message }) => {
    const files = sources(STOCK);
    const altered = files[file]?.replace(from, () => to) ?? "";
    expect(altered).not.toBe(files[file]);
    expect(() => makeLazy({ ...files, [file]: altered })).toThrow(message);
  });
});

type Sources = Record<string, string>;

function sources(folder: string): Sources {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

function beforeResource(text = ""): string {
  return text.split(/^export class \w+ extends cdktf\.TerraformResource/m)[0] ?? "";
}

/** Runs the transformation in a process of its own: it is an ECMAScript module, which Jest does not load. */
function makeLazy(files: Sources): Sources {
  const program = `
    import { readFileSync } from "node:fs";
    import { makeLazy } from ${JSON.stringify(MAKE_LAZY)};
    const files = new Map(Object.entries(JSON.parse(readFileSync(0, "utf8"))));
    process.stdout.write(JSON.stringify(Object.fromEntries(makeLazy(files))));
  `;
  const options = { input: JSON.stringify(files), encoding: "utf8", maxBuffer: 16 * 1024 * 1024 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], options);
  if (status !== 0) {
    throw new Error(stderr);
  }
  return JSON.parse(stdout);
}
