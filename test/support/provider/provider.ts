/*
 * A provider for machines that cannot install `nats-io/jetstream`: the tests serve it themselves, from this process, and
 * Terraform is pointed at it by TF_REATTACH_PROVIDERS.
 *
 * It is a stand-in for tests: it has the real provider's schema, defaults, replacements, ids and errors as far as this
 * library uses them, and carries the five resources out on a real nats-server. It is not the real provider: it knows no
 * TLS, nkeys and credential files, checks only what the table in `behaviour.json` names, and nobody should run anything
 * but tests with it. The same tests run against the real one with JETSTREAM_PROVIDER=real.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type GrpcObject,
  type handleUnaryCall,
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServiceClientConstructor,
  type ServiceDefinition,
  type UntypedHandleCall,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { providerMethods } from "./service";

const ADDRESSES = ["registry.terraform.io/nats-io/jetstream", "registry.opentofu.org/nats-io/jetstream"];

/** The provider while it is served on a socket of its own. */
export class TestProvider {
  /** Starts to serve. */
  public static async start(): Promise<TestProvider> {
    const provider = new TestProvider();
    await provider.listen();
    return provider;
  }

  private readonly folder = mkdtempSync(join(tmpdir(), "jetstream-provider-"));
  private readonly socket = join(this.folder, "socket");
  private readonly server = new Server();

  private constructor() {
    this.server.addService(serviceDefinition(), handlers());
  }

  /** The value of TF_REATTACH_PROVIDERS that makes Terraform and OpenTofu use this provider. */
  public get reattach(): string {
    const here = {
      Protocol: "grpc",
      ProtocolVersion: 5,
      Pid: process.pid,
      Test: true,
      Addr: { Network: "unix", String: this.socket },
    };
    return JSON.stringify(Object.fromEntries(ADDRESSES.map((address) => [address, here])));
  }

  /** Stops to serve. */
  public stop(): void {
    this.server.forceShutdown();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.bindAsync(`unix:${this.socket}`, ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
  }
}

function serviceDefinition(): ServiceDefinition {
  const definition = loadSync(join(__dirname, "tfplugin5.proto"), { keepCase: true, enums: String, bytes: Buffer });
  const { Provider } = loadPackageDefinition(definition).tfplugin5 as GrpcObject;
  return (Provider as ServiceClientConstructor).service;
}

function handlers(): UntypedServiceImplementation {
  return Object.fromEntries(
    Object.entries(providerMethods()).map(([name, method]) => [
      name,
      (async ({ request }, answer) => {
        try {
          answer(null, await method(request));
        } catch (error) {
          answer(error instanceof Error ? error : new Error(String(error)));
        }
      }) satisfies handleUnaryCall<never, object> as UntypedHandleCall,
    ]),
  );
}
