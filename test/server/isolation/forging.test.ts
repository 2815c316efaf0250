import type { Account } from "../../../lib/access/accounts";
import { sample } from "../../support/sample";
import { runControls } from "./forging/controls";
import { FAMILIES } from "./forging/families";
import { runPowers } from "./forging/platform-powers";
import { effectLine } from "./forging/report";
import { attackByHand, attackProgram } from "./forging/shape-run";
import { APART } from "./forging/shapes";

/** A part of what `npm run test:isolation` tries. */
const EFFORT = { attempts: 30, batch: 30, searches: 1 };

/** The families that take a second or more. */
const SLOW = new Set(["source with a transform", "message schedules", "external, own messages"]);
const quick = FAMILIES.filter(({ name }) => !SLOW.has(name));
const families = sample(quick, 3);

test("each family has an effect where storage and imports are in one account, or an import is forgotten", async () => {
  const results = await runControls(EFFORT, families);
  expect(results.flatMap(({ failure }) => failure ?? [])).toEqual([]);
}, 60_000);

test("no family has an unknown effect where an app's storage and its imports are in two accounts", async () => {
  const cells = await attackByHand("apart", APART, { effort: EFFORT, families, attackers: 1 });
  expect(cells.flatMap(({ open }) => open.map(effectLine))).toEqual([]);
}, 60_000);

test("whoever may do everything in the platform's account can still do these things to isolated apps", async () => {
  const powers = await runPowers();
  expect(powers.filter(({ present }) => !present).map(({ name }) => name)).toEqual([]);
}, 30_000);

/** An import of the second account of an app, put into the first one, which has JetStream. */
function withImportOf(subject: string) {
  return (accounts: readonly Account[]): readonly Account[] => {
    const taken = accounts.find(({ name }) => name === "PROD_CONVEX_MESSAGING")?.imports;
    const moved = taken?.filter((each) => each.subject === subject) ?? [];
    if (moved.length !== 1) throw new Error(`no import of ${subject}`);
    return accounts.map((account) => {
      if (account.name === "PROD_CONVEX") return { ...account, users: account.users, imports: moved };
      const offered = account.exports.map((each) => ({ ...each, accounts: [...each.accounts, "PROD_CONVEX"] }));
      return { ...account, users: account.users, exports: account.name === "PROD" ? offered : account.exports };
    });
  };
}

const GENERATED = { effort: EFFORT, families, attackers: 1 };

test("no family has an unknown effect on the generated accounts of a program", async () => {
  const cells = await attackProgram("neighbours", GENERATED);
  expect(cells.flatMap(({ open }) => open.map(effectLine))).toEqual([]);
  expect(cells.length).toBeGreaterThan(families.length);
}, 90_000);

test("a stream in ACCESS, which has no JetStream, has an effect on the access documents that it reads", async () => {
  const plan = { effort: EFFORT, families: quick.filter(({ name }) => /^(fetch|push)/.test(name)), attackers: 1 };
  const cells = await attackProgram("neighbours", plan, (accounts) =>
    accounts.map((account) =>
      account.name === "ACCESS" ? { ...account, users: account.users, jetStream: {} } : account,
    ),
  );
  const effects = cells.filter(({ kind }) => kind === "ACCESS").flatMap(({ open }) => open);
  expect(new Set(effects.map(({ account }) => account))).toEqual(new Set(["PROD_ACCESS"]));
}, 60_000);

test.each(["prod._.audit.convex.>", "$JS.API.CONSUMER.INFO.prod_events.convex"])(
  "an import of %s that is put into the account with JetStream has an effect",
  async (subject) => {
    const fetching = quick.filter(({ name }) => /^(fetch|push)/.test(name));
    const plan = { effort: EFFORT, families: fetching, attackers: 1 };
    const cells = await attackProgram("neighbours", plan, withImportOf(subject));
    const effects = cells.filter(({ kind }) => kind === "app with JetStream").flatMap(({ open }) => open);
    expect(effects.length).toBeGreaterThan(0);
  },
  60_000,
);
