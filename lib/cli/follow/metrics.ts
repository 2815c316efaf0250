import { createServer, type Server } from "node:http";
import { Refusal } from "../refusal";
import type { FollowState } from "./follower";
import type { Notice } from "./unit";

/** What a process counts of itself. */
export class FollowCounts {
  public reloads = 0;
  public refusals = 0;
  /** When something was last seen to be in force, in milliseconds since 1970; 0 for never. */
  public lastInForce = 0;
  private readonly errors = new Map<string, number>();

  /** Counts an error. */
  public fail(kind: string): void {
    this.errors.set(kind, (this.errors.get(kind) ?? 0) + 1);
  }

  /** How often errors were of each kind. */
  public get failures(): readonly (readonly [kind: string, count: number])[] {
    return [...this.errors];
  }
}

type Sample = readonly [labels: string, value: number];

/** A metric: its name, its type, what it says, and its values. */
type Metric = readonly [name: string, type: "gauge" | "counter", about: string, samples: readonly Sample[]];

const KINDS: readonly Notice["kind"][] = ["waiting", "refused", "held", "unreadable"];

const only = (value: number): readonly Sample[] => [["", value]];

function metricsOf(state: FollowState, counts: FollowCounts, now: number): Metric[] {
  const { isInForce, digest = "", notices, documents, users } = state;
  const of = (kind: Notice["kind"]) => notices.filter((notice) => notice.kind === kind).length;
  const age = counts.lastInForce === 0 ? -1 : (now - counts.lastInForce) / 1000;
  return [
    ["in_force", "gauge", "1 if all documents are in force on the server", only(Number(isInForce))],
    ["info", "gauge", "the digest of the accounts that are in force", [[`{digest="${digest}"}`, 1]]],
    ["in_force_age_seconds", "gauge", "seconds since all was last seen in force; -1 for never", only(age)],
    ["stacks", "gauge", "what is not followed, by why", KINDS.map((kind): Sample => [`{state="${kind}"}`, of(kind)])],
    ["documents", "gauge", "documents in force", only(documents)],
    ["users", "gauge", "users in force", only(users)],
    ["reloads_total", "counter", "how often the server was told to read its configuration", only(counts.reloads)],
    ["refusals_total", "counter", "how often the server has refused it", only(counts.refusals)],
    [
      "errors_total",
      "counter",
      "looks that failed, by why",
      counts.failures.map(([kind, count]): Sample => [`{kind="${kind}"}`, count]),
    ],
  ];
}

/** Metrics as Prometheus reads them. */
export function metricsText(state: FollowState, counts: FollowCounts, now = Date.now()): string {
  return metricsOf(state, counts, now)
    .flatMap(([name, type, about, samples]) => {
      const full = `nats_accounts_${name}`;
      return [
        `# HELP ${full} ${about}`,
        `# TYPE ${full} ${type}`,
        ...samples.map(([labels, value]) => `${full}${labels} ${value}`),
      ];
    })
    .map((line) => `${line}\n`)
    .join("");
}

/** Where to listen: `127.0.0.1:9100`, `[::1]:9100`. */
function addressOf(given: string): { readonly host: string; readonly port: number } {
  const [, six, four, port] = /^(?:\[([\da-fA-F:]+)\]|([\w.-]+)):(\d+)$/.exec(given) ?? [];
  const host = six ?? four;
  if (host !== undefined && Number(port) <= 65_535) return { host, port: Number(port) };
  throw new Refusal(`--metrics is no address with a port: ${given}`, ["As 127.0.0.1:9100 or [::1]:9100."]);
}

/**
 * Serves metrics at `/metrics`, and at `/healthz` that the process is alive.
 *
 * @throws a refusal where the address is none, or is taken
 */
export async function served(address: string, text: () => string): Promise<Server> {
  const { host, port } = addressOf(address);
  const server = createServer(({ url, method }, response) => {
    const found = method !== "GET" ? undefined : { "/metrics": text, "/healthz": () => "ok\n" }[url ?? ""];
    response.statusCode = found ? 200 : 404;
    response.setHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    response.end(found?.() ?? "There is /metrics and /healthz.\n");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(new Refusal(`--metrics cannot listen at ${address}: ${error.message}`)));
    server.listen(port, host, resolve);
  });
  return server;
}
