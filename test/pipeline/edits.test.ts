import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import { noFigures, Trial } from "./edits/trial";

// Random programs are edited: EDITS says how often, EDITS_SEED which.
const EDITS = Number(process.env.EDITS ?? 1);
const SEED = Number(process.env.EDITS_SEED ?? Date.now() % 1_000_000);

/** How often one program is edited. */
const EACH = 20;

let toolchain: Toolchain;

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterAll(() => toolchain?.close());

test(
  "nothing is lost that the gate in front of an apply lets through",
  async () => {
    const figures = noFigures();
    const lost: string[] = [];
    const say = (text: string) => process.env.EDITS_LOG && process.stdout.write(`${text}\n`);
    const start = Date.now();
    for (let seed = SEED; figures.edits < EDITS; seed++) {
      const trial = new Trial(toolchain, seed, figures, say);
      const count = Math.min(EACH, EDITS - figures.edits);
      say(`EDITS_SEED=${seed}`);
      try {
        const found = (await trial.begin()) ? await trial.edit(count) : [];
        if (found.length > 0) lost.push(`npm run test:edits ${EACH} ${seed}`, ...found);
      } catch (error) {
        throw new Error(`npm run test:edits ${EACH} ${seed}: ${error instanceof Error ? error.stack : error}`);
      } finally {
        await trial.stop();
      }
      const seconds = Math.round((Date.now() - start) / 1000);
      const counts = Object.entries(figures).map(([what, count]) => `${count} ${what}`);
      process.stdout.write(`${counts.join(", ")}, ${seconds} s, EDITS_SEED=${SEED}\n`);
    }
    expect(lost).toEqual([]);
    expect(figures.lost).toBe(0);
  },
  60_000 + EDITS * 15_000,
);
