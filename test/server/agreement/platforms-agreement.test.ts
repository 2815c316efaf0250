import * as fc from "fast-check";
import { TestServer } from "../../../scripts/tools/nats-server";
import { fileOf } from "./draw";
import { platformsDraw, platformsScene } from "./draw-platforms";
import { interview } from "./interview";

/** About how many programs of two platforms that synth accepts questions are asked. */
const PROGRAMS = Number(process.env.ACCESS_PROGRAMS ?? 2);
const SEED = Number(process.env.ACCESS_SEED ?? Date.now() % 2 ** 31);

test(
  "the model and the server answer alike about two platforms of one program",
  async () => {
    let programs = 0;
    let questions = 0;
    let copied = 0;
    const failures: string[] = [];
    for (const draw of fc.sample(platformsDraw, { seed: SEED, numRuns: PROGRAMS * 20 })) {
      if (programs >= PROGRAMS) break;
      const scene = platformsScene(draw);
      if (!scene) continue;
      programs++;
      const server = await TestServer.start({ accounts: fileOf(scene.accounts, scene.without), storage: 1e11 });
      try {
        const { questions: asked, copies, differences } = await interview(server, scene);
        questions += asked;
        copied += copies;
        failures.push(...differences.map((each) => `program ${programs}: ${each}`));
      } finally {
        await server.stop();
      }
    }
    process.stdout.write(
      `${questions} questions about ${programs} programs of two platforms and ${copied} copied messages, ACCESS_SEED=${SEED}\n`,
    );
    expect(failures).toEqual([]);
    expect(programs).toBe(PROGRAMS);
  },
  Math.max(60_000, PROGRAMS * 30_000),
);
