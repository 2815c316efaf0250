import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";
import { chromium } from "./chromium.mjs";

const USAGE = "node scripts/report-picture.mjs FILE";

/** What a picture in a README may be at most. */
const MOST_BYTES = 300_000;

/** Takes a picture of the report of the example `multi-tenant`, down to the end of its matrix. */
async function takePicture(file) {
  const outdir = mkdtempSync(join(tmpdir(), "report-picture-"));
  const browser = await puppeteer.launch({ executablePath: chromium(), args: ["--no-sandbox", "--hide-scrollbars"] });
  try {
    const env = { ...process.env, CDKTF_OUTDIR: outdir };
    const command = ["--import", "tsx", "examples/multi-tenant/main.ts"];
    const { status, stderr } = spawnSync(process.execPath, command, { env, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    const page = await browser.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    await page.goto(pathToFileURL(join(outdir, "stacks", "prod", "report.html")).href);
    const bottom = await page.$eval("#matrix", (matrix) => matrix.getBoundingClientRect().bottom);
    await page.setViewport({ width: 1280, height: Math.ceil(bottom) + 24 });
    await page.screenshot({ path: file });
    const { size } = statSync(file);
    if (size > MOST_BYTES) throw new Error(`${file} has ${size} bytes, more than ${MOST_BYTES}`);
    console.log(`${file}: ${size.toLocaleString("en-US")} bytes`);
  } finally {
    await browser.close();
    rmSync(outdir, { recursive: true });
  }
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error(USAGE);
await takePicture(file);
