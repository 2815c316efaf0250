import { checkServerIdentity, type PeerCertificate } from "node:tls";
import type { NodeConnectionOptions } from "@nats-io/transport-node";

/** What the client asks a certificate for where it has no name: that of a server that is named by its address. */
const NO_NAME = "localhost";

/** The host in the address of a server: `nats://127.0.0.1:4222`, `[::1]:4222`. */
const hostOf = (url: string): string => /^(?:\w+:\/\/)?(?:[^@/]*@)?\[?([^\]/]*?)\]?(?::\d+)?\/?$/.exec(url)?.[1] ?? url;

/** Checks whose a certificate is. One of a server that is named by its address has to be of an address or name that is given. */
const identityCheck =
  (hosts: readonly string[]) =>
  (host: string, certificate: PeerCertificate): Error | undefined => {
    const errors = (host === NO_NAME ? hosts : [host]).map((each) => checkServerIdentity(each, certificate));
    return errors.includes(undefined) ? undefined : errors[0];
  };

/**
 * How a connection is encrypted, by the files that the environment names; undefined where it names none. A client encrypts without
 * them too, if the server wants that and its certificate is of an authority that Node trusts.
 *
 * @param servers where to connect
 */
export function encryptionTo(servers: readonly string[]): NodeConnectionOptions["tls"] {
  const { NATS_CA, NATS_CERT, NATS_KEY } = process.env;
  if (!NATS_CA && !NATS_CERT && !NATS_KEY) return undefined;
  const files = {
    ...(NATS_CA ? { caFile: NATS_CA } : {}),
    ...(NATS_CERT ? { certFile: NATS_CERT } : {}),
    ...(NATS_KEY ? { keyFile: NATS_KEY } : {}),
  };
  return Object.assign(files, { checkServerIdentity: identityCheck(servers.map(hostOf)) });
}
