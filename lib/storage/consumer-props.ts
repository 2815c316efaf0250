import type { ConsumerOptions } from "./consumer-options";
import type { IStream } from "./stream-interface";

/** A durable consumer and the stream that it reads. */
export interface AddConsumerOptions extends ConsumerOptions {
  /** The stream: of the same owner, or for an app one of its platform. */
  readonly stream: IStream;

  /**
   * Which of the stream's messages, as patterns of which none covers another. Patterns that overlap need nats-server 2.12.
   * As it goes on, a consumer passes over the others for good: with a wider filter later it gets none of those that it has
   * passed over. In a work queue they stay for another consumer.
   *
   * @default - all
   */
  readonly filterSubjects?: string[];
}

/** A durable consumer of the platform's events. */
export interface EventsConsumerOptions extends ConsumerOptions {
  /**
   * Which events, as patterns below `{platform}._.events`: `["user.created", "order.>"]`. None may cover another; patterns
   * that overlap need nats-server 2.12.
   *
   * @default - all
   */
  readonly subjects?: string[];

  /**
   * A name for this consumer, for an app that has several. Its durable name is then `{app}_{name}`.
   *
   * @default - the durable name is the app's
   */
  readonly name?: string;
}
