import { Lazy, TerraformVariable, Token } from "cdktf";
import { AppConstruct, PlatformConstruct } from "../../../../lib";
import { at, convexOf, prodOf, type Row, row } from "./programs";

const SHAPE = "lower-case letters, digits and hyphens, beginning with a letter";
const SERVERS = { servers: ["nats://nats:4222"] };
const long = (length: number) => "x".repeat(length);

const names: Row[] = [
  row(
    "refuses a subject that an app's naming cannot make, and goes on",
    (stack) => expect(convexOf(stack).naming.subject("jobs", "x.>")).toBe("prod.convex.jobs.x.>"),
    [at.convex, 'target of a subject contains a wildcard: "x.>"', "one or more tokens", "Change the target"],
  ),
  row(
    "refuses the name of an app that a platform's naming is asked for",
    (stack) => expect(prodOf(stack).naming.app("Convex").keyValueStore).toBe("prod_Convex"),
    [at.prod, 'app name has a character that is not allowed: "Convex"', SHAPE, 'Did you mean "convex"?'],
  ),
  row("refuses a platform without a name", (stack) => prodOf(stack, { platformName: "" }), [
    at.prod,
    'platform name is missing: ""',
    SHAPE,
    "Give the platform a name",
  ]),
  row(
    "refuses a platform whose id is no name and who has no other",
    (stack) => new PlatformConstruct(stack, "Prod", SERVERS),
    [
      "[stack/Prod]",
      'platform name has a character that is not allowed: "Prod"',
      SHAPE,
      'Did you mean "prod"? Give it as platformName, which by default is the construct\'s id',
    ],
  ),
  row("refuses a platform whose id is reserved", (stack) => new PlatformConstruct(stack, "sys", SERVERS), [
    "[stack/sys]",
    "platform name is reserved (its account would be SYS",
    "any platform name but monitor, sys, access",
    "Choose another name. Give it as platformName, which by default is the construct's id",
  ]),
  row("refuses an app without a name", (stack) => convexOf(stack, { appName: "" }), [
    at.convex,
    'app name is missing: ""',
    SHAPE,
    "Give the app a name",
  ]),
  row(
    "refuses an app whose id is no name and who has no other",
    (stack) => new AppConstruct(prodOf(stack), "ImageCache"),
    [
      "[stack/prod/ImageCache]",
      'app name has a character that is not allowed: "ImageCache"',
      SHAPE,
      'Did you mean "image-cache"? Give it as appName, which by default is the construct\'s id',
    ],
  ),
  row(
    "refuses an app whose id is reserved",
    (stack) => new AppConstruct(prodOf(stack), "events"),
    [
      "[stack/prod/events]",
      "app name is reserved (its bucket would have the name of the platform's events stream)",
      "any app name but platform, events, audit, terraform, access",
      "Choose another name. Give it as appName, which by default is the construct's id",
    ],
    true,
  ),
  row("refuses a node without a name", (stack) => prodOf(stack, { nodes: [""] }), [
    at.prod,
    'node name is missing: ""',
    SHAPE,
    "Give the node a name",
  ]),
  row("refuses a platform name in upper case", (stack) => prodOf(stack, { platformName: "PROD" }), [
    at.prod,
    'not allowed: "PROD"',
    SHAPE,
    'Did you mean "prod"?',
  ]),
  row("refuses an app name in camel case", (stack) => convexOf(stack, { appName: "imageCache" }), [
    at.convex,
    'not allowed: "imageCache"',
    SHAPE,
    'Did you mean "image-cache"?',
  ]),
  row("refuses an app name with an underscore", (stack) => convexOf(stack, { appName: "image_cache" }), [
    at.convex,
    'not allowed: "image_cache"',
    SHAPE,
    'Did you mean "image-cache"?',
  ]),
  row("refuses an app name with a dot", (stack) => convexOf(stack, { appName: "image.cache" }), [
    at.convex,
    'not allowed: "image.cache"',
    SHAPE,
    'Did you mean "image-cache"?',
  ]),
  row("refuses an app name with a leading digit", (stack) => convexOf(stack, { appName: "3d-models" }), [
    at.convex,
    'not allowed: "3d-models"',
    SHAPE,
    'Did you mean "d-models"?',
  ]),
  row("refuses an app name with a wildcard", (stack) => convexOf(stack, { appName: "*" }), [
    at.convex,
    'not allowed: "*"',
    SHAPE,
    "Choose another name",
  ]),
  row("refuses a node name with an underscore", (stack) => prodOf(stack, { nodes: ["node_1"] }), [
    at.prod,
    'not allowed: "node_1"',
    SHAPE,
    'Did you mean "node-1"?',
  ]),
  row("refuses a stream name with an underscore", (stack) => convexOf(stack).addStream("mail_jobs"), [
    at.convex,
    'stream name has a character that is not allowed: "mail_jobs"',
    SHAPE,
    'Did you mean "mail-jobs"?',
  ]),
  row(
    "refuses a stream name that the provider would read as a consumer's id",
    (stack) => convexOf(stack).addStream("a_CONSUMER_b"),
    [at.convex, 'not allowed: "a_CONSUMER_b"', SHAPE, 'Did you mean "a-consumer-b"?'],
  ),
  row(
    "refuses a bucket name that the provider would read as an entry's id",
    (stack) => convexOf(stack).addKeyValueStore("a_ENTRY_b"),
    [at.convex, 'not allowed: "a_ENTRY_b"', SHAPE, 'Did you mean "a-entry-b"?'],
  ),
  row("refuses a key-value store without a name", (stack) => convexOf(stack).addKeyValueStore(""), [
    at.convex,
    'key-value store name is missing: ""',
    SHAPE,
    "Give the key-value store a name",
  ]),
  row("refuses an object store name with white space", (stack) => prodOf(stack).addObjectStore("my files"), [
    at.prod,
    'object store name has a character that is not allowed: "my files"',
    SHAPE,
    'Did you mean "my-files"?',
  ]),
  row(
    "refuses a consumer name with a dot",
    (stack) => {
      const prod = prodOf(stack);
      prod.addConsumer("a.b", { stream: prod.events });
    },
    [at.prod, 'consumer name has a character that is not allowed: "a.b"', SHAPE, 'Did you mean "a-b"?'],
  ),
  row("refuses a node that is named twice", (stack) => prodOf(stack, { nodes: ["node-1", "node-1"] }), [
    at.prod,
    'node is named twice: "node-1"',
    "each node once",
    "Remove one of the two",
  ]),
];

const reserved: Row[] = [
  ...["monitor", "sys"].map((platform) =>
    row(`refuses the platform name ${platform}`, (stack) => prodOf(stack, { platformName: platform }), [
      at.prod,
      `platform name is reserved`,
      "any platform name but monitor, sys, access",
      "Choose another name",
    ]),
  ),
  ...["platform", "events", "audit", "terraform"].map((app) =>
    row(
      `refuses the app name ${app}`,
      (stack) => convexOf(stack, { appName: app }),
      [at.convex, `: "${app}"`, "any app name but platform, events, audit, terraform, access", "Choose another name"],
      true,
    ),
  ),
  row("refuses the node name terraform", (stack) => prodOf(stack, { nodes: ["terraform"] }), [
    at.prod,
    "node name is reserved (its user",
    "any node name but terraform",
    "Choose another name",
  ]),
];

const KNOWN = "a value that is known at synth";
const PLAIN = "Give the value itself";

const tokens: Row[] = [
  row(
    "refuses a Terraform variable as the name of a platform",
    (stack) => prodOf(stack, { platformName: new TerraformVariable(stack, "name", { type: "string" }).stringValue }),
    [at.prod, "platformName is known only at apply", KNOWN, PLAIN],
  ),
  row(
    "refuses a lazy string as the name of an app",
    (stack) => convexOf(stack, { appName: Lazy.stringValue({ produce: () => "convex" }) }),
    [at.convex, "appName is known only at apply", KNOWN, PLAIN],
  ),
  row(
    "refuses a name that has a token in it",
    (stack) => prodOf(stack, { nodes: [`node-${Lazy.stringValue({ produce: () => "1" })}`] }),
    [at.prod, "nodes[0] is known only at apply", KNOWN, PLAIN],
  ),
  row(
    "refuses a list known only at apply as the nodes of a platform",
    (stack) => prodOf(stack, { nodes: Token.asList(Lazy.listValue({ produce: () => ["node-1"] })) }),
    [at.prod, "nodes is known only at apply", KNOWN, PLAIN],
  ),
  row(
    "refuses an attribute of a resource as the name of a stream",
    (stack) => {
      const convex = convexOf(stack);
      convex.addStream(convex.keyValueStore.resource.fqn);
    },
    [at.convex, "name is known only at apply", KNOWN, PLAIN],
  ),
  row(
    "refuses a token as a subject",
    (stack) => convexOf(stack).addStream("jobs", { subjects: [Lazy.stringValue({ produce: () => "prod.convex.a" })] }),
    [at.jobs, "subjects[0] is known only at apply", KNOWN, PLAIN],
  ),
];

const SHORTEN = "Shorten the platform, app or resource name";

const lengths: Row[] = [
  row(
    "refuses a key-value bucket whose name has more than 252 characters",
    (stack) => convexOf(stack, { appName: long(248) }),
    [at.keyValueStore, `key-value store name has 253 characters: "prod_${long(248)}"`, "at most 252", SHORTEN],
  ),
  row(
    "refuses an object store whose name has more than 251 characters",
    (stack) => convexOf(stack).addObjectStore(long(240)),
    ["/ObjectStore-x", `object store name has 252 characters: "prod_convex_x`, "at most 251", SHORTEN],
  ),
  row("refuses a stream whose name has more than 255 characters", (stack) => convexOf(stack).addStream(long(244)), [
    "/Stream-x",
    `stream name has 256 characters: "prod_convex_x`,
    "at most 255",
    SHORTEN,
  ]),
  row(
    "refuses a consumer whose name has more than 255 characters",
    (stack) => {
      const prod = prodOf(stack);
      new AppConstruct(prod, "convex").addConsumer(long(249), { stream: prod.events });
    },
    [at.worker, `consumer name has 256 characters: "convex_x`, "at most 255", SHORTEN],
  ),
];

export const nameRows: readonly Row[] = [...names, ...reserved, ...tokens, ...lengths];
