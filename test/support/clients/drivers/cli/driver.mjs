import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { Connection, Unsupported } from "./connection.mjs";
import { OPERATIONS } from "./operations.mjs";
import { FOLDER } from "./program.mjs";

/**
 * A driver that uses the program `nats`, whose path is the argument: it has no connections, so each operation starts the
 * program anew with the connection's options. `README.md` in the folder above has the protocol.
 */
const [program] = process.argv.slice(2);
const connections = new Map();

const say = (said) => process.stdout.write(`${JSON.stringify(said)}\n`);

function connectionOf({ connection, ...options }) {
  if (options.op === "connect") {
    const report = (event) => say({ connection, ...event });
    connections.set(connection, new Connection(program, options, report));
  }
  const found = connections.get(connection);
  if (!found) throw new Error(`no connection ${connection}`);
  return found;
}

async function handle(request) {
  const { id, op } = request;
  try {
    const operation = OPERATIONS[op];
    if (!operation) throw new Unsupported(`there is no operation ${op}`);
    say({ id, value: (await operation(connectionOf(request), request)) ?? null });
  } catch (error) {
    say({ id, error: error.message, unsupported: error instanceof Unsupported || undefined });
  }
}

function end() {
  for (const connection of connections.values()) connection.close();
  rmSync(FOLDER, { recursive: true, force: true });
  process.exit();
}

createInterface({ input: process.stdin })
  .on("line", (line) => void handle(JSON.parse(line)))
  .on("close", end);
process.on("SIGTERM", end);
