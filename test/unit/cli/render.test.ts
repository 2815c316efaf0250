import { AccountsFile, AppConstruct, Credentials, Isolation, MonitorConstruct, PlatformConstruct } from "../../../lib";
import { SERVERS } from "../../support/prod";
import { type Program, synthFiles } from "../../support/synth";
import { command } from "./cli";

const HASH = `$2a$11$${"a".repeat(53)}`;

const shop: Program = (stack) => {
  const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS, nodes: ["b", "a"] });
  const convex = new AppConstruct(prod, "convex", { wal: {} });
  convex.serveApi("query");
  new AppConstruct(prod, "cache", { isolation: Isolation.ACCOUNT, liveEvents: [">"] }).callApi(convex, "query");
};

const search =
  (
    more: (app: AppConstruct, prod: ReturnType<typeof PlatformConstruct.fromPlatformName>) => void = () => {},
  ): Program =>
  (stack) => {
    const prod = PlatformConstruct.fromPlatformName(stack, "prod", "prod", {
      owner: "github.com/acme/search",
      servers: SERVERS,
    });
    more(new AppConstruct(stack, "search", { platform: prod }), prod);
  };

const platform =
  (name: string, more: object = {}): Program =>
  (stack) => {
    new AppConstruct(
      new PlatformConstruct(stack, name, { servers: SERVERS, nodes: ["n"], ...more }),
      "app",
    ).publishAudit();
  };

/** What programs write, each into a folder of its own by its name. */
const written = (programs: { readonly [name: string]: Program }) =>
  Object.fromEntries(
    Object.entries(programs).flatMap(([name, program]) =>
      Object.entries(synthFiles(program)).map(([path, text]) => [`${name}/${path}`, text]),
    ),
  );

function rendered(programs: { readonly [name: string]: Program }, options: readonly string[] = [], more: object = {}) {
  const folders = Object.keys(programs).map((name) => `${name}/stack`);
  return command(["accounts", "render", ...folders, ...options], { ...written(programs), ...more });
}

test("of one program it is the file of its synth", () => {
  const { status, out } = rendered({ shop });
  expect(status).toBe(0);
  expect(out).toBe(synthFiles(shop)["stack/accounts.conf"]);
});

test("of one program with a platform that is in no file it is the file of its synth, too", () => {
  const program: Program = (stack, app) => {
    platform("aaa", { accountsFile: false })(stack, app);
    platform("prod")(stack, app);
  };
  expect(rendered({ program })).toMatchObject({ status: 0, out: synthFiles(program)["stack/accounts.conf"] });
});

test("of one program it is the Helm values of its synth", () => {
  const program: Program = (stack, app) => {
    shop(stack, app);
    new AccountsFile(stack, "accounts", { helmValues: true });
  };
  expect(rendered({ shop }, ["--helm"]).out).toBe(synthFiles(program)["stack/accounts.helm.yaml"]);
});

test("two platforms of two programs make the file that they make in one", () => {
  const both: Program = (stack, app) => {
    platform("prod")(stack, app);
    platform("dev")(stack, app);
  };
  const { out, err } = rendered({ one: platform("prod"), two: platform("dev") });
  expect(err).toBe("");
  expect(out).toBe(synthFiles(both)["stack/accounts.conf"]);
});

test("apps of a program that only refers to a platform are users of it", () => {
  const { status, out } = rendered({ shop, search: search((app) => app.serveApi("find")) });
  expect(status).toBe(0);
  expect(out).toContain("#  PROD_SEARCH_PASSWORD\n");
  const [, prod = ""] = out.split(/^ {2}PROD \{$/m);
  expect(prod.split(/^ {2}\}$/m)[0]).toContain('user: "prod-search"');
  expect(prod.split('user: "prod-search"')[1]).toContain('"prod._.api.search.find"');
  expect(out.replace(/^.*SEARCH.*\n/m, "").length).toBeGreaterThan(
    synthFiles(shop)["stack/accounts.conf"]?.length ?? 0,
  );
});

test("a call from one program to another is served there, or refused", () => {
  const calling = search((app, prod) => app.callApi(AppConstruct.fromAppName(app, "c", "convex", prod), "query"));
  expect(rendered({ shop, calling }).status).toBe(0);
  const wrong = search((app, prod) => app.callApi(AppConstruct.fromAppName(app, "c", "convex", prod), "delete"));
  const { status, out, err } = rendered({ shop, wrong });
  expect([status, out]).toEqual([2, ""]);
  expect(err).toContain("prod-search of platform prod] app calls what no app of the given programs serves");
  expect(err).toContain('"prod._.api.convex.delete"');
});

test("who answers may answer callers of other programs, whatever inbox these have", () => {
  const calling: Program = (stack) => {
    const prod = PlatformConstruct.fromPlatformName(stack, "prod", "prod", {
      owner: "github.com/acme/search",
      servers: SERVERS,
    });
    const app = new AppConstruct(stack, "search", { platform: prod, privateInbox: true });
    app.callApi(AppConstruct.fromAppName(stack, "c", "convex", prod), "query");
  };
  const { out } = rendered({ shop, calling });
  const linesOf = (user: string) => out.split(`user: "${user}"`)[1]?.split("subscribe: [")[0];
  expect(linesOf("prod-convex")).toContain('"_INBOX_prod_search.>"');
  expect(linesOf("prod-search")).not.toContain('"_INBOX_prod_search.>"');
  expect(out.split("PROD_NODE = {")[1]?.split("subscribe: [")[0]).toContain('"_INBOX_prod_search.>"');
});

test("the system account has users for people and for the command, each with a variable of its own", () => {
  const options = ["--system-user", "admin", "--reload-user", "deploy"];
  const { out } = rendered({ shop }, options);
  expect(out).toContain('system_account: "SYS"\n');
  const [, system = ""] = out.split(/^ {2}SYS \{$/m);
  const [, admin = "", deploy = ""] = system.split(/user: "sys-/);
  expect(admin).toMatch(/^admin", password: \$SYS_ADMIN_PASSWORD/);
  expect(admin).toMatch(/publish: \[\s*">"/);
  expect(deploy).toMatch(/^deploy", password: \$SYS_DEPLOY_PASSWORD/);
  expect(deploy).not.toContain('">"');
  expect(rendered({ shop }, [...options, "--helm"]).out).toContain("system_account: SYS\n");
});

test.each<[string, readonly string[], Program, string]>([
  ["no name", ["--system-user", "A b"], shop, "--system-user is no name of a user: A b"],
  [
    "a seed behind a name",
    ["--reload-user", `a=SU${"A".repeat(56)}`],
    shop,
    "an nkey seed is given where the public key belongs",
  ],
  ["no key behind a name", ["--reload-user", "a="], shop, "--reload-user has no public key behind its name"],
  ["a name twice", ["--system-user", "a", "--reload-user", "a"], shop, "user sys-a is named twice"],
  [
    "a variable that an app has",
    ["--system-user", "a"],
    platform("prod", { nodeCredentials: { n: Credentials.variable("SYS_A_PASSWORD") } }),
    "server variable of the user sys-a is already taken by the user prod-n",
  ],
])("the system account is refused with %s", (_, options, program, text) => {
  const { status, out, err } = rendered({ program }, options);
  expect([status, out]).toEqual([2, ""]);
  expect(err).toContain(text);
});

test("a call of an app in another account is refused where no program has made its way", () => {
  const owner: Program = (stack) => {
    const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS });
    new AppConstruct(prod, "iso", { isolation: Isolation.ACCOUNT }).serveApi("q");
  };
  const caller = search((app, prod) => app.callApi(AppConstruct.fromAppName(app, "i", "iso", prod), "q"));
  const { status, err } = rendered({ owner, caller });
  expect(status).toBe(2);
  expect(err).toContain(
    "app calls what an app in account PROD_ISO_MESSAGING serves, which its own account does not import",
  );
});

describe("programs that do not fit are refused, all faults at once", () => {
  const other: Program = (stack) => {
    const prod = PlatformConstruct.fromPlatformName(stack, "prod", "prod", {
      owner: "github.com/acme/search",
      servers: SERVERS,
    });
    new AppConstruct(stack, "convex", { platform: prod });
  };

  test.each<[string, { readonly [name: string]: Program }, string]>([
    ["an app in two programs", { shop, other }, "user prod-convex is declared by another program too [shop/stack]"],
    [
      "a platform in two programs",
      { shop, again: shop },
      "account PROD is declared by another program too [shop/stack]",
    ],
    ["no program of the platform", { search: search() }, "no program declares account PROD, which the user is in"],
    [
      "two MONITORs",
      {
        one: platform("prod"),
        two: (stack, app) => {
          new MonitorConstruct(stack, "monitor", { credentials: Credentials.variable("OTHER_PASSWORD") });
          platform("dev")(stack, app);
        },
      },
      "user monitor is declared otherwise by another program",
    ],
    [
      "one variable for two users",
      {
        shop,
        search: (stack) => {
          const prod = PlatformConstruct.fromPlatformName(stack, "prod", "prod", {
            owner: "github.com/acme/search",
            servers: SERVERS,
          });
          new AppConstruct(stack, "search", {
            platform: prod,
            credentials: Credentials.variable("PROD_CONVEX_PASSWORD"),
          });
        },
      },
      "server variable of the user prod-search is already taken by the user prod-convex",
    ],
    [
      "a platform whose users are called as those of another one's app",
      { shop, two: platform("prod-cache") },
      "user prod-cache-terraform is not one that platform prod may say something of",
    ],
  ])("%s", (_, programs, text) => {
    const { status, out, err } = rendered(programs);
    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain(text);
  });
});

describe("a hash, of which the documents have a fingerprint,", () => {
  const hashed = platform("prod", { nodeCredentials: { n: Credentials.bcrypt(HASH) } });

  test("is taken from a file", () => {
    const { status, out } = rendered({ hashed }, ["--hashes", "hashes.txt"], {
      "hashes.txt": `# users\n\nprod-n ${HASH}\n`,
    });
    expect(status).toBe(0);
    expect(out).toBe(synthFiles(hashed)["stack/accounts.conf"]);
  });

  test("is missed without that, and where it is another", () => {
    expect(rendered({ hashed }).err).toContain("prod-n of platform prod] bcrypt hash of a password is not known");
    const serving: Program = (stack) => {
      const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS });
      const app = new AppConstruct(prod, "convex", { credentials: Credentials.bcrypt(HASH) });
      app.serveApi("query");
      new AppConstruct(prod, "cache").callApi(app, "query");
    };
    expect(rendered({ serving }).err).toMatch(/: 1 problem found/);
    const other = { "hashes.txt": `prod-n ${HASH.replace(/a$/, "b")}` };
    expect(rendered({ hashed }, ["--hashes", "hashes.txt"], other).err).toContain("is not known");
  });

  test("is the only thing that such a file may have, and nothing else is repeated", () => {
    const { status, err } = rendered({ hashed }, ["--hashes", "hashes.txt"], { "hashes.txt": "\nprod-n secret" });
    expect(status).toBe(2);
    expect(err).toContain("line 2 of hashes.txt is no user with a bcrypt hash");
    expect(err).not.toContain("secret");
  });
});

describe("what is no program", () => {
  const files = written({ shop });
  const asked = (folder: string, more: object = {}) => command(["accounts", "render", folder], { ...files, ...more });

  test.each<[string, string, object, string]>([
    ["is not there", "gone", {}, "no such folder: gone"],
    ["is no output folder", "shop", {}, "no output folder of cdktf: shop"],
    ["is written as HCL", "hcl", { "hcl/cdk.tf": "" }, "leave SYNTH_HCL_OUTPUT out"],
    ["is no JSON", "broken", { "broken/cdk.tf.json": "{" }, "not what cdktf writes, since it is not JSON"],
    ["has no documents", "empty", { "empty/cdk.tf.json": "{}" }, "no access documents in empty"],
  ])("%s", (_, folder, more, text) => {
    const { status, out, err } = asked(folder, more);
    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain(text);
  });

  test("of another version is refused, and nothing of it is understood", () => {
    const text = files["shop/stack/cdk.tf.json"]?.replaceAll('\\"version\\":1', '\\"version\\":2') ?? "";
    const { status, err } = asked("next", { "next/cdk.tf.json": text });
    expect(status).toBe(2);
    expect(err).toContain("access document has a version that this command does not know: 2");
  });

  test("of an output folder all stacks of the last synth are read", () => {
    const manifest = JSON.stringify({ stacks: { stack: { workingDirectory: "stacks/stack" } } });
    const at = (path: string) => files[`shop/stack/${path}`] ?? "";
    const out = {
      "out/manifest.json": manifest,
      "out/stacks/stack/cdk.tf.json": at("cdk.tf.json"),
      "out/stacks/old/cdk.tf.json": "{",
    };
    expect(asked("out", out)).toMatchObject({ status: 0, out: at("accounts.conf") });
  });
});
