import type { CatalogLine, CatalogResource } from "../catalog/catalog";
import type { Member } from "./access-model";
import type { Step } from "./course";
import type { Hole } from "./holes";
import type { Act } from "./jetstream-api";
import type { Level } from "./level";

/** Something that a line lets a user do with a stream or bucket. */
export interface Ability {
  readonly act: Act;
  /** By a request to JetStream, by publishing what is stored, or by subscribing to what is being stored. */
  readonly by: "request" | "publish" | "subscribe";
  /** The subjects of the stream that it is about; all, if left out. */
  readonly subjects?: readonly string[];
  readonly line: CatalogLine;
  readonly through: readonly Step[];
}

/** What a user can do with one stream or bucket, by its lines alone. */
export interface Cell {
  readonly resource: CatalogResource;
  /** The most that it can do with any part of it. */
  readonly level: Level;
  /** The most that it can do with all of it: more than one key, and not just what comes in. */
  readonly whole: Level;
  readonly abilities: readonly Ability[];
}

/** What a user can do with all streams and buckets: only those are here that it can do something with. */
export interface UserAccess {
  readonly member: Member;
  readonly cells: ReadonlyMap<CatalogResource, Cell>;
  /** What it reaches beyond its lines. */
  readonly holes: readonly Hole[];
}
