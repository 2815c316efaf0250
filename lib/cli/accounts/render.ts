import { joinedAccounts } from "../../documents/joined-accounts";
import { problemLines } from "../../problems/fault";
import { accountsText } from "../../server-config/accounts-text";
import { helmValues } from "../../server-config/helm-values";
import { counted } from "../../wording/lists";
import type { Arguments, Command } from "../command";
import { ExitStatus } from "../exit-status";
import { storedIn } from "../follow/judge";
import { noticeText } from "../follow/notice-text";
import { bucketUnits } from "../follow/platform-buckets";
import { programUnits } from "../follow/program-units";
import { type Notice, type Unit, type UnitsFound, unitId } from "../follow/unit";
import type { Io } from "../io";
import { Refusal } from "../refusal";
import { READER_HELP } from "../server";
import { RENDERING_OPTIONS, renderingOf } from "./rendering";

type Found = Pick<UnitsFound, "whole" | "waiting">;

/** Units of which all documents are there. @throws a refusal if any waits for one */
function wholeOf({ whole, waiting }: Found): readonly Unit[] {
  if (waiting.length === 0) return whole;
  throw new Refusal(`${counted(waiting.length, "stack")} not whole, nothing was rendered`, waiting.map(noticeText));
}

function printed(units: readonly Unit[], args: Arguments, io: Io): ExitStatus {
  const { hashOf, besides } = renderingOf(args, io.cwd);
  const { accounts, problems } = joinedAccounts(units.flatMap(storedIn), hashOf, besides);
  if (problems.length > 0) {
    throw new Refusal(
      `${counted(problems.length, "problem")} found, nothing was rendered`,
      problems.flatMap(problemLines),
    );
  }
  io.out((args.switches.has("helm") ? helmValues : accountsText)(accounts));
  return ExitStatus.OK;
}

/** One accounts file of any number of programs. */
export const render: Command = {
  name: "accounts render",
  words: ["[OUT]"],
  takesMore: true,
  about: "one accounts file for a server, of any number of programs in any number of repositories",
  help: [
    "OUT is the output folder of a program (`cdktf.out`), or that of one of its stacks; give as many as there are. The file is of",
    "the access documents that they have for Terraform: of the programs that declare platforms, and of those that only refer to",
    "some, whose users no other accounts file has. Of one program it is the accounts.conf of its synth, byte for byte.",
    "",
    "With --platform it is of the documents that Terraform has stored in the platform's bucket. A stack that is in a folder too is",
    "taken from there: the file is as it will be when that is applied.",
    "",
    "What synth checks in one program is checked in all: each user, account, nkey, hash and variable is there once, imports are",
    "offered and do not overlap, what apps call is served. A program can only say what is of its platforms; ACCESS and MONITOR have",
    "what all of them say. Nothing is printed unless all is right.",
    "",
    "The documents have no hash of a password, but a fingerprint of it. So users with `Credentials.bcrypt` need --hashes.",
    "",
    "A server has one block of accounts. So its system account is one of the file, if --system-user or --reload-user names a user",
    "of it: SYS, with `system_account` set. Their passwords are variables of the server: SYS_NAME_PASSWORD.",
    "",
    ...READER_HELP,
    "",
    "Exit status: 0 rendered, 2 something is wrong, and nothing was printed.",
  ],
  options: {
    platform: {
      value: "NAME",
      repeats: true,
      about: "take the documents of this platform from its bucket; may be given several times",
    },
    ...RENDERING_OPTIONS,
    helm: { about: "print values for the official Helm chart in place of the server's file" },
  },
  examples: [
    "accounts render shop/cdktf.out search/cdktf.out > accounts.conf",
    "accounts render cdktf.out --reload-user deploy > accounts.conf",
    "accounts render cdktf.out --helm --hashes hashes.txt > accounts.helm.yaml",
    "accounts render --platform prod --platform dev > accounts.conf",
  ],
  run(args, io) {
    const { words, repeated } = args;
    const platforms = repeated.platform ?? [];
    if (words.length + platforms.length === 0) throw new Refusal("accounts render needs OUT or --platform NAME");
    const given = wholeOf(programUnits(words, io.cwd));
    if (platforms.length === 0) return printed(given, args, io);
    const ids = new Set(given.map(unitId));
    const isOther = ({ stack = "", ...owner }: Unit | Notice) => !ids.has(unitId({ ...owner, stack }));
    return bucketUnits(platforms).then(({ whole, waiting }) => {
      const others = wholeOf({ whole: whole.filter(isOther), waiting: waiting.filter(isOther) });
      return printed([...others, ...given], args, io);
    });
  },
};
