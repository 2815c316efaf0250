import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { AppConstruct, Isolation, PlatformConstruct, RetiredData } from "../../../lib";
import { commandIn } from "../../support/command";
import { prodOf, SERVERS } from "../../support/prod";
import { CATALOG, catalogOfProgram, catalogText } from "./cli";

const COPYING = catalogText((stack) => {
  const prod = prodOf(stack);
  new AppConstruct(prod, "store", { formerly: new AppConstruct(prod, "cache") });
});

const PLAIN = catalogText((stack) => {
  new AppConstruct(prodOf(stack), "cache");
});

const NATS = /^NATS_/;

let environment: NodeJS.ProcessEnv;
let cwd: string;

beforeEach(() => {
  environment = { ...process.env };
  for (const name of Object.keys(process.env).filter((each) => NATS.test(each))) delete process.env[name];
  cwd = mkdtempSync(join(tmpdir(), "check-copies-"));
});

afterEach(() => {
  process.env = environment;
  rmSync(cwd, { recursive: true });
});

async function check(catalog: string, variables: { readonly [name: string]: string }, ...options: string[]) {
  const file = join(cwd, CATALOG);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, catalog);
  Object.assign(process.env, variables);
  const { status, out, err } = await commandIn(cwd, "check-copies", ...options);
  return { status, said: out + err };
}

test("an account that copies nothing needs no server", async () => {
  const { status, said } = await check(PLAIN, {}, "--account", "PROD");
  expect([status, said]).toEqual([0, "Nothing in account PROD copies a stream or bucket of the program.\n"]);
});

test("what is to be copied into another account is not taken for looked at", async () => {
  const isolated = catalogText((stack) => {
    const prod = prodOf(stack);
    const isolation = Isolation.ACCOUNT;
    new AppConstruct(prod, "safe", { isolation, formerly: new AppConstruct(prod, "vault", { isolation }) });
  });
  const { status, said } = await check(isolated, { NATS_USER: "prod-terraform" });
  expect([status, said]).toEqual([4, expect.stringContaining("is in account PROD_SAFE, which was not looked at")]);
});

test.each([RetiredData.KEEP, RetiredData.DELETE])(
  "what is retired (%s) is still compared, and needs a server",
  async (retired) => {
    const leaving = catalogText((stack) => {
      const prod = prodOf(stack);
      new AppConstruct(prod, "store", { formerly: new AppConstruct(prod, "cache", { retired }) });
    });
    const { status, said } = await check(leaving, { NATS_USER: "prod-terraform" });
    expect([status, said]).toEqual([2, expect.stringContaining("NATS_URL is not set")]);
  },
);

test.each([
  ["no account that is known", {}, [], "no user of the catalog in NATS_USER"],
  ["a user of no account", { NATS_USER: "somebody" }, [], "no user of the catalog in NATS_USER"],
  ["another account", {}, ["--account", "OTHER"], "no account OTHER in the catalog"],
  ["no server", { NATS_USER: "prod-terraform" }, [], "NATS_URL is not set"],
  [
    "a server that is not there",
    { NATS_USER: "prod-terraform", NATS_PASSWORD: "secret", NATS_URL: "nats://127.0.0.1:1" },
    [],
    "no connection to nats://127.0.0.1:1",
  ],
  [
    "a file that is not there",
    { NATS_USER: "prod-terraform", NATS_URL: "nats://127.0.0.1:1", NATS_CREDS: "/nowhere/user.creds" },
    [],
    "NATS_CREDS cannot be read",
  ],
])("%s: it is called in a wrong way", async (_, variables, options, text) => {
  const { status, said } = await check(COPYING, variables, ...options);
  expect(status).toBe(2);
  expect(said).toContain(text);
  expect(said).toContain("Usage: cdktf-nats-platform check-copies");
  expect(said).not.toMatch(/secret|should not happen/);
});

test("the catalog names what an app of a former platform had that has no successor", () => {
  const of = (successor: "same" | "renamed" | "none") =>
    catalogOfProgram((stack) => {
      const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS });
      const cache = new AppConstruct(prod, "cache");
      const live = new PlatformConstruct(stack, "live", { servers: SERVERS, formerly: prod });
      if (successor === "same") new AppConstruct(live, "cache");
      if (successor === "renamed") new AppConstruct(live, "store", { formerly: cache });
    }).formerly?.filter(({ stream }) => stream === "KV_prod_cache");
  const former = { stream: "KV_prod_cache", account: "PROD" };
  expect(of("none")).toEqual([former]);
  expect(of("same")).toEqual([{ ...former, copy: expect.objectContaining({ stream: "KV_live_cache" }) }]);
  expect(of("renamed")).toEqual([{ ...former, copy: expect.objectContaining({ stream: "KV_live_store" }) }]);
});
