import { pathToFileURL } from "node:url";
import type { Browser, Page } from "puppeteer-core";

/** How a page is opened. */
export interface Opening {
  /** The width of the window, in pixels. */
  readonly width?: number;
  readonly dark?: boolean;
  readonly script?: boolean;
}

/** A page that is open, with what it asked for and complained about. */
export interface OpenPage {
  readonly page: Page;
  readonly complaints: string[];
  readonly requests: string[];
}

/** Opens a file. */
export async function open(browser: Browser, file: string, opening: Opening = {}): Promise<OpenPage> {
  const { width = 1280, dark = false, script = true } = opening;
  const page = await browser.newPage();
  const [complaints, requests]: string[][] = [[], []];
  page.on("pageerror", (error) => complaints?.push(String(error)));
  page.on("console", (message) => complaints?.push(`console.${message.type()} ${message.text()}`));
  page.on("request", (request) => requests?.push(request.url()));
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }]);
  await page.setViewport({ width, height: 900 });
  await page.setJavaScriptEnabled(script);
  await page.goto(pathToFileURL(file).href);
  return { page, complaints: complaints ?? [], requests: requests ?? [] };
}

/** Presses Tab until something that a selector matches has the focus. */
export async function tabTo(page: Page, selector: string, most = 200): Promise<void> {
  for (let count = 0; count < most; count++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
  }
  throw new Error(`${selector} cannot be reached by ${most} times Tab`);
}

/** Asks the search box by the keyboard alone. */
export async function ask(page: Page, question: string): Promise<void> {
  await page.evaluate(() => {
    document.querySelector<HTMLElement>(".skip")?.focus();
    const input = document.querySelector<HTMLInputElement>("#question");
    if (input) input.value = "";
  });
  await tabTo(page, "#question");
  await page.keyboard.sendCharacter(question);
  await page.keyboard.press("Enter");
}

/** The words of the answer: headings and cells in the order in which they are read. */
export function answerOf(page: Page): Promise<string> {
  return page.evaluate(() =>
    [...document.querySelectorAll("#answer h3, #answer td, #answer strong, #answer .cut")]
      .map((each) => each.textContent ?? "")
      .join(" "),
  );
}
