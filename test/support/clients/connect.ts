import type { Client, ConnectionOptions, Variant } from "./client";
import { driverProcess } from "./drivers";
import { Js2Client } from "./js2";
import { Js3Client } from "./js3";

/** Connects with the client library of a variant. */
export function connectClient({ library, direct }: Variant, options: ConnectionOptions): Promise<Client> {
  if (library === "nats") return Js2Client.connect(options, direct);
  if (library === "@nats-io") return Js3Client.connect(options, direct);
  return driverProcess(library).connect(options);
}
