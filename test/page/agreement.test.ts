import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type { Browser, Page } from "puppeteer-core";
import type { Catalog } from "../../lib/catalog/catalog";
import { catalogText } from "../../lib/catalog/catalog-text";
import { heldSubjects } from "../../lib/catalog/held-subjects";
import { run } from "../../lib/cli/run";
import { startBrowser } from "../../scripts/tools/chromium";
import { ALL, sample } from "../support/sample";
import { answerOf, open } from "./browser";
import { Reports } from "./reports";

const PROGRAMS = ["multi-tenant", "quickstart", "isolated apps", "copies"];

/** How many questions are asked, of all programs together. */
const QUESTIONS = Number(process.env.PAGE_QUESTIONS ?? (ALL ? 300 : 60));

const seed = Number(process.env.PAGE_SEED ?? Math.floor(Math.random() * 1e9));

jest.setTimeout(60_000);

const reports = new Reports();
const folder = mkdtempSync(join(tmpdir(), "cdktf-nats-platform-page-"));
let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
}, 30_000);

afterAll(async () => {
  await browser?.close();
  reports.remove();
  rmSync(folder, { recursive: true });
});

/** A question as the page is asked, and as the command is. */
interface Question {
  readonly page: string;
  readonly command: readonly string[];
}

/** Questions about a program: its own users, accounts and subjects, parts of them, and names that it does not have. */
function questions({ accounts, resources }: Catalog): fc.Arbitrary<Question> {
  const users = accounts.flatMap((account) => account.users);
  const lines = users.flatMap(({ publish, subscribe }) => [...publish.allow, ...subscribe.allow]);
  const subjects = [...new Set([...lines.map(({ subject }) => subject), ...resources.flatMap(heldSubjects)])];
  const groups = [...new Set(lines.flatMap(({ queue }) => queue ?? []))];
  const subject = fc
    .tuple(
      fc.constantFrom(...subjects, ">", "a..b", "nothing.here", "ready?", "-x"),
      fc.constantFrom("", "x", "x.y", "*", "x?"),
    )
    .map(([pattern, part]) => (part === "" ? pattern : pattern.replace(/>$/, part)));
  const user = fc.constantFrom(...users.map(({ name }) => name), "nobody");
  const verb = fc.constantFrom("publish", "subscribe", "PUBLISH");
  const account = fc.option(fc.constantFrom(...accounts.map(({ name }) => name), "NOWHERE"), { nil: undefined });
  const queue = fc.option(fc.constantFrom(...groups.map((each) => each.replace(/>$/, "x")), "other"), {
    nil: undefined,
  });
  return fc.oneof(
    fc.tuple(verb, subject, account).map(([does, what, where]) => ({
      page: `who can ${does} ${what}${where === undefined ? "" : ` in ${where}`} ?`,
      command: ["who-can", ...(where === undefined ? [] : ["--account", where]), "--", does, what],
    })),
    fc.tuple(user, subject).map(([who, what]) => ({
      page: `can ${who} publish ${what}`,
      command: ["can", "--", who, "publish", what],
    })),
    fc.tuple(user, subject, queue).map(([who, what, group]) => ({
      page: `can ${who} subscribe ${what}${group === undefined ? "" : ` in queue group ${group}`} ?`,
      command: ["can", ...(group === undefined ? [] : ["--queue", group]), "--", who, "subscribe", what],
    })),
    user.map((who) => ({ page: `what can ${who} do?`, command: ["show", who] })),
  );
}

/** What only a reader of the terminal needs: how the command is called, and how to quote a subject for its shell. */
const OF_THE_TERMINAL = [
  /^cdktf-nats-platform: /,
  / Usage: .*$/,
  / Put a subject in single quotes: the shell takes .*$/,
];

/** Words without the way in which they are laid out. */
const words = (text: string) => text.replace(/\s+/g, " ").trim();

function commandAnswer(argv: readonly string[], file: string): string {
  let written = "";
  const write = (text: string) => {
    written += text;
  };
  run([...argv.slice(0, 1), "--catalog", file, ...argv.slice(1)], { cwd: folder, out: write, err: write });
  return OF_THE_TERMINAL.reduce((text, each) => text.replace(each, ""), words(written)).trim();
}

test.each(sample(PROGRAMS, 2))(
  "the page of %s answers as the command does",
  async (name) => {
    console.log(`PAGE_SEED=${seed}`);
    const { file, catalog } = reports.of(name);
    const catalogFile = join(folder, `${name.replace(/\W+/g, "-")}.json`);
    writeFileSync(catalogFile, catalogText(catalog));
    const { page, complaints } = await open(browser, file);
    const asked = fc.sample(questions(catalog), { numRuns: QUESTIONS / PROGRAMS.length, seed });
    for (const { page: question, command } of asked) {
      expect([question, await pageAnswer(page, question)]).toEqual([question, commandAnswer(command, catalogFile)]);
    }
    expect(complaints).toEqual([]);
  },
  60_000,
);

async function pageAnswer(page: Page, question: string): Promise<string> {
  await page.$eval("#question", (input) => {
    (input as HTMLInputElement).value = "";
  });
  await page.focus("#question");
  await page.keyboard.sendCharacter(question);
  await page.keyboard.press("Enter");
  return words(await answerOf(page));
}
