import { visible } from "../problems/visible";
import { plain } from "../wording/lists";
import { markdownOf } from "./markdown";
import type { Section, Sentence, WrittenReport } from "./written-report";

/**
 * A report as a text in lines.
 *
 * @param most how many characters of Markdown there are at the most, as far as each part is named
 */
export type Format = (report: WrittenReport, most?: number) => string[];

const SIGNS: { readonly [sign in Sentence["kind"]]: string } = { added: "+", removed: "-", changed: "~" };

/** A comment of GitHub has at most 65,536 characters. */
export const MOST_CHARACTERS = 64_000;

const lastLine = (note: string | undefined, written: (text: string) => string) =>
  note === undefined ? [] : ["", written(note)];

/** How much of a report is written: changes of a section and details of a change, and characters of each. */
interface Measure {
  readonly changes: number;
  readonly characters: number;
}

/** The measures of Markdown, of which the first is taken that fits. */
const MEASURES: readonly Measure[] = [
  { changes: 200, characters: 2000 },
  { changes: 60, characters: 1000 },
  { changes: 20, characters: 500 },
  { changes: 5, characters: 300 },
  { changes: 1, characters: 100 },
];

/** A sentence of at most so many characters; code that is cut is closed. */
function shortened(sentence: string, { characters }: Measure): string {
  if (sentence.length <= characters) return sentence;
  const cut = sentence.slice(0, characters).replace(/[\ud800-\udbff]$/, "");
  return `${cut}${cut.split("`").length % 2 === 0 ? "`" : ""}…`;
}

/** The first of some items, and how many others there are. */
function limited<T>(
  items: readonly T[],
  { changes }: Measure,
): { readonly shown: readonly T[]; readonly more: string[] } {
  const left = items.length - changes;
  return { shown: items.slice(0, changes), more: left > 0 ? [`and ${left} more`] : [] };
}

const filled = ({ sections }: WrittenReport): Section[] => sections.filter(({ sentences }) => sentences.length > 0);

const text: Format = (report) => [
  report.summary,
  ...filled(report).flatMap(({ title, sentences }) => [
    "",
    title,
    ...sentences.flatMap(({ kind, text: what, details = [] }) => [
      `  ${SIGNS[kind]} ${visible(plain(what))}`,
      ...details.map((detail) => `      ${visible(plain(detail))}`),
    ]),
  ]),
  ...lastLine(report.note, (note) => visible(plain(note))),
];

function bullets(changes: readonly Sentence[], measure: Measure): string[] {
  const { shown, more } = limited(changes, measure);
  const lines = shown.flatMap(({ text: what, details = [] }) => {
    const further = limited(details, measure);
    return [
      `- ${markdownOf(shortened(what, measure))}`,
      ...further.shown.map((detail) => `  - ${markdownOf(shortened(detail, measure))}`),
      ...further.more.map((rest) => `  - ${rest}`),
    ];
  });
  return [...lines, ...more.map((rest) => `- ${rest}`)];
}

function folded(title: string, changes: readonly Sentence[], measure: Measure): string[] {
  const { shown, more } = limited(changes, measure);
  return [
    "<details>",
    `<summary>${title} (${changes.length})</summary>`,
    "",
    "```diff",
    ...shown.map(({ kind, text: what }) => `${SIGNS[kind]} ${visible(plain(shortened(what, measure)))}`),
    ...more.map((rest) => `  ${rest}`),
    "```",
    "",
    "</details>",
  ];
}

function markdownWith(report: WrittenReport, measure: Measure): string[] {
  return [
    `### ${report.title}`,
    "",
    markdownOf(report.summary),
    ...filled(report).flatMap(({ title, sentences, isFolded }) => [
      "",
      ...(isFolded ? folded(title, sentences, measure) : [`**${title}**`, "", ...bullets(sentences, measure)]),
    ]),
    ...lastLine(report.note, markdownOf),
  ];
}

const markdown: Format = (report, most = MOST_CHARACTERS) => {
  const texts = MEASURES.map((measure) => () => markdownWith(report, measure));
  const fitting = texts.find((text) => text().join("\n").length <= most) ?? texts.at(-1);
  return fitting?.() ?? [];
};

/** Facts as they are, without the marks of code in their texts. */
function plainly(value: unknown): unknown {
  if (typeof value === "string") return plain(value);
  if (Array.isArray(value)) return value.map(plainly);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plainly(each)]));
}

const json: Format = ({ facts, summary, sections, note }) => {
  const said = sections.map(({ name, sentences }) => [name, sentences]);
  return [JSON.stringify(plainly({ ...facts, summary, ...Object.fromEntries(said), note }), undefined, 2)];
};

/** The formats by their names. */
export const FORMATS: { readonly [name: string]: Format } = { text, json, markdown };
