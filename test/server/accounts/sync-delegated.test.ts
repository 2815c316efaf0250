import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AppConstruct, PlatformConstruct } from "../../../lib";
import { TestServer } from "../../../scripts/tools/nats-server";
import { AccessBucket } from "../../support/access-bucket";
import { commandIn } from "../../support/command";
import {
  FollowedPlatform,
  letsIn,
  passwordOfUser,
  type StoredText,
  usersInFile,
} from "../../support/followed-platform";
import { SERVERS } from "../../support/prod";
import type { Program } from "../../support/synth";
import { withStackDocument } from "../../support/unit-documents";

const shop =
  (delegated: boolean): Program =>
  (stack) => {
    const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS });
    new AppConstruct(prod, "convex").serveApi("query");
    if (delegated) prod.delegateApp("search");
  };

const search: Program = (stack) => {
  const prod = PlatformConstruct.fromPlatformName(stack, "prod", "prod", { servers: SERVERS, delegatedApp: "search" });
  const app = new AppConstruct(stack, "search", { platform: prod });
  app.callApi(AppConstruct.fromAppName(stack, "convex", "convex", prod), "query");
};

let followed: FollowedPlatform;
let server: TestServer;
let platform: AccessBucket;
let guest: AccessBucket;
let documents: StoredText[];

const GUEST = "prod-search-access-terraform";

beforeAll(async () => {
  followed = new FollowedPlatform("prod");
  const own = followed.synth("shop", shop(true));
  documents = followed.synth("search", search);
  followed.secrets([...own, ...documents]);
  process.env.NATS_URL = "nats://127.0.0.1:1";
  const first = join(followed.folder, "first.conf");
  await followed.sync(first, "--start", "shop/stack");
  server = await TestServer.start({ accounts: readFileSync(first, "utf8") });
  process.env.NATS_URL = server.url;
  platform = await followed.open(server.url);
  await platform.write(...own);
}, 30_000);

afterAll(async () => {
  await guest?.close();
  await server?.stop();
  await followed?.stop();
});

const target = () => join(server.folder, "accounts.conf");
const sync = () => followed.sync(target());
const users = () => usersInFile(target());

test("a delegated app comes in by the bucket of its own program, and is not missed before that is made", async () => {
  expect(await sync()).toMatchObject({ status: 0 });
  expect(users()).not.toContain("prod-search");
  guest = await AccessBucket.at(server.url, "prod_search", GUEST, passwordOfUser(GUEST));
  await guest.write(...documents);
  const { out, status } = await sync();
  expect([status, out]).toEqual([0, expect.stringMatching(/^prod: user prod-search is added/)]);
  expect(await letsIn(server.url, "prod-search")).toBe(true);
});

test("accounts render takes the app from the folder of its program, if that is given, and not from its bucket too", async () => {
  const render = (...words: string[]) =>
    commandIn(followed.folder, "accounts", "render", ...words, "--platform", "prod", "--reload-user", "sync");
  const stored = await render();
  expect(stored).toMatchObject({ status: 0, out: expect.stringContaining("prod-search") });
  expect(await render("search/stack")).toEqual(stored);
});

test.each<[string, (own: readonly StoredText[]) => StoredText[]]>([
  [
    "a user of somebody else",
    (own) =>
      own.map(({ key, text }) => ({
        key: key.replace("prod-search", "prod-convex"),
        text: text.replace('"user":"prod-search"', '"user":"prod-convex"'),
      })),
  ],
  [
    "the account of the platform",
    (own) => [
      ...own,
      {
        key: "access.accounts.PROD",
        text: JSON.stringify({
          version: 1,
          stack: "stack",
          about: "",
          account: "PROD",
          accountsFile: true,
          exports: {},
          imports: {},
          jetStream: false,
          limits: {},
          mappings: {},
          source: "x",
        }),
      },
    ],
  ],
  [
    "more for its user than an app may have",
    (own) =>
      own.map(({ key, text }) => ({ key, text: text.replace('"publish":{', '"publish":{"prod.convex.>":"hostile",') })),
  ],
])("documents of a delegated app that say %s are refused, and all stays", async (_, change) => {
  const before = users();
  const others = documents.filter(({ key }) => !key.startsWith("access.stacks."));
  const hostile = withStackDocument("stack", change(others));
  await guest.empty();
  await guest.write(...hostile);
  const { out, status } = await sync();
  expect([status, out]).toEqual([5, expect.stringMatching(/stack stack of app search of prod is refused, and stays/)]);
  expect(users()).toEqual(before);
  expect(readFileSync(target(), "utf8")).not.toContain("hostile");
  await guest.empty();
  await guest.write(...documents);
  expect((await sync()).status).toBe(0);
});

test("an app stays when its bucket is gone, and goes when the platform does not delegate it any more", async () => {
  await guest.destroy();
  const { out, status } = await sync();
  expect([status, out]).toEqual([5, expect.stringMatching(/stack stack of app search of prod is held/)]);
  expect(users()).toContain("prod-search");
  const own = followed.synth("shop", shop(false));
  followed.secrets(own);
  await platform.delete(
    ...["access.accounts.PROD_SEARCH_ACCESS", "access.users.prod-search-terraform"],
    "access.accounts.PROD_SEARCH_ACCESS.users.prod-search-access-terraform",
  );
  await platform.write(...own);
  await sync();
  expect((await sync()).status).toBe(0);
  expect(users().filter((user) => user.includes("search"))).toEqual([]);
});
