/** The NATS client libraries whose needs are known. Each line of a permission names those that fail without it. */
export enum NatsClient {
  /** nats.js 2: the npm package `nats`. */
  NATS_JS_V2 = "nats.js v2",
  /** nats.js 3: the npm packages `@nats-io/*`. */
  NATS_JS_V3 = "nats.js v3",
  /** nats.go with the package `jetstream`. */
  NATS_GO = "nats.go",
  /** nats.go with `nc.JetStream()`. */
  NATS_GO_LEGACY = "nats.go legacy",
  /** nats.py: the PyPI package `nats-py`. */
  NATS_PY = "nats.py",
  /** The command `nats`. */
  NATS_CLI = "nats CLI",
  /** nats.java: the Maven artifact `io.nats:jnats`. */
  NATS_JAVA = "nats.java",
  /** nats.rs: the crate `async-nats`. */
  NATS_RUST = "nats.rs",
}

/** Every client: what an app is given that does not say which it uses. */
export const ALL_CLIENTS: readonly NatsClient[] = Object.values(NatsClient);
