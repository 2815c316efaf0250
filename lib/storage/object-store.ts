import { Op, type TerraformResource, Token } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import * as jetstream from "../jetstream";
import { lengthFault } from "../naming/name-rules";
import * as names from "../naming/names";
import { checkedProps } from "../problems/checked-props";
import { mark } from "../problems/kinds";
import { Program } from "../problems/program";
import { type NumberRules, numberFaults, rule } from "../problems/value-rules";
import { manageBucket } from "./bucket";
import { defaultDuplicateWindow } from "./duplicate-window";
import { made, placedBelow, storageArguments } from "./managed-resource";
import { allowOwn, metadataOf, type Ownership, ownName, withDefaults } from "./ownership";
import { BucketResource, type RetiredData, type StorageOptions } from "./storage-options";
import { storageFaults } from "./storage-rules";
import { Compression } from "./stream-options";

/** Options of an object store. */
export interface ObjectStoreOptions extends StorageOptions {
  /**
   * After how many seconds an object is removed, in whole seconds.
   *
   * @default - never
   * @knownAt apply
   */
  readonly ttlSeconds?: number;

  /**
   * How large the store may become, in bytes, on each replica. Writes to a full store are refused.
   *
   * @default - no limit
   * @knownAt apply
   */
  readonly maxBytes?: number;

  /**
   * How the data is compressed on disk.
   *
   * @default Compression.NONE
   * @knownAt apply
   */
  readonly compression?: Compression;

  /**
   * The Terraform resource that the store becomes. `NATIVE` needs a provider newer than 0.4.0. It can be
   * changed later: the resource of the other shape is taken out of the state and not destroyed (a `removed` block;
   * Terraform 1.7, OpenTofu 1.10). A change to `NATIVE` needs `adopt` too.
   *
   * @default BucketResource.STREAM
   */
  readonly bucketResource?: BucketResource;
}

const NUMBERS: NumberRules<ObjectStoreOptions> = { ttlSeconds: rule.seconds, maxBytes: rule.bytes };

/** An object store of a platform or an app, as other constructs need to know it. */
export interface IObjectStore extends IConstruct {
  /** The store's name: `prod_convex_snapshots`. */
  readonly bucketName: string;

  /** The stream that the store is on the server: `OBJ_prod_convex_snapshots`. */
  readonly streamName: string;

  /** The NATS account that the store is in: `PROD`. */
  readonly accountName: string;
}

/** An object store of a platform or an app. Made by the owner: `app.snapshots`, `app.addObjectStore("uploads")`. */
export class ObjectStore extends Construct implements IObjectStore {
  /** @internal */
  public static _create(owner: Ownership, name: string, options: ObjectStoreOptions): ObjectStore {
    return new ObjectStore(owner, name, options);
  }

  /** The store's name: `prod_convex_snapshots`. */
  public readonly bucketName: string;

  /** The stream that the store is on the server: `OBJ_prod_convex_snapshots`. */
  public readonly streamName: string;

  /** The NATS account that the store is in: `PROD`. */
  public readonly accountName: string;

  /** The Terraform resource, a `jetstream.Stream` or `jetstream.ObjBucket`: for what the options do not cover. */
  public readonly resource: TerraformResource;

  /** @internal */
  public readonly _owner: Ownership;

  /** @internal what becomes of it, if it or its owner is retired */
  public readonly _retired: RetiredData | undefined;

  private constructor(owner: Ownership, name: string, props: ObjectStoreOptions) {
    super(...placedBelow("ObjectStore", owner, () => `ObjectStore-${name}`));
    mark(this, "IObjectStore");
    props = checkedProps(this, "ObjectStoreOptions", props);
    this._owner = owner;
    this.bucketName = ownName(owner, name);
    this.accountName = owner.account;
    this.streamName = names.objectStream(this.bucketName);
    const options = withDefaults(props, owner.defaults);
    this._retired = options.retired;
    Program.of(this).report(
      this,
      lengthFault("object store", this.bucketName),
      ...numberFaults(options, NUMBERS),
      ...storageFaults(props),
    );
    allowOwn(owner, ["object.read", "object.write"], { store: this.bucketName }, options);
    const native = options.bucketResource === BucketResource.NATIVE;
    this.resource = native ? this.bucketResource(owner, options) : this.streamResource(owner, options);
    manageBucket(this, owner, options, {
      kind: "objectStore",
      subjects: names.objectSubjects(this.bucketName),
      nativeType: jetstream.ObjBucket.tfResourceType,
      nativeImportId: names.importId.objectStore(this.bucketName),
    });
  }

  private bucketResource(owner: Ownership, options: ObjectStoreOptions): jetstream.ObjBucket {
    return made(jetstream.ObjBucket, this, {
      ...storageArguments(owner, options),
      name: this.bucketName,
      ttl: options.ttlSeconds,
      maxBucketSize: options.maxBytes,
      compression: compressed(options),
    });
  }

  private streamResource(owner: Ownership, options: ObjectStoreOptions): jetstream.Stream {
    return made(jetstream.Stream, this, {
      ...storageArguments(owner, options),
      name: this.streamName,
      subjects: names.objectSubjects(this.bucketName),
      maxAge: options.ttlSeconds,
      duplicateWindow: defaultDuplicateWindow(options.ttlSeconds),
      maxBytes: options.maxBytes,
      compression: options.compression === Compression.NONE ? undefined : options.compression,
      allowDirect: true,
      allowRollupHdrs: true,
      discard: "new",
      metadata: metadataOf(owner),
    });
  }
}

function compressed({ compression }: ObjectStoreOptions): boolean | undefined {
  if (Token.isUnresolved(compression)) return Op.eq(compression, Compression.S2) as unknown as boolean;
  return compression === undefined ? undefined : compression === Compression.S2;
}
