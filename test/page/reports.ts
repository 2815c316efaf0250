import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AccessModel } from "../../lib/analysis/access-model";
import { serverAccounts } from "../../lib/analysis/server-model";
import type { Catalog } from "../../lib/catalog/catalog";
import { catalogFrom } from "../../lib/catalog/catalog-text";
import { reportOf } from "../../lib/report/report";
import { catalogOfProgram, program } from "../unit/cli/cli";
import { hostileCatalog, platformCatalog } from "../unit/report/samples";

const ROOT = join(__dirname, "..", "..");

/** The facts of an example, as its synth writes them. */
function exampleCatalog(name: string, stack: string, folder: string): Catalog {
  const outdir = join(folder, name);
  mkdirSync(outdir);
  const env = { ...process.env, CDKTF_OUTDIR: outdir };
  const command = ["--import", "tsx", `examples/${name}/main.ts`];
  const { status, stderr } = spawnSync(process.execPath, command, { cwd: ROOT, env, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return catalogFrom(JSON.parse(readFileSync(join(outdir, "stacks", stack, "catalog.json"), "utf8")));
}

/** An app that copies the stream of another, and one that nothing is known of. */
const copiesCatalog = () =>
  catalogOfProgram(
    program(({ convex, cache }) => {
      const orders = convex.addStream("orders");
      const filterSubject = "prod.convex.orders.new.>";
      const jobs = cache.addStream("jobs", { sources: [{ stream: orders, filterSubject }, { name: "elsewhere" }] });
      cache.addConsumer("work", { stream: jobs, filterSubjects: ["prod.convex.orders.new.*.x"] });
    }),
  );

/** The programs whose reports are looked at. */
const CATALOGS: { readonly [name: string]: (folder: string) => Catalog } = {
  "multi-tenant": (folder) => exampleCatalog("multi-tenant", "prod", folder),
  quickstart: (folder) => exampleCatalog("quickstart", "quickstart", folder),
  copies: copiesCatalog,
  "thirty apps": () => platformCatalog(30, false),
  "isolated apps": () => platformCatalog(30, true),
  "1,000 apps": () => platformCatalog(1000, false),
  "hostile names": () => hostileCatalog(),
};

/** A report as a file, and the catalog that it was made of. */
export interface Sample {
  readonly file: string;
  readonly catalog: Catalog;
}

/** Reports in a folder of their own. */
export class Reports {
  private readonly folder = mkdtempSync(join(tmpdir(), "cdktf-nats-platform-report-"));
  private readonly made = new Map<string, Sample>();

  /** The report of a program, written when it is first asked for. */
  public of(name: string): Sample {
    const known = this.made.get(name);
    if (known) return known;
    const catalog = CATALOGS[name]?.(this.folder);
    if (!catalog) throw new Error(`no program ${name}`);
    const file = join(this.folder, `${name.replace(/\W+/g, "-")}.html`);
    writeFileSync(file, reportOf(catalog, new AccessModel(serverAccounts(catalog))));
    this.made.set(name, { file, catalog });
    return { file, catalog };
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
