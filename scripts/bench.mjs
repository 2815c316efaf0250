import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { natsServer } from "./nats-server.mjs";
import { build, ensureInstalled, main, root, run } from "./tasks.mjs";

const USAGE = "npm run bench -- [--apps 100,1000,10000] [--runs 5]";

/** The sizes of whole programs, which have an accounts file, access entries and reports. */
const WHOLE = [1000, 10_000];

/** What a server may take for so many apps that each have an account of their own, in seconds. */
const ISOLATED = [
  { apps: 1000, check: 1, start: 2 },
  { apps: 10000, check: 20, start: 20 },
];

/** The parts of the time and of the heap of a program written by hand that this library aims at. */
const GOALS = { time: 0.6, heap: 0.87 };

/** The part of the time of a program written by hand that is too much. */
const LIMIT = 1;

/** The sizes of V8's old space between which the smallest is looked for that a program ends with, and the step, in MB. */
const HEAP = { least: 50, most: 2000, step: 10 };

/** How much more an app may cost at one size than at the size before. */
const MAX_GROWTH = 2;

/** Runs a script of `bench/` in a process of its own and returns what it prints. It reports its own peak memory. */
function output(script, ...args) {
  const { command, status, signal, stdout, stderr } = start([], script, args);
  if (status !== 0) throw new Error(`${command.join(" ")} ended with ${status ?? signal}:\n${stderr}`);
  return stdout;
}

function start(flags, script, args) {
  const command = [...flags, join("scripts", "bench", `${script}.mjs`), ...args.map(String)];
  const ended = spawnSync(process.execPath, command, { cwd: root, encoding: "utf8" });
  if (ended.error) throw ended.error;
  return { command, ...ended };
}

/**
 * The smallest heap with which a program ends, in MB. The peak of the resident memory says what V8 took while there was
 * enough, which differs from run to run; this says what the program needs.
 */
function smallestHeap(program, apps, scratch) {
  const ends = (megabytes) =>
    start([`--max-old-space-size=${megabytes}`], "measure", [program, apps, join(scratch, "heap")]).status === 0;
  let [tooSmall, enough] = [HEAP.least, HEAP.most];
  while (enough - tooSmall > HEAP.step) {
    const middle = Math.round((tooSmall + enough) / 2 / HEAP.step) * HEAP.step;
    if (ends(middle)) enough = middle;
    else tooSmall = middle;
  }
  return enough;
}

/** The smallest heaps of both programs, which it prints. */
function measureHeaps(apps, scratch) {
  const [library, byHand] = ["library", "by-hand"].map((program) => smallestHeap(program, apps, scratch));
  const heap = { library, byHand, ratio: library / byHand };
  console.log(
    `\nThe smallest heap with which ${whole(apps)} apps are synthesized: library ${library} MB, by hand ${byHand} MB, ` +
      `ratio ${heap.ratio.toFixed(2)}`,
  );
  return heap;
}

/** Runs both programs in turn, so that a busy machine slows both, and refuses them if they write different JSON. */
function measurePairs(apps, runs, scratch) {
  const library = join(scratch, "library");
  const byHand = join(scratch, "by-hand");
  const pairs = Array.from({ length: runs }, () => ({
    library: JSON.parse(output("measure", "library", apps, library)),
    byHand: JSON.parse(output("measure", "by-hand", apps, byHand)),
  }));
  const resources = Number(output("compare", library, byHand));
  return { apps, resources, pairs };
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The medians of one measure of both programs, and of the ratios within the pairs. */
function summarize(pairs, measure) {
  const ratios = pairs.map(({ library, byHand }) => library[measure] / byHand[measure]);
  return {
    library: median(pairs.map(({ library }) => library[measure])),
    byHand: median(pairs.map(({ byHand }) => byHand[measure])),
    ratio: median(ratios),
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
  };
}

function summarizeSize({ apps, resources, pairs }) {
  const time = summarize(pairs, "ms");
  const microsPerApp = (time.library * 1000) / apps;
  return { apps, resources, time, memory: summarize(pairs, "peakMb"), load: summarize(pairs, "loadMs"), microsPerApp };
}

const whole = (number) => Math.round(number).toLocaleString("en");
const ratio = ({ ratio, lowest, highest }) => `${ratio.toFixed(2)} (${lowest.toFixed(2)}–${highest.toFixed(2)})`;

/** The table's columns: the title, and the cell of a size. */
const COLUMNS = [
  ["apps", ({ apps }) => whole(apps)],
  ["resources", ({ resources }) => whole(resources)],
  ["library ms", ({ time }) => whole(time.library)],
  ["by hand ms", ({ time }) => whole(time.byHand)],
  ["ratio", ({ time }) => ratio(time)],
  ["library peak MB", ({ memory }) => whole(memory.library)],
  ["by hand peak MB", ({ memory }) => whole(memory.byHand)],
  ["ratio", ({ memory }) => ratio(memory)],
  ["library µs per app", ({ microsPerApp }) => whole(microsPerApp)],
];

function print(sizes) {
  const rows = [COLUMNS.map(([title]) => title), ...sizes.map((size) => COLUMNS.map(([, cell]) => cell(size)))];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) console.log(`  ${row.map((cell, column) => cell.padStart(widths[column])).join("  ")}`);
}

/** What is not as it should be, as parts of a sentence. */
function failures(sizes) {
  const { apps, time } = sizes.at(-1);
  const tooSlow = time.ratio > LIMIT ? [`at ${whole(apps)} apps it is slower than the program written by hand`] : [];
  return [...tooSlow, ...growths(sizes)];
}

/** Where an app costs too much more than at the size before. */
function growths(sizes) {
  return sizes.slice(1).flatMap((size, index) => {
    const growth = size.microsPerApp / sizes[index].microsPerApp;
    if (growth <= MAX_GROWTH) return [];
    return [`an app costs ${growth.toFixed(1)} times as much at ${whole(size.apps)} as at ${whole(sizes[index].apps)}`];
  });
}

function summary(sizes, heap, failed) {
  const { apps, time } = sizes.at(-1);
  const goal = (ratio, most) => `${ratio.toFixed(2)} (goal ${most}, ${ratio <= most ? "met" : "not met"})`;
  const measured =
    `At ${whole(apps)} apps this library takes ${goal(time.ratio, GOALS.time)} of the time and ` +
    `${goal(heap.ratio, GOALS.heap)} of the heap of cdktf written by hand`;
  return failed.length > 0 ? `FAILED: ${failed.join("; ")}. ${measured}.` : `${measured}.`;
}

function readOptions() {
  const { values } = parseArgs({
    options: { apps: { type: "string", default: "100,1000,10000" }, runs: { type: "string", default: "5" } },
  });
  const sizes = values.apps.split(",").map(Number);
  const runs = Number(values.runs);
  if (![...sizes, runs].every((number) => Number.isInteger(number) && number > 0)) {
    throw new Error(`Sizes and runs are whole numbers above 0: ${USAGE}`);
  }
  return { sizes: sizes.sort((a, b) => a - b), runs };
}

/** Measures what a nats-server takes for isolated apps, prints it, and returns what is too much. */
function measureIsolated(server) {
  console.log("\nApps with an account of their own, which publish and consume events, serve an API and call one:\n");
  console.log("    apps  accounts.conf  nats-server -t  start to ready");
  return ISOLATED.flatMap(({ apps, ...limits }) => {
    const measured = JSON.parse(output("isolated", server, apps));
    const seconds = (name) => `${measured[name].toFixed(1)} s (at most ${limits[name]})`;
    console.log(
      `${whole(apps).padStart(8)}  ${`${measured.megabytes.toFixed(1)} MB`.padStart(13)}  ` +
        `${seconds("check").padStart(14)}  ${seconds("start").padStart(14)}`,
    );
    return ["check", "start"]
      .filter((name) => measured[name] > limits[name])
      .map((name) => `${name} of ${whole(apps)} isolated apps took ${measured[name].toFixed(1)} s`);
  });
}

/** Measures whole programs, prints it, and returns what grows too much from one size to the next. */
function measureWhole(scratch, runs) {
  console.log("\nApps with all that a program writes: accounts file, access entries, catalog, report, diagram:\n");
  console.log("    apps  seconds   ms per app  files in MB  KB per app  memory in MB");
  const sizes = WHOLE.map((apps) => {
    const all = Array.from({ length: runs }, () =>
      JSON.parse(output("measure", "whole", apps, join(scratch, "whole"))),
    );
    const [ms, written, memory] = ["ms", "writtenMb", "peakMb"].map((name) => median(all.map((each) => each[name])));
    const cells = [whole(apps), (ms / 1000).toFixed(1), (ms / apps).toFixed(2), written.toFixed(1)];
    const widths = [8, 7, 11, 11, 10, 12];
    const row = [...cells, ((written * 1000) / apps).toFixed(1), whole(memory)];
    console.log(row.map((cell, column) => cell.padStart(widths[column])).join("  "));
    return { apps, microsPerApp: (ms * 1000) / apps };
  });
  return growths(sizes);
}

await main(async () => {
  const { sizes, runs } = readOptions();
  ensureInstalled();
  build();
  run(process.execPath, [join("scripts", "bench", "stock-bindings.mjs")]);
  const scratch = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    console.log(`\nMeasuring at ${sizes.map(whole).join(", ")} apps, runs of each program: ${runs} …\n`);
    const results = sizes.map((apps) => summarizeSize(measurePairs(apps, runs, scratch)));
    print(results);
    const { load, apps } = results.at(-1);
    const heap = measureHeaps(apps, scratch);
    const grown = measureWhole(scratch, runs);
    const slow = measureIsolated(await natsServer());
    const failed = [...failures(results), ...grown, ...slow];
    console.log(
      "\nEvery app has a key-value bucket, a stream and an object store. Times are for constructing and synthesizing, " +
        `in a process\nof its own for each run, without loading modules (${whole(load.library)} and ${whole(load.byHand)} ms). ` +
        "Medians; ratios are taken pair by pair, in brackets\nthe lowest and the highest. The peak is resident memory. Both programs write the same JSON, to which the library adds a\n`removed` block for each bucket.\n",
    );
    console.log(summary(results, heap, failed));
    if (failed.length > 0) process.exitCode = 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});
