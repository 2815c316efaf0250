/** Where the data lies. Changing it later replaces the resource. */
export enum StorageType {
  /** On disk. */
  FILE = "file",
  /** In memory: lost when the last replica stops. */
  MEMORY = "memory",
}

/** Which servers may hold the data. */
export interface Placement {
  /**
   * The cluster's name. The provider drops tags that have none beside them.
   *
   * @knownAt apply
   */
  readonly cluster: string;

  /**
   * Tags that a server of the cluster must have, all of them.
   *
   * @default - any server
   * @knownAt apply
   */
  readonly tags?: string[];
}

/**
 * Which Terraform resource a bucket becomes; the stream on the server is the same in both shapes.
 *
 * `STREAM` is the default, because only a `jetstream_stream` survives an apply that was killed: the provider takes in a
 * stream that is already there as it was asked for, and refuses a bucket. With remote state, Terraform notes what it has
 * made only every 20 seconds, so that one killed apply can leave many buckets to be imported by hand.
 */
export enum BucketResource {
  /**
   * `jetstream_kv_bucket` or `jetstream_obj_bucket`. What the provider has made and Terraform has not noted must be
   * imported. The former cannot change its replicas later and hides the server's error when it cannot be made; the
   * latter needs a provider newer than 0.4.0.
   */
  NATIVE = "native",
  /** `jetstream_stream` shaped as the bucket: changes its replicas in place and shows the server's own error. */
  STREAM = "stream",
}

/** What becomes of the data of what is retired. */
export enum RetiredData {
  /** It stays on the server, and Terraform forgets it. */
  KEEP = "keep",
  /** Terraform destroys it, also what is protected by `preventDestroy`. */
  DELETE = "delete",
}

/** What a platform sets for its apps, and an app for its resources, unless they say otherwise. */
export interface StorageDefaults {
  /**
   * On how many servers the data lies, 1 to 5. More than 1 needs a cluster. Apply a change by itself: the server refuses
   * one together with a new placement, and for a moment new consumers.
   *
   * @default - the app's, then the platform's value, then 1
   * @knownAt apply
   */
  readonly replicas?: number;

  /**
   * Where the data lies.
   *
   * @default - the app's, then the platform's value, then StorageType.FILE
   * @knownAt apply
   */
  readonly storage?: StorageType;

  /**
   * Which servers of a cluster may hold the data.
   *
   * @default - the app's, then the platform's value, then anywhere
   */
  readonly placement?: Placement;

  /**
   * Whether Terraform refuses every plan that would destroy or replace the resource (`prevent_destroy`). It cannot
   * refuse to destroy what is removed from the program.
   *
   * @default - the app's, then the platform's value, then true
   */
  readonly preventDestroy?: boolean;

  /**
   * Whether the resource exists on the server already and is to be taken into Terraform's state, by an `import` block
   * (Terraform 1.5 or newer). Remove the option once it is applied.
   *
   * @default - the app's, then the platform's value, then false
   */
  readonly adopt?: boolean;

  /**
   * Whether this is to go, and what becomes of its data. It stays declared until that is applied: a plan names each stream
   * and bucket that Terraform forgets or destroys (a `removed` block; Terraform 1.7, OpenTofu 1.10). Then remove the
   * declaration. What is retired has no users and no permissions; an isolated app keeps its account and its Terraform user
   * until the declaration is gone.
   *
   * @default - the app's, then the platform's value, then not retired
   */
  readonly retired?: RetiredData;
}

/** What every stream and bucket can be given. */
export interface StorageOptions extends StorageDefaults {
  /**
   * What the resource is for. At most 4096 bytes.
   *
   * @default - none
   * @knownAt apply
   */
  readonly description?: string;
}
