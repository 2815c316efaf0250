import { grouped } from "../../collections/groups";
import { OWNER_KEY } from "../../naming/names";
import { UNKNOWN } from "../attribute-effects";
import { isNew } from "./newness";
import type { PlannedChange } from "./plan";
import { copiesOf, copiesSoFar, ownOrigins } from "./planned-origins";
import { isInside, type PlannedResource, resourceOf } from "./planned-resource";

/** What a change makes of a stream. */
interface KnownStream {
  readonly stream: string;
  readonly module: string;
  readonly retention: unknown;
  /** What it stores, if the plan says all of that, before and after. */
  readonly subjects: readonly string[] | undefined;
  /** Whether it keeps messages only for those who want them: until the plan is applied, after that, or on the server. */
  readonly isByInterest: boolean;
  readonly isNew: boolean;
  /** Whether Terraform destroys or forgets it. */
  readonly goes: boolean;
  /** Whether Terraform destroys it with its messages, also to make it anew. */
  readonly isDestroyed: boolean;
  /** What of its own account it copies, before or after. */
  readonly origins: readonly string[];
}

type Place = Pick<PlannedResource, "stream" | "module">;

/** The owner of a stream by the attributes of a plan; undefined where it has none. */
export const ownerOf = ({ after }: Pick<PlannedChange, "after">): unknown =>
  (after.metadata as { readonly [key: string]: unknown } | null | undefined)?.[OWNER_KEY];

const isWholeList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string");

/** What a stream stores that copies nothing and rewrites nothing, as the plan has it before and after. */
function storedSubjects({ before, after }: PlannedChange): readonly string[] | undefined {
  const states = [before, after].filter((each) => Object.keys(each).length > 0);
  const isPlain = ({ mirror, source, subject_transform: transform }: PlannedChange["after"]) =>
    [mirror, source, transform].every(
      (each) => each === undefined || each === null || (Array.isArray(each) && each.length === 0),
    );
  const lists = states.map(({ subjects }) => subjects);
  return states.every(isPlain) && lists.every(isWholeList) ? [...new Set(lists.flat())] : undefined;
}

function knownStream(change: PlannedChange): KnownStream {
  const { stream, module } = resourceOf(change);
  const { actions, before, after, existing } = change;
  const isByInterest = [before.retention, after.retention, existing?.retention].includes("interest");
  const origins = ownOrigins([...copiesSoFar(change), ...copiesOf(after)]);
  const goes = !actions.includes("create") && actions.some((each) => each === "delete" || each === "forget");
  const retention = after.retention ?? before.retention;
  const isDestroyed = actions.includes("delete");
  const subjects = storedSubjects(change);
  return { stream, module, retention, subjects, isByInterest, isNew: isNew(change), goes, isDestroyed, origins };
}

/** The streams and buckets of a plan by their names: how long they keep messages, what they copy, and whether they are new. */
export class PlannedStreams {
  /** Whether Terraform destroys or forgets one of them. */
  public readonly letsGo: boolean;
  private readonly byStream: ReadonlyMap<string, readonly KnownStream[]>;
  private readonly changes: ReadonlyMap<string, readonly PlannedChange[]>;
  private readonly owners: ReadonlySet<unknown>;

  public constructor(changes: readonly PlannedChange[]) {
    const stored = changes.filter((change) => !isInside(resourceOf(change)));
    const known = stored.filter(({ type }) => type === "jetstream_stream").map(knownStream);
    this.byStream = grouped(known, ({ stream }) => stream);
    this.letsGo = known.some(({ goes }) => goes);
    this.changes = grouped(stored, (change) => resourceOf(change).stream);
    this.owners = new Set(stored.map(ownerOf));
  }

  /** What the plan does with the stream or bucket that something is in. */
  public around(change: PlannedChange): readonly PlannedChange[] {
    return this.changes.get(resourceOf(change).stream) ?? [];
  }

  /** Whether the plan says anything of a stream. */
  public has(stream: string): boolean {
    return this.changes.has(stream);
  }

  /** Where the state has a stream of a module, if the plan has it. */
  public addressOf({ stream, module }: Place): string | undefined {
    return this.changes.get(stream)?.find((each) => each.module === module)?.address;
  }

  /** Whether the program of the plan has a name by which streams are marked. */
  public isOwn(owner: string): boolean {
    return this.owners.has(owner);
  }

  /** Whether a stream has no messages when the plan is applied, since that makes it. */
  public isNew({ stream, module }: Place): boolean {
    return this.near(stream, module).some((each) => each.isNew);
  }

  /** Whether Terraform destroys or forgets a stream. */
  public goes({ stream, module }: Place): boolean {
    return this.near(stream, module).some(({ goes }) => goes);
  }

  /** Whether Terraform destroys a stream with its messages. */
  public isDestroyed({ stream, module }: Place): boolean {
    const near = this.near(stream, module);
    return near.length > 0 && near.every((each) => each.isDestroyed);
  }

  /** How long a stream keeps messages: that of the module, or otherwise those of its name, if they are alike. */
  public retentionOf({ stream, module }: Place): unknown {
    const kept = new Set(this.near(stream, module).map(({ retention }) => retention));
    return kept.size === 1 ? [...kept][0] : UNKNOWN;
  }

  /**
   * Whether a stream may keep messages only for those who want them while the plan is applied: Terraform ends a copy or a consumer
   * in any order with a change of the stream's retention.
   */
  public isByInterest({ stream, module }: Place): boolean {
    const near = this.near(stream, module);
    return near.length > 0 && near.every((each) => each.isByInterest);
  }

  /** What a stream stores, where the plan has but one of its name and says all of that. */
  public subjectsOf({ stream, module }: Place): readonly string[] | undefined {
    const [one, ...others] = this.near(stream, module);
    return others.length === 0 ? one?.subjects : undefined;
  }

  /** What a stream copies of its own account, or does until the plan is applied. */
  public originsOf({ stream, module }: Place): string[] {
    return this.near(stream, module).flatMap(({ origins }) => origins);
  }

  private near(stream: string, module: string): readonly KnownStream[] {
    const all = this.byStream.get(stream) ?? [];
    const near = all.filter((each) => each.module === module);
    return near.length > 0 ? near : all;
  }
}
