import type { TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import type { ResourceModel } from "../access/models";
import * as jetstream from "../jetstream";
import * as names from "../naming/names";
import { bucketFaults } from "./bucket-faults";
import { addressOf, configOf, declareResource, manage } from "./managed-resource";
import type { Ownership } from "./ownership";
import { nativeBucketAttributes, streamAttributes } from "./resource-attributes";
import { setFaults } from "./set-faults";
import type { BucketResource, StorageOptions } from "./storage-options";
import { reader } from "./unchanged";

/** A key-value bucket or an object store. */
interface Bucket extends Construct {
  readonly bucketName: string;
  readonly streamName: string;
  readonly resource: TerraformResource;
}

interface BucketOptions extends StorageOptions {
  readonly ttlSeconds?: number;
  readonly maxBytes?: number;
  readonly bucketResource?: BucketResource;
}

/** What tells one kind of bucket from the other. */
interface BucketKind extends Pick<ResourceModel, "kind" | "subjects"> {
  /** The subjects that are copied to a bucket of another name, if not all. */
  readonly copied?: readonly string[];
  /** Terraform's type of such a bucket where it is no `jetstream_stream`. */
  readonly nativeType: string;
  /** The provider's id of it then. */
  readonly nativeImportId: string;
}

/**
 * Makes a bucket known to the rest of the program and to Terraform, in whichever shape its resource is. The other shape
 * is always forgotten, not destroyed: it is the same stream on the server, and `prevent_destroy` goes with the block that
 * a changed `bucketResource` takes out of the program.
 */
export function manageBucket(
  bucket: Bucket,
  owner: Ownership,
  options: BucketOptions,
  { kind, subjects, copied = subjects, nativeType, nativeImportId }: BucketKind,
): void {
  const { bucketName: name, streamName: stream, resource } = bucket;
  const { account, platform, app } = owner;
  const native = resource.terraformResourceType === nativeType;
  const goes = options.retired !== undefined;
  owner.data.add({ construct: bucket, stream, account, resource, subjects: copied, isWhole: true, goes });
  const read = (): ResourceModel => {
    const attributes = attributesOf(resource, subjects);
    const faults = [
      ...setFaults(owner, { name: native ? name : stream, subjects }, resource, attributes),
      ...(native ? [] : bucketFaults(kind, attributes.settings, configOf(resource).maxMsgsPerSubject)),
    ];
    return {
      name,
      kind,
      stream,
      account,
      platform,
      app,
      address: addressOf(resource),
      ...attributes,
      faults,
      source: bucket.node.path,
    };
  };
  declareResource(bucket, options, reader(resource, owner.provider, read));
  manage(bucket, resource, name, {
    ...options,
    importId: native ? nativeImportId : names.importId.stream(stream),
    claim: "resource",
    account,
    otherType: native ? jetstream.Stream.tfResourceType : nativeType,
  });
}

function attributesOf(resource: TerraformResource, subjects: readonly string[]) {
  return resource instanceof jetstream.Stream
    ? streamAttributes(resource)
    : nativeBucketAttributes(resource as jetstream.KvBucket | jetstream.ObjBucket, subjects);
}
