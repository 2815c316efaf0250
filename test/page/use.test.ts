import type { Browser } from "puppeteer-core";
import { startBrowser } from "../../scripts/tools/chromium";
import { answerOf, ask, type Opening, type OpenPage, open, tabTo } from "./browser";
import { pictureFaults } from "./looks";
import { Reports } from "./reports";

jest.setTimeout(60_000);

const reports = new Reports();
let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
}, 30_000);

afterEach(async () => {
  for (const page of (await browser.pages()).slice(1)) await page.close();
});

afterAll(async () => {
  await browser?.close();
  reports.remove();
});

const opened = (name: string, opening?: Opening): Promise<OpenPage> => open(browser, reports.of(name).file, opening);

test("the search knows users and streams, and says what it does not understand", async () => {
  const { page, complaints } = await opened("multi-tenant");
  const answer = async (question: string) => {
    await ask(page, question);
    return answerOf(page);
  };
  expect(await answer("what can prod-cache do?")).toMatch(/^prod-cache .*By its permissions it can/);
  expect(await answer("who can reach prod_audit?")).toContain("monitor");
  expect(await answer("who can publish a..b?")).toContain("has an empty token");
  expect(await answer("what can nobody do?")).toContain("no user nobody in the catalog");
  expect(await answer("who can reach nothing?")).toContain("no stream or bucket nothing in the catalog");
  expect(await answer("where am I?")).toContain("This is no question that is understood");
  await ask(page, "who can publish <img src=x onerror=alert(1)>");
  expect(await page.evaluate(() => document.images.length)).toBe(0);
  expect(complaints).toEqual([]);
});

test("the first Tab leads to the link that skips to the content", async () => {
  const { page } = await opened("multi-tenant");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.className)).toBe("skip");
  await page.keyboard.press("Enter");
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
});

test.each([
  ["with", true],
  ["without", false],
])("a cell opens by the keyboard %s JavaScript", async (_, script) => {
  const { page } = await opened("multi-tenant", { script });
  const active = (property: "outline" | "cell") =>
    page.evaluate((wanted) => {
      const focused = document.activeElement;
      if (!focused) return undefined;
      return wanted === "cell" ? focused.matches("button.cell") : getComputedStyle(focused).outlineStyle !== "none";
    }, property);
  const openText = () => page.evaluate(() => document.querySelector(".why:popover-open")?.textContent ?? "");
  await tabTo(page, "button.cell");
  expect(await active("outline")).toBe(true);
  await page.keyboard.press("Enter");
  expect(await openText()).toContain("prod-node-1 on prod_api");
  expect(await openText()).toContain("all of JetStream in the platform's account");
  await page.keyboard.press("Escape");
  expect(await openText()).toBe("");
  expect(await active("cell")).toBe(true);
});

test("without JavaScript everything but the search can be read", async () => {
  const { page } = await opened("multi-tenant", { script: false });
  const shown = await page.evaluate(() => {
    const display = (selector: string) => getComputedStyle(document.querySelector(selector) as Element).display;
    return {
      form: display("#ask"),
      filters: display("#filters"),
      rows: document.querySelectorAll(".matrix tbody tr").length,
      says: document.body.innerText.includes("The search needs JavaScript"),
    };
  });
  expect(shown).toEqual({ form: "none", filters: "none", rows: 14, says: true });
});

test("the filters hide rows and columns", async () => {
  const { page } = await opened("multi-tenant");
  await tabTo(page, "#filters input");
  await page.keyboard.sendCharacter("prod-c");
  await tabTo(page, "#filters input");
  await page.keyboard.sendCharacter("convex");
  const shown = await page.evaluate(() => {
    const visible = (each: HTMLElement) => each.offsetParent !== null;
    const table = document.querySelector<HTMLTableElement>(".matrix");
    return [
      [...(table?.tBodies[0]?.rows ?? [])].filter(visible).map((row) => row.dataset.name),
      [...(table?.tHead?.rows[0]?.cells ?? [])].filter(visible).map((head) => head.dataset.name ?? ""),
    ];
  });
  expect(shown).toEqual([
    ["prod-cache", "prod-convex"],
    ["", "prod_convex", "prod_convex_snapshots", "prod_convex_wal"],
  ]);
});

test("hostile names stay text", async () => {
  const { page, complaints } = await opened("hostile names");
  await page.evaluate(() => {
    for (const each of document.querySelectorAll<HTMLElement>(".examples button, .cell, summary")) each.click();
  });
  const found = await page.evaluate(() => ({
    images: document.images.length,
    scripts: document.scripts.length,
    hacked: "hacked" in window,
    text: (document.body.textContent ?? "").includes("</script><img src=x onerror=hacked=1>"),
  }));
  expect(found).toEqual({ images: 0, scripts: 2, hacked: false, text: true });
  expect(complaints).toEqual([]);
});

test("1,000 apps: the page opens, says what it leaves out, and answers", async () => {
  const { page, complaints } = await opened("1,000 apps");
  const says = await page.evaluate(() => [...document.querySelectorAll(".cut")].map((each) => each.textContent).join());
  expect(says).toMatch(/60 of 1,00\d users/);
  expect(says).toContain("The picture leaves out");
  await ask(page, "who can publish prod.app-999.x ?");
  expect(await answerOf(page)).toContain("prod-app-999 (PROD)");
  await ask(page, "what can prod-app-999 do?");
  expect(await answerOf(page)).toContain("prod_app-999");
  expect(await page.evaluate(pictureFaults)).toEqual([]);
  expect(complaints).toEqual([]);
}, 30_000);
