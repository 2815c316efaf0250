import { connect, type NatsConnection } from "nats";
import { behaviourOf } from "./behaviour";
import { ServerApi } from "./server-api";
import type { State } from "./values";

const NOT_SUPPORTED = ["credentials", "credential_data", "nkey"];

/** What is wrong with the provider's block. */
export function providerErrors(config: State): string[] {
  const given = (name: string) => Boolean(config?.[name]);
  const conflicts = Object.entries(behaviourOf("provider"))
    .filter(([name]) => given(name))
    .flatMap(([name, { conflicts_with = [] }]) =>
      conflicts_with.filter(given).map((other) => `"${name}": conflicts with ${other}`),
    );
  const unsupported = NOT_SUPPORTED.filter(given).map((name) => `the provider of the tests has no ${name}`);
  return [...conflicts, ...unsupported];
}

/**
 * Does something with the JetStream API as the user that the provider's block names. As the real provider does, it
 * connects anew for each operation and asks for the account's JetStream first.
 */
export async function withServer<T>(config: State, use: (api: ServerApi) => Promise<T>): Promise<T> {
  const connection = await open(config);
  try {
    const api = new ServerApi(connection);
    await api.account();
    return await use(api);
  } finally {
    await connection.close();
  }
}

function open(config: State): Promise<NatsConnection> {
  const { servers, user, password } = (config ?? {}) as Readonly<Record<string, string | null>>;
  const identity = password ? { user: user ?? "", pass: password } : user ? { token: user } : {};
  return connect({ servers: String(servers).split(","), ...identity, reconnect: false, timeout: 2000 });
}
