import type { Browser, Page } from "puppeteer-core";
import { AppConstruct, Isolation, PlatformConstruct } from "../../lib";
import { AccessModel } from "../../lib/analysis/access-model";
import { ResourceAccess } from "../../lib/analysis/resource-access";
import { serverAccounts } from "../../lib/analysis/server-model";
import type { Catalog } from "../../lib/catalog/catalog";
import { doingsOf } from "../../lib/report/access-data";
import { diagramOf } from "../../lib/report/diagram";
import { mermaid } from "../../lib/report/escape";
import { apiLast } from "../../lib/report/labels";
import { clientName } from "../../lib/wording/resources";
import { startBrowser } from "../../scripts/tools/chromium";
import { HOSTILE, HOSTILE_TOKENS } from "../support/hostile";
import type { Program } from "../support/synth";
import { catalogOfProgram } from "../unit/cli/cli";
import { platformCatalog } from "../unit/report/samples";

jest.setTimeout(60_000);

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await startBrowser();
  page = await browser.newPage();
  await page.addScriptTag({ path: require.resolve("@mermaid-js/tiny") });
}, 30_000);

afterAll(() => browser?.close());

/** A flowchart as Mermaid reads it, with its labels as they are shown. */
interface Flowchart {
  readonly groups: readonly { readonly id: string; readonly nodes: readonly string[] }[];
  readonly edges: readonly {
    readonly start: string;
    readonly end: string;
    readonly stroke: string;
    readonly label: string;
  }[];
  readonly nodeLabels: { readonly [id: string]: string };
  readonly groupLabels: { readonly [id: string]: string };
  /** The elements of labels that are neither text nor line breaks. */
  readonly others: readonly string[];
}

/** Runs in the browser, as text, so that nothing of the transpiler is in it. */
const READ = `async (text) => {
  mermaid.initialize({ startOnLoad: false, securityLevel: "strict", maxEdges: 5000, maxTextSize: 1e6 });
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  const groups = db.getSubGraphs().map(({ id, nodes }) => ({ id, nodes }));
  document.body.innerHTML = (await mermaid.render("shown", text)).svg;
  const all = (selector) => [...document.querySelectorAll(selector)];
  const said = (label) => [...(label?.querySelector("p")?.childNodes ?? [])]
    .map((each) => (each.nodeName === "BR" ? "\\n" : each.textContent)).join("");
  const nodes = all(".node").map((node) => [/^.*?flowchart-(.*)-\\d+$/.exec(node.id)[1], said(node.querySelector(".nodeLabel"))]);
  const clusters = all(".cluster").map((each) => [each.id.replace(/^shown-/, ""), said(each.querySelector(".nodeLabel"))]);
  const others = all(".nodeLabel *, .edgeLabel *").map((each) => each.nodeName)
    .filter((name) => !["P", "BR", "SPAN", "DIV", "g", "foreignObject"].includes(name));
  const labels = new Map(all(".edgeLabels .label").map((each) => [each.dataset.id, said(each)]));
  return {
    groups, others, nodeLabels: Object.fromEntries(nodes), groupLabels: Object.fromEntries(clusters),
    edges: db.getEdges().map(({ id, start, end, stroke }) => ({ start, end, stroke, label: labels.get(id) })),
  };
}`;

const flowchart = (text: string) => page.evaluate(`(${READ})(${JSON.stringify(text)})`) as Promise<Flowchart>;

/** What Mermaid gives a meaning to in labels, besides. */
const MEANING = [
  "$$x^2$$",
  "fa:fa-car x",
  "`**b**`",
  "%%{init: {}}%%",
  "\n%% c",
  "a\\nb",
  "#35;",
  "&lt;",
  "1. a",
  "_a_ *b*",
];

test("a label shows its text, whatever it is", async () => {
  const texts = [...HOSTILE, ...MEANING];
  const lines = texts.map((text, index) => `  n${index}["${mermaid(text)}"]`);
  const { nodeLabels, others } = await flowchart(`flowchart LR\n${lines.join("\n")}\n`);
  const displayed = (text: string) => text.replace(/\r\n/g, "\n").replace(/[\0\ud800]/g, "\ufffd");
  expect(Object.entries(nodeLabels).length).toBe(texts.length);
  expect(texts.map((_, index) => nodeLabels[`n${index}`])).toEqual(texts.map(displayed));
  expect(others).toEqual([]);
});

/** A program with hostile texts in its subjects. */
const hostileProgram: Program = (stack) => {
  const prod = new PlatformConstruct(stack, "prod", { nodes: ["node-1"], servers: ["nats://nats:4222"] });
  const apis = new AppConstruct(prod, "apis", { wal: {}, snapshots: {} });
  const caller = new AppConstruct(prod, "caller");
  const liveEvents = HOSTILE_TOKENS.map((text) => `x.${text}`);
  const apart = new AppConstruct(prod, "apart", { isolation: Isolation.ACCOUNT, liveEvents });
  for (const text of HOSTILE_TOKENS) {
    apis.serveApi(text);
    caller.callApi(apis, text);
    apart.callApi(apis, text);
    apart.publishEvents(`y.${text}`);
  }
};

const OPERATORS = ["node", "terraform"];

describe.each([
  ["hostile subjects", () => catalogOfProgram(hostileProgram)],
  ["isolated apps", () => platformCatalog(2, true)],
])("the diagram of a program with %s", (_, make) => {
  const catalog = make();
  const model = new AccessModel(serverAccounts(catalog));
  const access = new ResourceAccess(model);
  let chart: Flowchart;

  beforeAll(async () => {
    chart = await flowchart(diagramOf(catalog, model, access));
  });

  const label = (id: string) => chart.nodeLabels[id] ?? chart.groupLabels[id] ?? "";
  const resourceLabel = (resource: Catalog["resources"][number]) =>
    `${clientName(resource)}\n${{ stream: "stream", keyValue: "bucket", objectStore: "objects" }[resource.kind]}`;
  const apps = catalog.platforms.flatMap((platform) => platform.apps);
  const userLabel = (name: string) => {
    const app = apps.find(({ messagingUser }) => messagingUser === name);
    return app ? `${name}\nmessages of ${app.name}` : name;
  };

  test("has the accounts with their users, streams and buckets", () => {
    const expected = catalog.accounts.map(({ name, users }) => {
      const operators = users.filter(({ role }) => OPERATORS.includes(role)).map((user) => user.name);
      const nodes = [
        ...(operators.length > 0 ? [[...operators, "all of the account"].join("\n")] : []),
        ...users.filter(({ role }) => !OPERATORS.includes(role)).map((user) => userLabel(user.name)),
        ...catalog.resources.filter(({ account }) => account === name).map(resourceLabel),
      ];
      return [name, nodes.sort()];
    });
    expect(Object.fromEntries(chart.groups.map(({ id, nodes }) => [label(id), nodes.map(label).sort()]))).toEqual(
      Object.fromEntries(expected),
    );
    expect(chart.groups.length).toBe(catalog.accounts.length);
    expect(chart.others).toEqual([]);
  });

  const edges = (stroke: string) =>
    chart.edges.flatMap((edge) => (edge.stroke === stroke ? [[label(edge.start), edge.label, label(edge.end)]] : []));

  test("has what users read and write", () => {
    const roles = new Map(catalog.accounts.flatMap(({ users }) => users.map((user) => [user.name, user.role])));
    const expected = access.users
      .filter(({ member }) => !OPERATORS.includes(roles.get(member.user.name) ?? ""))
      .flatMap(({ member, cells }) =>
        [...cells.values()]
          .filter((cell) => doingsOf(cell).some(({ act }) => act !== "look"))
          .map((cell) => [userLabel(member.user.name), resourceLabel(cell.resource)].sort().join(" — ")),
      );
    const found = edges("normal").map(([start, , end]) => [start, end].sort().join(" — "));
    expect([...new Set(found)].sort()).toEqual([...new Set(expected)].sort());
  });

  test("has what goes between accounts, and calls between apps", () => {
    const imports = catalog.accounts.flatMap(({ name, imports: all }) =>
      (["stream", "service"] as const).flatMap((kind) =>
        [...new Set(all.filter((each) => each.kind === kind).map(({ account }) => account))].map((exporter) => {
          const subjects = all
            .filter((each) => each.kind === kind && each.account === exporter)
            .map(({ subject }) => subject);
          const more = subjects.length > 3 ? [`and ${subjects.length - 3} more`] : [];
          const said = [...apiLast(subjects).slice(0, 3), ...more].join("\n");
          return kind === "stream" ? [exporter, said, name] : [name, said, exporter];
        }),
      ),
    );
    const of = (
      user: Catalog["accounts"][number]["users"][number],
      direction: "publish" | "subscribe",
      capability: string,
    ) =>
      user[direction].allow
        .filter(({ reasons }) => reasons.some((reason) => reason.capability === capability))
        .map(({ subject }) => subject);
    const calls = catalog.accounts.flatMap(({ users }) =>
      users.flatMap((caller) =>
        of(caller, "publish", "service.call").flatMap((subject) =>
          users
            .filter((server) => server !== caller && of(server, "subscribe", "service.serve").includes(subject))
            .map((server) => [userLabel(caller.name), subject, userLabel(server.name)]),
        ),
      ),
    );
    const inOrder = (list: readonly (readonly unknown[])[]) => list.map((each) => each.join(" | ")).sort();
    expect(inOrder([...edges("thick"), ...edges("dotted")])).toEqual(inOrder([...imports, ...calls]));
    expect(calls.length + imports.length).toBeGreaterThan(2);
  });
});
