import { AccessModel } from "../../lib/analysis/access-model";
import { ResourceAccess } from "../../lib/analysis/resource-access";
import type { Catalog } from "../../lib/catalog/catalog";
import { serverAccounts } from "../../lib/catalog/server-accounts";
import { reportOf } from "../../lib/report/report";
import { plainName } from "../../lib/report/words";
import { isCovered } from "../../lib/subjects/subject-difference";
import { HOSTILE, hostileCatalog, platformCatalog } from "./samples";

const report = (catalog: Catalog) => reportOf(catalog, new AccessModel(serverAccounts(catalog)));

/** The name of each cell of the matrix that says something, by user and resource. */
function cellsOf(page: string): Map<string, string> {
  const names = [...page.matchAll(/class="cell" popovertarget="why-\d+" aria-label="([^"]*)"/g)];
  return new Map(
    names.map(([, name = ""]): [string, string] => {
      const [key = "", ...rest] = name.split(": ");
      return [key, rest.join(": ")];
    }),
  );
}

const VERBS = { look: "looks at the configuration", read: "reads", write: "writes", manage: "manages", none: "" };

test.each([false, true])("the matrix says what the access model says (isolated: %s)", (isolated) => {
  const catalog = platformCatalog(12, isolated);
  const model = new AccessModel(serverAccounts(catalog));
  const access = new ResourceAccess(model);
  const cells = cellsOf(reportOf(catalog, model));
  let wholes = 0;
  for (const user of access.users) {
    for (const resource of model.resources) {
      const cell = user.cells.get(resource);
      const holes = user.member.account === resource.account || cell ? access.holesTo(user, resource) : [];
      const said = cells.get(`${user.member.user.name}, ${plainName(resource)}`);
      if (!cell && holes.length === 0) {
        expect(said).toBeUndefined();
        continue;
      }
      const [lines = "", ...beyond] = (said ?? "").split("; only through holes: ");
      const acts = new Set((cell?.abilities ?? []).map(({ act }) => VERBS[act]));
      const named = lines === "nothing" ? [] : lines.split(", ").map((each) => each.replace(/ a part$/, ""));
      expect(new Set(named)).toEqual(acts);
      if (cell) expect(named[0]).toBe(VERBS[cell.level]);
      expect(new Set(beyond.join("").split(", ").filter(Boolean))).toEqual(
        new Set(holes.map(({ level }) => VERBS[level])),
      );
      const written = (cell?.abilities ?? []).filter(({ act }) => act === "write");
      const whole =
        written.some(({ subjects }) => !subjects) ||
        resource.subjects.every((subject) =>
          isCovered(
            subject,
            written.flatMap(({ subjects }) => subjects ?? []),
          ),
        );
      if (written.length > 0) {
        expect(lines.includes("writes a part")).toBe(!whole);
        wholes++;
      }
    }
  }
  expect(wholes).toBeGreaterThan(20);
});

test("every cell has an explanation, and no explanation is there without a cell", () => {
  const page = report(platformCatalog(5, false));
  const targets = new Set([...page.matchAll(/class="cell" popovertarget="([^"]+)"/g)].map(([, id]) => id));
  const ids = [...page.matchAll(/class="why" id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids)).toEqual(targets);
  expect(new Set(ids).size).toBe(ids.length);
});

test("the report of the same facts is the same text", () => {
  expect(report(platformCatalog(3, true))).toBe(report(platformCatalog(3, true)));
});

test("findings are said with their reasons, open ones first", () => {
  const page = report(platformCatalog(1, false));
  const places = ["NP001", "NP004", "NP002", "one team owns all apps"].map((text) => page.indexOf(text));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places[0]).toBeGreaterThan(0);
  expect(page).toContain("2 findings to look at, 1 acknowledged with a reason.");
});

test("the clients of a private inbox are told what to set", () => {
  const page = report(platformCatalog(1, false));
  expect(page).toContain("nats.CustomInboxPrefix(&quot;_INBOX_prod_app_0&quot;)");
  expect(page).toContain("inbox_prefix=b&quot;_INBOX_prod_app_0&quot;");
  expect(page).toContain("--inbox-prefix _INBOX_prod_app_0");
  expect(page).toContain("allow_direct: true");
});

test("the page asks nobody and forbids it", () => {
  const page = report(platformCatalog(2, true));
  expect(page).toContain("default-src 'none'");
  expect(page).not.toMatch(/(?:src|href)="(?!#|data:,")/);
  expect(page).not.toMatch(/https?:|url\(|@import/);
});

test("hostile names stay text", () => {
  const page = report(hostileCatalog());
  expect(page).not.toContain("<img");
  expect(page.match(/<\/script>/g)).toHaveLength(2);
  expect(page).not.toMatch(/<script(?! type="application\/json" id="data">|>)/);
  const [, data = ""] = /id="data">(.*)<\/script>/.exec(page) ?? [];
  expect(data).not.toMatch(/[<>&\u2028]/);
  expect(JSON.stringify(JSON.parse(data))).toContain(JSON.stringify(HOSTILE).slice(1, -1));
});

test("a program without anything has a report", () => {
  const page = report({ version: 1, platforms: [], accounts: [], resources: [], findings: [] });
  expect(page).toContain("Nothing was found.");
});

test("what is left out of a large program is said", () => {
  const page = report(platformCatalog(100, false));
  expect(page).toContain("Here are 60 of 101 users and 60 of 303 streams and buckets.");
  expect(page).toContain("The picture leaves out 41 apps");
  expect(page).not.toContain("too many users");
});

test("a program too large for a search in its page says what to ask instead", () => {
  const catalog = platformCatalog(3001, true);
  const start = performance.now();
  const page = report(catalog);
  expect(performance.now() - start).toBeLessThan(15_000);
  expect(page).toContain("too many users for a search");
  expect(page.length).toBeLessThan(5_000_000);
});
