/** The looks of the page, light and dark. */
export const STYLES = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --sunk: #eef1f5; --line: #d5dae2; --text: #1a2230; --dim: #566073;
  --accent: #1d5fd1; --focus: #1d5fd1; --read: #176f45; --write: #1d5fd1; --manage: #7b3fb8; --hole: #a34a00;
  --warning: #8a5300; --error: #b3261e; --ok: #176f45; --on: #ffffff; --code: #eef1f5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10141b; --card: #181e28; --sunk: #212936; --line: #354052; --text: #e7ebf2; --dim: #a3aec0;
    --accent: #82b1ff; --focus: #a9c9ff; --read: #6fd3a0; --write: #82b1ff; --manage: #cfa4ff; --hole: #ffb36b;
    --warning: #ffc878; --error: #ff9c94; --ok: #6fd3a0; --on: #10141b; --code: #232c3a;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main, header .inner, footer { max-width: 1240px; margin: 0 auto; padding: 0 20px; }
code, .mono { font: 0.875em ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
code { background: var(--code); border-radius: 4px; padding: 1px 5px; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 12px; top: -60px; background: var(--card); padding: 8px 14px; z-index: 3; border-radius: 6px; }
.skip:focus { top: 12px; }
[hidden] { display: none !important; }

header { background: var(--card); border-bottom: 1px solid var(--line); padding: 26px 0 18px; }
header h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; letter-spacing: -0.01em; }
header .inner > p { margin: 6px 0 0; color: var(--dim); }
nav ul { display: flex; flex-wrap: wrap; gap: 6px 20px; list-style: none; margin: 14px 0 0; padding: 0; }
section { margin: 30px 0; }
section > h2 { font-size: 1.25rem; margin: 0 0 4px; }
section > h2 + p { margin: 0 0 12px; color: var(--dim); max-width: 76ch; }
.panel { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 16px; }
.scroll { overflow-x: auto; max-width: 100%; }
.by, .from, .way { color: var(--dim); font-size: 0.875em; overflow-wrap: anywhere; }
.cut { color: var(--warning); margin: 6px 0; }
.empty { color: var(--dim); margin: 0; }

input { font: inherit; color: var(--text); background: var(--page); border: 1px solid var(--dim); border-radius: 8px; padding: 8px 12px; min-width: 0; }
button { font: inherit; cursor: pointer; color: var(--text); background: var(--sunk); border: 1px solid var(--line); border-radius: 8px; padding: 6px 12px; }
button:hover { border-color: var(--accent); }
#ask .row { display: flex; gap: 10px; flex-wrap: wrap; }
#ask label { display: block; font-weight: 600; margin-bottom: 6px; }
#question { flex: 1 1 260px; }
#ask button[type="submit"] { background: var(--accent); color: var(--on); border-color: var(--accent); font-weight: 600; }
.examples { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 10px; align-items: baseline; }
.examples button { font-size: 0.875rem; padding: 3px 10px; max-width: 100%; overflow-wrap: anywhere; text-align: left; }
#answer:not(:empty) { border-top: 1px solid var(--line); margin-top: 14px; padding-top: 4px; max-height: 480px; overflow-y: auto; }
#answer h3 { font-size: 1.0625rem; margin: 10px 0 6px; overflow-wrap: anywhere; }
#answer h4 { margin: 12px 0 4px; }
.answers { list-style: none; padding: 0; margin: 0; }
.answers strong { display: block; overflow-wrap: anywhere; }
.answers > li { border-left: 3px solid var(--accent); padding: 2px 0 2px 12px; margin: 10px 0; }

svg.topology { display: block; margin: 0 auto; font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.t-box { fill: var(--sunk); stroke: var(--line); }
.t-card { fill: var(--card); stroke: var(--line); }
.t-account { font-size: 16px; font-weight: 700; fill: var(--text); }
.t-title { font-size: 13px; font-weight: 700; fill: var(--text); }
.t-sub { font-size: 11px; fill: var(--dim); }
.t-name, .t-label { font-size: 11px; fill: var(--text); }
.t-verb { font-size: 11px; fill: var(--dim); font-style: italic; }
.t-tag { fill: var(--sunk); stroke-width: 1; }
.t-tag.t-stream { stroke: var(--manage); }
.t-tag.t-keyValue { stroke: var(--read); }
.t-tag.t-objectStore { stroke: var(--write); }
.t-tagtext { font-size: 9.5px; font-weight: 700; text-anchor: middle; fill: var(--text); }
.t-line { fill: none; stroke: var(--accent); stroke-width: 1.75; }
.t-line-service { stroke-dasharray: 6 4; }
.t-head { fill: var(--accent); }

.rows td { vertical-align: top; padding: 1px 14px 1px 0; overflow-wrap: anywhere; }
.parts { margin: 4px 0; padding-left: 18px; }

.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 6px 20px; margin: 0 0 12px; padding: 0; font-size: 0.9375rem; }
.legend li { display: flex; gap: 7px; align-items: center; }
.filters { display: flex; flex-wrap: wrap; gap: 10px 16px; align-items: center; margin-bottom: 8px; }
.filters label { display: flex; gap: 8px; align-items: center; font-size: 0.9375rem; }
.filters input { padding: 5px 10px; width: 190px; }
h3.account { margin: 20px 0 8px; font-size: 1rem; }
table { border-collapse: separate; border-spacing: 0; }
.matrix th, .matrix td { border-bottom: 1px solid var(--line); padding: 5px 6px; vertical-align: middle; }
.matrix td { white-space: nowrap; }
.matrix thead th { font-size: 0.8125rem; font-weight: 600; vertical-align: bottom; text-align: left; min-width: 92px; max-width: 130px; }
.matrix th[scope="row"], .matrix thead th:first-child { position: sticky; left: 0; background: var(--card); text-align: left; z-index: 1; min-width: 130px; max-width: 220px; font-size: 0.875rem; border-right: 1px solid var(--line); }
.matrix tbody tr:hover td, .matrix tbody tr:hover th { background: var(--sunk); }
.kind { display: block; width: max-content; font-size: 0.6875rem; letter-spacing: 0.04em; border: 1px solid var(--manage); border-radius: 4px; padding: 0 5px; margin-bottom: 2px; }
.kind.keyValue { border-color: var(--read); }
.kind.objectStore { border-color: var(--write); }
.cell { display: flex; gap: 3px; align-items: center; padding: 3px; background: none; border: 1px solid transparent; border-radius: 6px; min-height: 28px; }
button.cell:hover { border-color: var(--accent); }
.cell.nothing::before, .cell-dot::before { content: ""; display: block; width: 6px; height: 6px; border-radius: 3px; background: var(--line); margin: 0 6px; }
.legend i.cell-dot { display: flex; align-items: center; width: auto; }
.cell em { font-size: 0.75rem; color: var(--dim); }
.cell i, .legend i { font: 700 0.75rem/20px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; width: 20px; height: 20px; text-align: center; border-radius: 5px; border: 1px solid transparent; }
i.read { background: var(--read); color: var(--on); }
i.write { background: var(--write); color: var(--on); }
i.manage { background: var(--manage); color: var(--on); }
i.part { background: none; }
i.read.part { color: var(--read); border-color: var(--read); }
i.write.part { color: var(--write); border-color: var(--write); }
i.manage.part { color: var(--manage); border-color: var(--manage); }
i.hole { color: var(--hole); border: 1px dashed var(--hole); line-height: 19px; }

.why { color: var(--text); background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 18px 20px; width: min(680px, calc(100vw - 24px)); max-height: min(80vh, 720px); overflow: auto; box-shadow: 0 12px 40px rgb(0 0 0 / 35%); }
.why::backdrop { background: rgb(0 0 0 / 35%); }
.why h3 { margin: 0 0 8px; padding-right: 76px; overflow-wrap: anywhere; }
.why h4 { margin: 14px 0 4px; }
.why h4::first-letter { text-transform: uppercase; }
.why .lines, .why .holes { margin: 0; padding-left: 18px; }
.why .lines > li, .why .holes > li { margin: 6px 0; }
.why .lines ul { margin: 2px 0 0; padding-left: 18px; font-size: 0.9375rem; }
.why .direction { color: var(--dim); font-size: 0.875rem; }
.why .hole-title { color: var(--hole); }
.why .close { position: absolute; top: 14px; right: 14px; }

.note { border-left: 4px solid var(--hole); background: var(--card); padding: 12px 16px; border-radius: 0 10px 10px 0; margin: 14px 0 18px; max-width: 90ch; }
.note p { margin: 0; }
.findings { list-style: none; margin: 0; padding: 0; display: grid; gap: 10px; }
.finding { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--warning); border-radius: 8px; padding: 10px 14px; }
.finding.error { border-left-color: var(--error); }
.finding.acknowledged { border-left-color: var(--ok); }
.finding p { margin: 2px 0; overflow-wrap: anywhere; }
.badge { font: 700 0.8125rem ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--sunk); border-radius: 5px; padding: 2px 7px; }
.state { font-size: 0.8125rem; font-weight: 600; color: var(--warning); }
.error .state { color: var(--error); }
.acknowledged .state { color: var(--ok); }
.plain { width: 100%; font-size: 0.9375rem; }
.plain th, .plain td { text-align: left; vertical-align: top; padding: 8px 12px 8px 0; border-bottom: 1px solid var(--line); }
.plain thead th { color: var(--dim); font-size: 0.8125rem; }
.plain tbody th { font-weight: 600; }
.plain th .by { display: block; font-weight: 400; }
.plain ul { margin: 0; padding-left: 0; list-style: none; }
.plain li { margin-bottom: 3px; }
.plain code { white-space: nowrap; }
details { margin-top: 12px; }
summary { cursor: pointer; width: max-content; max-width: 100%; }
footer { color: var(--dim); padding-bottom: 40px; font-size: 0.875rem; }
@media (max-width: 620px) {
  main, header .inner, footer { padding: 0 14px; }
  .panel { padding: 12px; }
  .matrix th[scope="row"], .matrix thead th:first-child { min-width: 96px; max-width: 120px; }
  .filters label { width: 100%; justify-content: space-between; }
}
`;
