import { pathToFileURL } from "node:url";
import type { Browser } from "puppeteer-core";
import { valueAt } from "../../lib/collections/groups";
import { startBrowser } from "../../scripts/tools/chromium";
import { sample } from "../support/sample";
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

/** Reports that are open, each in the ways in which it is looked at. */
const opened = new Map<string, ReturnType<typeof open>>();

const openedIn = (name: string, { width = 1280, dark = false }: Opening = {}) =>
  valueAt(opened, `${name} ${width} ${dark}`, () => open(browser, reports.of(name).file, { width, dark }));

/** Looks at a report with a function that runs in the page. */
async function look<T>(name: string, opening: Opening, find: () => T): Promise<T> {
  const { page } = await openedIn(name, opening);
  return (await page.evaluate(find)) as T;
}

describe.each(sample(PAGES, 2))("the report of %s", (name) => {
  test("makes no complaint and no request", async () => {
    const { file } = reports.of(name);
    const { complaints, requests } = await openedIn(name);
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
