import { type AttributeEffect, EFFECTS } from "../../../lib/cli/attribute-effects";
import behaviour from "../../../scripts/tools/provider/behaviour.json";
import { resourceSchema } from "../../../scripts/tools/provider/schema";

const types = Object.keys(EFFECTS);
const provided = behaviour as {
  readonly [type: string]: { readonly [attribute: string]: { forces_replacement?: true } };
};

const attributesOf = (type: string) => {
  const { attributes, block_types = {} } = resourceSchema(type);
  return [...Object.keys(attributes), ...Object.keys(block_types)].sort();
};

const effectOf = (type: string, attribute: string): AttributeEffect => EFFECTS[type]?.[attribute] ?? {};

test.each(types)("it is decided of every attribute of %s what it loses", (type) => {
  expect(Object.keys(EFFECTS[type] ?? {}).sort()).toEqual(attributesOf(type));
});

test("of every resource of the provider", () => {
  expect(types.sort()).toEqual(
    Object.keys(provided)
      .filter((type) => type !== "provider")
      .sort(),
  );
});

test.each(types)("what replaces a %s is what the provider replaces it for", (type) => {
  const replacing = attributesOf(type).filter((attribute) => effectOf(type, attribute).replaces !== undefined);
  const forced = Object.entries(provided[type] ?? {}).flatMap(([name, each]) =>
    each.forces_replacement ? [name] : [],
  );
  expect(replacing).toEqual(forced.sort());
});
