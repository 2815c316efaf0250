import { asText } from "../naming/refuse";
import type { Fault } from "../problems/fault";
import { mark } from "../problems/kinds";
import { assertMade } from "../problems/made-by";
import { refuseSurplus } from "../problems/surplus";
import { hashFault, publicKeyFault, variableFault } from "./credential-rules";
import type { CredentialsModel } from "./credentials-model";

/**
 * How a NATS user proves to the server who it is. Nothing secret is accepted: a secret in a program would land in the
 * repository, and in the server's file.
 */
export class Credentials {
  /**
   * A password that the server finds in its environment.
   *
   * @param name the environment variable's name, by default made from the user's: `PROD_CONVEX_PASSWORD`
   */
  public static variable(name: string): Credentials {
    return new Credentials({ kind: "variable", variable: asText(name) }, variableFault(name));
  }

  /**
   * An nkey. The server's file has its public half; the seed stays with the client.
   *
   * @param publicKey the public key of a user: 56 characters that begin with `U`
   */
  public static nkey(publicKey: string): Credentials {
    return new Credentials({ kind: "nkey", publicKey: asText(publicKey) }, publicKeyFault(publicKey));
  }

  /**
   * A password of which the server's file has the bcrypt hash.
   *
   * @param hash the hash, as `nats server passwd` prints it: `$2a$11$…`. A cost of 10 takes the server some 50 ms for
   *   each connection, 12 some 180 ms
   */
  public static bcrypt(hash: string): Credentials {
    const fault = hashFault(hash);
    return new Credentials({ kind: "bcrypt", hash: fault ? "" : hash }, fault);
  }

  private constructor(
    /** @internal */
    public readonly _model: CredentialsModel,
    /** @internal */
    public _fault: Fault | undefined,
  ) {
    assertMade("Credentials", () => typeof _model.kind === "string");
    mark(this, "Credentials");
  }
}

refuseSurplus(Credentials, "Credentials", (_, made) => (fault) => {
  (made as Credentials)._fault ??= fault;
});
