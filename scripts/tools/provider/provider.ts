/*
 * A provider for machines that cannot install `nats-io/jetstream`: the tests serve it themselves, from this process, and
 * Terraform is pointed at it by TF_REATTACH_PROVIDERS.
 *
 * It is a stand-in for tests: it has the real provider's schema, defaults, replacements, ids and errors as far as this
 * library uses them, and carries the five resources out on a real nats-server. It is not the real provider: it knows no
 * TLS, nkeys and credential files, checks only what the table in `behaviour.json` names, and nobody should run anything
 * but tests with it. The same tests run against the real one with JETSTREAM_PROVIDER=real.
 */
import { join } from "node:path";
import {
  type GrpcObject,
  type handleUnaryCall,
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServiceClientConstructor,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { METHODS, type MethodName, type Methods, providerMethods, type Request } from "./service";

const ADDRESSES = ["registry.terraform.io/nats-io/jetstream", "registry.opentofu.org/nats-io/jetstream"];

/** The provider while it is served on a port of its own. */
export class TestProvider {
  /** Starts to serve. */
  public static async start(): Promise<TestProvider> {
    const provider = new TestProvider();
    await provider.listen();
    return provider;
  }

  private readonly server = new Server();
  private port = 0;

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
      Addr: { Network: "tcp", String: `127.0.0.1:${this.port}` },
    };
    return JSON.stringify(Object.fromEntries(ADDRESSES.map((address) => [address, here])));
  }

  /** Stops to serve. */
  public stop(): void {
    this.server.forceShutdown();
  }

  private async listen(): Promise<void> {
    this.port = await new Promise((resolve, reject) => {
      this.server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
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

/**
 * Terraform opens a connection for each provider block; each has a configuration of its own, as if it were a process of
 * its own.
 */
function handlers(): UntypedServiceImplementation {
  const instances = new Map<string, Methods>();
  const instance = (peer: string) => {
    const existing = instances.get(peer) ?? providerMethods();
    instances.set(peer, existing);
    return existing;
  };
  const handler =
    (name: MethodName): handleUnaryCall<Request, object> =>
    (call, answer) => {
      Promise.resolve(call.request)
        .then(instance(call.getPeer())[name])
        .then((response) => answer(null, response), answer);
    };
  return Object.fromEntries(METHODS.map((name) => [name, handler(name)]));
}
