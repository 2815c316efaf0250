import { WrittenFile } from "../accounts/written-file";
import type { Units } from "./proposal";
import { type RevisedDocument, type Unit, unitId, unitOf } from "./unit";

/** Units that are in force together, with the digest of the accounts file of them. */
export interface Generation {
  readonly digest: string;
  readonly units: Units;
}

/** What the file has: each unit once, and which of them each generation has. */
interface Content {
  readonly version: 1;
  readonly units: readonly {
    readonly platform: string;
    readonly app?: string | undefined;
    readonly stack: string;
    readonly origin: string;
    readonly documents: readonly RevisedDocument[];
  }[];
  readonly generations: readonly { readonly digest: string; readonly units: readonly number[] }[];
}

function generationsIn(text: string): Generation[] {
  const { version, units, generations } = JSON.parse(text) as Content;
  if (version !== 1) throw new Error(`version ${version}`);
  const known = units.map(unitOf);
  return generations.map((each) => ({
    digest: each.digest,
    units: new Map(each.units.map((index) => known[index] as Unit).map((unit) => [unitId(unit), unit])),
  }));
}

function textOf(generations: readonly Generation[]): string {
  const units = [...new Set(generations.flatMap((each) => [...each.units.values()]))];
  const indices = new Map(units.map((unit, index) => [unit, index]));
  const content: Content = {
    version: 1,
    units: units.map(({ platform, app, stack, origin, documents }) => ({ platform, app, stack, origin, documents })),
    generations: generations.map((each) => ({
      digest: each.digest,
      units: [...each.units.values()].map((unit) => indices.get(unit) ?? 0),
    })),
  };
  return `${JSON.stringify(content)}\n`;
}

/**
 * The accepted documents on disk, beside the accounts file, so that they are known without a server. It is written before the
 * accounts file: what is in force with the former and with the new one. Which of both it is, the accounts file itself says.
 */
export class AcceptedFile {
  private readonly file: WrittenFile;
  /** The digests that it has now, in a text. */
  private known = "";

  /** @param path the accounts file */
  public constructor(path: string) {
    this.file = new WrittenFile(`${path}.documents`);
  }

  /**
   * The units that are in force with the accounts file of a digest, or that were before it if that is not known.
   *
   * @throws an error if the file is damaged
   */
  public read(digest: string | undefined): Units {
    this.file.removeLeftovers();
    const content = this.file.content();
    if (content === undefined) return new Map();
    const generations = generationsIn(content);
    return (generations.find((each) => each.digest === digest) ?? generations[0])?.units ?? new Map();
  }

  /** Writes what is in force before a change and behind it, unless that is there. @throws a refusal if it cannot be written */
  public write(before: Generation, after: Generation): void {
    const known = `${before.digest} ${after.digest}`;
    if (this.known === known) return;
    this.file.replace(textOf(before.digest === after.digest ? [after] : [before, after]), false);
    this.known = known;
  }
}
