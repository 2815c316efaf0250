import { AppConstruct, Isolation, PlatformConstruct } from "../../lib";
import { permittedText } from "../../lib/access/permissions";
import { catalogFrom } from "../../lib/catalog/catalog-text";
import { checkAccounts, passwordsFor } from "../../scripts/tools/nats-server";
import { writtenPermissions } from "../support/accounts-text";
import { type Program, synthFiles } from "../support/synth";

const servers = ["nats://host:4222"];

/** Names that make other names when they are put together: of nodes, apps, roles and parts of each. */
const NAMES = ["node", "only", "litestream", "node-x", "x-only", "node-only", "only-node", "monitor", "password"];

/** A platform whose nodes and apps have names out of which others could be put together. */
const program: Program = (stack) => {
  for (const privateInbox of [false, true]) {
    const name = privateInbox ? "node-prod" : "prod";
    const even = NAMES.filter((_, index) => index % 2 === Number(privateInbox));
    const platform = new PlatformConstruct(stack, name, { nodes: even, servers, privateInbox });
    for (const app of NAMES.filter((each) => !even.includes(each))) {
      const isolation = app === "node-only" ? Isolation.ACCOUNT : Isolation.PERMISSIONS;
      new AppConstruct(platform, app, { isolation, snapshots: {} }).addLitestream({
        databasePath: "/data/app.db",
      });
    }
  }
};

test("every user has its own permissions in the server's file, whatever it is called", () => {
  const files = synthFiles(program);
  const file = files["stack/accounts.conf"] ?? "";
  expect(checkAccounts(file, passwordsFor(file))).toEqual({ ok: true, output: expect.any(String) });
  const { accounts } = catalogFrom(JSON.parse(files["stack/catalog.json"] ?? ""));
  for (const { name, users } of accounts) {
    const text = files[`stack/accounts/${name}.conf`] ?? "";
    for (const user of users) {
      const { publish, subscribe } = writtenPermissions(text, user.name);
      expect([user.name, publish, subscribe]).toEqual([
        user.name,
        user.publish.allow.map(permittedText),
        user.subscribe.allow.map(permittedText),
      ]);
    }
  }
});
