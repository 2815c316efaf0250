import { type ApiType, callablesOf, entries, referencesOf, typeOf, types } from "./assembly";
import { compileErrors } from "./compile";

const structs = types.filter(({ datatype }) => datatype);

const isStruct = (fqn: string | undefined) => typeOf(fqn)?.datatype === true;

/** The structs that the functions of a type are given. */
const structsOf = (callables: ReturnType<typeof callablesOf>) =>
  callables.flatMap(({ name = "constructor", parameters = [] }) =>
    parameters.flatMap(({ type: { fqn } }) => (isStruct(fqn) ? [{ name, struct: typeOf(fqn)?.name ?? "" }] : [])),
  );

test("the constructor of a class takes the properties of its name", () => {
  const offenders = types.flatMap((type) =>
    structsOf(type.initializer ? [type.initializer] : [])
      .filter(({ struct }) => struct !== `${type.name}Props`)
      .map(({ struct }) => `${type.name}: ${struct}`),
  );
  expect(offenders).toEqual([]);
});

test("a method takes options", () => {
  const offenders = types.flatMap((type) =>
    structsOf([...(type.methods ?? [])])
      .filter(({ struct }) => !struct.endsWith("Options"))
      .map(({ name, struct }) => `${type.name}.${name}: ${struct}`),
  );
  expect(offenders).toEqual([]);
});

test("a class that only others extend is hidden", () => {
  expect(types.filter(({ kind, abstract }) => kind === "class" && abstract).map(({ name }) => name)).toEqual([]);
});

const LITERAL = /^(true|false|\d+|"[^"]*")$/;

const isEnumMember = (text: string) =>
  types.some(({ name, members = [] }) => members.some((member) => `${name}.${member.name}` === text));

const isDefault = (text = "") => text.startsWith("- ") || LITERAL.test(text) || isEnumMember(text);

test("an optional property says its default: a value, or in words behind a hyphen", () => {
  const offenders = structs.flatMap(({ name, properties = [] }) =>
    properties
      .filter(({ optional, docs }) => optional && !isDefault(docs?.default))
      .map((property) => `${name}.${property.name}: ${property.docs?.default}`),
  );
  expect(offenders).toEqual([]);
});

test("a property that is not optional has no default", () => {
  const offenders = structs.flatMap(({ name, properties = [] }) =>
    properties
      .filter(({ optional, docs }) => !optional && docs?.default !== undefined)
      .map((property) => `${name}.${property.name}: ${property.docs?.default}`),
  );
  expect(offenders).toEqual([]);
});

test("everything has a doc comment", () => {
  const offenders = entries.filter(({ docs }) => docs.summary === undefined).map(({ path }) => path);
  expect(offenders).toEqual([]);
});

test("a summary is a sentence with its full stop", () => {
  const offenders = entries
    .filter(({ docs: { summary } }) => summary !== undefined && !summary.endsWith("."))
    .map(({ path, docs }) => `${path}: ${docs.summary}`);
  expect(offenders).toEqual([]);
});

test("no summary is cut, so that the remarks begin in the middle of a sentence", () => {
  const offenders = entries
    .filter(({ docs: { remarks = "" } }) => /^[a-z]/.test(remarks))
    .map(({ path, docs }) => `${path}: ${docs.summary} | ${docs.remarks}`);
  expect(offenders).toEqual([]);
});

test("no type is one of several", () => {
  const offenders = entries
    .filter(({ type }) => type && referencesOf(type).some(({ union, intersection }) => union ?? intersection))
    .map(({ path }) => path);
  expect(offenders).toEqual([]);
});

/** What is only counted, and has no unit. */
const COUNTS: readonly string[] = [
  "AccountLimits.maxConnections",
  "AccountLimits.maxLeafNodes",
  "AccountLimits.maxSubscriptions",
  "ConsumerOptions.maxAckPending",
  "ConsumerOptions.maxDeliver",
  "ConsumerOptions.maxRequestBatch",
  "ConsumerOptions.maxWaiting",
  "ConsumerOptions.replicas",
  "ConsumerOptions.startSequence",
  "JetStreamLimits.maxConsumers",
  "JetStreamLimits.maxStreams",
  "KeyValueStoreOptions.history",
  "StorageDefaults.replicas",
  "StreamOptions.maxConsumers",
  "StreamOptions.maxMessages",
  "StreamOptions.maxMessagesPerSubject",
  "StreamSource.startSequence",
];

test("a number has its unit in its name, or is a count", () => {
  const numbers = entries.filter(
    ({ type }) => type && referencesOf(type).some(({ primitive }) => primitive === "number"),
  );
  const withoutUnit = numbers.map(({ path }) => path).filter((path) => !/(Seconds|Bytes)$/.test(path));
  expect(withoutUnit.sort()).toEqual(COUNTS);
});

/** Whether a class or an interface is a construct. */
const isConstruct = ({ base, interfaces = [] }: ApiType): boolean =>
  [base, ...interfaces].some((fqn) => {
    const parent = typeOf(fqn);
    return parent ? isConstruct(parent) : fqn?.startsWith("constructs.");
  });

/** Whether a program begins with it: a class with methods of its own, not of its objects. */
const isEntrance = ({ methods = [] }: ApiType) => methods.some((method) => method.static);

test("everything is used: by a member, as a construct, or as a class that a program begins with", () => {
  const used = new Set(
    types.flatMap(({ fqn, base, interfaces = [], properties = [], ...type }) => [
      ...[base, ...interfaces],
      ...[
        ...properties.map((property) => property.type),
        ...callablesOf({ fqn, ...type }).flatMap(({ parameters = [], returns }) => [
          ...parameters.map((parameter) => parameter.type),
          ...(returns ? [returns.type] : []),
        ]),
      ]
        .flatMap(referencesOf)
        .map((reference) => reference.fqn)
        .filter((other) => other !== fqn),
    ]),
  );
  const offenders = types.filter((type) => !used.has(type.fqn) && !isConstruct(type) && !isEntrance(type));
  expect(offenders.map(({ name }) => name)).toEqual([]);
});

const CLASSES = ["PlatformConstruct", "AppConstruct", "MonitorConstruct", "AccountsFile"];

test("the main classes have an example", () => {
  expect(CLASSES.filter((name) => !types.some((type) => type.name === name && type.docs?.example))).toEqual([]);
});

test("examples compile against the built library", () => {
  const examples = entries.flatMap(({ path, docs: { example } }) => (example ? [[path, example] as const] : []));
  expect(compileErrors(new Map(examples))).toEqual([]);
}, 60_000);
