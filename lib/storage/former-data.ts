import type { TerraformResource } from "cdktf";
import type { IConstruct } from "constructs";
import type { FormerModel, TransformModel } from "../access/models";
import { addTo, valueAt } from "../collections/groups";
import * as jetstream from "../jetstream";
import type { Fault } from "../problems/fault";
import { Program } from "../problems/program";

/** A stream or bucket whose data another one may take. */
export interface DataHolder {
  readonly construct: IConstruct;
  /** The stream that it is on the server. */
  readonly stream: string;
  readonly account: string;
  /** Whether it is to go, so that no further copying begins or goes on. */
  readonly goes: boolean;
  readonly resource: TerraformResource;
  /** All subjects that it may store, as patterns: each stands for the one at its place in another stream of the kind. */
  readonly subjects: readonly string[];
  /** Whether all of it can be copied: no work queue, and nothing that is a copy of its own. */
  readonly isWhole: boolean;
}

type Taker = (former: DataHolder) => void;

/**
 * The streams and buckets that an owner has, by the ids of their constructs, for another owner that was formerly this one:
 * its streams and buckets of the same ids copy them, in whichever order the two are declared.
 */
export class OwnData {
  private readonly holders = new Map<string, DataHolder>();
  private readonly takers = new Map<string, Taker[]>();
  private readonly apps = new Map<string, OwnData>();
  private hasSuccessor = false;

  /** @param former what the owner had under its former name */
  public constructor(private readonly former?: OwnData) {
    if (former) former.hasSuccessor = true;
  }

  /** Whether the owner had another name, so that what it has may copy something. */
  public get mayCopy(): boolean {
    return this.former !== undefined;
  }

  /**
   * What the owner had under its former name, and what copies that, or has copied it until it is to go; of a platform also what
   * those of its apps had that have no successor.
   */
  public formerly(): FormerModel[] {
    const own = [...(this.former?.holders ?? [])].map(([id, former]): FormerModel => {
      const { stream, account } = former;
      const holder = this.holders.get(id);
      if (!holder || holder.goes) return { stream, account };
      const successor = { stream: holder.stream, account: holder.account };
      if (!canCopy(holder, former)) return { stream, account, successor };
      return { stream, account, copy: { ...successor, transforms: transformsOf(holder, former) } };
    });
    const left = [...(this.former?.apps.values() ?? [])].filter((app) => !app.hasSuccessor);
    const ofApps = left.flatMap((app) =>
      [...app.holders.values()].map(({ stream, account }): FormerModel => ({ stream, account })),
    );
    return [...own, ...ofApps];
  }

  /**
   * What an app of the platform has.
   *
   * @param former what the app had under its former name; by default what the app of the same name had on the former platform
   */
  public ofApp(name: string, former?: OwnData): OwnData {
    return valueAt(this.apps, name, () => new OwnData(former ?? this.former?.ofApp(name)));
  }

  /** Adds what the owner has; it copies what the former owner has under the same id. */
  public add(holder: DataHolder): void {
    const { id } = holder.construct.node;
    this.holders.set(id, holder);
    for (const take of this.takers.get(id) ?? []) take(holder);
    this.former?.whenAdded(id, (former) => copy(holder, former));
  }

  private whenAdded(id: string, take: Taker): void {
    addTo(this.takers, id, take);
    const holder = this.holders.get(id);
    if (holder) take(holder);
  }
}

const areStreams = (...holders: readonly DataHolder[]) =>
  holders.every(({ resource }) => resource instanceof jetstream.Stream);

const canCopy = (own: DataHolder, former: DataHolder) => own.isWhole && former.isWhole && areStreams(own, former);

/** What becomes of the subjects of the former one. */
const transformsOf = (own: DataHolder, former: DataHolder): TransformModel[] =>
  former.subjects.map((source, index) => ({ source, destination: own.subjects[index] ?? source }));

/** Lets a stream or bucket copy what another one of the same kind has, under its own subjects. */
function copy(own: DataHolder, former: DataHolder): void {
  const { construct, resource } = own;
  const program = Program.of(construct);
  if (own.goes || !own.isWhole || !former.isWhole) return;
  const isStream = resource instanceof jetstream.Stream;
  if (isStream && former.goes) return;
  if (!isStream || !(former.resource instanceof jetstream.Stream)) {
    program.report(construct, nativeFault(former.stream));
    return;
  }
  if (former.resource.allowMsgTtlInput && !resource.allowMsgTtlInput) {
    program.report(construct, timeToLiveFault(former.stream));
  }
  resource.putSource([{ name: former.stream, subjectTransform: transformsOf(own, former) }]);
  program.changed();
}

// A server goes on copying into a bucket of which Terraform no longer knows that it copies.
const nativeFault = (value: string): Fault => ({
  what: "a bucket that is BucketResource.NATIVE cannot copy the one of its former name, nor be copied",
  value,
  allowed: "BucketResource.STREAM for both, until the former one is no longer in the program",
  fix: "Remove bucketResource for as long as formerly is there",
});

const timeToLiveFault = (value: string): Fault => ({
  what: "stream or bucket copies one whose messages may have a time to live, and would keep them for ever",
  value,
  allowed: "allowMessageTtl of a stream, limitMarkerTtlSeconds of a bucket, as the other one has them",
  fix: "Give it the option too; without formerly it may be removed",
});
