import { grouped } from "../../collections/groups";
import { UNKNOWN } from "../attribute-effects";
import type { PlannedChange } from "./plan";
import { copiesOf, ownOrigins } from "./planned-origins";
import { type PlannedResource, resourceOf } from "./planned-resource";

/** A stream of a plan, as it will be. */
interface KnownStream {
  readonly stream: string;
  readonly module: string;
  readonly retention: unknown;
  readonly isNew: boolean;
  /** Whether Terraform destroys or forgets it. */
  readonly goes: boolean;
  /** What of its own account it copies, before or after. */
  readonly origins: readonly string[];
}

/** The streams of a plan by their names: how long they keep messages, what they copy, and whether they are new. */
export class PlannedStreams {
  /** Whether Terraform destroys or forgets one of them. */
  public readonly letsGo: boolean;
  private readonly byStream: ReadonlyMap<string, readonly KnownStream[]>;

  public constructor(changes: readonly PlannedChange[]) {
    const streams = changes.filter(({ type }) => type === "jetstream_stream");
    const known = streams.map((change) => {
      const { stream, module } = resourceOf(change);
      const { actions, before, after } = change;
      const isNew = actions.includes("create") && Object.keys(before).length === 0;
      const origins = ownOrigins([...copiesOf(before), ...copiesOf(after)]);
      const goes = !actions.includes("create") && actions.some((each) => each === "delete" || each === "forget");
      return { stream, module, retention: after.retention ?? before.retention, isNew, goes, origins };
    });
    this.byStream = grouped(known, ({ stream }) => stream);
    this.letsGo = known.some(({ goes }) => goes);
  }

  /** Whether the plan makes a stream, so that it has no messages yet. */
  public isNew({ stream, module }: Pick<PlannedResource, "stream" | "module">): boolean {
    return this.near(stream, module).some(({ isNew }) => isNew);
  }

  /** Whether Terraform destroys or forgets a stream. */
  public goes({ stream, module }: Pick<PlannedResource, "stream" | "module">): boolean {
    return this.near(stream, module).some(({ goes }) => goes);
  }

  /** How long a stream keeps messages: that of the module, or otherwise those of its name, if they are alike. */
  public retentionOf({ stream, module }: Pick<PlannedResource, "stream" | "module">): unknown {
    const kept = new Set(this.near(stream, module).map(({ retention }) => retention));
    return kept.size === 1 ? [...kept][0] : UNKNOWN;
  }

  /** What a stream copies of its own account, or does until the plan is applied. */
  public originsOf({ stream, module }: Pick<PlannedResource, "stream" | "module">): string[] {
    return this.near(stream, module).flatMap(({ origins }) => origins);
  }

  private near(stream: string, module: string): readonly KnownStream[] {
    const all = this.byStream.get(stream) ?? [];
    const near = all.filter((each) => each.module === module);
    return near.length > 0 ? near : all;
  }
}
