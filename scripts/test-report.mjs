import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { require as load } from "tsx/cjs/api";
import { main, root, run } from "./tasks.mjs";

/**
 * The report in a headless Chromium.
 *
 *   node scripts/test-report.mjs                      all checks
 *   node scripts/test-report.mjs --screenshot FILE    only a picture of the multi-tenant example's report
 */

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--hide-scrollbars",
  "--remote-debugging-pipe",
];
const CANDIDATES = [process.env.CHROMIUM, "/usr/bin/chromium", "chromium", "google-chrome"].filter(Boolean);
const TIME_LIMIT_MS = 30_000;
const LEAST_CONTRAST = 4.5;
const MOST_SCREENSHOT_BYTES = 300_000;

function findChromium() {
  const found = CANDIDATES.find((each) => spawnSync(each, ["--version"], { stdio: "ignore" }).status === 0);
  if (found) return found;
  throw new Error(
    `No Chromium was found (${CANDIDATES.join(", ")}). Install it by \`apt-get install -y chromium\`, or name it in CHROMIUM.`,
  );
}

/** A Chromium that is driven by the DevTools protocol over two pipes. */
class Browser {
  static async start(profile) {
    const child = spawn(findChromium(), [...FLAGS, `--user-data-dir=${profile}`, "about:blank"], {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    });
    return new Browser(child);
  }

  #child;
  #pending = new Map();
  #listeners = new Set();
  #next = 1;

  constructor(child) {
    this.#child = child;
    let rest = "";
    child.stdio[4].setEncoding("utf8").on("data", (chunk) => {
      const messages = (rest + chunk).split("\0");
      rest = messages.pop();
      for (const message of messages) this.#receive(JSON.parse(message));
    });
    child.on("exit", () => {
      for (const { fail } of this.#pending.values()) fail(new Error("Chromium ended"));
    });
  }

  #receive({ id, result, error, method, params, sessionId }) {
    if (id === undefined) {
      for (const listener of this.#listeners) listener(sessionId, method, params);
      return;
    }
    const { done, fail } = this.#pending.get(id);
    this.#pending.delete(id);
    if (error) fail(new Error(error.message));
    else done(result);
  }

  send(method, params = {}, sessionId) {
    const id = this.#next++;
    return new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`${method}: no answer in ${TIME_LIMIT_MS} ms`)), TIME_LIMIT_MS);
      const settle = (then) => (value) => {
        clearTimeout(timer);
        then(value);
      };
      this.#pending.set(id, { done: settle(done), fail: settle(fail) });
      this.#child.stdio[3].write(`${JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) })}\0`);
    });
  }

  listen(listener) {
    this.#listeners.add(listener);
  }

  async open(file, options = {}) {
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, sessionId, targetId);
    await page.load(file, options);
    return page;
  }

  async close() {
    const ended = new Promise((done) => this.#child.once("exit", done));
    this.send("Browser.close").catch(() => undefined);
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 5_000);
    await ended;
    clearTimeout(timer);
  }
}

const KEYS = {
  Tab: { code: "Tab", windowsVirtualKeyCode: 9 },
  Enter: { code: "Enter", windowsVirtualKeyCode: 13, text: "\r" },
  Escape: { code: "Escape", windowsVirtualKeyCode: 27 },
};

/** A page with everything that it did wrong. */
class Page {
  complaints = [];
  requests = [];
  #browser;
  #session;
  #target;

  constructor(browser, session, target) {
    this.#browser = browser;
    this.#session = session;
    this.#target = target;
  }

  send(method, params) {
    return this.#browser.send(method, params, this.#session);
  }

  async load(file, { width = 1280, height = 900, dark = false, script = true }) {
    let loaded;
    const isLoaded = new Promise((done) => {
      loaded = done;
    });
    this.#browser.listen((session, method, params) => {
      if (session === this.#session) this.#hear(method, params, loaded);
    });
    for (const domain of ["Page", "Runtime", "Network", "Log"]) await this.send(`${domain}.enable`);
    const features = [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }];
    await this.send("Emulation.setEmulatedMedia", { features });
    await this.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
    await this.send("Emulation.setScriptExecutionDisabled", { value: !script });
    await this.send("Page.navigate", { url: pathToFileURL(file).href });
    await isLoaded;
  }

  #hear(method, params, loaded) {
    if (method === "Page.loadEventFired") loaded();
    if (method === "Runtime.exceptionThrown") this.complaints.push(params.exceptionDetails.text);
    if (method === "Runtime.consoleAPICalled") this.complaints.push(`console.${params.type}`);
    if (method === "Log.entryAdded") this.complaints.push(params.entry.text);
    if (method === "Network.requestWillBeSent") this.requests.push(params.request.url);
  }

  /** Calls a function in the page. */
  async call(callable, ...args) {
    const expression = `(${callable})(...${JSON.stringify(args)})`;
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  async press(name) {
    const key = { key: name, ...KEYS[name] };
    await this.send("Input.dispatchKeyEvent", { type: key.text ? "keyDown" : "rawKeyDown", ...key });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...key });
  }

  /** Presses Tab until something that a selector matches has the focus. */
  async tabTo(selector, most = 200) {
    for (let count = 0; count < most; count++) {
      await this.press("Tab");
      if (await this.call((wanted) => document.activeElement.matches(wanted), selector)) return;
    }
    throw new Error(`${selector} cannot be reached by ${most} times Tab`);
  }

  type(text) {
    return this.send("Input.insertText", { text });
  }

  async screenshot(file) {
    const { data } = await this.send("Page.captureScreenshot", { format: "png" });
    writeFileSync(file, Buffer.from(data, "base64"));
  }

  close() {
    return this.#browser.send("Target.closeTarget", { targetId: this.#target });
  }
}

function equal(actual, expected, what) {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: ${is?.slice(0, 600)} instead of ${should?.slice(0, 600)}`);
}

function holds(condition, what) {
  if (!condition) throw new Error(what);
}

// The following functions run in the page.

function answerUsers() {
  return [...document.querySelectorAll("#answer .answers > li > strong")].map((each) => each.textContent);
}

function faintTexts(least) {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((each) => {
      const part = each / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const known = new Map();
  const cached = (color) => known.get(color) ?? known.set(color, rgba(color)).get(color);
  const ground = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const color = cached(getComputedStyle(each).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255, 255];
  };
  const named = (name) => cached(getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  const faint = new Set();
  const check = (element, color, grounds) => {
    const worst = Math.min(...grounds.map((each) => contrast(color, each)));
    if (worst < least) faint.add(`${element.tagName}.${element.getAttribute("class")} ${worst.toFixed(2)}`);
  };
  for (const element of document.querySelectorAll("body *")) {
    const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
    if (!text || ["SCRIPT", "NOSCRIPT", "title", "desc"].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    if (element.tagName === "text") check(element, cached(style.fill), [named("--card"), named("--sunk")]);
    else check(element, cached(style.color), [ground(element)]);
  }
  return [...faint];
}

function wideElements() {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > width + 1 && !each.closest(".scroll"))
    .map((each) => `${each.tagName}.${each.className}`)
    .slice(0, 5);
}

function pictureFaults() {
  const svg = document.querySelector("svg.topology");
  const { width, height } = svg.viewBox.baseVal;
  const boxOf = (element) => {
    const { x, y, width: wide, height: high } = element.getBBox();
    return { x, y, right: x + wide, bottom: y + high, name: element.textContent || element.getAttribute("class") };
  };
  const apart = (a, b) =>
    a.right <= b.x + 0.5 || b.right <= a.x + 0.5 || a.bottom <= b.y + 0.5 || b.bottom <= a.y + 0.5;
  const inside = (a, b) => a.x >= b.x && a.right <= b.right && a.y >= b.y && a.bottom <= b.bottom;
  const all = (selector) => [...svg.querySelectorAll(selector)].map(boxOf);
  const [boxes, cards, texts, tags] = [all(".t-box"), all(".t-card"), all("text:not(.t-tagtext)"), all(".t-tag")];
  const whole = { x: 0, y: 0, right: width, bottom: height };
  const faults = [];
  for (const same of [boxes, cards, [...texts, ...tags]]) {
    same.sort((a, b) => a.y - b.y);
    for (const [index, one] of same.entries()) {
      for (let next = index + 1; next < same.length && same[next].y < one.bottom; next++) {
        if (!apart(one, same[next])) faults.push(`“${one.name}” is over “${same[next].name}”`);
      }
    }
  }
  for (const card of cards) if (!boxes.some((box) => inside(card, box))) faults.push(`${card.name} is in no box`);
  for (const text of texts) {
    if (!inside(text, whole)) faults.push(`“${text.name}” is outside`);
    const over = [...cards, ...boxes].filter((each) => !apart(text, each));
    for (const each of over) if (!inside(text, each)) faults.push(`“${text.name}” leaves its ${each.name}`);
  }
  return faults.slice(0, 8);
}

function nameless() {
  return [...document.querySelectorAll("button, input, [role=region], [role=dialog], svg[role=img]")]
    .filter((each) => {
      const labelled = (each.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id));
      const label = each.labels?.[0]?.textContent ?? "";
      const named = each.getAttribute("aria-label") ?? labelled.map((one) => one?.textContent ?? "").join(" ");
      return `${named}${label}${each.textContent}`.trim() === "";
    })
    .map((each) => each.outerHTML.slice(0, 100));
}

const tests = [];
const test = (name, run) => tests.push({ name, run });

/** The pages to look at, by name. */
const PAGES = ["multi-tenant", "quickstart", "thirty apps", "isolated apps", "hostile names"];

for (const name of PAGES) {
  test(`${name}: no complaint and no request`, async ({ browser, files }) => {
    const page = await browser.open(files[name]);
    equal(page.complaints, [], "complaints");
    equal(
      page.requests.filter((url) => !url.startsWith("data:")),
      [pathToFileURL(files[name]).href],
      "requests",
    );
    await page.close();
  });
  test(`${name}: everything has a name, and no id is there twice`, async ({ browser, files }) => {
    const page = await browser.open(files[name]);
    equal(await page.call(nameless), [], "without a name");
    const twice = await page.call(() => {
      const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
      return ids.filter((id, index) => ids.indexOf(id) !== index);
    });
    equal(twice, [], "ids");
    await page.close();
  });
  test(`${name}: the picture has nothing over anything else`, async ({ browser, files }) => {
    const page = await browser.open(files[name]);
    equal(await page.call(pictureFaults), [], "faults");
    await page.close();
  });
  for (const width of [1280, 390]) {
    test(`${name}: is not wider than ${width} pixels`, async ({ browser, files }) => {
      const page = await browser.open(files[name], { width });
      equal(await page.call(wideElements), [], "too wide");
      await page.close();
    });
  }
  for (const dark of [false, true]) {
    test(`${name}: can be read ${dark ? "in the dark" : "in the light"}`, async ({ browser, files }) => {
      const page = await browser.open(files[name], { dark });
      const ground = await page.call(() => getComputedStyle(document.body).backgroundColor);
      const [red = 0] = /\d+/.exec(ground) ?? [];
      holds(Number(red) < 80 === dark, `the background is ${ground}`);
      equal(await page.call(faintTexts, LEAST_CONTRAST), [], `contrast below ${LEAST_CONTRAST}`);
      await page.close();
    });
  }
}

/** Asks the search box by the keyboard alone. */
async function ask(page, question) {
  await page.call(() => {
    document.querySelector(".skip").focus();
    document.getElementById("question").value = "";
  });
  await page.tabTo("#question");
  await page.type(question);
  await page.press("Enter");
}

for (const name of ["multi-tenant", "quickstart", "isolated apps"]) {
  test(`${name}: the search answers as the library does`, async ({ browser, files, library, models }) => {
    const page = await browser.open(files[name]);
    for (const subject of ["$KV.prod_convex.x", "prod.convex.kv.x", "prod.convex.health.x", "prod._.audit.>", ">"]) {
      for (const [verb, find] of [
        ["publish", library.whoCanPublish],
        ["subscribe", library.whoCanSubscribe],
      ]) {
        const expected = find(models[name], subject).map(({ member }) => member.user.name);
        await ask(page, `who can ${verb} ${subject}?`);
        equal((await page.call(answerUsers)).sort(), [...new Set(expected)].sort(), `${verb} ${subject}`);
      }
    }
    equal(page.complaints, [], "complaints");
    await page.close();
  });
}

test("the search knows users and streams, and says what it does not understand", async ({ browser, files }) => {
  const page = await browser.open(files["multi-tenant"]);
  const answer = () => page.call(() => document.getElementById("answer").textContent);
  await ask(page, "what can prod-cache do?");
  holds((await answer()).includes("prod-cache can do something with"), await answer());
  await ask(page, "who can reach prod_audit?");
  holds((await page.call(answerUsers)).includes("monitor"), "monitor reads the audit log");
  await ask(page, "who can publish a..b?");
  holds((await answer()).includes("has an empty token"), await answer());
  await ask(page, "what can nobody do?");
  holds((await answer()).includes("no user and no stream"), await answer());
  await ask(page, "who can publish <img src=x onerror=alert(1)>");
  equal(await page.call(() => document.images.length), 0, "images");
  await page.close();
});

test("the first Tab leads to the link that skips to the content", async ({ browser, files }) => {
  const page = await browser.open(files["multi-tenant"]);
  await page.press("Tab");
  equal(await page.call(() => document.activeElement.className), "skip", "focus");
  await page.press("Enter");
  equal(await page.call(() => document.activeElement.id), "main", "focus");
  await page.close();
});

for (const script of [true, false]) {
  test(`a cell opens by the keyboard ${script ? "with" : "without"} JavaScript`, async ({ browser, files }) => {
    const page = await browser.open(files["multi-tenant"], { script });
    await page.tabTo("button.cell");
    holds(
      await page.call(() => getComputedStyle(document.activeElement).outlineStyle !== "none"),
      "the focus is not to be seen",
    );
    await page.press("Enter");
    const open = () => page.call(() => document.querySelector(".why:popover-open")?.textContent ?? "");
    holds((await open()).includes("prod-node-1 on prod_api"), `opened: ${await open()}`);
    holds((await open()).includes("all of JetStream in the platform's account"), "the reason is missing");
    await page.press("Escape");
    equal(await open(), "", "still open");
    holds(await page.call(() => document.activeElement.matches("button.cell")), "the focus is lost");
    await page.close();
  });
}

test("without JavaScript everything but the search can be read", async ({ browser, files }) => {
  const page = await browser.open(files["multi-tenant"], { script: false });
  const shown = await page.call(() => ({
    form: getComputedStyle(document.getElementById("ask")).display,
    filters: getComputedStyle(document.getElementById("filters")).display,
    rows: document.querySelectorAll(".matrix tbody tr").length,
    says: document.body.innerText.includes("The search needs JavaScript"),
  }));
  equal(shown, { form: "none", filters: "none", rows: 10, says: true }, "shown");
  await page.close();
});

test("the filters hide rows and columns", async ({ browser, files }) => {
  const page = await browser.open(files["multi-tenant"]);
  await page.tabTo("#filters input");
  await page.type("prod-c");
  await page.tabTo("#filters input");
  await page.type("convex");
  const shown = await page.call(() => {
    const visible = (each) => each.offsetParent !== null;
    const table = document.querySelector(".matrix");
    return [
      [...table.tBodies[0].rows].filter(visible).map((row) => row.dataset.name),
      [...table.tHead.rows[0].cells].filter(visible).map((head) => head.dataset.name ?? ""),
    ];
  });
  equal(
    shown,
    [
      ["prod-cache", "prod-convex"],
      ["", "prod_convex", "prod_convex_snapshots", "prod_convex_wal"],
    ],
    "shown",
  );
  await page.close();
});

test("hostile names stay text", async ({ browser, files }) => {
  const page = await browser.open(files["hostile names"]);
  await page.call(() => {
    for (const each of document.querySelectorAll(".examples button, .cell, summary")) each.click();
  });
  const found = await page.call(() => ({
    images: document.images.length,
    scripts: document.scripts.length,
    hacked: window.hacked === undefined,
    text: document.body.textContent.includes("</script><img src=x onerror=hacked=1>"),
  }));
  equal(found, { images: 0, scripts: 2, hacked: true, text: true }, "found");
  equal(page.complaints, [], "complaints");
  await page.close();
});

test("1,000 apps: the page opens, says what it leaves out, and answers", async ({ browser, files }) => {
  const start = performance.now();
  const page = await browser.open(files["1,000 apps"]);
  console.log(`  opened in ${Math.round(performance.now() - start)} ms`);
  const says = await page.call(() => [...document.querySelectorAll(".cut")].map((each) => each.textContent).join(" "));
  holds(/60 of 1,00\d users/.test(says), says);
  holds(says.includes("The picture leaves out"), says);
  await ask(page, "who can publish prod.app-999.x?");
  holds((await page.call(answerUsers)).includes("prod-app-999"), "prod-app-999 is missing");
  await ask(page, "what can prod-app-999 do?");
  holds((await page.call(answerUsers)).includes("prod_app-999"), "prod_app-999 is missing");
  equal(await page.call(pictureFaults), [], "faults");
  equal(page.complaints, [], "complaints");
  await page.close();
});

/** The facts of an example, as its synth writes them. */
function exampleCatalog(name, stack, folder) {
  const outdir = join(folder, "out", name);
  mkdirSync(outdir, { recursive: true });
  const env = { ...process.env, CDKTF_OUTDIR: outdir };
  run(process.execPath, ["--import", "tsx", `examples/${name}/main.ts`], { env });
  const { catalogFrom } = imported("lib/catalog/catalog-text.ts");
  return catalogFrom(JSON.parse(readFileSync(join(outdir, "stacks", stack, "catalog.json"), "utf8")));
}

const imported = (path) => load(join(root, path), import.meta.url);

function makeReports(folder) {
  const { reportOf } = imported("lib/report/report.ts");
  const { serverAccounts } = imported("lib/analysis/server-model.ts");
  const { AccessModel } = imported("lib/analysis/access-model.ts");
  const library = imported("lib/analysis/reach.ts");
  const { hostileCatalog, platformCatalog } = imported("test/unit/report/samples.ts");
  const catalogs = {
    "multi-tenant": exampleCatalog("multi-tenant", "prod", folder),
    quickstart: exampleCatalog("quickstart", "quickstart", folder),
    "thirty apps": platformCatalog(30, false),
    "isolated apps": platformCatalog(30, true),
    "1,000 apps": platformCatalog(1000, false),
    "hostile names": hostileCatalog(),
  };
  const files = {};
  const models = {};
  for (const [name, catalog] of Object.entries(catalogs)) {
    files[name] = join(folder, `${name.replace(/\W+/g, "-")}.html`);
    models[name] = new AccessModel(serverAccounts(catalog));
    writeFileSync(files[name], reportOf(catalog, models[name]));
    console.log(`${name}: ${statSync(files[name]).size.toLocaleString("en-US")} bytes`);
  }
  return { files, models, library };
}

async function takeScreenshot({ browser, files }, file) {
  const page = await browser.open(files["multi-tenant"]);
  const height = await page.call(
    () => Math.ceil(document.getElementById("matrix").getBoundingClientRect().bottom) + 24,
  );
  await page.send("Emulation.setDeviceMetricsOverride", { width: 1280, height, deviceScaleFactor: 1, mobile: false });
  await page.screenshot(file);
  const { size } = statSync(file);
  console.log(`${file}: ${size.toLocaleString("en-US")} bytes`);
  holds(size < MOST_SCREENSHOT_BYTES, `the picture has more than ${MOST_SCREENSHOT_BYTES} bytes`);
}

async function runTests(context) {
  let failed = 0;
  for (const { name, run: check } of tests) {
    try {
      await check(context);
      console.log(`✓ ${name}`);
    } catch (error) {
      failed++;
      console.log(`✗ ${name}\n  ${error.message}`);
    }
  }
  if (failed > 0) process.exitCode = 1;
  console.log(`\n${tests.length - failed} passed, ${failed} failed`);
}

await main(async () => {
  const folder = mkdtempSync(join(tmpdir(), "cdktf-nats-platform-report-"));
  let browser;
  try {
    browser = await Browser.start(join(folder, "profile"));
    const context = { browser, ...makeReports(folder) };
    const picture = process.argv.indexOf("--screenshot");
    if (picture > 0) await takeScreenshot(context, resolve(process.argv[picture + 1]));
    else await runTests(context);
  } finally {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
