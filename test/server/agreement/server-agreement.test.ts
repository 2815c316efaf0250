import * as fc from "fast-check";
import { TestServer } from "../../../scripts/tools/nats-server";
import { fileOf, NO_USERS, scene } from "./draw";
import { interview } from "./interview";

/** How many questions to ask; each scene has more than a hundred, so that there are several times as many. */
const QUESTIONS = Number(process.env.ACCESS_QUESTIONS ?? 2000);
const SEED = Number(process.env.ACCESS_SEED ?? Date.now() % 2 ** 31);
const PER_SCENE = 25;

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start({ accounts: NO_USERS });
});
afterAll(() => server.stop());

test(
  "the model and the server answer every question alike",
  async () => {
    let questions = 0;
    let copied = 0;
    let scenes = 0;
    const property = fc.asyncProperty(scene, async (drawn) => {
      const { questions: asked, copies, differences } = await interview(server, drawn);
      questions += asked;
      copied += copies;
      scenes++;
      if (differences.length > 0) throw new Error(`${differences.join("\n")}\n${fileOf(drawn.accounts)}`);
    });
    await fc.assert(property, { seed: SEED, numRuns: Math.ceil(QUESTIONS / PER_SCENE) });
    process.stdout.write(
      `${questions} questions about ${scenes} scenes and ${copied} copied messages, ACCESS_SEED=${SEED}\n`,
    );
    expect(questions).toBeGreaterThanOrEqual(QUESTIONS);
    expect(copied).toBeGreaterThan(0);
  },
  Math.max(60_000, QUESTIONS * 60),
);
