import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { AccountsFile, AppConstruct, NatsClient, PlatformConstruct } from "../../../lib";
import type { Catalog } from "../../../lib/catalog/catalog";
import { catalogFrom, catalogText as writtenCatalog } from "../../../lib/catalog/catalog-text";
import { Program as ProgramProblems } from "../../../lib/problems/program";
import { ProgramAccounts } from "../../../lib/program/program-accounts";
import { commandAtOnce, commandIn, type Outcome } from "../../support/command";
import { declared, type Program } from "../../support/synth";

/** The catalog that a program would write, as text; Aspects are not called. */
export const catalogText = (program: Program): string =>
  declared(program, (app) => {
    ProgramProblems.of(app).assertValid();
    return writtenCatalog(ProgramAccounts.of(app).catalog());
  });

/** The catalog that a program writes. */
export const catalogOfProgram = (program: Program): Catalog => catalogFrom(JSON.parse(catalogText(program)));

type FilesByPath = { readonly [path: string]: string | Catalog };

function folderWith(files: FilesByPath): string {
  const cwd = mkdtempSync(join(tmpdir(), "cdktf-nats-platform-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), typeof content === "string" ? content : writtenCatalog(content));
  }
  return cwd;
}

/** Runs a command in a folder that has some files, by their paths. */
export function command(argv: readonly string[], files: FilesByPath): Outcome {
  const cwd = folderWith(files);
  try {
    return commandAtOnce(cwd, ...argv);
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

/** The same for a command that may ask a server. */
export async function finished(argv: readonly string[], files: FilesByPath): Promise<Outcome> {
  const cwd = folderWith(files);
  try {
    return await commandIn(cwd, ...argv);
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

/** Where synth writes the catalog of the stack `stack`. */
export const CATALOG = "cdktf.out/stacks/stack/catalog.json";

/** What a variant of the program below declares besides. */
export interface Parts {
  readonly prod: PlatformConstruct;
  readonly convex: AppConstruct;
  readonly cache: AppConstruct;
}

/** A platform with a database that serves an API and an app that calls it, and whatever else is declared. */
export function program(more: (parts: Parts) => void = () => {}, cacheProps: object = {}): Program {
  return (stack) => {
    const prod = new PlatformConstruct(stack, "prod", {
      nodes: ["node-1"],
      servers: ["nats://h:4222"],
    });
    const convex = new AppConstruct(prod, "convex", { wal: {} });
    const cache = new AppConstruct(prod, "cache", { clients: [NatsClient.NATS_GO], ...cacheProps });
    convex.serveApi("query");
    cache.callApi(convex, "query");
    more({ prod, convex, cache });
    new AccountsFile(stack, "accounts");
  };
}
