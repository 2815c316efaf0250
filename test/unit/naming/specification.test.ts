import { AppNaming, PlatformNaming, SubjectName } from "../../../lib";

const prod = PlatformNaming.of("prod");
const convex = AppNaming.of("prod", "convex");

describe("the subjects of the specification", () => {
  const subjects: [subject: string, made: string, app: string | undefined, component: string, target: string][] = [
    ["prod.convex.kv.users/123", convex.subject("kv", "users/123"), "convex", "kv", "users/123"],
    ["prod.convex.lock.migration", convex.subject("lock", "migration"), "convex", "lock", "migration"],
    ["prod.convex.events.user.created", convex.subject("events", "user.created"), "convex", "events", "user.created"],
    ["prod.convex.election.leader", convex.subject("election", "leader"), "convex", "election", "leader"],
    ["prod.convex.wal.frames", convex.subject("wal", "frames"), "convex", "wal", "frames"],
    ["prod._.api.convex.query", convex.apiSubject("query"), undefined, "api", "convex.query"],
    ["prod._.events.user.created", prod.subject("events", "user.created"), undefined, "events", "user.created"],
    ["prod._.audit.convex.query", convex.auditSubject("query"), undefined, "audit", "convex.query"],
    ["prod._.lock.global-migration", prod.subject("lock", "global-migration"), undefined, "lock", "global-migration"],
  ];

  test.each(subjects)("%s is what the naming makes", (subject, made) => {
    expect(made).toBe(subject);
  });

  test.each(subjects)("%s is taken apart again", (subject, _made, app, component, target) => {
    const { platform, ...rest } = SubjectName.parse(subject);
    expect({ platform, ...rest }).toEqual({ platform: "prod", app, component, target });
    expect(SubjectName.parse(subject).toString()).toBe(subject);
  });
});

describe("the resources of the specification", () => {
  test.each([
    ["KV {platform}_{app}", convex.keyValueStore, "prod_convex"],
    ["KV {platform}_platform", prod.keyValueStore, "prod_platform"],
    ["Stream {platform}_{app}_wal", convex.walStream, "prod_convex_wal"],
    ["Stream {platform}_events", prod.eventsStream, "prod_events"],
    ["Stream {platform}_audit", prod.auditStream, "prod_audit"],
    ["ObjectStore {platform}_{app}_snapshots", convex.snapshotsObjectStore, "prod_convex_snapshots"],
  ])("%s", (_row, made, name) => {
    expect(made).toBe(name);
  });
});

test("the users, the account and the subjects of the specification's permissions", () => {
  expect(prod.account).toBe("PROD");
  expect(PlatformNaming.of("staging").account).toBe("STAGING");
  expect([prod.nodeUser("node-1"), prod.nodeUser("node-2")]).toEqual(["prod-node-1", "prod-node-2"]);
  expect(PlatformNaming.of("staging").nodeUser("node-1")).toBe("staging-node-1");
  expect(prod.subjects).toBe("prod.>");
  expect(convex.subjects).toBe("prod.convex.>");
  expect(prod.componentSubjects("events")).toBe("prod._.events.>");
  expect(prod.componentSubjects("audit")).toBe("prod._.audit.>");
});
