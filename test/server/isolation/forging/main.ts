import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type ControlResult, runControls } from "./controls";
import { runPowers } from "./platform-powers";
import { PROGRAMS } from "./programs";
import { type Check, cellChecks, controlTable, pinLines, programTable, totals } from "./report";
import { resultPage, type VersionResult } from "./result-page";
import { attackByHand, attackProgram, type Cell } from "./shape-run";
import { APART } from "./shapes";

const CONTROLS = { attempts: 300, batch: 300, searches: 12 };
const ATTACKS = { attempts: Number(process.env.FORGING_ATTEMPTS ?? 300), batch: 300, searches: 12 };

/** Attackers of each kind, in each program. */
const ATTACKERS = 2;

/** The servers to test, by their programs' paths. */
const servers = (process.env.NATS_SERVERS ?? process.env.NATS_SERVER ?? "")
  .split(delimiter)
  .filter((each) => each !== "");

/** The programs to attack, all of them if none is named. */
const wanted = process.argv.slice(2);
const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);

const checks: Check[] = [];
const cells: Cell[] = [];
const controls: ControlResult[] = [];
const results: VersionResult[] = [];

const PAGE = join(__dirname, "..", "..", "..", "..", "docs", "isolation-attacks.md");

function show(title: string, attacked: readonly Cell[], version: string): void {
  console.log(`\n${version}, ${title}\n${programTable(attacked)}`);
  for (const line of pinLines(attacked)) console.log(line);
  cells.push(...attacked);
  checks.push(...cellChecks(attacked).map((check) => ({ ...check, title: `${version}, ${check.title}` })));
}

async function test(server: string): Promise<void> {
  process.env.NATS_SERVER = server;
  const [controlsBefore, cellsBefore] = [controls.length, cells.length];
  const version = / v(\d\S*)/.exec(spawnSync(server, ["--version"], { encoding: "utf8" }).stdout)?.[1] ?? server;
  if (isWanted("controls")) {
    const results = await runControls(CONTROLS);
    controls.push(...results);
    console.log(`\n${version}\n${controlTable(results)}`);
    checks.push(
      ...results.map(({ family, failure }) => ({
        title: `${version}, control: ${family}`,
        ...(failure !== undefined && { failure }),
      })),
    );
  }
  if (isWanted("powers")) {
    console.log(`\n${version}, what the platform's account can do to isolated apps`);
    for (const { name, reason, present } of await runPowers()) {
      console.log(`  ${name}: ${present ? "yes" : "no longer"}; ${reason}`);
      const failure = `nats-server ${version} closes it: say so in SECURITY.md`;
      checks.push({ title: `${version}, platform: ${name}`, ...(!present && { failure }) });
    }
  }
  if (isWanted("apart"))
    show("by hand: apart", await attackByHand("apart", APART, { effort: ATTACKS, attackers: ATTACKERS }), version);
  for (const name of Object.keys(PROGRAMS).filter(isWanted)) {
    show(name, await attackProgram(name, { effort: ATTACKS, attackers: ATTACKERS }), version);
  }
  results.push({ version, controls: controls.slice(controlsBefore), cells: cells.slice(cellsBefore) });
}

async function main(): Promise<void> {
  for (const server of servers) await test(server);
  const failed = checks.filter(({ failure }) => failure !== undefined);
  for (const { title, failure } of failed) console.log(`\nFAILED ${title}\n    ${failure}`);
  if (wanted.length === 0) writeFileSync(PAGE, resultPage(results));
  console.log(`\n${totals(cells, controls)}`);
  console.log(`${checks.length - failed.length} passed, ${failed.length} failed`);
  if (failed.length > 0 || checks.length === 0) process.exitCode = 1;
}

void main();
