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
  if (given("republish_destination") && !given("republish_source")) {
    errors.push('"republish_destination": all of `republish_destination,republish_source` must be specified');
  }
  return errors;
}

function isAllowed(value: unknown, allowed: readonly (string | number)[]): boolean {
  if (typeof value === "number") return value >= Number(allowed[0]) && value <= Number(allowed[1]);
  return allowed.includes(value as string);
}

function phrase(allowed: readonly (string | number)[]): string {
  if (typeof allowed[0] === "number") return `in the range (${allowed.join(" - ")})`;
  return `one of [${allowed.map((each) => `"${each}"`).join(" ")}]`;
}
