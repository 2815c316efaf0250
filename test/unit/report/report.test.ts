import { AccessModel } from "../../../lib/analysis/access-model";
import { ResourceAccess } from "../../../lib/analysis/resource-access";
import { serverAccounts } from "../../../lib/analysis/server-model";
import type { Catalog } from "../../../lib/catalog/catalog";
import { reportOf } from "../../../lib/report/report";
import { isCovered } from "../../../lib/subjects/subject-difference";
import { clientName } from "../../../lib/wording/resources";
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
      const said = cells.get(`${user.member.user.name}, ${clientName(resource)}`);
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
  const [, section = ""] = report(platformCatalog(1, false)).split('<section id="clients"');
  const [table = ""] = section.split("</section>");
  expect(table).toContain("nats.CustomInboxPrefix(&quot;_INBOX_prod_app_0&quot;)");
  expect(table).toContain("inbox_prefix=b&quot;_INBOX_prod_app_0&quot;");
  expect(table).toContain("--inbox-prefix _INBOX_prod_app_0");
  expect(table).toContain("allow_direct: true, to open a bucket of single keys");
});

test("the two users of an isolated app are told what to set apart from each other", () => {
  const page = report(platformCatalog(1, true));
  const [, section = ""] = page.split('<section id="clients"');
  const rowOf = (user: string) => section.split(`<th scope="row">${user}<`)[1]?.split("</tr>")[0] ?? "";
  const [data, messages] = [rowOf("prod-app-0"), rowOf("prod-app-0-messaging")];
  const group =
    "queue group <code>prod-app-0, and groups that begin with prod-app-0.; no other where others subscribe too</code>";
  expect(data).toContain("app in PROD_APP-0<");
  expect(messages).toContain("messaging in PROD_APP-0_MESSAGING<");
  for (const row of [data, messages]) {
    expect(row).toContain("Options.builder().inboxPrefix(&quot;_INBOX_prod_app_0&quot;)");
    expect(row).toContain("ConnectOptions::new().custom_inbox_prefix(&quot;_INBOX_prod_app_0&quot;)");
  }
  expect(messages).toContain(group);
  expect(data).not.toContain("queue group");
  expect(messages).toContain("JetStreamOptions.builder().domain(&quot;prod&quot;)");
  expect(messages).toContain("jetstream::with_domain(client, &quot;prod&quot;)");
  expect(data).not.toContain("&quot;prod&quot;");
});

test("the picture has a box for an isolated app's data and one for its messages", () => {
  const [, svg = ""] = /<svg class="topology"(.*?)<\/svg>/s.exec(report(platformCatalog(1, true))) ?? [];
  const boxes = svg.split('class="t-account">').slice(1);
  const textsOf = (account: string) => {
    const box = boxes.find((each) => each.startsWith(`${account}<`)) ?? "";
    return [...(box.split("<path")[0]?.matchAll(/class="t-(?:title|sub|name)">([^<]*)</g) ?? [])].map(
      ([, text]) => text,
    );
  };
  expect(textsOf("PROD_APP-0_MESSAGING")).toEqual([
    "PROD_APP-0_MESSAGING — no JetStream of its own",
    "app-0",
    "its messages with others",
    "user prod-app-0-messaging",
  ]);
  expect(textsOf("PROD_APP-0")).toEqual([
    "PROD_APP-0",
    "users",
    "that are no apps",
    "prod-app-0-terraform · terraform",
    "app-0",
    "app, user prod-app-0",
    "prod_app-0",
    "prod_app-0_wal",
    "prod_app-0_snapshots",
  ]);
  const labels = [...svg.matchAll(/class="t-label">([^<]*)</g)].map(([, text]) => text);
  expect(labels).toEqual([
    "prod._.audit.app-0.&gt;",
    "prod._.events.user.&gt;",
    "$JS.API.DIRECT.GET.KV_prod_platform.$KV…",
    "$JS.API.STREAM.INFO.KV_prod_platform",
    "prod._.live.events.&gt;",
  ]);
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
  const page = report({ platforms: [], accounts: [], resources: [], consumers: [], findings: [] });
  expect(page).toContain("Nothing was found.");
});

test("what is left out of a large program is said", () => {
  const page = report(platformCatalog(100, false));
  expect(page).toContain("Here are 60 of 101 users and 60 of 303 streams and buckets.");
  expect(page).toContain("The picture leaves out 41 apps");
  expect(page).not.toContain("too many users");
});

test("a program too large for a search in its page says what to ask instead", () => {
  const catalog = platformCatalog(1001, true);
  const page = report(catalog);
  expect(page).toContain("too many users for a search");
  expect(page.length).toBeLessThan(5_000_000);
});
