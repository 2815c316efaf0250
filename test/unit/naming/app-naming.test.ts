import { AppNaming, PlatformNaming } from "../../../lib";

const convex = AppNaming.of("prod", "convex");

test("an app's names are the same from its platform and on their own", () => {
  expect(PlatformNaming.of("prod").app("convex")).toEqual(convex);
  expect([convex.platform, convex.app]).toEqual(["prod", "convex"]);
});

test.each([
  ["subjects", convex.subjects, "prod.convex.>"],
  ["subject", convex.subject("jobs", "mail.send"), "prod.convex.jobs.mail.send"],
  ["componentSubjects", convex.componentSubjects("wal"), "prod.convex.wal.>"],
  ["apiSubject", convex.apiSubject("users.list"), "prod._.api.convex.users.list"],
  ["auditSubject", convex.auditSubject("users.list"), "prod._.audit.convex.users.list"],
  ["keyValueStore", convex.keyValueStore, "prod_convex"],
  ["walStream", convex.walStream, "prod_convex_wal"],
  ["snapshotsObjectStore", convex.snapshotsObjectStore, "prod_convex_snapshots"],
  ["resource", convex.resource("jobs"), "prod_convex_jobs"],
  ["user", convex.user, "prod-convex"],
  ["passwordVariable", convex.passwordVariable, "PROD_CONVEX_PASSWORD"],
  ["inboxPrefix", convex.inboxPrefix, "_INBOX_prod_convex"],
  ["consumer without a name", convex.consumer(), "convex"],
  ["consumer with a name", convex.consumer("worker"), "convex_worker"],
  ["key of kv", convex.key("kv", "users/123"), "users/123"],
  ["key of lock", convex.key("lock", "migration"), "lock.migration"],
  ["key of election", convex.key("election", "leader"), "election.leader"],
  ["subject of a kv key", convex.keySubject("kv", "users/123"), "$KV.prod_convex.users/123"],
  ["subject of a lock's key", convex.keySubject("lock", "migration"), "$KV.prod_convex.lock.migration"],
  ["subject of an election's key", convex.keySubject("election", "leader"), "$KV.prod_convex.election.leader"],
])("%s", (_name, made, expected) => {
  expect(made).toBe(expected);
});

test("hyphens stay in resource names and users and become underscores in variables", () => {
  const app = AppNaming.of("prod-eu", "image-cache");
  expect(app.keyValueStore).toBe("prod-eu_image-cache");
  expect(app.user).toBe("prod-eu-image-cache");
  expect(app.passwordVariable).toBe("PROD_EU_IMAGE_CACHE_PASSWORD");
  expect(app.inboxPrefix).toBe("_INBOX_prod-eu_image-cache");
});

test.each<[name: string, call: () => unknown, message: RegExp]>([
  ["an app without a name", () => AppNaming.of("prod", ""), /app name is missing.*Give the app a name/],
  [
    "an app name that is no text",
    () => AppNaming.of("prod", {} as never),
    /app name is not a text: \{\}.*Give the app/,
  ],
  ["an app name in upper case", () => AppNaming.of("prod", "Convex"), /"Convex".*Did you mean "convex"\?/],
  ["an app name in camel case", () => AppNaming.of("prod", "imageCache"), /Did you mean "image-cache"\?/],
  ["an app name with an underscore", () => AppNaming.of("prod", "image_cache"), /Did you mean "image-cache"\?/],
  ["an app name with a dot", () => AppNaming.of("prod", "image.cache"), /Did you mean "image-cache"\?/],
  ["an app name with a leading digit", () => AppNaming.of("prod", "3d"), /"3d".*Did you mean "d"\?/],
  ["an app name without a near valid one", () => AppNaming.of("prod", "42"), /"42".*Choose another name/],
  ["`_`, which stands for the platform", () => AppNaming.of("prod", "_"), /app name.*"_"/],
  ["the app name platform", () => AppNaming.of("prod", "platform"), /reserved.*platform's own key-value bucket/],
  ["the app name events", () => AppNaming.of("prod", "events"), /reserved.*events stream/],
  ["the app name audit", () => AppNaming.of("prod", "audit"), /reserved.*audit stream/],
  ["the app name terraform", () => AppNaming.of("prod", "terraform"), /reserved.*Terraform user/],
  ["a component with a dot", () => convex.subject("user.events", "x"), /component name.*"user\.events"/],
  ["a wildcard for a component", () => convex.componentSubjects("*"), /component name.*"\*"/],
  [
    "a target with an empty token",
    () => convex.subject("wal", "a..b"),
    /target of a subject has an empty token.*"a\.\.b"/,
  ],
  ["an empty target", () => convex.subject("wal", ""), /target of a subject is empty/],
  ["a target with a wildcard", () => convex.subject("wal", "a.*"), /target of a subject contains a wildcard/],
  ["a target with white space", () => convex.apiSubject("a b"), /target of a subject contains white space/],
  ["a wildcard in an audit target", () => convex.auditSubject(">"), /target of a subject contains a wildcard/],
  ["a resource name with an underscore", () => convex.resource("a_b"), /stream name.*"a_b".*"a-b"/],
  ["a consumer name with a dot", () => convex.consumer("a.b"), /consumer name.*"a\.b".*"a-b"/],
  ["an empty consumer name", () => convex.consumer(""), /consumer name is missing/],
  ["a key of a component outside of the bucket", () => convex.key("wal", "x"), /"wal".*kv, lock, election/],
  ["a key of config, which only platforms have", () => convex.key("config", "x"), /"config".*kv, lock, election/],
  ["a kv key that poses as a lock", () => convex.key("kv", "lock.migration"), /prefix of another.*component "lock"/],
  ["a kv key that poses as an election", () => convex.key("kv", "election.x"), /prefix.*component "election"/],
  ["a key that ends with a dot", () => convex.key("kv", "a."), /key is not valid.*"a\."/],
  ["a key that begins with a dot", () => convex.key("lock", ".a"), /key is not valid.*"\.a"/],
  ["a key with two dots in a row", () => convex.key("kv", "a..b"), /key is not valid/],
  ["an empty key", () => convex.key("lock", ""), /key is not valid/],
  ["a key with a wildcard", () => convex.keySubject("kv", ">"), /key is not valid.*">"/],
  ["a key with white space", () => convex.keySubject("election", "a b"), /key is not valid/],
])("refuses %s", (_name, call, message) => {
  expect(call).toThrow(message);
});

test("refuses the platform's and the app's name in one error", () => {
  expect(() => AppNaming.of("Prod", "Convex")).toThrow(/"Prod"[\s\S]*"Convex"/);
});

test.each(["locks", "lock", "locker.a", "election", "elections.a"])("the kv key %s poses as nothing else", (target) => {
  expect(convex.key("kv", target)).toBe(target);
});
