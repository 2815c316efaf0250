import { createHash } from "node:crypto";
import { QUESTION_MARK } from "../wording/question-mark";
import { html, json } from "./escape";
import { PAGE_SCRIPT } from "./page-script.generated";
import { STYLES } from "./styles";

/** A part of the page with a heading. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  /** HTML. */
  readonly body: string;
}

/** What the page is made of. */
export interface Page {
  readonly title: string;
  readonly summary: string;
  /** Questions that the search box offers. */
  readonly questions: readonly string[];
  readonly sections: readonly Section[];
  /** What the script answers from; without it, the page has no search. */
  readonly data?: object;
}

/** The policy that forbids the page every request, and every script but its own. */
function policy(script: string): string {
  const hash = createHash("sha256").update(script).digest("base64");
  return `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
}

const link = ({ id, title }: Section) => `<li><a href="#${id}">${html(title)}</a></li>`;

const sectionHtml = ({ id, title, about, body }: Section) =>
  `<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${html(title)}</h2>
<p>${html(about)}</p>
${body}
</section>`;

const NO_SEARCH = `<section id="search" aria-labelledby="search-title">
<h2 id="search-title">Ask</h2>
<p class="cut">This program has too many users for a search in a page. Ask the command: <code>npx cdktf-nats-platform who-can publish SUBJECT</code></p>
</section>`;

function searchHtml(questions: readonly string[]): string {
  const examples = questions.map(
    (question) => `<button type="button" data-question="${html(question)}">${html(question)}</button>`,
  );
  return `<section id="search" aria-labelledby="search-title">
<h2 id="search-title">Ask</h2>
<p>The answers are those of the command <code>cdktf-nats-platform</code>: they come from the permissions in this page, including imports, mappings and streams that publish again.</p>
<noscript><p class="cut">The search needs JavaScript. Everything below can be read without it.</p></noscript>
<form id="ask" class="panel" role="search" hidden>
<label for="question">Who can do what?</label>
<div class="row"><input id="question" type="search" autocomplete="off" spellcheck="false" placeholder="who can publish SUBJECT · can USER subscribe SUBJECT · what can USER do · who can reach STREAM"><button type="submit">Answer</button></div>
<p class="by">${html(QUESTION_MARK)}</p>
<div class="examples"><span class="by">For example</span>${examples.join("")}</div>
<div id="answer" role="status" aria-live="polite"></div>
</form>
</section>`;
}

/** The whole page. */
export function pageHtml({ title, summary, questions, sections, data }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(PAGE_SCRIPT)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${html(title)}</title>
<style>${STYLES}</style>
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header><div class="inner">
<h1>${html(title)}</h1>
<p>${html(summary)}</p>
<nav aria-label="Sections"><ul><li><a href="#search">Ask</a></li>${sections.map(link).join("")}</ul></nav>
</div></header>
<main id="main" tabindex="-1">
${data === undefined ? NO_SEARCH : searchHtml(questions)}
${sections.map(sectionHtml).join("\n")}
</main>
<footer><p>Made at synth from the same facts as catalog.json and the server’s accounts file, by cdktf-nats-platform. Nothing in this page was asked of a server.</p></footer>
<script type="application/json" id="data">${json(data ?? {})}</script>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}
