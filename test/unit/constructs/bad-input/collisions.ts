import type { TerraformStack } from "cdktf";
import { AppConstruct, PlatformConstruct } from "../../../../lib";
import { at, convexOf, otherStack, prodOf, type Row, row } from "./programs";

const RENAME = "Rename one of the two";
const servers = ["nats://nats:4222"];
const once = (kind: string) => `each ${kind} name once in a program, in whichever stack`;
const platform = (scope: TerraformStack, name: string, nodes: string[] = []) =>
  new PlatformConstruct(scope, name, { nodes, servers });

export const collisionRows: readonly Row[] = [
  row(
    "refuses a second platform of the same name in the same stack",
    (stack) => {
      prodOf(stack);
      new PlatformConstruct(stack, "again", { platformName: "prod", servers });
    },
    ["[stack/again]", `platform name is already taken by ${at.prod}: "prod"`, once("platform"), RENAME],
  ),
  row(
    "refuses a second platform of the same name in another stack",
    (stack, app) => {
      prodOf(stack);
      prodOf(otherStack(app));
    },
    ["[other/prod]", `platform name is already taken by ${at.prod}: "prod"`, once("platform"), RENAME],
  ),
  row(
    "refuses a second app of the same name",
    (stack) => {
      const prod = prodOf(stack);
      new AppConstruct(prod, "convex");
      new AppConstruct(prod, "again", { appName: "convex" });
    },
    ["[stack/prod/again]", `app name is already taken by ${at.convex}: "prod.convex"`, once("app"), RENAME],
  ),
  row(
    "refuses a second app of the same name in another stack",
    (stack, app) => {
      const convex = convexOf(stack);
      new AppConstruct(otherStack(app), "again", {
        appName: "convex",
        platform: convex.node.scope as PlatformConstruct,
      });
    },
    ["[other/again]", `app name is already taken by ${at.convex}: "prod.convex"`, once("app"), RENAME],
  ),
  row(
    "refuses an app with the name of a node",
    (stack) => new AppConstruct(prodOf(stack), "app", { appName: "node-1" }),
    ["[stack/prod/app]", `user name is already taken by ${at.prod}: "prod-node-1"`, once("user"), RENAME],
  ),
  row(
    "refuses users of two platforms that have one name",
    (stack) => {
      new AppConstruct(platform(stack, "prod"), "app", { appName: "eu-x" });
      new AppConstruct(platform(stack, "prod-eu"), "app", { appName: "x" });
    },
    ["[stack/prod-eu/app]", 'user name is already taken by [stack/prod/app]: "prod-eu-x"', once("user"), RENAME],
  ),
  row(
    "refuses a node of one platform with the name of another platform's app",
    (stack) => {
      platform(stack, "prod", ["eu-x"]);
      new AppConstruct(platform(stack, "prod-eu"), "app", { appName: "x" });
    },
    ["[stack/prod-eu/app]", `user name is already taken by ${at.prod}: "prod-eu-x"`, once("user"), RENAME],
  ),
  row(
    "refuses a stream and a key-value bucket of one name",
    (stack) => {
      const app = convexOf(stack);
      app.addStream("jobs");
      app.addKeyValueStore("jobs");
    },
    [
      "[stack/prod/convex/KeyValueStore-jobs]",
      `resource name is already taken by ${at.jobs}: "prod_convex_jobs"`,
      once("resource"),
      RENAME,
    ],
  ),
  row(
    "refuses two streams of one name",
    (stack) => {
      const app = convexOf(stack);
      app.addStream("jobs");
      app.addStream("jobs", { subjects: ["prod.convex.more.>"] });
    },
    [
      "[stack/prod/convex/Stream-jobs-2]",
      `resource name is already taken by ${at.jobs}: "prod_convex_jobs"`,
      once("resource"),
      RENAME,
    ],
  ),
  row(
    "refuses a second wal stream",
    (stack) => convexOf(stack, { wal: {} }).addStream("wal", { subjects: ["prod.convex.more.>"] }),
    [
      "[stack/prod/convex/Stream-wal-2]",
      'already taken by [stack/prod/convex/Stream-wal]: "prod_convex_wal"',
      once("resource"),
      RENAME,
    ],
  ),
  row(
    "refuses two object stores of one name",
    (stack) => convexOf(stack, { snapshots: {} }).addObjectStore("snapshots"),
    [
      "[stack/prod/convex/ObjectStore-snapshots-2]",
      `resource name is already taken by ${at.snapshots}: "prod_convex_snapshots"`,
      once("resource"),
      RENAME,
    ],
  ),
  row(
    "refuses an app with the name of a stream of the platform",
    (stack) => {
      const prod = prodOf(stack);
      prod.addStream("convex");
      new AppConstruct(prod, "convex");
    },
    [
      at.keyValueStore,
      'resource name is already taken by [stack/prod/Stream-convex]: "prod_convex"',
      once("resource"),
      RENAME,
    ],
  ),
  row(
    "refuses a stream of the platform with the name of an app in another stack",
    (stack, app) => {
      const prod = prodOf(stack);
      new AppConstruct(otherStack(app), "convex", { platform: prod });
      prod.addStream("convex");
    },
    [
      "[stack/prod/Stream-convex]",
      'resource name is already taken by [other/convex/KeyValueStore]: "prod_convex"',
      once("resource"),
      RENAME,
    ],
  ),
];
