import { parse } from "yaml";

/** What the official chart puts beside `config.merge`, as far as it matters to what is merged. */
const CHART = {
  lame_duck_duration: "30s",
  lame_duck_grace_period: "10s",
  server_name: "<< $SERVER_NAME >>",
};

/** A value with the keys of its objects in the order in which the chart writes them. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value).sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key as keyof typeof value])]));
}

/**
 * The server's configuration as the chart `nats/nats` 2.14 makes it of its values. Helm reads them as YAML 1.1. The chart
 * writes JSON, line by line, and then takes the quotes from `"<< … >>"`, and makes `include` of keys that end with
 * `$include`.
 */
export function chartConfig(values: string): string {
  const { config } = parse(values, { version: "1.1" });
  const json = JSON.stringify(sorted({ ...CHART, ...config.merge }), undefined, 2).replace(
    /[\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  );
  return json.replace(/".*\$include": "(.*)",?/g, "include $1;").replace(/"<<\s+(.*?)\s+>>"/g, "$1");
}
