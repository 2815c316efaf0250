import type { ConsumerModel, ResourceModel } from "../access/models";
import { grouped } from "../collections/groups";
import type { Fault, Problem } from "../problems/fault";
import { overlaps, patternFault } from "../subjects/subject-pattern";

/** What is wrong with consumers of a stream, as the Terraform resources of both are. */
export function consumerProblems(resources: readonly ResourceModel[], consumers: readonly ConsumerModel[]): Problem[] {
  if (consumers.length === 0) return [];
  const byStream = grouped(consumers, ({ account, stream }) => `${account} ${stream}`);
  return resources.flatMap((resource) => {
    const own = byStream.get(`${resource.account} ${resource.stream}`) ?? [];
    return own.flatMap((consumer, index) => {
      const faults = [
        replicasFault(consumer, resource),
        manyConsumersFault(index + 1, resource),
        pendingFault(consumer, resource),
        ...filterFaults(consumer, resource),
        ...(resource.retention === "workqueue" ? workFaults(consumer, own.slice(0, index)) : []),
      ];
      return faults.flatMap((fault) => (fault ? [{ path: consumer.source, ...fault }] : []));
    });
  });
}

function replicasFault({ replicas: own }: ConsumerModel, { replicas, retention }: ResourceModel): Fault | undefined {
  if (own === undefined || replicas === undefined || own > MOST_REPLICAS) return undefined;
  const same = retention !== "limits";
  if (same ? own === replicas : own <= replicas) return undefined;
  return {
    what: same ? "replicas is not that of the stream" : "replicas is above that of the stream",
    value: own,
    allowed: same ? `${replicas}, on a stream with this retention` : `1 to ${replicas}`,
    fix: "Leave replicas out",
  };
}

/** More is wrong in itself, whatever the stream has. */
const MOST_REPLICAS = 5;

function manyConsumersFault(count: number, { maxConsumers: allowed }: ResourceModel): Fault | undefined {
  if (allowed === undefined || count <= allowed) return undefined;
  return {
    what: "stream has more consumers than its maxConsumers",
    value: count,
    allowed: `${allowed}, and whoever reads the stream in order makes one of its own for that time`,
    fix: "Raise maxConsumers",
  };
}

/** How many messages a consumer may have waiting for an acknowledgement, where it does not say: the provider's default. */
const DEFAULT_ACK_PENDING = 20_000;

function pendingFault({ settings }: ConsumerModel, { settings: stream }: ResourceModel): Fault | undefined {
  const [most, own] = [Number(stream.max_ack_pending), Number(settings.max_ack_pending ?? DEFAULT_ACK_PENDING)];
  if (!(most > 0) || !(own > most)) return undefined;
  return {
    what: "maxAckPending is above the max_ack_pending of the stream",
    value: own,
    allowed: `at most ${most}; without it, the provider asks for ${DEFAULT_ACK_PENDING}`,
    fix: "Give the consumer a smaller maxAckPending, or raise that of the stream",
  };
}

/** Whether the subjects of a stream are all that it may hold: nothing else comes in by copies and transforms. */
function holdsItsSubjects({ subjects, origins, transform, settings }: ResourceModel): boolean {
  const { mirror, source, subjects: written } = settings;
  const isComplete = Array.isArray(written) && written.length === subjects.length;
  return isComplete && origins.length === 0 && transform === undefined && mirror === undefined && source === undefined;
}

function filterFaults({ filters }: ConsumerModel, resource: ResourceModel): Fault[] {
  const { subjects } = resource;
  if (filters.length === 0 || !holdsItsSubjects(resource) || subjects.some(patternFault)) return [];
  return filters
    .filter((filter) => patternFault(filter) === undefined && !subjects.some((subject) => overlaps(subject, filter)))
    .map((value) => ({
      what: "filter subject matches nothing in the stream",
      value,
      allowed: `subjects that ${subjects.join(" or ")} overlaps`,
      fix: "Correct the filter, or choose the stream that holds these subjects",
    }));
}

/** How a consumer may begin that does not begin with the first message. */
const BEGINNINGS = ["deliver_last", "deliver_last_per_subject", "deliver_new", "stream_sequence", "start_time"];

/** The further rules of a work queue, of which each message goes to one consumer. */
function workFaults({ filters, settings }: ConsumerModel, others: readonly ConsumerModel[]): (Fault | undefined)[] {
  const { ack_policy: acknowledgement } = settings;
  const everything = (filter: readonly string[]) => (filter.length > 0 ? filter : [">"]);
  const taken = others.flatMap((other) => everything(other.filters));
  const shared = everything(filters).find((filter) => taken.some((other) => overlaps(filter, other)));
  return [
    acknowledgement === "none" || acknowledgement === "all"
      ? {
          what: "a consumer of a work queue does not acknowledge each message",
          allowed: "AckPolicy.EXPLICIT on a stream with RetentionPolicy.WORKQUEUE",
          fix: "Remove ackPolicy",
        }
      : undefined,
    BEGINNINGS.some((each) => settings[each] !== undefined)
      ? {
          what: "a consumer of a work queue does not begin with the first message",
          allowed: "DeliverPolicy.ALL on a stream with RetentionPolicy.WORKQUEUE",
          fix: "Remove deliverPolicy, startSequence and startTime",
        }
      : undefined,
    shared === undefined
      ? undefined
      : {
          what: "consumers of a work queue have messages in common",
          value: shared,
          allowed: "one consumer without filterSubjects, or several with filterSubjects that do not overlap",
          fix: "Let the two workers share one consumer, or filter each to subjects of its own",
        },
  ];
}
