import { PlatformNaming } from "../../../lib";

const prod = PlatformNaming.of("prod");

test.each([
  ["platform", prod.platform, "prod"],
  ["subjects", prod.subjects, "prod.>"],
  ["subject", prod.subject("lock", "global-migration"), "prod._.lock.global-migration"],
  ["componentSubjects", prod.componentSubjects("audit"), "prod._.audit.>"],
  ["keyValueStore", prod.keyValueStore, "prod_platform"],
  ["eventsStream", prod.eventsStream, "prod_events"],
  ["auditStream", prod.auditStream, "prod_audit"],
  ["resource", prod.resource("jobs"), "prod_jobs"],
  ["key of lock", prod.key("lock", "global-migration"), "lock.global-migration"],
  ["key of config", prod.key("config", "flags"), "config.flags"],
  ["accessStore", prod.accessStore, "prod_access"],
  ["accessAccount", prod.accessAccount, "PROD_ACCESS"],
  ["accessTerraformUser", prod.accessTerraformUser, "prod-access-terraform"],
  ["accessTerraformPasswordVariable", prod.accessTerraformPasswordVariable, "prod_access_terraform_password"],
  ["subject of a key", prod.keySubject("lock", "global-migration"), "$KV.prod_platform.lock.global-migration"],
  ["account", prod.account, "PROD"],
  ["nodeUser", prod.nodeUser("node-1"), "prod-node-1"],
  ["terraformUser", prod.terraformUser, "prod-terraform"],
  ["terraformPasswordVariable", prod.terraformPasswordVariable, "prod_terraform_password"],
  ["passwordVariable", prod.passwordVariable("prod-node-1"), "PROD_NODE_1_PASSWORD"],
])("%s", (_name, made, expected) => {
  expect(made).toBe(expected);
});

test("a hyphen stays in the account and becomes an underscore in variables", () => {
  const platform = PlatformNaming.of("prod-eu");
  expect(platform.account).toBe("PROD-EU");
  expect(platform.terraformUser).toBe("prod-eu-terraform");
  expect(platform.terraformPasswordVariable).toBe("prod_eu_terraform_password");
});

test.each<[name: string, call: () => unknown, message: RegExp]>([
  ["a platform without a name", () => PlatformNaming.of(""), /platform name is missing/],
  ["a platform name in upper case", () => PlatformNaming.of("PROD"), /"PROD".*Did you mean "prod"\?/],
  ["a platform name with an underscore", () => PlatformNaming.of("prod_eu"), /Did you mean "prod-eu"\?/],
  ["a platform name with a dot", () => PlatformNaming.of("prod.eu"), /Did you mean "prod-eu"\?/],
  ["a platform name with a leading hyphen", () => PlatformNaming.of("-prod"), /Did you mean "prod"\?/],
  ["a wildcard for a platform", () => PlatformNaming.of("*"), /"\*".*Choose another name/],
  [
    "the platform name monitor",
    () => PlatformNaming.of("monitor"),
    /reserved.*MONITOR.*any platform name but monitor, sys, access/,
  ],
  ["the platform name sys", () => PlatformNaming.of("sys"), /reserved.*SYS/],
  ["an app's reserved name", () => prod.app("platform"), /app name is reserved/],
  ["a component with an underscore", () => prod.subject("a_b", "x"), /component name.*"a_b"/],
  ["an empty component", () => prod.componentSubjects(""), /component name is missing/],
  ["a target with a wildcard", () => prod.subject("events", "user.>"), /target of a subject contains a wildcard/],
  ["a resource name in upper case", () => prod.resource("Jobs"), /"Jobs".*"jobs"/],
  ["a key of kv, which only apps have", () => prod.key("kv", "x"), /"kv".*lock, config/],
  ["a key with a wildcard", () => prod.keySubject("config", "*"), /key is not valid/],
  ["the node name terraform", () => prod.nodeUser("terraform"), /node name is reserved/],
  ["a node name with an underscore", () => prod.nodeUser("node_1"), /node name.*Did you mean "node-1"\?/],
])("refuses %s", (_name, call, message) => {
  expect(call).toThrow(message);
});
