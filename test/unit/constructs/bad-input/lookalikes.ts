import type { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import {
  AppConstruct,
  AppNaming,
  Credentials,
  type IApp,
  type IObjectStore,
  type IPlatform,
  type IStream,
  PlatformNaming,
} from "../../../../lib";
import { at, convexOf, prodOf, type Row, row } from "./programs";

/** Constructs of somebody else that have all that an interface asks for. */
class OtherApp extends Construct implements IApp {
  public readonly appName = "other";
  public readonly accountName = "PROD";
  public readonly naming = AppNaming.of("prod", "other");
}

class OtherStream extends Construct implements IStream {
  public readonly streamName = "prod_other_jobs";
  public readonly accountName = "PROD";
  public readonly subjects = ["prod.other.jobs.>"];
}

class OtherStore extends Construct implements IObjectStore {
  public readonly bucketName = "prod_convex_files";
  public readonly streamName = "OBJ_prod_convex_files";
  public readonly accountName = "PROD";
}

class OtherPlatform extends Construct implements IPlatform {
  public readonly platformName = "prod";
  public readonly naming = PlatformNaming.of("prod");
}

const ABSENT = undefined as never;
const PLAIN = { streamName: "prod_other_jobs" } as never;
const STREAMS = "a stream of a platform or an app";

/** A program with an app that is given something under the name of an option. */
const given = (name: string, option: string, make: (convex: AppConstruct) => unknown, says: Row["says"]): Row =>
  row(
    `refuses ${name}`,
    (stack) => {
      const convex = convexOf(stack, { snapshots: {} });
      const prod = convex.node.scope as Construct;
      new AppConstruct(prod, "other", { [option]: make(convex) });
    },
    says,
    true,
  );

/** Classes of somebody else that are called as those of which an object belongs there. */
const NAMESAKES = { Credentials: class Credentials {}, TerraformStack: class TerraformStack {} };

const CREDENTIALS = "what Credentials.variable, Credentials.nkey or Credentials.bcrypt returns";

/** Something that the library makes, where something else of it belongs. */
const otherKinds: readonly Row[] = [
  given("a platform as the former app", "formerly", (convex) => convex.node.scope, [
    "[stack/prod/other]",
    "formerly is a platform: [stack/prod]",
    "an app",
    "Give an app, or leave it out",
  ]),
  given("an app as its platform", "platform", (convex) => convex, [
    "[stack/prod/other]",
    "platform is an app: [stack/prod/convex]",
    "a platform",
    "Give a platform, or leave it out",
  ]),
  given("an object store as a stream", "wal", (convex) => ({ mirror: { stream: convex.snapshots } }), [
    "[stack/prod/other]",
    "wal.mirror.stream is an object store: [stack/prod/convex/ObjectStore-snapshots]",
    "a stream",
    "Give a stream, or leave it out",
  ]),
  given("credentials of a class that is only called so", "credentials", () => new NAMESAKES.Credentials(), [
    "[stack/prod/other]",
    "credentials is not a Credentials (not repeated here)",
    CREDENTIALS,
    "Give a Credentials, or leave it out",
  ]),
  given("credentials that no method made", "credentials", () => Object.create(Credentials.prototype), [
    "[stack/prod/other]",
    "credentials is not a Credentials (not repeated here)",
    CREDENTIALS,
    "Give a Credentials, or leave it out",
  ]),
  given("a stack of a class that is only called so", "movedFrom", () => new NAMESAKES.TerraformStack(), [
    "[stack/prod/other]",
    "movedFrom is not a TerraformStack",
    "a TerraformStack",
    "Give a TerraformStack, or leave it out",
  ]),
];

export const lookalikeRows: readonly Row[] = [
  ...otherKinds,
  row("refuses a call of somebody else's app", (stack) => convexOf(stack).callApi(new OtherApp(stack, "x"), "query"), [
    at.convex,
    'app calls something that is no app: "other"',
    "an AppConstruct of the same platform",
    "Give the AppConstruct",
  ]),
  row("refuses a call of an app that is not there", (stack) => convexOf(stack).callApi(ABSENT, "query"), [
    at.convex,
    "app calls something that is no app",
    "an AppConstruct of the same platform",
    "Give the AppConstruct",
  ]),
  ...(
    [
      ["somebody else's stream", (app) => new OtherStream(app, "x")],
      ["an object that only has a name", () => PLAIN],
    ] as [string, (app: AppConstruct) => IStream][]
  ).flatMap(([name, make]) => [
    row(
      `refuses a consumer of ${name}`,
      (stack) => {
        const convex = convexOf(stack);
        convex.addConsumer("worker", { stream: make(convex) });
      },
      [
        at.convex,
        'consumer is given a stream that this library did not make: "prod_other_jobs"',
        STREAMS,
        "Give such a stream",
      ],
    ),
    row(
      `refuses a mirror of ${name}`,
      (stack) => {
        const convex = convexOf(stack);
        convex.addStream("jobs", { mirror: { stream: make(convex) } });
      },
      [
        at.jobs,
        'mirror is given a stream that this library did not make: "prod_other_jobs"',
        STREAMS,
        "Give such a stream",
      ],
    ),
  ]),
  row(
    "refuses a source that is given by a stream and by another name",
    (stack) => {
      const convex = convexOf(stack, { wal: {} });
      convex.addStream("jobs", { sources: [{ name: "prod_convex_more", stream: convex.wal }] });
    },
    [at.jobs, "source has both name and stream", "one of the two", "Remove name or stream"],
  ),
  row("refuses a mirror of nothing", (stack) => convexOf(stack).addStream("jobs", { mirror: {} }), [
    at.jobs,
    'mirror is not the name of a stream: ""',
    "1 to 255 characters",
    "Give the name of the other stream",
  ]),
  row(
    "refuses Litestream with somebody else's store",
    (stack) => {
      const convex = convexOf(stack);
      convex.addLitestream({ databasePath: "/data/app.db", objectStore: new OtherStore(convex, "x") });
    },
    [
      "[stack/prod/convex/Litestream]",
      'objectStore is not one of the app\'s: "prod_convex_files"',
      "addObjectStore",
      "Give the app an object store",
    ],
  ),
  ...(
    [
      ["somebody else's platform", (stack) => new OtherPlatform(stack, "x")],
      ["somebody else's construct inside of a platform", (stack) => new OtherPlatform(prodOf(stack), "x")],
      ["an object that only has a name", () => ({ platformName: "prod" }) as never],
    ] as [string, (stack: TerraformStack) => IPlatform][]
  ).map(([name, make]) =>
    row(
      `refuses ${name} as the platform of an app`,
      (stack) => new AppConstruct(stack, "convex", { platform: make(stack) }),
      [
        "[stack/convex]",
        "app's platform is none that this library made",
        "an app declared inside of a platform",
        "Pass the PlatformConstruct",
      ],
      true,
    ),
  ),
];
