import type { TerraformProvider, TerraformResource } from "cdktf";
import type { Settings } from "../access/models";
import * as jetstream from "../jetstream";
import type { Fault } from "../problems/fault";
import { withoutComments } from "../tokens/address-text";
import { isExpression } from "../tokens/expression";
import { attributeFaults } from "./attribute-faults";
import { givenAddress } from "./managed-resource";
import { metaFaults } from "./meta-faults";
import { isGiven, isTakenOut, mayBe, stateBlocksOf } from "./resource-attributes";

/** Attributes by which it is checked who gets at messages, by the types of resources. */
const SEEN: { readonly [type: string]: readonly string[] } = {
  [jetstream.Stream.tfResourceType]: [
    "subjects",
    "mirror",
    "source",
    "subject_transform",
    "republish_source",
    "republish_destination",
    "retention",
  ],
  [jetstream.Consumer.tfResourceType]: ["filter_subject", "filter_subjects"],
};

/** Further attributes of which a plan must show each change, though they may be known only at apply. */
const WATCHED: { readonly [type: string]: readonly string[] } = {
  [jetstream.Stream.tfResourceType]: [
    "republish_headers_only",
    "allow_rollup_hdrs",
    "allow_msg_schedules",
    "allow_direct",
    "mirror_direct",
    "deny_delete",
    "deny_purge",
  ],
  [jetstream.Consumer.tfResourceType]: ["headers_only", "delivery_subject", "ack_policy"],
};

/** What a mirror must have as the stream has it in whose name it answers. */
const OF_MIRROR = ["max_age", "max_bytes", "max_msgs", "max_msgs_per_subject", "allow_msg_ttl"];

/** Attributes by which messages get to subjects that no option and no permission names. */
const REFUSED: { readonly [type: string]: { readonly [attribute: string]: Omit<Fault, "value"> } } = {
  [jetstream.Stream.tfResourceType]: {
    allow_msg_schedules: {
      what: "a stream takes scheduled messages",
      allowed:
        "streams in which a message has the subject that it is published to: a schedule names another (`Nats-Schedule-Target`)",
      fix: "Remove allow_msg_schedules, and let the app publish when it is time",
    },
  },
  [jetstream.Consumer.tfResourceType]: {
    delivery_subject: {
      what: "a consumer delivers its messages to a subject",
      allowed: "pull consumers: who reads a stream is permitted by the requests that it sends",
      fix: "Remove delivery_subject, and let the client fetch; to let others receive, let the stream republish",
    },
  },
};

/** Parts of them by which nobody gets at other messages; names are checked where the other streams are known. */
const OPEN = ["name", "start_seq", "start_time"];

/** Whether Terraform makes something of a value, as an expression or a block for each of several values. */
function isLate(value: unknown): boolean {
  if (typeof value === "string") return isExpression(value);
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(isLate);
  return Object.entries(value).some(([name, each]) => name === "dynamic" || (!OPEN.includes(name) && isLate(each)));
}

/** Attributes that are blocks. */
const BLOCKS = ["mirror", "source", "subject_transform", "lifecycle"];

/** Whether a list is in a list: Terraform takes it for the block that is in it. */
function nests(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((each) => (Array.isArray(value) && Array.isArray(each)) || nests(each));
}

const nestedFault = (attribute: string, value: unknown): Fault => ({
  what: `${attribute} is a list in a list`,
  value: JSON.stringify(value),
  allowed: "blocks, or a list of them",
  fix: `Give ${attribute} without the inner list`,
});

const lateFault = (attribute: string, value: unknown): Fault => ({
  what: `${attribute} is known only at apply`,
  value: typeof value === "string" ? value : JSON.stringify(value),
  allowed: "subjects and streams that are known at synth: who may use them is checked by them",
  fix: `Give ${attribute} itself`,
});

/** Meta-arguments that make none, one or several resources of a block. */
const REPEATING = ["dynamic", "count", "for_each"];

const repeatingFault = (argument: string): Fault => ({
  what: `${argument} is set on the Terraform resource`,
  allowed: "one resource with blocks of its own: permissions and the catalog go by what is known at synth",
  fix: `Remove ${argument}, and declare each stream, bucket and consumer by itself`,
});

const ignoredFault = (attribute: string): Fault => ({
  what: `the Terraform resource ignores changes of ${attribute}`,
  value: attribute,
  allowed: "ignore_changes of attributes that say nothing about who gets at messages: max_bytes",
  fix: `Remove ${attribute} from ignore_changes, or the server would keep what the plan does not show`,
});

/** Whether a path of `ignore_changes` leads to an attribute or into it. */
function leadsTo(path: string, attribute: string): boolean {
  const [first = ""] = withoutComments(path)
    .trim()
    .split(/[.[\s]/);
  return first === "all" || first === attribute;
}

const foreignProviderFault = (set: unknown): Fault => ({
  what: "the Terraform resource has another provider than the library gives it",
  value: typeof set === "string" ? set : undefined,
  allowed: "the provider of its account: in another account it would be another stream or bucket",
  fix: "Remove provider; to connect in another way, give the platform or app a provider",
});

const GONE_FAULT: Fault = {
  what: "the Terraform resource is taken out of its stack by an override, a move or a removal from the tree",
  allowed: "the resource under its address: the catalog and permissions say that it is there",
  fix: "Leave it where the library made it; to let something go, set retired",
};

const stateBlockFault = (value: string): Fault => ({
  what: "an override of the stack has a block that moves, imports or forgets the Terraform resource",
  value,
  allowed: "adopt, movedFrom, formerly and retired, which `diff` and the checks know",
  fix: "Remove the override",
});

/** What in a lifecycle makes a resource again, or leaves it out, without a change of its own. */
const LIFECYCLE: { readonly [argument: string]: Omit<Fault, "value"> } = {
  replace_triggered_by: {
    what: "the Terraform resource is made again when something else changes",
    allowed: "streams, buckets and consumers that keep what they have, whatever else changes",
    fix: "Remove replaceTriggeredBy; `terraform apply -replace` makes something again once",
  },
  enabled: {
    what: "the Terraform resource may be left out",
    allowed: "resources that are there: permissions and the catalog go by what is known at synth",
    fix: "Remove enabled; to let something go, set retired",
  },
};

const renamedAddress = (own: string, value: string): Fault => ({
  what: "the Terraform resource has another address in the state than the library gives it",
  value,
  allowed: `${own}: what the state has there would be destroyed, also if it is protected`,
  fix: "Remove overrideLogicalId",
});

const IMPORTED_FAULT: Fault = {
  what: "the Terraform resource imports something by importFrom",
  allowed: "the import of what has its own name: of another one Terraform destroys it, to make this",
  fix: "Set adopt: true in place of importFrom",
};

const OWN_CONSUMER_FAULT: Fault = {
  what: "a source reads by a consumer that is declared otherwise",
  allowed: "sources by their stream, filterSubject and subjectTransforms",
  fix: "Remove consumer from the source",
};

const hasConsumer = (origin: unknown) => [(origin as Settings | null | undefined)?.consumer].flat().some(isGiven);

const NONE: readonly Fault[] = [];

/** What is wrong with where a resource is, and with what makes it. */
export function placeFaults(
  resource: TerraformResource,
  settings: Settings,
  provider: TerraformProvider | undefined,
): Fault[] {
  const own = givenAddress(resource);
  const { friendlyUniqueId } = resource;
  const { _imported: imported } = resource as unknown as { readonly _imported?: object };
  return [
    ...(isTakenOut(resource) ? [GONE_FAULT] : NONE),
    ...stateBlocksOf(resource).map(stateBlockFault),
    ...(resource.provider === provider && !isGiven(settings.provider)
      ? NONE
      : [foreignProviderFault(settings.provider)]),
    ...(own !== undefined && own !== friendlyUniqueId ? [renamedAddress(own, friendlyUniqueId)] : NONE),
    ...(imported ? [IMPORTED_FAULT] : NONE),
  ];
}

/** What is wrong with meta-arguments that make none, one or several resources of a block. */
function repeatingFaults({ count, forEach }: TerraformResource, settings: Settings): readonly Fault[] {
  const set: Settings = { count, for_each: forEach, ...settings };
  return REPEATING.filter((each) => set[each] !== undefined).map(repeatingFault);
}

/** What is wrong with the lifecycle of a resource, as it was given and as overrides set it. */
function lifecycleFaults(
  { lifecycle, terraformResourceType: type }: TerraformResource,
  settings: Settings,
): readonly Fault[] {
  const lifecycles = [settings.lifecycle].flat().filter(isGiven) as Settings[];
  if (lifecycles.length === 0 && !lifecycle) return NONE;
  const paths = [lifecycle?.ignoreChanges, lifecycles.map((each) => each.ignore_changes)].flat(3);
  const ignored = paths.flatMap((path) => (typeof path === "string" ? [path.trim()] : []));
  const watched = [...(SEEN[type] ?? []), ...(WATCHED[type] ?? []), ...(isGiven(settings.mirror) ? OF_MIRROR : [])];
  return [
    ...Object.entries(LIFECYCLE).flatMap(([argument, fault]) =>
      lifecycles.some((each) => isGiven(each[argument])) ? [fault] : [],
    ),
    ...ignored.filter((path) => watched.some((attribute) => leadsTo(path, attribute))).map(ignoredFault),
  ];
}

/** What is wrong with attributes by which somebody may get at messages. */
function reachFaults(type: string, settings: Settings): readonly Fault[] {
  const seen = SEEN[type] ?? [];
  const { mirror, source } = settings;
  return [
    ...([mirror, source].flat().some(hasConsumer) ? [OWN_CONSUMER_FAULT] : NONE),
    ...Object.entries(REFUSED[type] ?? {}).flatMap(([attribute, fault]) => {
      const value = settings[attribute];
      return mayBe(value) && value !== "" ? [{ ...fault, value }] : NONE;
    }),
    ...BLOCKS.filter((name) => nests(settings[name])).map((name) => nestedFault(name, settings[name])),
    ...seen.filter((attribute) => isLate(settings[attribute])).map((each) => lateFault(each, settings[each])),
  ];
}

/**
 * What was set on a Terraform resource, by an Aspect or an override, so that nobody knows at synth who gets at messages.
 *
 * @param provider the provider that the library gives to the resource
 */
export function unseenFaults(
  resource: TerraformResource,
  settings: Settings,
  provider: TerraformProvider | undefined,
): Fault[] {
  return [
    ...placeFaults(resource, settings, provider),
    ...metaFaults(resource),
    ...reachFaults(resource.terraformResourceType, settings),
    ...attributeFaults(resource, settings),
    ...repeatingFaults(resource, settings),
    ...lifecycleFaults(resource, settings),
  ];
}
