import * as fc from "fast-check";
import type { Account } from "../../../lib/access/accounts";
import { joinedAccounts } from "../../../lib/documents/joined-accounts";
import { accountsText } from "../../../lib/server-config/accounts-text";
import { helmValues } from "../../../lib/server-config/helm-values";
import { accountsIn } from "../../../lib/server-config/read-accounts-text";
import { declareProgram } from "../../server/acceptance/declare-program";
import { type ProgramDraw, programDraw } from "../../server/acceptance/draw-program";
import { type Rendered, render } from "../../server/render";
import { documentsOf, hashesOf } from "../../support/document-accounts";
import { ALL } from "../../support/sample";

const SEED = Number(process.env.SAMPLE) || 1;
const PROGRAMS = ALL ? 200 : 8;

/** A program that synth accepts, with access entries and Helm values; nothing for one that it refuses. */
function accepted(draw: ProgramDraw): Rendered[] {
  const platforms = draw.platforms.map((platform) => ({
    ...platform,
    accessEntries: true,
  })) as ProgramDraw["platforms"];
  try {
    return [render((app) => declareProgram(app, { ...draw, platforms, helmValues: true }))];
  } catch (error) {
    if ((error as Error).message.startsWith("NATS platform: ")) return [];
    throw error;
  }
}

test(`the documents of random programs make their accounts files, byte for byte (SAMPLE=${SEED})`, () => {
  const draws = fc.sample(programDraw, { numRuns: PROGRAMS * 3, seed: SEED });
  const programs = draws.flatMap((draw) => accepted(draw)).slice(0, PROGRAMS);
  expect(programs.length).toBeGreaterThan(PROGRAMS / 2);
  for (const program of programs) {
    const { accounts, problems } = joinedAccounts(documentsOf(program), hashesOf(program));
    expect(problems).toEqual([]);
    expect(accountsText(accounts)).toBe(program.accounts);
    expect(helmValues(accounts)).toBe(program.helmValues);
    const found = accountsIn(program.accounts);
    const limits = ({ jetStream }: Account) =>
      jetStream && { maxFileBytes: jetStream.maxFileBytes, maxMemoryBytes: jetStream.maxMemoryBytes };
    const inFile = program.model.filter((account) => account.inFile);
    expect(found.accounts).toEqual(inFile.map((account) => ({ name: account.name, jetStream: limits(account) })));
    const variables = inFile.flatMap(({ identities }) =>
      identities.flatMap(({ credentials }) => (credentials.kind === "variable" ? [credentials.variable] : [])),
    );
    expect([...found.variables].sort()).toEqual(variables.sort());
  }
});
