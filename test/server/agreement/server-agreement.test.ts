import * as fc from "fast-check";
import { TestServer } from "../../../scripts/tools/nats-server";
import { fileOf, NO_USERS, scene } from "./draw";
import { interview } from "./interview";

/** How many questions to ask; each scene has more than a hundred, so that there are some more. */
const QUESTIONS = Number(process.env.ACCESS_QUESTIONS ?? 2000);
const SEED = Number(process.env.ACCESS_SEED ?? Date.now() % 2 ** 31);
const PER_SCENE = 40;

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start({ accounts: NO_USERS });
});
afterAll(() => server.stop());

test(
  "the model and the server answer every question alike",
  async () => {
    let questions = 0;
    const seen = { copies: 0, rewritten: 0, taken: 0 };
    let scenes = 0;
    const property = fc.asyncProperty(scene, async (drawn) => {
      const { questions: asked, differences, ...some } = await interview(server, drawn);
      questions += asked;
      for (const kind of Object.keys(seen) as (keyof typeof seen)[]) seen[kind] += some[kind];
      scenes++;
      if (differences.length > 0) throw new Error(`${differences.join("\n")}\n${fileOf(drawn.accounts)}`);
    });
    await fc.assert(property, { seed: SEED, numRuns: Math.ceil(QUESTIONS / PER_SCENE) });
    process.stdout.write(
      `${questions} questions about ${scenes} scenes and ${seen.copies} copied messages, ${seen.rewritten} rewritten by functions, ${seen.taken} taken from work queues, ACCESS_SEED=${SEED}\n`,
    );
    expect(questions).toBeGreaterThanOrEqual(QUESTIONS);
    expect(seen.copies).toBeGreaterThan(0);
  },
  Math.max(60_000, QUESTIONS * 60),
);
