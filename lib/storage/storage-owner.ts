import { Construct, type IConstruct } from "constructs";
import { type NameKind, nameFault } from "../naming/name-rules";
import * as names from "../naming/names";
import { checkedArguments, checkedProps } from "../problems/checked-props";
import type { Fault } from "../problems/fault";
import { NO_OPTIONS } from "../problems/given-options";
import { placeholder } from "../problems/placeholder";
import { Program } from "../problems/program";
import { refuseSurplus } from "../problems/surplus";
import { declare } from "../program/declaration";
import { unknownStream } from "./consumed-stream";
import { Consumer } from "./consumer";
import type { ConsumerOptions } from "./consumer-options";
import type { AddConsumerOptions } from "./consumer-props";
import { foreignOwnerFault, foreignStreamFault, type OwnStream, otherProgramFault, ownStream } from "./foreign-stream";
import type { OwnData } from "./former-data";
import { KeyValueStore, type KeyValueStoreOptions } from "./key-value-store";
import { ObjectStore, type ObjectStoreOptions } from "./object-store";
import { allowOwn, type Ownership, ownName } from "./ownership";
import { Stream } from "./stream";
import type { IStream } from "./stream-interface";
import type { StreamOptions } from "./stream-options";

/**
 * What owns streams, buckets and consumers: a platform or an app.
 *
 * @jsii ignore
 */
export abstract class StorageOwner extends Construct {
  /** @internal set by the subclass before it creates a resource */
  protected abstract readonly _ownership: Ownership;

  /**
   * Adds a stream `{platform}_{app}_{name}` on the subjects `{platform}.{app}.{name}.>`. A platform's own has no app in
   * its name and `_` in place of the app in its subjects.
   *
   * @param name the last part of the name: `jobs`
   * @param options the stream's options
   */
  public addStream(name: string, options: StreamOptions = {}): Stream {
    [name, options] = this.checkedCall("stream", "addStream", name, options);
    return Stream._create(this._ownership, name, options);
  }

  /**
   * Adds a key-value bucket `{platform}_{app}_{name}`. A platform's own has no app in its name.
   *
   * @param name the last part of the name: `sessions`
   * @param options the bucket's options
   */
  public addKeyValueStore(name: string, options: KeyValueStoreOptions = {}): KeyValueStore {
    [name, options] = this.checkedCall("key-value store", "addKeyValueStore", name, options);
    const id = `KeyValueStore-${name}`;
    return KeyValueStore._create(this._ownership, id, ownName(this._ownership, name), options);
  }

  /**
   * Adds an object store `{platform}_{app}_{name}`. A platform's own has no app in its name.
   *
   * @param name the last part of the name: `uploads`
   * @param options the store's options
   */
  public addObjectStore(name: string, options: ObjectStoreOptions = {}): ObjectStore {
    [name, options] = this.checkedCall("object store", "addObjectStore", name, options);
    return ObjectStore._create(this._ownership, name, options);
  }

  /**
   * Adds a durable pull consumer to a stream of this owner. An app can also consume a stream of its platform: there the
   * consumer's name is `{app}_{name}`, so that apps do not meet.
   *
   * @param name the consumer's name: `worker`
   * @param options the stream and the consumer's options
   */
  public addConsumer(name: string, options: AddConsumerOptions): Consumer {
    [name, options] = this.checkedCall("consumer", "addConsumer", name, options);
    const { stream: given, ...settings } = checkedProps(
      this,
      "AddConsumerOptions",
      options,
      name,
      "AppConstruct.addConsumer",
    );
    const own = this._ownership;
    const stream = ownStream(given);
    if (!stream) {
      if (options !== NO_OPTIONS) Program.of(this).report(this, noStreamFault(name, given));
      return this.consumerOfNothing(name, settings);
    }
    Program.of(this).report(this, otherProgramFault(this, stream));
    const shared = stream._owner === own ? undefined : this._consumeShared(name, stream, settings);
    if (shared) return shared;
    if (stream._owner !== own) Program.of(this).report(this, foreignOwnerFault(stream));
    const consumer = Consumer._create(own, name, stream._consumed, settings);
    const { streamName, consumerName, _retired: retired } = consumer;
    allowOwn(own, ["consumer.bind"], { stream: streamName, consumer: consumerName }, { retired });
    return consumer;
  }

  /** @internal a consumer on a stream of another owner, where this owner may have one */
  protected _consumeShared(_name: string, _stream: OwnStream, _settings: ConsumerOptions): Consumer | undefined {
    return undefined;
  }

  /** @internal what the owner had under its former name; reports a fault where the program has no owner of that */
  protected _formerData(formerly: IConstruct | undefined, fault: Fault): OwnData | undefined {
    if (formerly === undefined) return undefined;
    const former = (formerly as StorageOwner)._ownership as Ownership | undefined;
    if (former && Program.of(formerly) === Program.of(this)) return former.data;
    Program.of(this).report(this, fault);
    return undefined;
  }

  /** @internal says what the owner had under its former name, if it had one */
  protected _declareFormer(): void {
    const { data } = this._ownership;
    if (data.mayCopy) declare(this, { formerly: () => data.formerly() });
  }

  private consumerOfNothing(name: string, settings: ConsumerOptions): Consumer {
    const nothing = placeholder(Program.of(this).count);
    return Consumer._create(this._ownership, name, unknownStream(nothing, nothing), settings);
  }

  private checkedCall<T extends object>(kind: NameKind, method: string, given: string, options: T): [string, T] {
    const [name, checked] = checkedArguments(this, `AppConstruct.${method}`, [given, options] as const);
    const { platform, app } = this._ownership;
    const before = [...names.prefixes(platform, app), ...(app !== undefined && kind === "consumer" ? [`${app}_`] : [])];
    Program.of(this).report(this, nameFault(kind, name, before));
    return [name, checked];
  }
}

refuseSurplus(StorageOwner.prototype, "AppConstruct");

const noStreamFault = (consumer: string, given: IStream | undefined): Fault =>
  given
    ? foreignStreamFault("consumer", given)
    : {
        what: "consumer has no stream",
        value: consumer,
        allowed: "a stream of the same owner; for an app also those of its platform",
        fix: "Give the stream; `app.wal` is one only where the app has `wal: {}`",
      };
