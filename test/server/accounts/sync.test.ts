import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "@nats-io/transport-node";
import type { TerraformStack } from "cdktf";
import { AppConstruct, Isolation, PlatformConstruct } from "../../../lib";
import { TestServer } from "../../../scripts/tools/nats-server";
import type { AccessBucket } from "../../support/access-bucket";
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

function platformIn(stack: TerraformStack) {
  const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS, nodes: ["node-1"], owner: "shop" });
  const convex = new AppConstruct(prod, "convex");
  convex.serveApi("query");
  return { prod, convex };
}

const shop =
  (...apps: readonly string[]): Program =>
  (stack) => {
    const { prod, convex } = platformIn(stack);
    for (const app of apps) new AppConstruct(prod, app, { isolation: Isolation.ACCOUNT }).callApi(convex, "query");
  };

const search =
  (name: string, calls: string, app = name): Program =>
  (stack) => {
    const prod = PlatformConstruct.fromPlatformName(stack, "prod", "prod", { servers: SERVERS, owner: name });
    const search = new AppConstruct(stack, app, { platform: prod });
    search.callApi(AppConstruct.fromAppName(stack, "c", "convex", prod), calls);
  };

const OWN = ["access-reader", "monitor", "prod-access-terraform", "prod-node-1", "prod-terraform"];

let followed: FollowedPlatform;
let server: TestServer;
let bucket: AccessBucket;
let platform: StoredText[];

beforeAll(async () => {
  followed = new FollowedPlatform("prod");
  platform = followed.synth("shop", shop());
  followed.secrets(platform);
  process.env.NATS_URL = "nats://127.0.0.1:1";
  const first = join(followed.folder, "first.conf");
  const { status, out } = await followed.sync(first, "--start", "shop/stack");
  expect([status, out]).toEqual([5, expect.stringContaining("was not there and is written")]);
  server = await TestServer.start({ accounts: readFileSync(first, "utf8") });
  process.env.NATS_URL = server.url;
  bucket = await followed.open(server.url);
}, 30_000);

afterAll(async () => {
  await server?.stop();
  await followed?.stop();
});

const target = () => join(server.folder, "accounts.conf");
const sync = (...more: readonly string[]) => followed.sync(target(), ...more);
const users = () => usersInFile(target()).filter((user) => !OWN.includes(user));
const lines = (out: string) => out.trimEnd().split("\n");

beforeEach(async () => {
  followed.secrets([...platform, ...followed.synth("search", search("search", "query"))]);
  await bucket.empty();
  await bucket.write(...platform);
  const { out, status } = await sync("--max-removals", "none");
  expect([status, out]).toEqual([0, expect.stringMatching(/In force: accounts [0-9a-f]{32}\n$/)]);
});

test("what another program applies comes in, and goes again; each change is told with its document", async () => {
  const documents = followed.synth("search", search("search", "query"));
  await bucket.write(...documents);
  const came = await sync();
  expect(lines(came.out)).toEqual([
    expect.stringMatching(
      /^prod: user prod-search is added \[access\.users\.prod-search, revision \d+, stack search\/stack\]$/,
    ),
    expect.stringMatching(/^In force: accounts/),
  ]);
  expect(await letsIn(server.url, "prod-search")).toBe(true);
  expect(await sync()).toMatchObject({ status: 0, out: expect.stringMatching(/^In force: accounts \w+\n$/) });
  await bucket.delete(...documents.map(({ key }) => key));
  expect((await sync()).out).toMatch(/^prod: user prod-search is removed \[access/);
  expect([users(), await letsIn(server.url, "prod-search")]).toEqual([["prod-convex"], false]);
});

test("in the middle of an apply all stays, and it is said", async () => {
  const documents = followed.synth("shop", shop("cache"));
  followed.secrets(documents);
  const isLast = ({ key }: StoredText) => key.startsWith("access.stacks.");
  await bucket.write(...documents.filter((each) => !isLast(each)));
  const { status, out } = await sync();
  expect([status, users()]).toEqual([5, ["prod-convex"]]);
  expect(out).toMatch(/\n {2}stack shop\/stack of prod waits: .* since it was whole: .*PROD_CACHE_MESSAGING \(new\)/);
  expect(out).toMatch(/\n {2}stack shop\/stack\/=accounts of prod waits: /);
  await bucket.write(...documents.filter(isLast));
  expect((await sync()).status).toBe(0);
  expect(users()).toEqual(["prod-cache", "prod-cache-messaging", "prod-cache-terraform", "prod-convex"]);
});

test("a stack that is wrong is refused in words, and another comes in beside it; so is one without password", async () => {
  const wrong = followed.synth("wrong", search("wrong", "unserved"));
  const secretless = followed.synth("secretless", search("secretless", "query"));
  const right = followed.synth("search", search("search", "query"));
  await bucket.write(...wrong, ...secretless, ...right);
  const { status, out } = await sync();
  expect([status, users()]).toEqual([5, ["prod-convex", "prod-search"]]);
  expect(out).toMatch(
    /stack wrong\/stack of prod is refused, .*app calls what no app .* serves: "prod\._\.api\.convex\.unserved"/,
  );
  expect(out).toMatch(/stack secretless\/stack of prod is refused, .*the secrets lack PROD_SECRETLESS_PASSWORD/);
  expect(out).not.toContain("pw-");
});

test("what the server refuses is refused for its stack, and the other one is in force", async () => {
  const large: Program = (stack) => {
    const { prod } = platformIn(stack);
    new AppConstruct(prod, "large", { isolation: Isolation.ACCOUNT, jetStreamLimits: { maxFileBytes: 10 ** 15 } });
  };
  const [one, other] = [followed.synth("large", large), followed.synth("search", search("search", "query"))];
  followed.secrets([...one, ...other]);
  await bucket.write(...one, ...other);
  const { out } = await sync();
  expect(users()).toEqual(["prod-convex", "prod-search"]);
  expect(out).toMatch(
    /stack shop\/stack\/=accounts of prod is refused, .*limits of accounts set aside 1000000000000000 bytes/,
  );
  expect(lines(out)).toContainEqual(expect.stringMatching(/^In force: accounts/));
});

test("a bucket that is emptied, deleted or unreadable changes nothing, nor a restart behind it without any", async () => {
  await bucket.write(...followed.synth("search", search("search", "query")));
  await sync();
  const before = readFileSync(target(), "utf8");
  const isLeft = async (why: RegExp) => {
    const { status, out } = await sync();
    expect([status, out]).toEqual([5, expect.stringMatching(why)]);
    expect(readFileSync(target(), "utf8")).toBe(before);
  };
  await bucket.empty();
  await isLeft(/platform prod stays as it is, .*deleted or purged/);
  await bucket.destroy();
  await isLeft(/there is no bucket prod_access yet/);
  process.env.NATS_READER_PASSWORD = "wrong";
  await isLeft(/no connection of the reader/);
  process.env.NATS_READER_PASSWORD = passwordOfUser("access-reader");
  process.env.NATS_URL = "nats://127.0.0.1:1";
  await isLeft(/Not in force: no connection/);
  rmSync(target());
  expect((await sync()).out).toContain("was not there and is written");
  expect(readFileSync(target(), "utf8")).toBe(before);
  process.env.NATS_URL = server.url;
  await bucket.make();
});

test("more users than may go at once stay, until that is said", async () => {
  const many = Array.from({ length: 3 }, (_, index) => followed.synth(`s${index}`, search(`s${index}`, "query")));
  followed.secrets([...platform, ...many.flat()]);
  await bucket.write(...many.flat());
  await sync();
  await bucket.delete(...many.flat().map(({ key }) => key));
  await bucket.write(...followed.synth("search", search("search", "query", "s0")));
  const { status, out } = await sync("--max-removals", "1");
  expect([status, users()]).toEqual([5, ["prod-convex", "prod-s0", "prod-s1", "prod-s2"]]);
  expect(out).toMatch(
    /stack s1\/stack of prod is held, .*2 users would go, and 1 may: prod-s1, prod-s2\. .*--max-removals 2/,
  );
  expect((await sync("--max-removals", "2")).status).toBe(0);
  expect(users()).toEqual(["prod-convex", "prod-s0"]);
});

test("a password that is not given any more stays what it was", async () => {
  followed.secrets(platform, ["PROD_CONVEX_PASSWORD"]);
  expect(await sync()).toMatchObject({
    status: 5,
    out: expect.stringContaining("the secrets lack PROD_CONVEX_PASSWORD: the former values stay"),
  });
  expect(await letsIn(server.url, "prod-convex")).toBe(true);
});

test("the password of the user who asks the server can be another one, also if the server goes down then", async () => {
  const secrets = join(followed.folder, "secrets.env");
  const before = readFileSync(secrets, "utf8");
  const own = passwordOfUser("sys-sync");
  for (const [text, password] of [
    [before.replace(own, "pw-other"), "pw-other"],
    [before, own],
  ] as const) {
    writeFileSync(secrets, text);
    expect(await sync()).toMatchObject({
      status: 5,
      out: expect.stringContaining("has taken the file, by which the user"),
    });
    process.env.NATS_PASSWORD = password;
    await server.halt();
    expect((await sync()).out).toContain("is as a server has taken it");
    await server.restart();
    expect((await sync()).status).toBe(0);
  }
  bucket = await followed.open(server.url);
});

test("the file is for its owner alone, that of the documents has no secret; a file of other users is not written over", async () => {
  expect(statSync(target()).mode & 0o777).toBe(0o600);
  expect(readFileSync(`${target()}.documents`, "utf8")).not.toContain("pw-");
  const before = readFileSync(target(), "utf8");
  const foreign = `${before}\n`.replace(/( {6}# prod-convex: declared by)/, "      # other-1: declared by x\n$1");
  writeFileSync(target(), foreign);
  rmSync(`${target()}.documents`);
  const { status, out } = await sync("--max-removals", "0");
  expect([status, out]).toEqual([5, expect.stringContaining("1 user would go, and 0 may: other-1. To do")]);
  expect(readFileSync(target(), "utf8")).toBe(foreign);
});

test("servers say which accounts they have in force, and no connection is lost to that", async () => {
  const client = await connect({ servers: server.url, user: "prod-convex", pass: passwordOfUser("prod-convex") });
  await bucket.write(...followed.synth("search", search("search", "query")));
  const { out } = await sync();
  const digest = /accounts (\w+)/.exec(lines(out).at(-1) ?? "")?.[1];
  const system = await connect({ servers: server.url, user: "sys-sync", pass: passwordOfUser("sys-sync") });
  const id = system.info?.server_id;
  const answer = await system.request(`$SYS.REQ.SERVER.${id}.ACCOUNTZ`, JSON.stringify({ account: "ACCESS" }));
  const { data } = answer.json<{ data: { account_detail: { mappings: object } } }>();
  expect(Object.keys(data.account_detail.mappings)).toEqual([`accounts.${digest}`]);
  expect(client.isClosed()).toBe(false);
  await client.flush();
  await Promise.all([client.close(), system.close()]);
});

test("accounts render makes the same file of the bucket, also beside a folder, and none of half an apply", async () => {
  const render = (...more: readonly string[]) =>
    commandIn(followed.folder, "accounts", "render", "--platform", "prod", "--reload-user", "sync", ...more);
  const file = readFileSync(target(), "utf8").replace(/^[A-Z0-9_]+: ".*"\n/gm, "");
  const { status, out, err } = await render();
  expect([status, err]).toEqual([0, ""]);
  expect(out).toBe(file.replace(/^ {4}mappings: \{ "accounts\.\w+": "accounts" \}\n/m, ""));
  followed.synth("search", search("search", "query"));
  expect((await render("search/stack")).out).toContain('user: "prod-search"');
  await bucket.write(...followed.synth("search", search("search", "query")).slice(0, 1));
  expect(await render()).toMatchObject({
    status: 2,
    out: "",
    err: expect.stringMatching(/stack search\/stack of prod waits/),
  });
  expect((await render("search/stack")).out).toContain('user: "prod-search"');
});
