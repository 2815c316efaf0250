import { openToolchain, type Toolchain } from "../../scripts/tools/provider/choice";
import type { Terraform } from "../../scripts/tools/terraform";
import { Pipeline } from "./pipeline";
import { apps, platforms } from "./programs/company";
import { asked, type Contents, seenBy } from "./server-view";

let toolchain: Toolchain;

beforeAll(async () => {
  toolchain = await openToolchain();
});

afterAll(() => toolchain?.close());

/** The two programs on one server, with a Terraform for each. */
interface Company {
  readonly pipeline: Pipeline;
  readonly platforms: Terraform;
  readonly apps: Terraform;
  /** What the two accounts hold. */
  contents(): Promise<Contents[]>;
  stop(): Promise<void>;
}

async function company(): Promise<Company> {
  const pipeline = await Pipeline.start(toolchain, platforms);
  const second = pipeline.addWorkspace();
  second.synth(apps);
  const { entries } = asked(pipeline.workspace.json("platforms"), second.json("apps"));
  const contents = async (platform: string) => {
    const keys = Object.keys(entries).filter((key) => key.startsWith(`${platform}_`));
    return seenBy(await pipeline.views(platform), keys);
  };
  return {
    pipeline,
    platforms: await pipeline.terraform("platforms"),
    apps: await pipeline.terraform("apps", second),
    contents: () => Promise.all(["live", "trial"].map(contents)),
    stop: () => pipeline.stop(),
  };
}

/** What both orders come to: no plan has anything to do, and the two accounts hold what both programs ask for. */
async function settled(both: Company): Promise<Contents[]> {
  expect((await both.platforms.plan()).changes).toEqual([]);
  expect((await both.apps.plan()).changes).toEqual([]);
  expect(both.pipeline.violations).toEqual([]);
  return both.contents();
}

test("two platforms and the apps of another program come to the same in either order", async () => {
  const [first, second] = [await company(), await company()];
  try {
    await first.platforms.apply();
    await first.apps.apply();

    await expect(second.apps.apply()).rejects.toThrow(
      /bucket not found[\s\S]*stream not found|stream not found[\s\S]*bucket not found/,
    );
    const independent = (await second.apps.state()).filter(({ type }) => type !== "jetstream_consumer");
    expect(independent.map(({ address }) => address)).toEqual([
      "jetstream_stream.live_reports",
      "jetstream_stream.live_reports_jobs",
      "jetstream_stream.live_reports_snapshots",
      "jetstream_stream.live_reports_wal",
      "jetstream_stream.trial_reports",
      "jetstream_stream.trial_reports_jobs",
      "jetstream_stream.trial_reports_snapshots",
      "jetstream_stream.trial_reports_wal",
    ]);
    await second.platforms.apply();
    await second.apps.apply();

    const [inOrder, inReverse] = [await settled(first), await settled(second)];
    expect(inReverse).toEqual(inOrder);
    expect(Object.keys(inOrder[0]?.streams ?? {}).sort()).toEqual([
      "KV_live_access",
      "KV_live_platform",
      "KV_live_reports",
      "OBJ_live_reports_snapshots",
      "live_audit",
      "live_events",
      "live_reports_jobs",
      "live_reports_wal",
    ]);
    expect(Object.keys(inOrder[0]?.consumers ?? {}).sort()).toEqual([
      "live_audit monitor",
      "live_events reports",
      "live_reports_jobs replay",
    ]);
    expect(Object.keys(inOrder[1]?.entries ?? {})).toContain("trial_access access.users.trial-reports");
  } finally {
    await first.stop();
    await second.stop();
  }
});
