import { AppConstruct } from "../../../lib";
import { resourceSchema } from "../../../scripts/tools/provider/schema";
import { prodOf } from "../../support/prod";
import { refusal } from "../../support/synth";

/** What an attribute means for who gets at which messages. */
type Meaning =
  /** The model follows it. */
  | "followed"
  /** The model does not follow it: it is refused where it is set on a resource. */
  | "refused"
  /** It lets nobody get at other messages. */
  | "none";

const words = <M extends Meaning>(meaning: M, text: string) =>
  Object.fromEntries(text.split(/\s+/).map((name) => [name, meaning]));

const MEANINGS: { readonly [type: string]: { readonly [attribute: string]: Meaning } } = {
  jetstream_stream: {
    ...words("followed", "name subjects mirror mirror_direct source subject_transform republish_source"),
    ...words("followed", "republish_destination republish_headers_only retention allow_rollup_hdrs allow_direct"),
    ...words("refused", "allow_msg_schedules"),
    ...words(
      "none",
      "ack allow_atomic allow_batched allow_msg_counter allow_msg_ttl compression deny_delete deny_purge",
    ),
    ...words("none", "description discard discard_new_per_subject duplicate_window first_seq id inactive_threshold"),
    ...words(
      "none",
      "max_ack_pending max_age max_bytes max_consumers max_msg_size max_msgs max_msgs_per_subject metadata",
    ),
    ...words("none", "persist_mode placement_cluster placement_preferred placement_tags replicas storage"),
    ...words("none", "subject_delete_marker_ttl"),
  },
  jetstream_consumer: {
    ...words("followed", "stream_id durable_name filter_subject filter_subjects ack_policy headers_only"),
    ...words("refused", "delivery_subject"),
    ...words("none", "ack_wait backoff deliver_all deliver_last deliver_last_per_subject deliver_new delivery_group"),
    ...words("none", "description flow_control heartbeat id inactive_threshold max_ack_pending max_batch max_bytes"),
    ...words("none", "max_delivery max_expires max_waiting memory metadata priority_groups priority_policy"),
    ...words("none", "priority_timeout ratelimit replay_policy replicas sample_freq start_time stream_sequence"),
  },
  jetstream_kv_bucket: {
    ...words("followed", "name"),
    ...words("none", "description history id limit_marker_ttl max_bucket_size max_value_size placement_cluster"),
    ...words("none", "placement_tags replicas storage ttl"),
  },
  jetstream_obj_bucket: {
    ...words("followed", "name"),
    ...words(
      "none",
      "compression description id max_bucket_size placement_cluster placement_tags replicas storage ttl",
    ),
  },
};

const attributesOf = (type: string) => {
  const { attributes, block_types = {} } = resourceSchema(type);
  return [...Object.keys(attributes), ...Object.keys(block_types)].sort();
};

test.each(Object.keys(MEANINGS))(
  "each attribute of %s is followed, refused or without a meaning for access",
  (type) => {
    expect(Object.keys(MEANINGS[type] ?? {}).sort()).toEqual(attributesOf(type));
  },
);

const REFUSED = Object.entries(MEANINGS).flatMap(([type, meanings]) =>
  Object.entries(meanings).flatMap(([attribute, meaning]) => (meaning === "refused" ? [[type, attribute]] : [])),
);

test.each(REFUSED)("%s with %s is refused", (type, attribute) => {
  const { message } = refusal((stack) => {
    const app = new AppConstruct(prodOf(stack), "a");
    const jobs = app.addStream("jobs");
    const worker = app.addConsumer("worker", { stream: jobs });
    const made = [jobs, worker].find(({ resource }) => resource.terraformResourceType === type);
    made?.resource.addOverride(attribute ?? "", true);
  });
  expect(message).toContain("1 problem found");
});
