import { visible } from "../../problems/visible";
import { plain } from "../../wording/lists";
import { type Change, type Report, SECTIONS, type SectionName } from "./change";
import { markdownOf } from "./markdown";

/** A report as a text in lines. */
export type Format = (report: Report) => string[];

const SIGNS: { readonly [kind in Change["kind"]]: string } = { added: "+", removed: "-", changed: "~" };

/** A comment of GitHub has at most 65,536 characters. */
const MOST_CHARACTERS = 64_000;

/** How many changes of a section are written, if more do not fit. */
const MOST_CHANGES = [200, 60, 20, 5] as const;

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

function bullets(changes: readonly Change[], most: number): string[] {
  const shown = changes.slice(0, most);
  const rest = changes.length - shown.length;
  return [
    ...shown.flatMap(({ text: what, details = [] }) => [
      `- ${markdownOf(what)}`,
      ...details.map((detail) => `  - ${markdownOf(detail)}`),
    ]),
    ...(rest > 0 ? [`- and ${rest} more`] : []),
  ];
}

function folded(title: string, changes: readonly Change[], most: number): string[] {
  const shown = changes.slice(0, most);
  const rest = changes.length - shown.length;
  return [
    "<details>",
    `<summary>${title} (${changes.length})</summary>`,
    "",
    "```diff",
    ...shown.map(({ kind, text: what }) => `${SIGNS[kind]} ${visible(plain(what))}`),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
    "```",
    "",
    "</details>",
  ];
}

function markdownWith(report: Report, most: number): string[] {
  return [
    "### Who can reach what on NATS",
    "",
    markdownOf(report.summary),
    ...filled(report).flatMap(([name, changes]) => [
      "",
      ...(name === "lines"
        ? folded(SECTIONS[name], changes, most)
        : [`**${SECTIONS[name]}**`, "", ...bullets(changes, most)]),
    ]),
  ];
}

const markdown: Format = (report) => {
  const fits = MOST_CHANGES.find((most) => markdownWith(report, most).join("\n").length <= MOST_CHARACTERS);
  return markdownWith(report, fits ?? 1);
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
