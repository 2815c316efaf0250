import { behaviourOf } from "./behaviour";
import { type State, UNKNOWN } from "./values";

const CONSUMER_STARTS = [
  "stream_sequence",
  "start_time",
  "deliver_all",
  "deliver_last",
  "deliver_new",
  "deliver_last_per_subject",
];

/** What is wrong with a configuration before any server is asked, as the real provider words it. */
export function configurationErrors(type: string, config: State): string[] {
  if (config === null) return [];
  const given = (name: string) => config[name] !== null && config[name] !== undefined;
  const errors: string[] = [];
  for (const [name, { allowed, conflicts_with = [] }] of Object.entries(behaviourOf(type))) {
    if (!given(name)) continue;
    const value = config[name];
    if (allowed && value !== UNKNOWN && !isAllowed(value, allowed)) {
      errors.push(`expected ${name} to be ${phrase(allowed)}, got ${value}`);
    }
    for (const other of conflicts_with.filter(given)) errors.push(`"${name}": conflicts with ${other}`);
  }
  if (type === "jetstream_consumer") {
    const starts = CONSUMER_STARTS.filter(given);
    if (starts.length !== 1)
      errors.push(`only one of \`${CONSUMER_STARTS.join(",")}\` can be specified, got ${starts}`);
  }
  if (given("id")) errors.push("Invalid or unknown key: id");
  if (Array.isArray(config.subjects) && config.subjects.length === 0) {
    errors.push("Attribute subjects requires 1 item minimum, but config has only 0 declared");
  }
  for (const [name, each] of startTimes(config)) {
    if (typeof each === "string" && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(each)) {
      errors.push(`expected "${name}" to be a valid RFC3339 date, got ${JSON.stringify(each)}`);
    }
  }
  const pins = config.priority_policy === "pinned_client" || config.priority_policy === UNKNOWN;
  if (Number(config.priority_timeout) > 0 && !pins) {
    errors.push("setting priority_timeout requires priority_policy to be set to 'pinned_client'");
  }
  if (given("republish_destination") && !given("republish_source")) {
    errors.push('"republish_destination": all of `republish_destination,republish_source` must be specified');
  }
  return errors;
}

/** The times from which a consumer or a copy begins. */
function startTimes(config: NonNullable<State>): [string, unknown][] {
  const origins = ["mirror", "source"].flatMap((name) =>
    [config[name]].flat().map((each): [string, unknown] => [`${name}.start_time`, Object(each).start_time]),
  );
  return [["start_time", config.start_time], ...origins];
}

function isAllowed(value: unknown, allowed: readonly (string | number)[]): boolean {
  if (typeof value === "number") return value >= Number(allowed[0]) && value <= Number(allowed[1]);
  return allowed.includes(value as string);
}

function phrase(allowed: readonly (string | number)[]): string {
  if (typeof allowed[0] === "number") return `in the range (${allowed.join(" - ")})`;
  return `one of [${allowed.map((each) => `"${each}"`).join(" ")}]`;
}
