import type { Client, ConnectionOptions, Variant } from "./client";
import { Js2Client } from "./js2";
import { Js3Client } from "./js3";

/** Connects with the client library of a variant. */
export function connectClient({ library, direct }: Variant, options: ConnectionOptions): Promise<Client> {
  return library === "nats" ? Js2Client.connect(options, direct) : Js3Client.connect(options, direct);
}
