import { isDeepStrictEqual } from "node:util";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import type { OriginModel, ResourceModel } from "../access/models";
import * as jetstream from "../jetstream";
import { lengthFault } from "../naming/name-rules";
import * as names from "../naming/names";
import { checkedProps } from "../problems/checked-props";
import type { Fault } from "../problems/fault";
import { mark } from "../problems/kinds";
import { Program } from "../problems/program";
import { atConstruct, refuseSurplus } from "../problems/surplus";
import type { ConsumedStream } from "./consumed-stream";
import { defaultDuplicateWindow } from "./duplicate-window";
import { foreignOriginFaults } from "./foreign-stream";
import type { DataHolder } from "./former-data";
import { addressOf, declareResource, made, manage, placedBelow, storageArguments } from "./managed-resource";
import { type NamedOptions, type NamedSource, withNames } from "./named-source";
import { allowOwn, metadataOf, type Ownership, ownName, ownSubjects, withDefaults } from "./ownership";
import { withRepublish } from "./republish";
import { type ResourceAttributes, streamAttributes } from "./resource-attributes";
import { setFaults } from "./set-faults";
import { foreignRepublishFault } from "./source-rules";
import type { RetiredData } from "./storage-options";
import { storageFaults } from "./storage-rules";
import type { IStream } from "./stream-interface";
import { type Republish, RetentionPolicy, type StreamOptions } from "./stream-options";
import { StreamReference } from "./stream-reference";
import { NO_WINDOW_FAULT, streamFaults } from "./stream-rules";
import { subjectFaults } from "./subject-rules";
import { reader } from "./unchanged";

/** What an app may do with a stream of its own. */
const STREAM_CAPABILITIES = [
  "stream.look",
  "stream.find",
  "stream.get",
  "stream.ordered",
  "stream.ownDurable",
] as const;

/** A stream of a platform or an app. Made by the owner: `platform.events`, `app.wal`, `app.addStream("jobs")`. */
export class Stream extends Construct implements IStream {
  /**
   * A stream that another program declares: of a platform, so that apps of this program can consume it, or of an app in the
   * platform's account, as a source.
   *
   * @param scope where to put the reference
   * @param id its id
   * @param streamName the stream's name: `prod_orders`
   */
  public static fromStreamName(scope: Construct, id: string, streamName: string): IStream {
    return new StreamReference(scope, id, streamName);
  }

  /** @internal */
  public static _create(owner: Ownership, name: string, options: StreamOptions = {}): Stream {
    return new Stream(owner, name, options);
  }

  /** The stream's name: `prod_convex_wal`. */
  public readonly streamName: string;

  /** The Terraform resource: for what the options do not cover. */
  public readonly resource: jetstream.Stream;

  /** @internal */
  public readonly _owner: Ownership;

  private readonly patterns: readonly string[];

  /** The origins that options name. */
  private readonly origins: readonly OriginModel[];

  private readonly transform: ResourceModel["transform"];

  /** Where it publishes again by an option, or because isolated apps need it. */
  private republish: ResourceModel["republish"];

  private republishIsNeeded = false;

  private readonly retired: RetiredData | undefined;

  /** Whether it is to know no duplicates, for the messages that it copies of a former name. */
  private readonly isWithoutWindow: boolean;

  private constructor(owner: Ownership, name: string, props: StreamOptions) {
    super(...placedBelow("Stream", owner, () => `Stream-${name}`));
    mark(this, "IStream");
    props = checkedProps(this, "StreamOptions", props);
    this._owner = owner;
    this.streamName = ownName(owner, name);
    const named = withDefaults(withNames(props), owner.defaults);
    this.patterns = named.subjects ?? (named.mirror ? [] : [ownSubjects(owner, name)]);
    const options = withRepublish(named, this.patterns);
    this.republish = options.republish && withoutHeaders(options.republish);
    Program.of(this).report(
      this,
      lengthFault("stream", this.streamName),
      ...subjectFaults(options.subjects ?? [], owner.subjects),
      ...streamFaults(options, this.streamName, this.patterns, owner.data.mayCopy),
      foreignRepublishFault(options, owner.subjects, owner.platform),
      ...foreignOriginFaults(this, options, owner.account),
      ...storageFaults(props),
    );
    allowOwn(owner, STREAM_CAPABILITIES, { stream: this.streamName }, options);
    this.resource = this.streamResource(owner, options);
    const { mirror, sources, subjectTransform } = options;
    const written = mirror || sources || subjectTransform ? streamAttributes(this.resource) : undefined;
    this.origins = written?.origins ?? [];
    this.transform = written?.transform;
    owner.data.add(this.holder(owner, options));
    declareResource(
      this,
      options,
      reader(this.resource, owner.provider, () => this.model()),
    );
    this.retired = options.retired;
    this.isWithoutWindow = options.duplicateWindowSeconds === 0 && owner.data.mayCopy;
    const importId = names.importId.stream(this.streamName);
    const { account } = owner;
    manage(this, this.resource, this.streamName, { ...options, importId, account, claim: "resource" });
  }

  /** The subjects that the stream stores, as patterns: `prod.convex.wal.>`; none for a mirror. */
  public get subjects(): string[] {
    return [...this.patterns];
  }

  /** The NATS account that the stream is in: `PROD`. */
  public get accountName(): string {
    return this._owner.account;
  }

  private model(): ResourceModel {
    const { account, platform, app } = this._owner;
    const attributes = streamAttributes(this.resource);
    return {
      name: this.streamName,
      kind: "stream",
      stream: this.streamName,
      account,
      platform,
      app,
      address: addressOf(this.resource),
      ...attributes,
      origins: attributes.origins.map((origin) => ({ ...origin, byOption: this.isByOption(origin) })),
      faults: [
        ...(this.isWithoutWindow && attributes.origins.length === 0 ? [NO_WINDOW_FAULT] : []),
        ...this.faultsOf(attributes),
      ],
      source: this.node.path,
    };
  }

  /** What is wrong with what is set on the Terraform resource and was not given as an option. */
  private faultsOf(attributes: ResourceAttributes): Fault[] {
    const { republish, origins, transform } = this;
    const own = { name: this.streamName, subjects: this.patterns, republish, origins, transform };
    if (!this.republishIsNeeded || isDeepStrictEqual(attributes.republish, republish)) {
      return setFaults(this._owner, own, this.resource, attributes);
    }
    const needed = setFaults(this._owner, own, this.resource, { ...attributes, republish });
    return [otherRepublishFault(republish?.destination), ...needed];
  }

  /** @internal whether it is to go */
  public get _goes(): boolean {
    return this.retired !== undefined;
  }

  /** @internal whether a message may delete others of the stream, as the resource is now */
  public get _rollsUp(): boolean {
    return streamAttributes(this.resource).rollUp;
  }

  /** @internal lets the stream publish again what it has stored */
  public _republish(source: string, destination: string): void {
    if (this.resource.republishDestinationInput !== undefined) {
      Program.of(this).report(this, otherRepublishFault(destination));
    }
    this.republish = { source, destination };
    this.republishIsNeeded = true;
    this.resource.republishSource = source;
    this.resource.republishDestination = destination;
  }

  /** @internal */
  public get _consumed(): ConsumedStream {
    return {
      account: this._owner.account,
      streamName: this.streamName,
      retired: this.retired,
      declaredBy: this,
      before: (construct) =>
        TerraformStack.of(construct) === TerraformStack.of(this) ? [addressOf(this.resource)] : [],
    };
  }

  /** What another stream takes of this one, under its own subjects. */
  private holder({ subjects, account }: Ownership, options: NamedOptions): DataHolder {
    const { mirror, sources, subjectTransform, retention = RetentionPolicy.LIMITS } = options;
    return {
      construct: this,
      stream: this.streamName,
      account,
      resource: this.resource,
      subjects: [subjects],
      isWhole: !mirror && !sources && !subjectTransform && retention === RetentionPolicy.LIMITS,
      goes: options.retired !== undefined,
    };
  }

  private isByOption({ stream }: OriginModel): boolean {
    return this.origins.some((origin) => origin.stream === stream);
  }

  private streamResource(owner: Ownership, options: NamedOptions): jetstream.Stream {
    return made(jetstream.Stream, this, {
      ...storageArguments(owner, options),
      name: this.streamName,
      subjects: this.patterns.length > 0 ? [...this.patterns] : undefined,
      retention: options.retention,
      maxAge: options.maxAgeSeconds,
      maxBytes: options.maxBytes,
      maxMsgs: options.maxMessages,
      maxMsgsPerSubject: options.maxMessagesPerSubject,
      maxMsgSize: options.maxMessageBytes,
      maxConsumers: options.maxConsumers,
      discard: options.discard,
      discardNewPerSubject: options.discardNewPerSubject,
      duplicateWindow: options.mirror
        ? 0
        : (options.duplicateWindowSeconds ?? defaultDuplicateWindow(options.maxAgeSeconds)),
      compression: options.compression,
      denyDelete: options.denyDelete,
      denyPurge: options.denyPurge,
      allowRollupHdrs: options.allowRollup,
      allowMsgTtl: options.allowMessageTtl,
      republishSource: options.republish && (options.republish.source ?? ">"),
      republishDestination: options.republish?.destination,
      republishHeadersOnly: options.republish?.headersOnly,
      mirror: options.mirror && sourceConfig(options.mirror),
      mirrorDirect: options.mirror && (options.mirrorDirect ?? true),
      source: options.sources?.map(sourceConfig),
      subjectTransform: options.subjectTransform,
      metadata: metadataOf(owner, options.metadata),
    });
  }
}

refuseSurplus(Stream, "Stream", (_, made) => atConstruct(made));

const withoutHeaders = ({ source = ">", destination }: Republish) => ({ source, destination });

const otherRepublishFault = (destination: string | undefined): Fault => ({
  what: "republish is given for a stream whose platform has apps with accounts of their own",
  allowed: `no republish: such apps need it on ${destination}`,
  fix: "Remove republish",
});

function sourceConfig(source: NamedSource): jetstream.StreamSource {
  const external = source.externalApiPrefix !== undefined || source.externalDeliverPrefix !== undefined;
  return {
    name: source.name,
    filterSubject: source.filterSubject,
    startSeq: source.startSequence,
    startTime: source.startTime,
    external: external ? { api: source.externalApiPrefix, deliver: source.externalDeliverPrefix } : undefined,
    subjectTransform: source.subjectTransforms,
  };
}
