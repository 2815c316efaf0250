import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import * as jetstream from "../jetstream";
import { lengthFault } from "../naming/name-rules";
import * as names from "../naming/names";
import { Program } from "../problems/program";
import { type ConsumerProps, DeliverPolicy } from "./consumer-options";
import { consumerFaults } from "./consumer-rules";
import { freeId, manage, metaArguments, RESOURCE_ID } from "./managed-resource";
import { type Ownership, withDefaults } from "./ownership";
import { StorageType } from "./storage-options";

/** A durable pull consumer. Made by the owner: `app.addConsumer("worker", { stream })`. */
export class Consumer extends Construct {
  /** @internal */
  public static _create(owner: Ownership, name: string, props: ConsumerProps): Consumer {
    return new Consumer(owner, name, props);
  }

  /** The consumer's durable name: `worker`, and `convex_worker` on a stream of the platform. */
  public readonly consumerName: string;

  /** The stream that it reads: `prod_convex_jobs`. */
  public readonly streamName: string;

  /** The Terraform resource: for what the options do not cover. */
  public readonly resource: jetstream.Consumer;

  private constructor(owner: Ownership, name: string, props: ConsumerProps) {
    super(owner.construct, freeId(owner.construct, `Consumer-${props.stream.node.id}-${name}`));
    const { stream } = props;
    const foreignName = stream._owner === owner ? name : owner.foreignConsumerName(name, stream._owner);
    this.consumerName = foreignName ?? name;
    this.streamName = stream.streamName;
    const options = withDefaults(props, { ...owner.defaults, replicas: undefined, storage: undefined });
    Program.of(this).report(
      this,
      lengthFault("consumer", this.consumerName),
      foreignName === undefined
        ? {
            what: `stream belongs to [${stream._owner.construct.node.path}]`,
            value: this.streamName,
            allowed: "streams of the same owner; for an app also those of its platform",
            fix: "Add the consumer to the stream's owner, or let the two apps share the messages through platform events",
          }
        : undefined,
      ...consumerFaults(options, stream._retention, stream.subjects),
      stream._takeWork(options.filterSubjects ?? []),
    );
    const filters = options.filterSubjects ?? [];
    this.resource = new jetstream.Consumer(this, RESOURCE_ID, {
      ...metaArguments(owner, options),
      streamId: this.streamId(props),
      durableName: this.consumerName,
      description: options.description,
      filterSubject: filters.length === 1 ? filters[0] : undefined,
      filterSubjects: filters.length > 1 ? [...filters] : undefined,
      ...deliverArguments(options),
      ackPolicy: options.ackPolicy,
      ackWait: options.backoffSeconds?.[0] ?? options.ackWaitSeconds,
      maxDelivery: options.maxDeliver,
      backoff: options.backoffSeconds,
      maxAckPending: options.maxAckPending,
      maxWaiting: options.maxWaiting,
      maxBatch: options.maxRequestBatch,
      headersOnly: options.headersOnly,
      replayPolicy: options.replayPolicy,
      replicas: options.replicas,
      memory: options.storage === undefined ? undefined : options.storage === StorageType.MEMORY,
      metadata: options.metadata,
    });
    const address = names.resource(this.streamName, this.consumerName);
    const importId = names.importId.consumer(this.streamName, this.consumerName);
    manage(this, this.resource, address, { ...options, importId, claim: "consumer" });
  }

  /** The provider wants the id of the stream; a reference in the same stack makes Terraform create the stream first. */
  private streamId({ stream }: ConsumerProps): string {
    const here = TerraformStack.of(this) === TerraformStack.of(stream);
    return here
      ? `\${jetstream_stream.${stream.resource.friendlyUniqueId}.id}`
      : names.importId.stream(this.streamName);
  }
}

function deliverArguments({ deliverPolicy, startSequence, startTime }: ConsumerProps) {
  if (startSequence !== undefined) return { streamSequence: startSequence };
  if (startTime !== undefined) return { startTime };
  return {
    deliverAll: deliverPolicy === DeliverPolicy.ALL || deliverPolicy === undefined ? true : undefined,
    deliverLast: deliverPolicy === DeliverPolicy.LAST ? true : undefined,
    deliverLastPerSubject: deliverPolicy === DeliverPolicy.LAST_PER_SUBJECT ? true : undefined,
    deliverNew: deliverPolicy === DeliverPolicy.NEW ? true : undefined,
  };
}
