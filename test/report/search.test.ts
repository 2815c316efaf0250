import * as fc from "fast-check";
import { AccessModel } from "../../lib/analysis/access-model";
import type { Step } from "../../lib/analysis/course";
import { whoCanPublish, whoCanSubscribe } from "../../lib/analysis/reach";
import type { Resource, ServerAccount } from "../../lib/analysis/server-model";
import { SEARCH } from "../../lib/report/search";
import { patternFault } from "../../lib/subjects/subject-pattern";
import { scene } from "../analysis/draw";
import { largePlatform } from "../analysis/platform";
import { directionLines, fromAccounts } from "../analysis/server-accounts";

interface Found {
  readonly user: { readonly name: string };
  readonly account: string;
  readonly publishes?: string;
  readonly into?: string;
  readonly from?: string;
  readonly queue?: string;
  readonly subject: string;
  readonly through: readonly Step[];
}

interface Search {
  whoCanPublish(subject: string): Found[];
  whoCanSubscribe(subject: string): Found[];
  fault(subject: string): string | undefined;
}

/** The script of the page, over accounts as they are embedded in it. */
const searchOf = (accounts: readonly ServerAccount[]): Search =>
  new Function("accounts", `${SEARCH}; return makeSearch(accounts);`)(JSON.parse(JSON.stringify(accounts)));

const way = (through: readonly Step[]) =>
  through.map((step) => (step.kind === "import" ? step.import.subject : step.resource.name)).join("|");

function expectSame(accounts: readonly ServerAccount[], subjects: readonly string[]): void {
  const model = new AccessModel(accounts);
  const search = searchOf(accounts);
  for (const subject of subjects) {
    const publish = whoCanPublish(model, subject).map((each) =>
      [each.member.user.name, each.member.account, each.publishes, each.into, each.subject, way(each.through)].join(
        " ",
      ),
    );
    const inPage = search
      .whoCanPublish(subject)
      .map((each) =>
        [each.user.name, each.account, each.publishes, each.into, each.subject, way(each.through)].join(" "),
      );
    expect(inPage.sort()).toEqual(publish.sort());
    const subscribe = whoCanSubscribe(model, subject).map((each) =>
      [each.member.user.name, each.member.account, each.pattern, each.from, each.queue, way(each.through)].join(" "),
    );
    const seen = search
      .whoCanSubscribe(subject)
      .map((each) => [each.user.name, each.account, each.subject, each.from, each.queue, way(each.through)].join(" "));
    expect(seen.sort()).toEqual(subscribe.sort());
  }
}

const token = fc.constantFrom("a", "b", "c", "*");
const pattern = fc
  .tuple(fc.array(token, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([tokens, open]) => [...tokens, ...(open ? [">"] : [])].join("."));

/** A stream of the first account that publishes again what it stores. */
const again: Resource = {
  name: "again",
  kind: "stream",
  account: "ACC0",
  subjects: ["a.>"],
  owner: "the test",
  rollUp: false,
  sized: false,
  republish: { source: "a.>", destination: "c.b.>" },
};

test("the page answers as the access model does, for random accounts, permissions, imports and mappings", () => {
  fc.assert(
    fc.property(
      scene,
      fc.array(pattern, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      ({ accounts, subjects }, patterns, withStream) => {
        const [first, ...rest] = accounts;
        const all = first && withStream ? [{ ...first, resources: [again] }, ...rest] : accounts;
        expectSame(all, [...subjects, ...patterns]);
      },
    ),
    { numRuns: 500 },
  );
});

test.each([false, true])("the page answers as the access model does, for a platform (isolated: %s)", (isolated) => {
  const { accounts, resources } = largePlatform(4, isolated);
  expectSame(fromAccounts(accounts, resources), [
    "prod.app-1.x",
    "$KV.prod_app-1.k",
    "prod._.events.user.>",
    "$JS.API.STREAM.DELETE.>",
    "$KV.prod_platform.*",
    ">",
    "prod._.audit.app-2.x",
  ]);
});

test("a user is found once, without a queue group where it may subscribe to the same alone", () => {
  const { accounts, resources } = largePlatform(2, false);
  const found = searchOf(fromAccounts(accounts, resources)).whoCanSubscribe("prod._.events.user.x");
  const direct = found.filter(({ through }) => through.length === 0);
  expect(direct.map(({ user, subject, queue }) => [user.name, subject, queue])).toEqual([
    ["prod-node-1", "prod._.events.user.x", undefined],
    ["prod-app-0", "prod._.events.user.x", undefined],
    ["prod-app-1", "prod._.events.user.x", undefined],
  ]);
});

test("the page answers as the access model does, for subscriptions that are wider than their line", () => {
  const users = [["a.* q"], ["a.*"], ["a.* v.*"], ["a.* q", "a.>"]].map((allow, index) => ({
    name: `user-${index}`,
    publish: directionLines(["a.>"]),
    subscribe: directionLines(allow, index === 2 ? ["a.b.> v.x"] : []),
  }));
  expectSame([{ name: "A", users, exports: [], imports: [], mappings: {}, resources: [] }], ["a.b.c", "a.b", "a.>"]);
});

test("the page refuses what is no subject as the library does", () => {
  const search = searchOf([]);
  for (const text of ["", "a", "a..b", "a.>", "a.>.b", "a*", "a.*.>", "a b", "a\u0007", ".", "*", "prod.x>"]) {
    expect(search.fault(text)?.replaceAll("`", "")).toBe(patternFault(text)?.replaceAll("`", ""));
  }
});
