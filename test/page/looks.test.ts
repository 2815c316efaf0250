import { pathToFileURL } from "node:url";
import type { Browser } from "puppeteer-core";
import { startBrowser } from "../../scripts/tools/chromium";
import { type Opening, open } from "./browser";
import { faintTexts, nameless, pictureFaults, repeatedIds, wideElements } from "./looks";
import { Reports } from "./reports";

const PAGES = ["multi-tenant", "quickstart", "thirty apps", "isolated apps", "hostile names"];

jest.setTimeout(60_000);

const reports = new Reports();
let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
}, 30_000);

afterAll(async () => {
  await browser?.close();
  reports.remove();
});

/** Looks at a report with a function that runs in the page. */
async function look<T>(name: string, opening: Opening, find: () => T): Promise<T> {
  const { page } = await open(browser, reports.of(name).file, opening);
  try {
    return (await page.evaluate(find)) as T;
  } finally {
    await page.close();
  }
}

describe.each(PAGES)("the report of %s", (name) => {
  test("makes no complaint and no request", async () => {
    const { file } = reports.of(name);
    const { page, complaints, requests } = await open(browser, file);
    await page.close();
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith("data:"))).toEqual([pathToFileURL(file).href]);
  });

  test("has a name for everything, and no id twice", async () => {
    expect(await look(name, {}, nameless)).toEqual([]);
    expect(await look(name, {}, repeatedIds)).toEqual([]);
  });

  test("has nothing over anything else in its picture", async () => {
    expect(await look(name, {}, pictureFaults)).toEqual([]);
  });

  test.each([1280, 390])("is not wider than %d pixels", async (width) => {
    expect(await look(name, { width }, wideElements)).toEqual([]);
  });

  test.each([
    ["in the light", false],
    ["in the dark", true],
  ])("can be read %s", async (_, dark) => {
    const ground = await look(name, { dark }, () => getComputedStyle(document.body).backgroundColor);
    const [red = "0"] = /\d+/.exec(ground) ?? [];
    expect([ground, Number(red) < 80]).toEqual([ground, dark]);
    expect(await look(name, { dark }, faintTexts)).toEqual([]);
  });
});
