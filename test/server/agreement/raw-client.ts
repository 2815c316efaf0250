import { connect, type Socket } from "node:net";

/** What a server sends to a client. */
export type Received =
  | {
      readonly kind: "message";
      readonly subject: string;
      readonly sid: string;
      /** The subject for answers, if there is one. */
      readonly reply?: string;
      readonly payload: string;
    }
  | { readonly kind: "error"; readonly text: string };

/** A client that speaks the protocol itself, so that it asks what no client library would ask. */
export class RawClient {
  /** Connects as a user and waits until the server has accepted it. */
  public static async open(url: string, user: string, password: string): Promise<RawClient> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const client = new RawClient(socket);
    const options = { user, pass: password, verbose: false, pedantic: false, headers: false };
    client.send(`CONNECT ${JSON.stringify(options)}\r\n`);
    const refused = await client.sync();
    if (refused.length > 0) throw new Error(JSON.stringify(refused));
    return client;
  }

  private buffer = "";
  private received: Received[] = [];
  private readonly pongs: ((received: Received[]) => void)[] = [];
  private broken: ((reason: Error) => void) | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on("data", (data) => {
      this.buffer += data.toString("latin1");
      this.parse();
    });
    for (const event of ["error", "close"]) {
      socket.on(event, () => this.broken?.(new Error(`connection lost: ${JSON.stringify(this.received)}`)));
    }
  }

  /** Sends lines of the protocol. */
  public send(text: string): void {
    this.socket.write(text);
  }

  /** Asks whether the server is done; resolves with what came since the last such question. */
  public sync(): Promise<Received[]> {
    this.send("PING\r\n");
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("no PONG within 10 s")), 10_000);
      this.broken = reject;
      this.pongs.push((received) => {
        clearTimeout(timer);
        resolve(received);
      });
    });
  }

  /** Closes the connection. */
  public close(): void {
    this.broken = undefined;
    this.socket.destroy();
  }

  private parse(): void {
    for (;;) {
      const end = this.buffer.indexOf("\r\n");
      if (end < 0) return;
      const line = this.buffer.slice(0, end);
      const [verb = "", ...words] = line.split(" ");
      let next = end + 2;
      if (verb === "MSG") {
        const size = Number(words.at(-1));
        if (this.buffer.length < next + size + 2) return;
        const payload = this.buffer.slice(next, next + size);
        const reply = words.length > 3 ? { reply: words[2] ?? "" } : {};
        this.received.push({ kind: "message", subject: words[0] ?? "", sid: words[1] ?? "", ...reply, payload });
        next += size + 2;
      }
      this.buffer = this.buffer.slice(next);
      if (verb === "-ERR") this.received.push({ kind: "error", text: line });
      if (verb === "PING") this.send("PONG\r\n");
      if (verb === "PONG") {
        const received = this.received;
        this.received = [];
        this.pongs.shift()?.(received);
      }
    }
  }
}
