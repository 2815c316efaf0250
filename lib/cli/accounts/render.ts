import { joinedAccounts } from "../../documents/joined-accounts";
import { problemLines } from "../../problems/fault";
import { accountsText } from "../../server-config/accounts-text";
import { helmValues } from "../../server-config/helm-values";
import { counted } from "../../wording/lists";
import type { Command } from "../command";
import { ExitStatus } from "../exit-status";
import { Refusal } from "../refusal";
import { knownHashes } from "./known-hashes";
import { programDocuments } from "./program-documents";
import { systemAccount } from "./system-users";

/** One accounts file of any number of programs. */
export const render: Command = {
  name: "accounts render",
  words: ["OUT"],
  takesMore: true,
  about: "one accounts file for a server, of any number of programs in any number of repositories",
  help: [
    "OUT is the output folder of a program (`cdktf.out`), or that of one of its stacks; give as many as there are. The file is of",
    "the access documents that they have for Terraform: of the programs that declare platforms, and of those that only refer to",
    "some, whose users no other accounts file has. Of one program it is the accounts.conf of its synth, byte for byte.",
    "",
    "What synth checks in one program is checked in all: each user, account, nkey, hash and variable is there once, imports are",
    "offered and do not overlap, what apps call is served. A program can only say what is of its platforms; MONITOR has what all",
    "of them say. Nothing is printed unless all is right.",
    "",
    "The documents have no hash of a password, but a fingerprint of it. So users with `Credentials.bcrypt` need --hashes.",
    "",
    "A server has one block of accounts. So its system account is one of the file, if --system-user or --reload-user names a user",
    "of it: SYS, with `system_account` set. Their passwords are variables of the server: SYS_NAME_PASSWORD.",
    "",
    "Exit status: 0 rendered, 2 something is wrong, and nothing was printed.",
  ],
  options: {
    hashes: { value: "FILE", about: "a file with a line for each user with a bcrypt hash: its name and the hash" },
    "system-user": {
      value: "NAME",
      repeats: true,
      about: "add a user sys-NAME of the system account, who may do everything there; may be given several times",
    },
    "reload-user": {
      value: "NAME",
      repeats: true,
      about: "add a user sys-NAME who may only do what `accounts put` needs; may be given several times",
    },
    helm: { about: "print values for the official Helm chart in place of the server's file" },
  },
  examples: [
    "accounts render shop/cdktf.out search/cdktf.out > accounts.conf",
    "accounts render cdktf.out --reload-user deploy > accounts.conf",
    "accounts render cdktf.out --helm --hashes hashes.txt > accounts.helm.yaml",
  ],
  run({ words, options, switches, repeated }, io) {
    const hashOf = knownHashes(options.hashes, io.cwd);
    const system = systemAccount(repeated);
    const besides = system ? [system] : [];
    const { accounts, problems } = joinedAccounts(programDocuments(words, io.cwd), hashOf, besides);
    if (problems.length > 0) {
      throw new Refusal(
        `${counted(problems.length, "problem")} found, nothing was rendered`,
        problems.flatMap(problemLines),
      );
    }
    io.out((switches.has("helm") ? helmValues : accountsText)(accounts, system?.name));
    return ExitStatus.OK;
  },
};
