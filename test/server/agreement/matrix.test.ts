import { setTimeout as sleep } from "node:timers/promises";
import { connect, type NatsConnection } from "nats";
import { AccessModel } from "../../../lib/analysis/access-model";
import { ResourceAccess } from "../../../lib/analysis/resource-access";
import { serverAccounts } from "../../../lib/analysis/server-model";
import type { Cell } from "../../../lib/analysis/user-access";
import type { Catalog, CatalogResource } from "../../../lib/catalog/catalog";
import { covers, overlaps } from "../../../lib/subjects/subject-pattern";
import { passwordsFor, TestServer } from "../../../scripts/tools/nats-server";
import { renderExample } from "../render";

type Deed = "read" | "write" | "manage";

/** Subjects that the resources of the examples store, among them every single key that an app is allowed. */
const PROBES = [
  "$KV.{name}.probe",
  "$KV.{name}.config.flags",
  "$KV.{name}.lock.global-migration",
  "$KV.{name}.access.users.probe",
  "$O.{name}.C.probe.probe",
  "$O.{name}.M.probe",
  "{platform}.convex.wal.probe",
  "{platform}._.events.user.created",
  "{platform}._.events.order.paid",
  "{platform}._.audit.convex.probe",
  "{platform}._.audit.cache.probe",
];

const probesOf = ({ name, platform, subjects }: CatalogResource) =>
  PROBES.map((probe) => probe.replace("{name}", name).replace("{platform}", platform)).filter((probe) =>
    subjects.some((pattern) => covers(pattern, probe)),
  );

/** What a client publishes to do something with the messages of a subject, or with the stream. */
const requestsFor = (deed: Deed, stream: string, subject: string): string[] => {
  if (deed === "write") return [subject];
  if (deed === "manage") return ["CREATE", "UPDATE", "DELETE"].map((verb) => `$JS.API.STREAM.${verb}.${stream}`);
  return [
    `$JS.API.STREAM.MSG.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}`,
    `$JS.API.DIRECT.GET.${stream}.${subject}`,
    `$JS.API.CONSUMER.CREATE.${stream}`,
    `$JS.API.CONSUMER.CREATE.${stream}.probe`,
    `$JS.API.CONSUMER.CREATE.${stream}.probe.${subject}`,
  ];
};

/** A connection that notes what the server refuses. */
class Attempts {
  private readonly refused = new Set<string>();

  public constructor(private readonly connection: NatsConnection) {
    void (async () => {
      for await (const { permissionContext: context } of connection.status()) {
        if (context) this.refused.add(`${context.operation} ${context.subject}`);
      }
    })();
  }

  public publish(subject: string): void {
    this.connection.publish(subject, "{}", { reply: "_INBOX.nobody" });
  }

  public subscribe(subject: string): void {
    this.connection.subscribe(subject, { callback: () => undefined });
  }

  public async settle(): Promise<void> {
    await this.connection.flush();
    await sleep(20);
    await this.connection.close();
  }

  public mayPublish = (subject: string) => !this.refused.has(`publish ${subject}`);
  public maySubscribe = (subject: string) => !this.refused.has(`subscription ${subject}`);
}

function modelSays(cell: Cell | undefined, deed: Deed, subject: string): boolean {
  return (cell?.abilities ?? []).some(
    ({ act, subjects }) =>
      act === deed && (deed === "manage" || subjects === undefined || subjects.some((each) => overlaps(each, subject))),
  );
}

describe.each(["quickstart", "multi-tenant"])("the matrix of examples/%s", (example) => {
  let server: TestServer;
  let catalog: Catalog;
  let accounts: string;

  beforeAll(async () => {
    const files = renderExample(example);
    catalog = files.catalog;
    accounts = files.accounts;
    server = await TestServer.start({ accounts, env: passwordsFor(accounts) });
  });
  afterAll(() => server?.stop());

  test("is what clients with these users can do, for every user, stream and subject", async () => {
    const access = new ResourceAccess(new AccessModel(serverAccounts(catalog)));
    const passwords = passwordsFor(accounts);
    const differences: string[] = [];
    let questions = 0;
    for (const { name: account, users } of catalog.accounts.filter(({ jetStream }) => jetStream)) {
      const resources = catalog.resources.filter((resource) => resource.account === account);
      for (const user of users) {
        const pass = passwords[user.connection.credentials.replace("variable ", "")];
        const attempts = new Attempts(await connect({ servers: server.url, user: user.name, pass }));
        const asked = resources.flatMap((resource) =>
          probesOf(resource).flatMap((probe) =>
            (["read", "write", "manage"] as const).map((deed) => ({ resource, probe, deed })),
          ),
        );
        for (const { resource, probe, deed } of asked) {
          for (const request of requestsFor(deed, resource.stream, probe)) attempts.publish(request);
          if (deed === "read") attempts.subscribe(probe);
        }
        await attempts.settle();
        const cells = new Map([...(access.of(user.name)?.cells ?? [])].map(([{ stream: name }, cell]) => [name, cell]));
        for (const { resource, probe, deed } of asked) {
          questions++;
          const can =
            requestsFor(deed, resource.stream, probe).some(attempts.mayPublish) ||
            (deed === "read" && attempts.maySubscribe(probe));
          const says = modelSays(cells.get(resource.stream), deed, probe);
          if (can !== says) differences.push(`${user.name} ${deed} ${probe}: server ${can}, matrix ${says}`);
        }
      }
    }
    expect(differences).toEqual([]);
    expect(questions).toBeGreaterThan(100);
  });
});
