import type { AccessModel } from "../analysis/access-model";
import { ResourceAccess } from "../analysis/resource-access";
import type { Catalog } from "../catalog/catalog";
import { writtenCatalog } from "../catalog/catalog-text";
import { counted } from "../wording/lists";
import { html } from "./escape";
import { legendHtml, matrixHtml } from "./matrix";
import { pageHtml, type Section } from "./page";
import { connectionsHtml, exchangesHtml, findingsHtml } from "./sections";
import { leftOut, topologySvg } from "./topology";

/** Of how many users at most the page holds what its search answers from: about 5 kB each. */
const MOST_SEARCHED_USERS = 3000;

const ISOLATION = `<div class="note"><p><strong>Permissions inside of one account stop mistakes, not a hostile credential.</strong> Whoever holds the password of a user can get at streams and buckets of the same account beyond the lines that this page shows, by the holes that are marked in the matrix. What must not be trusted belongs into an account of its own.</p></div>`;

const FILTERS = `<div id="filters" class="filters" hidden><label>Users <input type="search" placeholder="part of a name"></label><label>Streams and buckets <input type="search" placeholder="part of a name"></label><span id="filtered" class="by" role="status"></span></div>`;

function questionsOf({ platforms, accounts, resources }: Catalog): string[] {
  const [platform] = platforms;
  const app = platforms.flatMap(({ apps }) => apps).at(-1);
  const bucket = resources.find(({ kind }) => kind === "keyValue");
  const appUser = accounts.flatMap(({ users }) => users).find(({ role }) => role === "app");
  return [
    ...(bucket ? [`who can publish $KV.${bucket.name}.x`] : []),
    ...(platform && app ? [`who can subscribe ${platform.name}.${app.name}.>`] : []),
    ...(appUser ? [`what can ${appUser.name} do?`] : []),
    ...(bucket ? [`who can reach ${bucket.name}?`] : []),
  ];
}

function findingsAbout({ findings }: Catalog): string {
  const acknowledged = findings.filter((finding) => finding.acknowledged !== undefined).length;
  const open = findings.length - acknowledged;
  return `${counted(open, "finding")} to look at, ${acknowledged} acknowledged with a reason.`;
}

function sectionsOf(catalog: Catalog, model: AccessModel, access: ResourceAccess): Section[] {
  const cut = leftOut(catalog);
  return [
    {
      id: "topology",
      title: "Topology",
      about:
        "Each box is an account: nothing gets from one to another but along the lines. Solid: messages are delivered to the importing account. Dashed: requests are sent to the exporting account.",
      body: `${cut === undefined ? "" : `<p class="cut">${html(cut)}</p>`}<div class="panel scroll" role="region" tabindex="0" aria-label="Picture of the accounts">${topologySvg(catalog)}</div><details><summary>Exports and imports as a table</summary>${exchangesHtml(catalog)}</details>`,
    },
    {
      id: "matrix",
      title: "Who can do what",
      about: "Choose a cell to see the lines that allow it, and why each line is there.",
      body: `${ISOLATION}<div class="panel">${legendHtml()}${FILTERS}${matrixHtml(access, model.resources)}</div>`,
    },
    { id: "findings", title: "Findings", about: findingsAbout(catalog), body: findingsHtml(catalog.findings) },
    {
      id: "clients",
      title: "What clients must set",
      about: "Passwords and keys are in no file of the synth: a variable is set where Terraform and the server run.",
      body: `<div class="panel">${connectionsHtml(catalog)}</div>`,
    },
  ];
}

/**
 * The report on a program: one page of HTML that needs nothing else.
 *
 * @param catalog the facts of the program
 * @param model the access model of the catalog's accounts
 * @param access what the users of the model can do with streams and buckets
 */
export function reportOf(catalog: Catalog, model: AccessModel, access = new ResourceAccess(model)): string {
  const { platforms, accounts, resources } = catalog;
  const users = accounts.reduce((sum, account) => sum + account.users.length, 0);
  const names = platforms.map(({ name }) => name).join(", ");
  return pageHtml({
    title: `Who can reach what${platforms.length > 0 && platforms.length < 6 ? `: ${names}` : ""}`,
    summary: [
      counted(platforms.length, "platform"),
      counted(accounts.length, "account"),
      counted(users, "user"),
      `${resources.length.toLocaleString("en-US")} streams and buckets`,
      counted(catalog.findings.length, "finding"),
    ].join(" · "),
    questions: questionsOf(catalog),
    sections: sectionsOf(catalog, model, access),
    ...(users <= MOST_SEARCHED_USERS && { data: embeddedData(catalog) }),
  });
}

/** What the page answers questions from: accounts, users and streams of the catalog, in the form of its file. */
function embeddedData({ accounts, resources, consumers }: Catalog): object {
  const imported = accounts.map((account) => ({ ...account, exports: [] }));
  const streams = resources.map(({ settings: _, ...resource }) => resource);
  return writtenCatalog({ platforms: [], findings: [], accounts: imported, resources: streams, consumers });
}
