import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nkeys } from "@nats-io/nats-core";
import { connect } from "@nats-io/transport-node";
import { AccessReader, AppConstruct, Credentials, PlatformConstruct } from "../../../lib";
import { encryptionTo } from "../../../lib/cli/encryption";
import { TestServer } from "../../../scripts/tools/nats-server";
import type { AccessBucket } from "../../support/access-bucket";
import { commandIn } from "../../support/command";
import { FollowedPlatform, passwordOfUser, type StoredText } from "../../support/followed-platform";
import { SERVERS } from "../../support/prod";
import type { Program } from "../../support/synth";

const [system, reader] = [nkeys.createUser(), nkeys.createUser()];

const shop =
  (...apps: readonly string[]): Program =>
  (stack) => {
    const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS });
    new AccessReader(stack, "reader", { credentials: Credentials.nkey(reader.getPublicKey()) });
    for (const app of apps) new AppConstruct(prod, app);
  };

let followed: FollowedPlatform;
let server: TestServer;
let bucket: AccessBucket;
let documents: StoredText[];

const file = (name: string) => join(followed.folder, name);

function openssl(...words: readonly string[]): void {
  const { status, stderr } = spawnSync("openssl", words, { cwd: followed.folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`openssl is needed: ${stderr}`);
}

/** An authority, and a certificate of it for the server and for clients. */
function certificates(): void {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=authority", "-days", "2");
  openssl("req", ...key, "-keyout", "tls.key", "-out", "tls.csr", "-subj", "/CN=nats");
  writeFileSync(file("names"), "subjectAltName=IP:127.0.0.1\n");
  const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names", "-days", "2"];
  openssl("x509", "-req", "-in", "tls.csr", "-out", "tls.pem", ...signed);
}

const accounts = (name: string, ...more: readonly string[]) =>
  commandIn(
    followed.folder,
    ...["accounts", name, "--platform", "prod"],
    ...["--reload-user", `sync=${system.getPublicKey()}`, ...more],
  );

const sync = (...more: readonly string[]) =>
  accounts(
    "sync",
    "--to",
    join(server?.folder ?? followed.folder, "accounts.conf"),
    "--secrets",
    "secrets.env",
    ...more,
  );

beforeAll(async () => {
  followed = new FollowedPlatform("prod");
  documents = followed.synth("shop", shop());
  followed.secrets([...documents, ...followed.synth("next", shop("cache"))]);
  certificates();
  const creds = (seed: string) =>
    ["NATS USER JWT", "USER NKEY SEED"]
      .map((what, index) => `-----BEGIN ${what}-----\n${index === 0 ? "e30.e30.e30" : seed}\n------END ${what}------\n`)
      .join("\n");
  for (const [name, pair] of Object.entries({ system, reader })) {
    const seed = new TextDecoder().decode(pair.getSeed());
    writeFileSync(file(`${name}.nk`), seed);
    writeFileSync(file(`${name}.creds`), creds(seed));
  }
  for (const name of ["NATS_USER", "NATS_PASSWORD", "NATS_READER_PASSWORD"]) delete process.env[name];
  Object.assign(process.env, {
    NATS_URL: "nats://127.0.0.1:1",
    NATS_NKEY: file("system.nk"),
    NATS_READER_NKEY: file("reader.nk"),
    NATS_CA: file("ca.pem"),
    NATS_CERT: file("tls.pem"),
    NATS_KEY: file("tls.key"),
  });
  await sync("--start", "shop/stack");
  const [cert, key, ca] = ["tls.pem", "tls.key", "ca.pem"].map((name) => JSON.stringify(file(name)));
  server = await TestServer.start({
    accounts: readFileSync(file("accounts.conf"), "utf8"),
    config: `tls { cert_file: ${cert}, key_file: ${key}, ca_file: ${ca}, verify: true, timeout: 20 }`,
  });
  process.env.NATS_URL = server.url;
  bucket = await followed.open(server.url, 1, { tls: encryptionTo([server.url]) });
}, 30_000);

afterAll(async () => {
  await server?.stop();
  await followed?.stop();
}, 30_000);

test("with certificates and nkeys documents come into force, are asked for, and a file is put", async () => {
  await bucket.write(...documents);
  expect(await sync()).toMatchObject({ status: 0, out: expect.stringMatching(/In force: accounts \w{32}\n$/) });
  await bucket.write(...followed.synth("shop", shop("cache")));
  expect(await accounts("status")).toMatchObject({ status: 5, out: expect.stringContaining("on 0 of 1 server") });
  expect(await sync()).toMatchObject({ status: 0, out: expect.stringContaining("user prod-cache is added") });
  expect(await accounts("status")).toMatchObject({ status: 0, out: expect.stringContaining("on 1 of 1 server") });
  const { out } = await accounts("render");
  for (const pair of [system, reader]) expect(out).toContain(`nkey: "${pair.getPublicKey()}"`);
  writeFileSync(file("given.conf"), out);
  const put = ["put", "given.conf", "--to", join(server.folder, "accounts.conf"), "--secrets", "secrets.env"];
  expect(await commandIn(followed.folder, "accounts", ...put)).toMatchObject({
    status: 0,
    out: expect.stringMatching(/^In force: sha256/),
  });
  const tls = encryptionTo([server.url]);
  const user = { user: "prod-cache", pass: passwordOfUser("prod-cache") };
  await (await connect({ servers: server.url, ...user, tls, reconnect: false })).close();
}, 30_000);

test("credentials files do as the nkeys in them", async () => {
  const before = { ...process.env };
  for (const name of ["NATS_NKEY", "NATS_READER_NKEY"]) delete process.env[name];
  Object.assign(process.env, { NATS_CREDS: file("system.creds"), NATS_READER_CREDS: file("reader.creds") });
  expect((await sync()).status).toBe(0);
  expect((await accounts("status")).status).toBe(0);
  process.env = before;
}, 30_000);

test.each<[string, (port: string) => NodeJS.ProcessEnv]>([
  ["the authority", () => ({ NATS_CA: "" })],
  ["the client's certificate", () => ({ NATS_CERT: "", NATS_KEY: "" })],
  ["a name that the server's certificate has", (port) => ({ NATS_URL: `nats://localhost:${port}` })],
])(
  "without %s all stays, and it is said why",
  async (_, variables) => {
    const before = { ...process.env };
    const content = server.accounts;
    Object.assign(process.env, variables(new URL(server.url).port));
    const { status, out } = await sync();
    expect([status, out]).toEqual([5, expect.stringMatching(/no connection: .*(certificate|alert|closed|reset)/i)]);
    expect(out).toContain("is as it was");
    expect((await accounts("status")).out).toMatch(/^Not in force[\s\S]*the servers cannot be asked: /);
    expect(server.accounts).toBe(content);
    process.env = before;
  },
  30_000,
);
