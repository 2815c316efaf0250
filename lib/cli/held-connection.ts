import type { NatsConnection } from "@nats-io/transport-node";

/** A connection that is made when it is needed, and again when it was lost. */
export class HeldConnection {
  private held: NatsConnection | undefined;
  private opening: Promise<NatsConnection> | undefined;

  public constructor(private readonly open: () => Promise<NatsConnection>) {}

  /** The connection; a new one if there is none that is open. @throws what making it throws */
  public async get(): Promise<NatsConnection> {
    if (this.held && !this.held.isClosed()) return this.held;
    this.opening ??= this.open().finally(() => {
      this.opening = undefined;
    });
    this.held = await this.opening;
    return this.held;
  }

  /** Closes it; the next call makes another one. */
  public async close(): Promise<void> {
    await this.opening?.catch(() => undefined);
    await this.held?.close();
    this.held = undefined;
  }
}
