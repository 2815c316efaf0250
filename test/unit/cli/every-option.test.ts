import { isDeepStrictEqual } from "node:util";
import { Testing } from "cdktf";
import { catalogFrom, catalogText } from "../../../lib/catalog/catalog-text";
import { CatalogView } from "../../../lib/cli/catalog-view";
import type { Report } from "../../../lib/cli/diff/change";
import { compare } from "../../../lib/cli/diff/compare";
import { type SignatureType, signatures } from "../../../lib/problems/signatures";
import { ProgramAccounts } from "../../../lib/program/program-accounts";
import { accountsText } from "../../../lib/server-config/accounts-text";
import { sample } from "../../support/sample";
import { type Block, declared, type StackJson } from "../../support/synth";
import {
  DECLARATIONS,
  type Options,
  PAIRS,
  type Pair,
  PLACES,
  type Place,
  programOf,
  type Scene,
} from "./rich-program";

/** What a program writes, as far as people review it. */
interface Written {
  readonly accounts: string;
  /** The resources and providers, without what a plan does not show: metadata and what Terraform itself goes by. */
  readonly resources: { readonly [address: string]: Block };
  readonly catalog: CatalogView;
}

/** Options that change what is written and that `diff` does not name, each with the reason. */
const UNNAMED: { readonly [option: string]: string } = {
  "AccountsFileProps.reports": "without a catalog there is nothing to compare",
  "PlatformConstructProps.provider":
    "a provider that is given is not read: it may be as another part of the program says",
  "PlatformConstructProps.accessProvider": "it is a provider that is given",
  "AppConstructProps.accessProvider": "it is a provider that is given",
  "AppConstructProps.provider": "a provider that is given is not read: it may be as another part of the program says",
};

function resourcesOf({ resource = {}, provider }: StackJson): Written["resources"] {
  const providers = (provider?.jetstream ?? []).map((block): [string, Block] => [`provider ${block.alias}`, block]);
  const resources = Object.entries(resource).flatMap(([type, blocks]) =>
    Object.entries(blocks).map(
      ([name, { "//": _, provider: __, lifecycle, depends_on, ...block }]): [string, Block] => [
        `${type}.${name}`,
        block,
      ],
    ),
  );
  return Object.fromEntries([...providers, ...resources]);
}

function written(place: Place | undefined, options: (scene: Partial<Scene>) => Options, without?: Call): Written {
  const program = programOf((each, scene) => {
    const own = each === "file" ? { reports: false } : {};
    return each === place ? { ...own, ...options(scene) } : own;
  }, without);
  return declared(program, (app, stack) => {
    const resources = resourcesOf(JSON.parse(Testing.synth(stack)));
    const facts = ProgramAccounts.of(app);
    const catalog = new CatalogView(catalogFrom(JSON.parse(catalogText(facts.catalog()))));
    return {
      accounts: facts
        .files()
        .map((file) => accountsText(facts.fileAccounts(file)))
        .join(""),
      resources,
      catalog,
    };
  });
}

type Call = keyof typeof DECLARATIONS;

/** Comments say where something is declared: no change of what the servers do. */
const withoutComments = (accounts: string) => accounts.replace(/\s*# .*$/gm, "").replace(/\[stack\/[^\]]*\]/g, "");

const entriesOf = ({ resources }: Written) =>
  Object.fromEntries(Object.entries(resources).filter(([address]) => address.startsWith("jetstream_kv_entry.")));

interface Difference {
  readonly accounts: boolean;
  readonly resources: boolean;
  readonly entries: boolean;
  readonly report: Report;
}

function differenceOf(before: Written, after: Written): Difference {
  return {
    accounts: withoutComments(before.accounts) !== withoutComments(after.accounts),
    resources: !isDeepStrictEqual(before.resources, after.resources),
    entries: !isDeepStrictEqual(entriesOf(before), entriesOf(after)),
    report: compare(before.catalog, after.catalog),
  };
}

const changesOf = ({ sections }: Report) =>
  Object.values(sections).flatMap((changes: readonly { readonly text: string }[]) => changes.map(({ text }) => text));

function pairsOf(place: Place, option: string, type: SignatureType): readonly Pair[] {
  const given = PAIRS[`${place}.${option}`] ?? PAIRS[`${PLACES[place]}.${option}`] ?? PAIRS[option];
  if (given) return given;
  const values = valuesOf(type);
  return values.map((value) => ({ after: () => ({ [option]: value }) }));
}

function valuesOf(type: SignatureType): readonly unknown[] {
  if (type === "boolean") return [true, false];
  if (type === "number") return [42];
  if (type === "string") return ["words of the program"];
  if (typeof type === "object" && "enum" in type) return signatures().enums[type.enum] ?? [];
  return [];
}

const cases = (Object.keys(PLACES) as Place[]).flatMap((place) =>
  Object.entries(signatures().structs[PLACES[place]] ?? {}).map(([option, { type }]) => ({
    place,
    option,
    pairs: pairsOf(place, option, type),
  })),
);

const PLAIN = () => ({});
const base = written(undefined, PLAIN);

test("every public struct has a place in the program, but that of references, whose platforms are in no catalog", () => {
  const { structs } = signatures();
  const placed = new Set<string>([...Object.values(PLACES), "PlatformReferenceOptions"]);
  const optionsOf = (struct: string) => Object.keys(structs[struct] ?? {});
  const inOthers = (struct: string) =>
    [...placed].some((other) => optionsOf(struct).every((option) => optionsOf(other).includes(option)));
  expect(Object.keys(structs).filter((struct) => !placed.has(struct) && !inOthers(struct))).toEqual([]);
});

test("every declaration of an app or platform is in the program", () => {
  const methods = Object.keys(signatures().calls).filter((call) => /^(App|Platform)Construct\./.test(call));
  expect(methods.filter((call) => call !== "PlatformConstruct.fromPlatformName").sort()).toEqual(
    Object.keys(DECLARATIONS).sort(),
  );
});

test("every option has a value", () => {
  const of = ({ place, option }: (typeof cases)[number]) => `${PLACES[place]}.${option}`;
  const given = new Set(cases.filter(({ pairs }) => pairs.length > 0).map(of));
  expect(cases.map(of).filter((each) => !given.has(each))).toEqual([]);
});

/** The system account is nothing that a document may say: no plan shows it, but `diff` does. */
const isSystem = (name: string) => name === "systemAccount" || /^(operators|reloaders)$/.test(name);

function check(name: string, before: Written, after: Written, isPlanned = true): void {
  const { accounts, resources, entries, report } = differenceOf(before, after);
  if (accounts && isPlanned)
    expect({ name, "access entries differ": entries }).toEqual({ name, "access entries differ": true });
  if (accounts || resources) expect({ name, named: changesOf(report) }).not.toEqual({ name, named: [] });
}

describe("what differs in the accounts file or the resources is in the plan, and diff names it", () => {
  const named = cases.filter(
    ({ option, place, pairs }) => pairs.length > 0 && UNNAMED[`${PLACES[place]}.${option}`] === undefined,
  );
  const tried = sample(named, 2).map((each) => ({ ...each, pairs: sample(each.pairs, 3) }));

  test.each(tried)("$place: $option", ({ place, option, pairs }) => {
    for (const { before, after } of pairs) {
      const old = before ? written(place, () => before) : base;
      check(option, old, written(place, after), !isSystem(option) && place !== "system");
    }
  });

  test.each(sample(Object.keys(DECLARATIONS) as Call[], 3))("%s", (call) => {
    const less = written(undefined, PLAIN, call);
    check(call, less, base);
    expect(less.resources).not.toEqual(base.resources);
  });
});

test.each(Object.entries(UNNAMED))("%s is not named: %s", (name) => {
  const [struct = "", option = ""] = name.split(".");
  expect(signatures().structs[struct]).toHaveProperty(option);
});
