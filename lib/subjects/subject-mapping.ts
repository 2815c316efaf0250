import { destinationTokens, type FunctionResult, mappingFunction } from "./mapping-function";
import { intersection } from "./subject-pattern";

/**
 * A token of a destination: itself, or the number of the wildcard of the source that it stands for, from 1 on, or what a
 * function makes of wildcards, of which no more is known than how many tokens it is.
 */
type Destination = string | number | { readonly makes: FunctionResult };

function destinationOf(token: string): Destination {
  const found = mappingFunction(token);
  if (found === undefined || typeof found === "string") return token;
  return found.name === "wildcard" ? (found.wildcards[0] ?? 0) : { makes: found.makes };
}

/** The tokens of a destination. What a function may make several tokens of ends it: any may follow. */
function destinationsOf(destination: string): Destination[] {
  const tokens = destinationTokens(destination).map(destinationOf);
  const many = tokens.findIndex((token) => typeof token === "object" && token.makes === "many");
  return many < 0 ? tokens : [...tokens.slice(0, many), { makes: "many" }];
}

function patternToken(token: Destination): string {
  if (typeof token === "string") return token;
  return typeof token === "object" && token.makes === "many" ? ">" : "*";
}

/** A pattern as a destination, its `*` by their numbers (`transformTokenize` of nats-server). */
function numbered(pattern: string): string[] {
  let count = 0;
  return pattern.split(".").map((token) => (token === "*" ? `$${++count}` : token));
}

/**
 * A rewriting of subjects as nats-server does it (`subjectTransform`), on subjects and on whole patterns.
 *
 * Destinations may name wildcards of the source (`{{wildcard(1)}}`, `$1`). What the server's other functions make is taken
 * for any token, or any tokens where that is several, so that no subject is missed.
 */
export class SubjectMapping {
  /** What a stream import makes of the exporting account's subjects. */
  public static ofStreamImport(subject: string, to: string): SubjectMapping {
    return new SubjectMapping(subject, numbered(to).join("."));
  }

  /**
   * What a service import makes of the importing account's subjects. The server reverses the way from the exported
   * subject by giving its wildcards, one after the other, the places at which they stand in `to`.
   */
  public static ofServiceImport(subject: string, to: string): SubjectMapping {
    const places = numbered(to);
    const placeholders = places.filter((token) => typeof destinationOf(token) === "number");
    const local = places.map((token) => (typeof destinationOf(token) === "number" ? "*" : token)).join(".");
    const target = subject.split(".").map((token) => (token === "*" ? (placeholders.shift() ?? token) : token));
    return new SubjectMapping(local, target.join("."));
  }

  /** The pattern of the subjects that can come out. */
  public readonly image: string;
  private readonly sources: readonly string[];
  private readonly destinations: readonly Destination[];
  private readonly wildcards: readonly number[];

  /** @param source the pattern of the subjects that it rewrites */
  public constructor(
    public readonly source: string,
    destination: string,
  ) {
    this.sources = source.split(".");
    this.wildcards = this.sources.flatMap((token, index) => (token === "*" ? [index] : []));
    this.destinations = destinationsOf(destination);
    this.image = this.destinations.map(patternToken).join(".");
  }

  /** What becomes of a subject, or of all subjects of a pattern that the source matches; undefined if of none. */
  public apply(pattern: string): string | undefined {
    const common = intersection(pattern, this.source)?.split(".");
    if (!common) return undefined;
    return this.destinations
      .flatMap((token) => {
        if (token === ">") return common.slice(this.sources.length - 1);
        return typeof token === "number" ? (common[this.wildcards[token - 1] ?? -1] ?? []) : patternToken(token);
      })
      .join(".");
  }

  /** The subjects of which becomes one that the pattern matches, or undefined if of none. */
  public unapply(pattern: string): string | undefined {
    const common = intersection(pattern, this.image)?.split(".");
    if (!common) return undefined;
    const tokens = [...this.sources];
    for (const [index, token] of this.destinations.entries()) {
      if (token === ">") tokens.splice(-1, 1, ...common.slice(index));
      if (typeof token !== "number") continue;
      const place = this.wildcards[token - 1] ?? -1;
      const same = intersection(tokens[place] ?? "", common[index] ?? "");
      if (same === undefined) return undefined;
      tokens[place] = same;
    }
    return tokens.join(".");
  }
}
