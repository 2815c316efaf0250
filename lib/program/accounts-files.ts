import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import type { Account } from "../access/accounts";
import { credentialProblems } from "../access/credential-clashes";
import type { PlatformModel } from "../access/models";
import { systemAccount } from "../access/system-model";
import { grouped } from "../collections/groups";
import type { Fault, Problem } from "../problems/fault";
import { problemsOf } from "../problems/program";
import type { FileModel } from "./declaration";

/** Where an accounts file goes, and what it is. */
export interface AccountsFileModel extends FileModel {
  readonly construct: IConstruct;
}

/** The system account for who reads all accounts of a program: as the first file says it that has one. */
export function firstSystemAccount(files: readonly AccountsFileModel[]): Account[] {
  const [first] = files.flatMap(({ system }) => system ?? []);
  return first ? [systemAccount(first)] : [];
}

/** What is wrong with the credentials of users of system accounts, each beside all other accounts of the program. */
export function systemProblems(files: readonly AccountsFileModel[], accounts: readonly Account[]): Problem[] {
  return files.flatMap(({ system }) =>
    system ? credentialProblems([...accounts, systemAccount(system)]).filter(({ path }) => path === system.source) : [],
  );
}

/** What is wrong with the accounts files of a program as a whole. */
export function fileProblems(files: readonly AccountsFileModel[], platforms: readonly PlatformModel[]): Problem[] {
  const owned = platforms.filter((each) => each.owned && each.inFile);
  const isPartial = files.some((file) => file.platforms);
  return [
    ...sharedFolders(files),
    ...(isPartial ? [...overlappingFiles(files), ...leftOut(files, owned)] : furtherFiles(files)),
    ...files.flatMap(({ construct, platforms: given }) => [
      ...(owned.length === 0 && !given ? problemsOf(construct, [NO_ACCOUNTS_FAULT]) : []),
      ...(given?.length === 0 ? problemsOf(construct, [NO_PLATFORMS_FAULT]) : []),
    ]),
  ];
}

function furtherFiles([first, ...others]: readonly AccountsFileModel[]): Problem[] {
  return others.flatMap(({ construct }) => problemsOf(construct, [anotherFileFault(first?.construct.node.path ?? "")]));
}

/** Two files of one stack would be one, since each has its name in the folder of the stack. */
function sharedFolders(files: readonly AccountsFileModel[]): Problem[] {
  const ofStacks = grouped(files, ({ construct }) => TerraformStack.of(construct).node.path);
  return [...ofStacks].flatMap(([stack, [first, ...others]]) =>
    others.flatMap(({ construct, platforms }) =>
      problemsOf(construct, [platforms && sameStackFault(stack, first?.construct.node.path ?? "")]),
    ),
  );
}

function overlappingFiles(files: readonly AccountsFileModel[]): Problem[] {
  const holders = new Map<PlatformModel, AccountsFileModel>();
  return files.flatMap((file) => {
    if (!file.platforms) return problemsOf(file.construct, [ALL_PLATFORMS_FAULT]);
    return file.platforms.flatMap((platform) => {
      const holder = holders.get(platform);
      holders.set(platform, file);
      const fault = holder && twiceFault(platform.naming.platform, holder.construct.node.path);
      return problemsOf(file.construct, [fault]);
    });
  });
}

function leftOut(files: readonly AccountsFileModel[], owned: readonly PlatformModel[]): Problem[] {
  const held = new Set(files.flatMap((file) => file.platforms ?? []));
  return owned
    .filter((platform) => !held.has(platform))
    .map(({ source, naming }) => ({ path: source, ...leftOutFault(naming.platform) }));
}

const anotherFileFault = (first: string): Fault => ({
  what: `accounts file is already declared by [${first}]`,
  allowed: "one AccountsFile in a program, or several that each name their platforms",
  fix: "Remove one of the two, or give each its platforms",
});

const sameStackFault = (value: string, first: string): Fault => ({
  what: `accounts file is in the stack of another one [${first}]`,
  value,
  allowed: "one accounts file in a stack: it is in the folder of the stack, as accounts.conf",
  fix: "Declare it in another stack",
});

const ALL_PLATFORMS_FAULT: Fault = {
  what: "accounts file has all platforms beside one that has some of them",
  allowed: "platforms of each AccountsFile, if there are several",
  fix: "Give it its platforms",
};

const twiceFault = (platform: string, holder: string): Fault => ({
  what: `platform is in the accounts file [${holder}] too`,
  value: platform,
  allowed: "each platform in one accounts file: that of the servers on which it is",
  fix: "Take it out of one of the two",
});

const leftOutFault = (platform: string): Fault => ({
  what: "platform is in no accounts file",
  value: platform,
  allowed: "each platform in one of the accounts files, if they name platforms",
  fix: "Add it to the platforms of one of them, or set accountsFile to false",
});

const NO_PLATFORMS_FAULT: Fault = {
  what: "platforms is empty",
  value: [],
  allowed: "one platform or more",
  fix: "Name one, or leave platforms out for all",
};

const NO_ACCOUNTS_FAULT: Fault = {
  what: "accounts file has no account",
  allowed: "an accounts file in the program that declares a platform",
  fix: "Declare a PlatformConstruct, or remove AccountsFile: a reference to a platform adds nothing to the file",
};
