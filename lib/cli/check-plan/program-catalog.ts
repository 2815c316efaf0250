import type { Catalog } from "../../catalog/catalog";
import { catalogNear, chosenCatalog, type NearCatalog } from "../catalog-file";
import type { Loss } from "./loss";

/** The catalog of the program, read when it is asked for; one that is named is read at once. */
export class ProgramCatalog {
  private readonly named: Catalog | undefined;
  private near: NearCatalog | undefined;

  /**
   * @param plan the file near which the catalog is
   * @param path the catalog that is named, if one is
   * @throws a refusal where that cannot be read
   */
  public constructor(
    private readonly plan: string,
    path: string | undefined,
    private readonly cwd: string,
  ) {
    this.named = path === undefined ? undefined : chosenCatalog(path, cwd).catalog;
  }

  /** The catalog, if there is one that can be read. */
  public read(): Catalog | undefined {
    if (this.named) return this.named;
    this.near ??= catalogNear(this.plan, this.cwd);
    return "catalog" in this.near ? this.near.catalog : undefined;
  }

  /** What is said where no catalog could be read, or there is none and something is lost. */
  public note(losses: readonly Loss[]): string | undefined {
    if (this.read() || !this.near || !("why" in this.near)) return undefined;
    if (!this.near.isThere && losses.length === 0) return undefined;
    return `No catalog of the program was read (${this.near.why}), so that what streams were formerly, and what other stacks have, is not known: \`--catalog\` names one.`;
  }
}
