import { Fn, type TerraformProvider, Token } from "cdktf";
import { Construct } from "constructs";
import type { ConsumerModel, Settings } from "../access/models";
import * as jetstream from "../jetstream";
import { lengthFault } from "../naming/name-rules";
import * as names from "../naming/names";
import type { Fault } from "../problems/fault";
import { Program } from "../problems/program";
import { declare } from "../program/declaration";
import { terraformText, terraformTexts } from "../tokens/terraform-text";
import type { ConsumedStream } from "./consumed-stream";
import { type ConsumerOptions, DeliverPolicy } from "./consumer-options";
import { type ConsumerSettings, consumerFaults } from "./consumer-rules";
import { keepBefore, made, manage, metaArguments, placedBelow } from "./managed-resource";
import { type Ownership, withDefaults } from "./ownership";
import { consumerAttributes, losesOrder } from "./resource-attributes";
import { otherFault } from "./set-faults";
import { comesAfter } from "./stack-order";
import { RetiredData } from "./storage-options";
import { reader } from "./unchanged";
import { unseenFaults } from "./unseen-faults";

/** A durable pull consumer. Made by the owner: `app.addConsumer("worker", { stream })`. */
export class Consumer extends Construct {
  /** @internal */
  public static _create(owner: Ownership, name: string, stream: ConsumedStream, settings: ConsumerSettings): Consumer {
    return new Consumer(owner, name, stream, settings);
  }

  /** The consumer's durable name: `worker`, and `convex_worker` on a stream of the platform. */
  public readonly consumerName: string;

  /** The stream that it reads: `prod_convex_jobs`. */
  public readonly streamName: string;

  /** The Terraform resource: for what the options do not cover. */
  public readonly resource: jetstream.Consumer;

  /** @internal what becomes of it, if it or its stream is retired */
  public readonly _retired: RetiredData | undefined;

  private readonly provider: TerraformProvider | undefined;

  private constructor(owner: Ownership, name: string, stream: ConsumedStream, settings: ConsumerSettings) {
    super(...placedBelow("Consumer", owner, () => `Consumer-${names.resource(stream.streamName, name)}`));
    this.consumerName = String(name);
    this.streamName = stream.streamName;
    const { filterSubjects: filters = [], ...rest } = settings;
    const inherited = { ...owner.defaults, replicas: undefined, storage: undefined };
    const options = withDefaults({ ...rest, retired: rest.retired ?? stream.retired }, inherited);
    this._retired = options.retired;
    this.provider = owner.provider;
    Program.of(this).report(
      this,
      lengthFault("consumer", this.consumerName),
      ...consumerFaults({ ...options, filterSubjects: settings.filterSubjects }),
    );
    // An id and no reference: of a stream that comes into the stack, Terraform would know the id after the apply only, and
    // replace the consumer.
    const streamId = names.importId.stream(stream.streamName);
    this.resource = made(jetstream.Consumer, this, {
      ...metaArguments(owner, options),
      streamId,
      durableName: this.consumerName,
      description: terraformText(options.description),
      filterSubject: filters.length === 1 ? filters[0] : undefined,
      filterSubjects: filters.length > 1 ? [...filters] : undefined,
      ...deliverArguments(options),
      ackPolicy: options.ackPolicy,
      backoff: options.backoffSeconds,
      ackWait: firstStep(options.backoffSeconds) ?? options.ackWaitSeconds,
      maxDelivery: options.maxDeliver,
      maxAckPending: options.maxAckPending,
      maxWaiting: options.maxWaiting,
      maxBatch: options.maxRequestBatch,
      headersOnly: options.headersOnly,
      replayPolicy: options.replayPolicy,
      replicas: options.replicas,
      memory: options.memory,
      metadata: terraformTexts(options.metadata),
    });
    if (stream.declaredBy) comesAfter(this, stream.declaredBy);
    keepBefore(this.resource, () => [...stream.before(this), ...owner.before(this)]);
    if (options.retired !== RetiredData.DELETE) {
      const read = () => this.model(stream.account, streamId);
      declare(this, { consumer: reader(this.resource, this.provider, read) });
    }
    const address = names.resource(this.streamName, this.consumerName);
    const importId = names.importId.consumer(this.streamName, this.consumerName);
    manage(this, this.resource, address, { ...options, importId, account: stream.account, claim: "consumer" });
  }

  private model(account: string, streamId: string): ConsumerModel {
    const { consumerName: name, streamName: stream } = this;
    const attributes = consumerAttributes(this.resource);
    const written = this._retired === undefined;
    const faults = written
      ? [
          ...setOtherwise(name, streamId, attributes.settings),
          ...(losesOrder(this.resource) ? [ORDER_FAULT] : []),
          ...unseenFaults(this.resource, attributes.settings, this.provider),
        ]
      : [];
    return { name, stream, account, ...attributes, faults, source: this.node.path };
  }
}

/** What is wrong with what was set on the Terraform resource, by an Aspect or an override. */
function setOtherwise(name: string, streamId: string, settings: Settings): Fault[] {
  const { durable_name: durable, stream_id: stream } = settings;
  const faults = [
    otherFault(
      "the name of the Terraform resource is not that of the consumer",
      name,
      durable,
      "Leave durable_name as it is: permissions and the catalog go by it",
    ),
    otherFault(
      "the stream of the Terraform resource is not that of the consumer",
      streamId,
      stream,
      "Declare a consumer on the other stream",
    ),
  ];
  return faults.filter((fault) => fault !== undefined);
}

const ORDER_FAULT: Fault = {
  what: "an override takes away what the Terraform resource depends on",
  allowed: "further addresses, as a list: the server makes a consumer only after its stream",
  fix: "Give depends_on as a list, or remove the override",
};

/** The first number of a list; of one that is known only at apply, by an expression. */
function firstStep(steps: readonly number[] | undefined): number | undefined {
  return Token.isUnresolved(steps) ? Token.asNumber(Fn.element(steps, 0)) : steps?.[0];
}

function deliverArguments({ deliverPolicy, startSequence, startTime }: ConsumerOptions) {
  if (startSequence !== undefined) return { streamSequence: startSequence };
  if (startTime !== undefined) return { startTime };
  return {
    deliverAll: deliverPolicy === DeliverPolicy.ALL || deliverPolicy === undefined ? true : undefined,
    deliverLast: deliverPolicy === DeliverPolicy.LAST ? true : undefined,
    deliverLastPerSubject: deliverPolicy === DeliverPolicy.LAST_PER_SUBJECT ? true : undefined,
    deliverNew: deliverPolicy === DeliverPolicy.NEW ? true : undefined,
  };
}
