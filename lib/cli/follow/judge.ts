import type { CredentialsModel } from "../../access/credentials-model";
import { joinedAccounts, type StoredDocument } from "../../documents/joined-accounts";
import { type Problem, problemLines } from "../../problems/fault";
import { accountsText } from "../../server-config/accounts-text";
import type { FileAccount } from "../../server-config/file-account";
import type { Objection } from "./choice";
import type { RevisedDocument, Unit } from "./unit";

/** What documents are judged by. */
export interface JudgeOptions {
  /** The bcrypt hash of a fingerprint; undefined if none is known. */
  hashOf(fingerprint: string): string | undefined;
  /** Further accounts of the server. */
  readonly besides: readonly FileAccount[];
  /** Whether a variable has a value. @default - all have: the server has them in its environment */
  hasValue?(variable: string): boolean;
}

/** The accounts of units, and what speaks against these. */
export interface Judged {
  readonly accounts: readonly FileAccount[];
  /** The accounts file. */
  readonly text: string;
  readonly objections: readonly Objection[];
}

/** Judges units, and knows the accounts of the last that it has judged. */
export interface UnitJudge {
  judge(units: readonly Unit[]): Judged;
  objectionsTo(units: readonly Unit[]): readonly Objection[];
}

const stored = new WeakMap<RevisedDocument, StoredDocument>();

/** The documents of a unit, as they are joined; the same as before, where they have not changed. */
export const storedIn = ({ platform, app, origin, documents }: Unit): StoredDocument[] =>
  documents.map((document) => {
    const known = stored.get(document);
    if (known?.origin === origin) return known;
    const { key, text } = document;
    const found = { platform, app, key, text, origin };
    stored.set(document, found);
    return found;
  });

/** A problem as an objection; its path begins with where the document was found, if it is of one. */
function objectionOf(problem: Problem, origins: readonly string[]): Objection {
  const origin = origins.find((each) => problem.path.startsWith(`${each}: `));
  return {
    ...(origin !== undefined && { origin }),
    text: problemLines(problem)
      .map((line) => line.trim())
      .join(". "),
  };
}

const variableOf = (credentials: CredentialsModel) =>
  credentials.kind === "variable" ? credentials.variable : undefined;

/** What speaks against users whose password nobody has. */
function valuesMissing(
  accounts: readonly FileAccount[],
  units: readonly Unit[],
  { hasValue }: JudgeOptions,
): Objection[] {
  if (hasValue === undefined) return [];
  return accounts.flatMap(({ users }) =>
    users.flatMap(({ name, credentials }): Objection[] => {
      const variable = variableOf(credentials);
      if (variable === undefined || hasValue(variable)) return [];
      const unit = units.find(({ documents }) => documents.some(({ key }) => key.endsWith(`.users.${name}`)));
      return [
        {
          ...(unit && { origin: unit.origin }),
          text: `the secrets lack ${variable}, the password of ${name}. To do: give it a value there`,
        },
      ];
    }),
  );
}

/** Judges units. What cannot even be judged is an objection to them, and holds up no others. */
function judgedOf(units: readonly Unit[], options: JudgeOptions): Judged {
  try {
    const { accounts, problems } = joinedAccounts(units.flatMap(storedIn), options.hashOf, options.besides);
    const origins = units.map(({ origin }) => origin);
    const objections = problems.map((problem) => objectionOf(problem, origins));
    return {
      accounts,
      text: accountsText(accounts),
      objections: [...objections, ...valuesMissing(accounts, units, options)],
    };
  } catch (error) {
    const what = `documents cannot be judged: ${(error as Error).message}`;
    const problem = { path: "documents", what, allowed: "what synth writes", fix: "Apply again" };
    return { accounts: [], text: "", objections: [objectionOf(problem, [])] };
  }
}

/** A judge of units: what synth checks in one program is checked in all that are to be in force. */
export function judgeOf(options: JudgeOptions): UnitJudge {
  let last: { readonly units: readonly Unit[]; readonly judged: Judged } | undefined;
  const judge = (units: readonly Unit[]): Judged => {
    const isSame = last?.units.length === units.length && last.units.every((unit, index) => unit === units[index]);
    if (last && isSame) return last.judged;
    const judged = judgedOf(units, options);
    last = { units, judged };
    return judged;
  };
  return { judge, objectionsTo: (units) => judge(units).objections };
}
