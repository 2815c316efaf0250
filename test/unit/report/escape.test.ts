import * as fc from "fast-check";
import { visibleLines } from "../../../lib/problems/visible";
import { html, json, mermaid } from "../../../lib/report/escape";

const text = fc.string({
  unit: fc.constantFrom(..."<>&\"'`\\#;{}[]|/=\u2028\u2029\u0000\u009b\u202e\na", "</script>", "<!--"),
});

test("a text in HTML is read back as it is seen, and is no markup", () => {
  const characters: { readonly [entity: string]: string } = {
    "&lt;": "<",
    "&gt;": ">",
    "&amp;": "&",
    "&quot;": '"',
    "&#39;": "'",
  };
  fc.assert(
    fc.property(text, (each) => {
      expect(html(each)).not.toMatch(/[<>"']|[^\P{C}\n]|[\u2028\u2029]/u);
      expect(html(each).replace(/&[^;]+;/g, (entity) => characters[entity] ?? "")).toBe(visibleLines(each));
    }),
  );
});

test("embedded JSON is read back as it was, and ends no script", () => {
  fc.assert(
    fc.property(fc.array(text), (each) => {
      expect(json(each)).not.toMatch(/[<>&\u2028\u2029]/);
      expect(JSON.parse(json(each))).toEqual(each);
    }),
  );
});

test("a Mermaid label is read back as it was, and ends no label", () => {
  fc.assert(
    fc.property(text, (each) => {
      expect(mermaid(each)).not.toMatch(/["<`[\]{}|\\\u2028\u2029\p{Cc}]/u);
      expect(mermaid(each).replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))).toBe(each);
    }),
  );
});
