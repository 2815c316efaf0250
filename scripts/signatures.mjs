/** Writes the table that the library checks arguments with, from the assembly that jsii has just written. */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "./tasks.mjs";

/** The package's own types, of which arguments are checked; of others only that they are objects. */
const OWN = "cdktf-nats-platform.";

const plain = (fqn) => fqn.slice(fqn.lastIndexOf(".") + 1);

/** A type of the assembly in the form of `lib/problems/signatures.ts`. */
function typeOf(assembly, { primitive, collection, fqn }) {
  if (primitive !== undefined) return primitive;
  if (collection !== undefined) {
    return { [collection.kind === "map" ? "map" : "list"]: typeOf(assembly, collection.elementtype) };
  }
  const type = fqn.startsWith(`${OWN}jetstream.`) ? undefined : assembly.types[fqn];
  if (type?.kind === "enum") return { enum: plain(fqn) };
  if (type?.datatype) return { struct: plain(fqn) };
  return { object: plain(fqn) };
}

function propertiesOf(assembly, type) {
  const inherited = (type.interfaces ?? []).map((fqn) => propertiesOf(assembly, assembly.types[fqn]));
  const own = (type.properties ?? []).map((each) => [each.name, value(assembly, each)]);
  return Object.assign({}, ...inherited, Object.fromEntries(own));
}

/** The tag of an option that may be known only at apply: `@knownAt apply`. */
const isKnownAtApply = (docs) => docs?.custom?.knownAt === "apply";

function value(assembly, { type, optional, variadic, docs }) {
  return {
    type: typeOf(assembly, type),
    ...(optional && { optional }),
    ...(variadic && { variadic }),
    ...(isKnownAtApply(docs) && { atApply: true }),
  };
}

/** What may be given to the public constructors, methods and options of the package, whose enums are in `library`. */
function signaturesOf(assembly, library) {
  const own = Object.values(assembly.types).filter(
    ({ fqn }) => fqn.startsWith(OWN) && !fqn.startsWith(`${OWN}jetstream.`),
  );
  const named = (types, of) => Object.fromEntries(types.map((type) => [type.name, of(type)]));
  const parameters = ({ parameters: all = [] }) => all.map((each) => ({ name: each.name, ...value(assembly, each) }));
  const calls = own.flatMap(({ name, kind, initializer, methods = [] }) => [
    ...(kind === "class" && initializer ? [[name, parameters(initializer)]] : []),
    ...methods.map((method) => [`${name}.${method.name}`, parameters(method)]),
  ]);
  return {
    structs: named(
      own.filter(({ datatype }) => datatype),
      (type) => propertiesOf(assembly, type),
    ),
    enums: named(
      own.filter(({ kind }) => kind === "enum"),
      ({ name }) => Object.values(library[name]),
    ),
    calls: Object.fromEntries(calls),
  };
}

const assembly = JSON.parse(readFileSync(join(root, ".jsii"), "utf8"));
const library = createRequire(import.meta.url)("../build/index.js");
writeFileSync(join(root, "build", "signatures.json"), JSON.stringify(signaturesOf(assembly, library)));
