import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What jsii keeps of a doc comment. */
export interface Docs {
  readonly summary?: string;
  readonly remarks?: string;
  readonly default?: string;
  readonly example?: string;
}

/** A type as it is written in a program. */
export interface TypeReference {
  readonly primitive?: string;
  readonly fqn?: string;
  readonly collection?: { readonly elementtype: TypeReference };
  readonly union?: { readonly types: readonly TypeReference[] };
  readonly intersection?: { readonly types: readonly TypeReference[] };
}

/** A property or a parameter. */
export interface Value {
  readonly name: string;
  readonly docs?: Docs;
  readonly optional?: boolean;
  readonly type: TypeReference;
}

/** A method or a constructor, which has no name. */
export interface Callable {
  readonly name?: string;
  readonly docs?: Docs;
  readonly static?: boolean;
  readonly parameters?: readonly Value[];
  readonly returns?: { readonly type: TypeReference };
}

/** A class, an interface, a struct (an interface with `datatype`) or an enum. */
export interface ApiType {
  readonly name: string;
  readonly fqn: string;
  readonly kind: "class" | "interface" | "enum";
  readonly datatype?: boolean;
  readonly abstract?: boolean;
  readonly docs?: Docs;
  readonly base?: string;
  readonly interfaces?: readonly string[];
  readonly initializer?: Callable;
  readonly methods?: readonly Callable[];
  readonly properties?: readonly Value[];
  readonly members?: readonly { readonly name: string; readonly docs?: Docs }[];
}

const file = readFileSync(join(__dirname, "..", "..", "..", ".jsii"), "utf8");
const assembly = JSON.parse(file) as { readonly types: { readonly [fqn: string]: ApiType } };

/** The types of the public API, without the provider's bindings, whose text is Terraform's. */
export const types = Object.values(assembly.types).filter(({ fqn }) => !fqn.includes(".jetstream."));

/** The type of a name, if it is one of these. */
export const typeOf = (fqn: string | undefined): ApiType | undefined => types.find((type) => type.fqn === fqn);

/** The types that a reference names, those of its elements included. */
export const referencesOf = ({ collection, union, intersection, ...type }: TypeReference): TypeReference[] => [
  { ...type, union, intersection },
  ...[...(collection ? [collection.elementtype] : []), ...(union?.types ?? []), ...(intersection?.types ?? [])].flatMap(
    referencesOf,
  ),
];

/** The methods of a type and its constructor. */
export const callablesOf = ({ initializer, methods = [] }: ApiType): Callable[] => [
  ...(initializer ? [initializer] : []),
  ...methods,
];

/** Something with a place of its own in the API: `AppConstruct.callApi(app)`. */
export interface Entry {
  readonly path: string;
  readonly docs: Docs;
  readonly type?: TypeReference;
}

function entriesOf(type: ApiType): Entry[] {
  const at = (name: string, docs: Docs = {}, reference?: TypeReference): Entry => ({
    path: `${type.name}${name}`,
    docs,
    type: reference,
  });
  return [
    at("", type.docs),
    ...(type.properties ?? []).map(({ name, docs, type: reference }) => at(`.${name}`, docs, reference)),
    ...(type.members ?? []).map(({ name, docs }) => at(`.${name}`, docs)),
    ...callablesOf(type).flatMap(({ name = "constructor", docs, parameters = [], returns }) => [
      at(`.${name}`, docs, returns?.type),
      ...parameters.map((each) => at(`.${name}(${each.name})`, each.docs, each.type)),
    ]),
  ];
}

/** All types, members and parameters. */
export const entries = types.flatMap(entriesOf);
