import { CatalogView } from "../../../lib/cli/catalog-view";
import { questionOf } from "../../../lib/page/question";
import { answerTo } from "../../../lib/page/reply";
import { CATALOG, catalogOfProgram, command, program } from "../cli/cli";

const catalog = catalogOfProgram(program(({ convex }) => convex.publishEvents("ready?")));
const view = new CatalogView(catalog);

/** What the page says, and what the command says of the same words, each without what only a terminal needs. */
const both = (page: string, argv: readonly string[]) => {
  const { out, err } = command(argv, { [CATALOG]: catalog });
  const said = (out || err).split("\n")[0] ?? "";
  return [answerTo(view, page).heads[0], said.replace(/^cdktf-nats-platform: /, "")];
};

test.each([
  ["who can publish prod._.events.ready?", "prod._.events.ready?"],
  ["who can publish prod._.events.ready? ?", "prod._.events.ready?"],
  ["who can publish prod._.events.ready ?", "prod._.events.ready"],
  ["Who can PUBLISH to prod._.events.ready??", "prod._.events.ready??"],
  ["can prod-cache publish ready?", "ready?"],
])("in %s the subject is %s", (text, subject) => {
  expect(questionOf(text)).toMatchObject({ subject });
});

test.each([
  ["what can prod-cache do?", { kind: "user", name: "prod-cache" }],
  ["who can reach prod_audit?", { kind: "stream", name: "prod_audit" }],
  ["who can publish x in PROD?", { kind: "who-can", direction: "publish", subject: "x", account: "PROD" }],
])("in %s the question mark is none of a name", (text, question) => {
  expect(questionOf(text)).toEqual(question);
});

test.each([
  ["who can publish prod._.events.ready?", ["who-can", "publish", "prod._.events.ready?"]],
  ["who can PUBLISH prod._.events.ready", ["who-can", "PUBLISH", "prod._.events.ready"]],
  ["can prod-cache Subscribe prod.cache.x", ["can", "prod-cache", "Subscribe", "prod.cache.x"]],
  ["who can publish -x", ["who-can", "publish", "--", "-x"]],
  ["who can publish --help", ["who-can", "--", "publish", "--help"]],
  ["who can publish", ["who-can", "publish", ""]],
  ["who can publish a b", ["who-can", "publish", "a b"]],
  ["can prod-cache publish a b", ["can", "prod-cache", "publish", "a b"]],
  ["who can publish a..b", ["who-can", "publish", "a..b"]],
] as [page: string, argv: string[]][])("page and command say the same of %s", (page, argv) => {
  const [ours, theirs] = both(page, argv);
  expect(ours).toBe(theirs);
});

test("an option that is none may be a subject", () => {
  expect(command(["who-can", "publish", "-x"], { [CATALOG]: catalog }).err).toContain("Write -- before a subject");
});
