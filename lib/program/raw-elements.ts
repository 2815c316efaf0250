import type { TerraformElement } from "cdktf";
import * as cdktf from "cdktf";
import * as jetstream from "../jetstream";
import type { Fault, Problem } from "../problems/fault";
import { addressText, STATE_BLOCKS } from "../tokens/address-text";
import { resolution } from "../tokens/resolved";
import { addressed } from "./shared-addresses";

/** How cdktf's classes and those of the provider write an element. */
const KNOWN = new Set<unknown>(
  [...Object.values(cdktf), ...Object.values(jetstream)].flatMap((each) => {
    const { prototype } = Object(each) as { readonly prototype?: object };
    return prototype && Object.hasOwn(prototype, "toTerraform") ? [Reflect.get(prototype, "toTerraform")] : [];
  }),
);

/** Whether an element writes its blocks itself, or blocks of others, so that its class does not tell which. */
export const isRaw = (element: TerraformElement): boolean =>
  !KNOWN.has(element.toTerraform) ||
  element instanceof cdktf.ImportableResource ||
  (element instanceof cdktf.TerraformResource && element.hasResourceMove() !== undefined);

interface Blocks {
  readonly [name: string]: unknown;
}

const isPlain = (value: unknown): value is Blocks =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What an element writes; nothing of one that fails, which cdktf refuses. */
function blocksOf(element: TerraformElement): Blocks {
  try {
    const found = resolution(element, element.toTerraform());
    return "value" in found && isPlain(found.value) ? found.value : {};
  } catch {
    return {};
  }
}

/** A table of blocks by names; what is no table would take the place of all. */
function namesIn(table: unknown): string[] | undefined {
  if (table === undefined) return [];
  return isPlain(table) ? Object.keys(table) : undefined;
}

/** What an element writes itself. */
export interface RawElement {
  /** The path of the element. */
  readonly source: string;
  /** The addresses of what it writes. */
  readonly addresses: readonly string[];
  /** The addresses that it imports, moves or lets go of. */
  readonly moved: readonly string[];
  /** Tables that it writes something else in place of. */
  readonly replaced: readonly string[];
}

/** The parts of a stack's JSON in which the library writes something. */
const TABLES = ["resource", "variable", "provider"];

/** Those of them of which the library writes some. */
const LISTS = ["import", "removed"];

const addressIn = (text: unknown): string[] => /^jetstream_\w+\.[\w-]+/.exec(addressText(text)) ?? [];

/** The addresses that blocks of a stack or an element import, move or let go of. */
export const stateAddresses = (blocks: { readonly [name: string]: unknown }): string[] =>
  STATE_BLOCKS.flatMap((name) =>
    [blocks[name]].flat().flatMap((block) => Object.values(Object(block)).flatMap(addressIn)),
  );

/** Reads what an element writes itself. */
export function rawElement(element: TerraformElement): RawElement {
  const blocks = blocksOf(element);
  const tables = new Map(TABLES.map((name) => [name, namesIn(blocks[name])]));
  const resources = blocks.resource as Blocks;
  const types = (tables.get("resource") ?? []).map((type) => [type, namesIn(resources[type])] as const);
  const providers = isPlain(blocks.provider) ? [blocks.provider.jetstream ?? []].flat() : [];
  return {
    source: element.node.path,
    addresses: [
      ...types.flatMap(([type, names = []]) => names.map((name) => `${type}.${name}`)),
      ...(tables.get("variable") ?? []).map((name) => `var.${name}`),
      ...providers.map((each) => `provider jetstream.${(isPlain(each) && each.alias) || ""}`),
    ],
    moved: stateAddresses(blocks),
    replaced: [
      ...TABLES.filter((name) => !tables.get(name)),
      ...types.filter(([type, names]) => !names && type.startsWith("jetstream_")).map(([type]) => `resource.${type}`),
      ...LISTS.filter((name) => blocks[name] !== undefined && !Array.isArray(blocks[name])),
    ],
  };
}

const replacedFault = (value: string): Fault => ({
  what: "element writes something else in place of a whole table of blocks",
  value,
  allowed:
    "blocks by type and name, and lists of import, moved and removed blocks: cdktf adds them to those of the library",
  fix: "Let toTerraform() return a table of blocks by their names, or a list",
});

/** What is wrong with a block about something that the library makes, or lets go of. */
export const stateFault = (value: string): Fault => ({
  what: "a block moves, imports or forgets what the library makes",
  value,
  allowed: "adopt, movedFrom, formerly and retired, which `diff` and the checks know",
  fix: "Remove the block",
});

/** What is wrong with a raw element beside what the library makes in its stack, which is not in it by the same address. */
export function rawProblems(raws: readonly RawElement[], own: readonly TerraformElement[]): Problem[] {
  if (raws.length === 0) return [];
  const made = new Set(own.flatMap((each) => addressed(each)?.address ?? []));
  return raws.flatMap(({ source, moved, replaced }) =>
    [...replaced.map(replacedFault), ...moved.filter((each) => made.has(each)).map(stateFault)].map((fault) => ({
      path: source,
      ...fault,
    })),
  );
}
