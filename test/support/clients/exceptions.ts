import { NatsClient } from "../../../lib";

/** In what a client library differs from the others: what it cannot do, or is refused. */
export interface Exception {
  /** The check that does not work. */
  readonly check: string;
  /** The clients; all, if left out. */
  readonly clients?: readonly NatsClient[];
  /** Whether it is so for isolated apps only, and if so, only on the platforms of the tests where the caller is isolated too. */
  readonly only?: "isolated" | "apart";
  /** Whether the library has no function for it, or the server refuses it. */
  readonly is: "cannot" | "refused";
  /** Why, and what helps, as `docs/clients.md` says it. */
  readonly why: string;
}

const { NATS_JS_V2, NATS_JS_V3, NATS_GO, NATS_PY, NATS_CLI, NATS_RUST } = NatsClient;

/** How a check ends that the server refuses, in the words of the libraries. */
export const REFUSED =
  /permissions violation|nothing within|no responders|503|timeout|timed out|deadline exceeded|no response/i;

/** Everything that does not work with every client. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    check: "kv: watch of several keys",
    clients: [NATS_PY, NATS_CLI],
    is: "cannot",
    why: "It watches one pattern at a time: watch twice.",
  },
  {
    check: "kv: purge deletes",
    clients: [NATS_CLI],
    is: "cannot",
    why: "`nats kv compact` keeps markers that are younger than 30 minutes.",
  },
  { check: "kv: purge deletes", clients: [NATS_RUST], is: "cannot", why: "It has no function for it." },
  {
    check: "stream: ordered, several filters",
    clients: [NATS_CLI],
    is: "cannot",
    why: "`nats sub` takes one subject of a stream.",
  },
  {
    check: "stream: read a subject, whose stream the client looks up",
    clients: [NATS_JS_V3, NATS_GO, NATS_RUST],
    is: "cannot",
    why: "It reads a stream by its name alone.",
  },
  {
    check: "stream: read a subject, whose stream the client looks up, beyond 2 MB",
    clients: [NATS_JS_V3, NATS_GO, NATS_RUST],
    is: "cannot",
    why: "The same.",
  },
  { check: "object: status", clients: [NATS_RUST], is: "cannot", why: "It has no function for it." },
  {
    check: "platform config: watch beyond 2 MB",
    clients: [NATS_PY, NATS_RUST],
    is: "refused",
    why: "It makes its consumer without the key in the subject, which would open the whole bucket. It can read the key.",
  },
  {
    check: "platform lock: watch",
    clients: [NATS_PY, NATS_RUST],
    is: "refused",
    why: "The same: it takes and releases the lock, and reads its key to see whether it is free.",
  },
  {
    check: "platform config: get",
    clients: [NATS_JS_V2],
    only: "isolated",
    is: "refused",
    why: "It asks for `$JS.{platform}.API.INFO`, which would show the usage of the platform's account. It can request the key: `$JS.prod.API.DIRECT.GET.KV_prod_platform.$KV.prod_platform.config.flags`.",
  },
  {
    check: "platform config: watch beyond 2 MB",
    only: "isolated",
    is: "refused",
    why: "Whoever watches makes consumers, without an end, in the platform's account. An isolated app reads the key.",
  },
  {
    check: "platform lock: take and release",
    only: "isolated",
    is: "refused",
    why: "Whoever can write one key of a bucket can wipe it, with a roll-up. Synth refuses a program that asks for it.",
  },
  { check: "platform lock: watch", only: "isolated", is: "refused", why: "As taking it." },
  {
    check: "service: receive a call",
    only: "apart",
    is: "refused",
    why: "A node calls an isolated app only where an app of the platform's account calls it too.",
  },
  { check: "service: answer a node", only: "apart", is: "refused", why: "As receiving its call." },
];

/** The exception that holds for a check with a client, if one does. */
export function exceptionOf(
  check: string,
  client: NatsClient,
  where: "shared" | "isolated" | "apart",
): Exception | undefined {
  return EXCEPTIONS.find(
    (each) =>
      each.check === check &&
      (each.clients?.includes(client) ?? true) &&
      (each.only === undefined || each.only === where || (each.only === "isolated" && where === "apart")),
  );
}

/** Whether a check ended as it must: it works, or it is an exception and ends like one. */
export function endsAsExpected(outcome: string | undefined, exception: Exception | undefined): boolean {
  if (!exception) return outcome === "works";
  return exception.is === "cannot" ? /^cannot: /.test(outcome ?? "") : REFUSED.test(outcome ?? "");
}
