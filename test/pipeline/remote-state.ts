import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What a request sends; undefined if its sender is killed before all of it is there. */
async function wholeBody(request: IncomingMessage): Promise<string | undefined> {
  let body = "";
  try {
    for await (const part of request.setEncoding("utf8")) body += part;
    return body;
  } catch {
    return undefined;
  }
}

/**
 * A place for states that is not a file, for Terraform's backend `http`. As with every remote state, Terraform writes
 * there only every 20 seconds and when it ends, so that what a killed apply has made is not in the state at all.
 */
export class RemoteState {
  /** Opens one, at a free port of this machine. */
  public static async open(): Promise<RemoteState> {
    const states = new Map<string, string>();
    const server = createServer(async (request, response) => {
      const name = request.url ?? "";
      if (request.method === "POST") {
        const state = await wholeBody(request);
        if (state === undefined) return;
        states.set(name, state);
      }
      const state = states.get(name);
      response.writeHead(state === undefined ? 404 : 200).end(request.method === "GET" ? state : undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new RemoteState(server);
  }

  private constructor(private readonly server: Server) {}

  /** The settings of the backend for one state. */
  public backend(name: string): object {
    return { http: { address: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${name}` } };
  }

  /** Forgets all states. */
  public close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
