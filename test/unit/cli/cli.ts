import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { AccountsFile, AppConstruct, NatsClient, PlatformConstruct } from "../../../lib";
import type { Catalog } from "../../../lib/catalog/catalog";
import { catalogFrom, catalogText as writtenCatalog } from "../../../lib/catalog/catalog-text";
import { run } from "../../../lib/cli/run";
import { type Program, synthFiles } from "../../support/synth";

/** What came of a command. */
export interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** The catalog that a program writes, as text. */
export function catalogText(program: Program): string {
  const text = synthFiles(program)["stack/catalog.json"];
  if (text === undefined) throw new Error("no catalog");
  return text;
}

/** The catalog that a program writes. */
export const catalogOfProgram = (program: Program): Catalog => catalogFrom(JSON.parse(catalogText(program)));

/** Runs a command in a folder that has some files, by their paths. */
export function command(argv: readonly string[], files: { readonly [path: string]: string | Catalog }): Outcome {
  const cwd = mkdtempSync(join(tmpdir(), "cdktf-nats-platform-"));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), typeof content === "string" ? content : writtenCatalog(content));
    }
    const written = { out: "", err: "" };
    const status = run(argv, {
      cwd,
      out: (text) => {
        written.out += text;
      },
      err: (text) => {
        written.err += text;
      },
    });
    return { status: Number(status), ...written };
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
