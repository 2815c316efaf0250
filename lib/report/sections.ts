import type { Catalog, CatalogFinding, CatalogUser } from "../catalog/catalog";
import { queueGroupTexts, settingsByCode } from "../wording/client-settings";
import { counted } from "../wording/lists";
import { html } from "./escape";

const MOST = { users: 300, findings: 500, exchanges: 300 };

/** A sentence about what a list leaves out; empty if nothing. */
function cutHtml(shown: number, all: number, noun: string, where: string): string {
  return all > shown ? `<p class="cut">Here are the first ${shown} of ${counted(all, noun)}. ${where}</p>` : "";
}

function findingHtml({ id, level, message, source, acknowledged }: CatalogFinding): string {
  const state = acknowledged === undefined ? level : "acknowledged";
  const why =
    acknowledged === undefined ? "" : `<p class="ack"><strong>Acknowledged:</strong> ${html(acknowledged)}</p>`;
  return `<li class="finding ${state}"><p><span class="badge">${html(id)}</span> <span class="state">${state}</span></p><p>${html(message)}</p>${why}<p class="by">${html(source)}</p></li>`;
}

/** What the analysis found: open findings first, then those that are acknowledged with a reason. */
export function findingsHtml(findings: readonly CatalogFinding[]): string {
  if (findings.length === 0) return `<p class="empty">Nothing was found.</p>`;
  const rank = ({ acknowledged, level }: CatalogFinding) =>
    acknowledged !== undefined ? 2 : level === "error" ? 0 : 1;
  const sorted = [...findings].sort((one, other) => rank(one) - rank(other));
  const shown = sorted.slice(0, MOST.findings);
  const cut = cutHtml(shown.length, sorted.length, "finding", "catalog.json has all of them.");
  return `${cut}<ul class="findings">${shown.map(findingHtml).join("")}</ul>`;
}

function userRow(account: string, user: CatalogUser): string {
  const { inboxPrefix, domain, credentials } = user.connection;
  const settings = settingsByCode(user);
  const list = [
    ...settings.map(
      ({ code, clients }) => `<li><code>${html(code)}</code> <span class="by">${html(clients.join(", "))}</span></li>`,
    ),
    ...queueGroupTexts(user).map((text) => `<li>queue group <code>${html(text)}</code></li>`),
  ];
  const must = list.length > 0 ? `<ul>${list.join("")}</ul>` : `<span class="by">nothing more</span>`;
  return `<tr><th scope="row">${html(user.name)}<span class="by"> ${html(user.role)} in ${html(account)}</span></th><td>${html(credentials)}</td><td><code>${html(inboxPrefix)}</code></td><td>${domain === undefined ? `<span class="by">none</span>` : `<code>${html(domain)}</code>`}</td><td>${must}</td></tr>`;
}

/** What the clients of each user must set. */
export function connectionsHtml({ accounts }: Catalog): string {
  const users = accounts.flatMap(({ name, users: own }) => own.map((user) => ({ name, user })));
  const shown = users.slice(0, MOST.users);
  const where = "For the others, ask the search “what can …” with a user’s name.";
  const cut = cutHtml(shown.length, users.length, "user", where);
  return `${cut}<div class="scroll" role="region" tabindex="0" aria-label="What clients must set"><table class="plain"><thead><tr><th scope="col">User</th><th scope="col">Credentials</th><th scope="col">Inbox prefix</th><th scope="col">JetStream domain</th><th scope="col">Its clients must set</th></tr></thead><tbody>${shown.map(({ name, user }) => userRow(name, user)).join("")}</tbody></table></div>`;
}

/** What goes from one account to another, as a table. */
export function exchangesHtml({ accounts }: Catalog): string {
  const all = accounts.flatMap(({ name, imports }) => imports.map((each) => ({ ...each, importer: name })));
  if (all.length === 0) return `<p class="empty">No account exports anything to another.</p>`;
  const shown = all.slice(0, MOST.exchanges);
  const rows = shown.map(
    ({ importer, account, kind, subject, to }) =>
      `<tr><td>${html(account)}</td><td>${html(importer)}</td><td>${kind === "stream" ? "messages to" : "requests from"} ${html(importer)}</td><td><code>${html(subject)}</code></td><td>${to === undefined || to === subject ? `<span class="by">the same</span>` : `<code>${html(to)}</code>`}</td></tr>`,
  );
  const cut = cutHtml(shown.length, all.length, "import", "catalog.json has all of them.");
  return `${cut}<div class="scroll" role="region" tabindex="0" aria-label="Exports and imports"><table class="plain"><thead><tr><th scope="col">Exported by</th><th scope="col">Imported by</th><th scope="col">What goes</th><th scope="col">Subject</th><th scope="col">Subject in the importing account</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}
