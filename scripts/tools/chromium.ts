import puppeteer, { type Browser } from "puppeteer-core";

/** Starts a headless Chromium, the one that CHROMIUM names. */
export function startBrowser(): Promise<Browser> {
  return puppeteer.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"],
  });
}
