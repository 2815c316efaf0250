import { visible } from "../../problems/visible";
import { plain } from "../../wording/lists";
import { type Change, type Report, SECTIONS, type SectionName } from "./change";
import { markdownOf } from "./markdown";

/**
 * A report as a text in lines.
 *
 * @param most how many characters of Markdown there are at the most, as far as each part is named
 */
export type Format = (report: Report, most?: number) => string[];

const SIGNS: { readonly [kind in Change["kind"]]: string } = { added: "+", removed: "-", changed: "~" };

/** A comment of GitHub has at most 65,536 characters. */
export const MOST_CHARACTERS = 64_000;

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

function filled({ sections }: Report): [SectionName, readonly Change[]][] {
  const names = Object.keys(SECTIONS) as SectionName[];
  return names.filter((name) => sections[name].length > 0).map((name) => [name, sections[name]]);
}

const text: Format = (report) => [
  report.summary,
  ...filled(report).flatMap(([name, changes]) => [
    "",
    SECTIONS[name],
    ...changes.flatMap(({ kind, text: what, details = [] }) => [
      `  ${SIGNS[kind]} ${visible(plain(what))}`,
      ...details.map((detail) => `      ${visible(plain(detail))}`),
    ]),
  ]),
];

function bullets(changes: readonly Change[], measure: Measure): string[] {
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

function folded(title: string, changes: readonly Change[], measure: Measure): string[] {
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

function markdownWith(report: Report, measure: Measure): string[] {
  return [
    "### Who can reach what on NATS",
    "",
    markdownOf(report.summary),
    ...filled(report).flatMap(([name, changes]) => [
      "",
      ...(name === "lines"
        ? folded(SECTIONS[name], changes, measure)
        : [`**${SECTIONS[name]}**`, "", ...bullets(changes, measure)]),
    ]),
  ];
}

const markdown: Format = (report, most = MOST_CHARACTERS) => {
  const texts = MEASURES.map((measure) => () => markdownWith(report, measure));
  const fitting = texts.find((text) => text().join("\n").length <= most) ?? texts.at(-1);
  return fitting?.() ?? [];
};

const json: Format = ({ accessChanged, summary, sections }) => {
  const said = Object.entries(sections).map(([name, changes]) => [
    name,
    changes.map((change) => ({
      ...change,
      text: plain(change.text),
      ...(change.users && { users: change.users.map(plain) }),
      ...(change.details && { details: change.details.map(plain) }),
    })),
  ]);
  return [JSON.stringify({ accessChanged, summary, ...Object.fromEntries(said) }, undefined, 2)];
};

/** The formats by their names. */
export const FORMATS: { readonly [name: string]: Format } = { text, json, markdown };
