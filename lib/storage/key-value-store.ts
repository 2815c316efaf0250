import { Fn, Op, type TerraformResource, TerraformStack, Token } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import * as jetstream from "../jetstream";
import { PREFIXED_COMPONENTS } from "../naming/key-rules";
import { lengthFault } from "../naming/name-rules";
import * as names from "../naming/names";
import { checkedProps } from "../problems/checked-props";
import { mark } from "../problems/kinds";
import { Program } from "../problems/program";
import { type NumberRules, numberFaults, rule } from "../problems/value-rules";
import { manageBucket } from "./bucket";
import { defaultDuplicateWindow } from "./duplicate-window";
import { addressOf, made, placedBelow, storageArguments } from "./managed-resource";
import { allowOwn, metadataOf, type Ownership, withDefaults } from "./ownership";
import { BucketResource, type StorageOptions } from "./storage-options";
import { storageFaults } from "./storage-rules";

/** Options of a key-value bucket. */
export interface KeyValueStoreOptions extends StorageOptions {
  /**
   * How many revisions of each key are kept, 1 to 64.
   *
   * @default 1
   * @knownAt apply
   */
  readonly history?: number;

  /**
   * After how many seconds a value is removed, in whole seconds. It also ends a lock or a leadership that lasts longer.
   *
   * @default - never
   * @knownAt apply
   */
  readonly ttlSeconds?: number;

  /**
   * How large the bucket may become, in bytes, on each replica. Writes to a full bucket are refused.
   *
   * @default - no limit
   * @knownAt apply
   */
  readonly maxBytes?: number;

  /**
   * How large a value may be, in bytes, its headers included.
   *
   * @default - the server's `max_payload`
   * @knownAt apply
   */
  readonly maxValueBytes?: number;

  /**
   * For how many seconds the mark stays that tells watchers of the expiry of a key. 0 switches a time to live of single
   * keys off.
   *
   * Locks and leader election need it: they write their key with a time to live, and without the mark a watcher never
   * learns that the lock is free. It must outlast a short disconnection of a watcher. In a bucket with a `history` above 1
   * the server lengthens a shorter time to live to this one; with a history of 1 it lengthens nothing. `create` of nats.py
   * fails until the mark is gone too, so that there a lock is free after its time and that of the mark.
   *
   * A bucket that has it cannot be without it again. Terraform switches it on in place only for `BucketResource.NATIVE`;
   * a `jetstream_stream` it would replace. So a bucket that was made without it is adopted with 0, or gets it first:
   * `nats kv edit prod_convex --marker-ttl 5s`.
   *
   * @default 5
   * @knownAt apply
   */
  readonly limitMarkerTtlSeconds?: number;

  /**
   * The Terraform resource that the bucket becomes. It can be changed later: the resource of the other shape is taken out
   * of the state and not destroyed (a `removed` block; Terraform 1.7, OpenTofu 1.10). A change to `NATIVE` needs `adopt`
   * too.
   *
   * @default BucketResource.STREAM
   */
  readonly bucketResource?: BucketResource;
}

const DEFAULT_MARKER_TTL_SECONDS = 5;

/** What an app may do with a bucket of its own. */
const KEY_VALUE_CAPABILITIES = ["kv.get", "kv.watch", "kv.write", "kv.purgeDeletes", "kv.election"] as const;

const NUMBERS: NumberRules<KeyValueStoreOptions> = {
  history: { min: 1, max: 64, unit: "revisions of each key" },
  ttlSeconds: rule.seconds,
  maxBytes: rule.bytes,
  maxValueBytes: rule.messageBytes,
  limitMarkerTtlSeconds: { ...rule.seconds, min: 0, whenTooSmall: "Use 0 to switch the time to live of keys off" },
};

/** A key-value bucket of a platform or an app, as other constructs need to know it. */
export interface IKeyValueStore extends IConstruct {
  /** The bucket's name: `prod_convex`. */
  readonly bucketName: string;

  /** The stream that the bucket is on the server: `KV_prod_convex`. */
  readonly streamName: string;

  /** The NATS account that the bucket is in: `PROD`. */
  readonly accountName: string;
}

/** A key-value bucket of a platform or an app. Made by the owner: `app.keyValueStore`, `app.addKeyValueStore("sessions")`. */
export class KeyValueStore extends Construct implements IKeyValueStore {
  /** @internal */
  public static _create(
    owner: Ownership,
    id: string,
    bucketName: string,
    options: KeyValueStoreOptions = {},
  ): KeyValueStore {
    return new KeyValueStore(owner, id, bucketName, options);
  }

  /** The bucket's name: `prod_convex`. */
  public readonly bucketName: string;

  /** The stream that the bucket is on the server: `KV_prod_convex`. */
  public readonly streamName: string;

  /** The NATS account that the bucket is in: `PROD`. */
  public readonly accountName: string;

  /** The Terraform resource, a `jetstream.Stream` or `jetstream.KvBucket`: for what the options do not cover. */
  public readonly resource: TerraformResource;

  private readonly goes: boolean;

  private constructor(owner: Ownership, id: string, bucketName: string, props: KeyValueStoreOptions) {
    super(...placedBelow("KeyValueStore", owner, () => id));
    mark(this, "IKeyValueStore");
    props = checkedProps(this, "KeyValueStoreOptions", props);
    this.bucketName = bucketName;
    this.accountName = owner.account;
    this.streamName = names.keyValueStream(bucketName);
    const options = withDefaults(props, owner.defaults);
    this.goes = options.retired !== undefined;
    Program.of(this).report(
      this,
      lengthFault("key-value store", bucketName),
      ...numberFaults(options, NUMBERS),
      ...storageFaults(props),
    );
    allowOwn(owner, KEY_VALUE_CAPABILITIES, { bucket: bucketName }, options);
    const native = options.bucketResource === BucketResource.NATIVE;
    this.resource = native ? this.bucketResource(owner, options) : this.streamResource(owner, options);
    manageBucket(this, owner, options, {
      kind: "keyValue",
      subjects: [names.keySubject(bucketName, ">")],
      copied: isOfPlatform(owner, bucketName) ? COPIED_KEYS.map((key) => names.keySubject(bucketName, key)) : undefined,
      nativeType: jetstream.KvBucket.tfResourceType,
      nativeImportId: names.importId.keyValueStore(bucketName),
    });
  }

  /** @internal the bucket's address, for what a construct has after it: none in another stack, or if the bucket goes */
  public _before(construct: Construct): string[] {
    return !this.goes && TerraformStack.of(construct) === TerraformStack.of(this) ? [addressOf(this.resource)] : [];
  }

  private bucketResource(owner: Ownership, options: KeyValueStoreOptions): jetstream.KvBucket {
    return made(jetstream.KvBucket, this, {
      ...storageArguments(owner, options),
      name: this.bucketName,
      history: options.history ?? 1,
      ttl: options.ttlSeconds,
      limitMarkerTtl: markerTtl(options),
      maxBucketSize: options.maxBytes,
      maxValueSize: options.maxValueBytes,
    });
  }

  private streamResource(owner: Ownership, options: KeyValueStoreOptions): jetstream.Stream {
    const marker = markerTtl(options);
    return made(jetstream.Stream, this, {
      ...storageArguments(owner, options),
      name: this.streamName,
      subjects: [names.keySubject(this.bucketName, ">")],
      maxMsgsPerSubject: options.history ?? 1,
      maxAge: options.ttlSeconds,
      duplicateWindow: defaultDuplicateWindow(options.ttlSeconds),
      subjectDeleteMarkerTtl: marker,
      allowMsgTtl: hasMarker(marker),
      maxBytes: options.maxBytes,
      maxMsgSize: options.maxValueBytes,
      allowDirect: true,
      allowRollupHdrs: true,
      denyDelete: true,
      discard: "new",
      metadata: metadataOf(owner),
    });
  }
}

/** The keys of a platform's bucket. Before 0.1.0 it had access documents too, which are not copied. */
const COPIED_KEYS = PREFIXED_COMPONENTS.platform.map((each) => `${each}.>`);

const isOfPlatform = ({ app, platform }: Ownership, bucketName: string) =>
  app === undefined && bucketName === names.resource(platform, "platform");

/** Whether single keys may have a time to live: with a mark of 0 seconds they have none, also if Terraform decides. */
function hasMarker(marker: number | undefined): boolean | undefined {
  if (marker === undefined) return undefined;
  return Token.isUnresolved(marker) ? Fn.conditional(Op.gte(marker, 1), true, false) : true;
}

function markerTtl(options: KeyValueStoreOptions): number | undefined {
  return options.limitMarkerTtlSeconds === 0
    ? undefined
    : (options.limitMarkerTtlSeconds ?? DEFAULT_MARKER_TTL_SECONDS);
}
