import { readFileSync } from "node:fs";
import { join } from "node:path";
import { NatsClient } from "../../../lib";
import type { CatalogUser } from "../../../lib/catalog/catalog";
import { settingsOf } from "../../../lib/wording/client-settings";
import { EXCEPTIONS, type Exception } from "../../support/clients/exceptions";

const page = readFileSync(join(__dirname, "..", "..", "..", "docs", "clients.md"), "utf8");

const ALL = Object.values(NatsClient);

const WHERE = { isolated: ", isolated app", apart: ", isolated app" } as const;

const row = (...cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;

/** The settings of a user of `PROD_CONVEX_MESSAGING` with a private inbox. */
function codesOf(client: NatsClient): string[] {
  const connection = { inboxPrefix: "_INBOX_prod_convex", domain: "prod", credentials: "nkey" };
  const none = { allow: [], deny: [] };
  const user: CatalogUser = {
    name: "",
    role: "",
    publish: none,
    subscribe: none,
    connection,
    clients: [client],
    source: "",
  };
  return settingsOf(user).map(({ code }) => `\`${code}\``);
}

const exceptionRow = ({ check, clients = ALL, only, is, why }: Exception) =>
  row(`${clients.length === ALL.length ? "all" : clients.join(", ")}${only ? WHERE[only] : ""}`, check, is, why);

test.each(ALL)("the page has the settings of %s", (client) => {
  expect(page).toContain(row(client, ...codesOf(client)));
});

test("the page has what each client cannot do or is refused, and nothing else of the kind", () => {
  const [, table = ""] = page.split("## What does not work\n");
  const rows = table.split("\n").filter((line) => line.startsWith("| "));
  expect(rows.slice(1).map((line) => `${line}\n`)).toEqual(EXCEPTIONS.map(exceptionRow));
});
