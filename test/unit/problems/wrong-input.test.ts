import { App, Lazy, TerraformStack, TerraformVariable, Testing, Token } from "cdktf";
import { Construct } from "constructs";
import * as library from "../../../lib";
import {
  AccessReader,
  AccountsFile,
  AppConstruct,
  AppNaming,
  Credentials,
  Findings,
  jetstream,
  MonitorConstruct,
  PlatformConstruct,
  PlatformNaming,
  StackSummary,
  Stream,
  SubjectName,
} from "../../../lib";
import { MADE_BY } from "../../../lib/problems/made-by";
import { type Parameter, type Signature, type SignatureType, signatures } from "../../../lib/problems/signatures";
import { sample } from "../../support/sample";
import { problemsIn } from "../../support/synth";
import { types } from "../docs/assembly";

/** The constructs of a program in which one call is made in a wrong way. */
interface Scene {
  readonly stack: TerraformStack;
  readonly prod: PlatformConstruct;
  readonly convex: AppConstruct;
  readonly cache: AppConstruct;
}

type Call = (scene: Scene, ...args: never[]) => unknown;

const SERVERS = ["nats://nats:4222"];

let scenes = 0;

/** A program in which a call is tried; it has no more than the call needs, since there are thousands of them. */
function sceneOf(call: string): Scene {
  const stack = new TerraformStack(new App({ outdir: "cdktf.out" }), "stack");
  // Every ninth program has an accounts file, so that catalog and findings are made of what is wrong.
  const accountsFile = scenes++ % 9 === 0;
  const accessEntries = call === "PlatformConstruct.delegateApp";
  const prod = new PlatformConstruct(stack, "prod", { servers: SERVERS, accessEntries, accountsFile });
  const convex = new AppConstruct(prod, "convex", call === "AppConstruct.addLitestream" ? { snapshots: {} } : {});
  let cache: AppConstruct | undefined;
  return {
    stack,
    prod,
    convex,
    get cache() {
      if (!cache) {
        cache = new AppConstruct(prod, "cache");
        cache.serveApi("query");
      }
      return cache;
    },
  };
}

/** How each public constructor and method is called. */
const CALLS: { readonly [call: string]: Call } = {
  PlatformConstruct: (_, ...args) =>
    new PlatformConstruct(...(args as unknown as ConstructorParameters<typeof PlatformConstruct>)),
  AppConstruct: (_, ...args) => new AppConstruct(...(args as unknown as ConstructorParameters<typeof AppConstruct>)),
  AccessReader: (_, ...args) => new AccessReader(...(args as unknown as ConstructorParameters<typeof AccessReader>)),
  MonitorConstruct: (_, ...args) =>
    new MonitorConstruct(...(args as unknown as ConstructorParameters<typeof MonitorConstruct>)),
  AccountsFile: (_, ...args) => new AccountsFile(...(args as unknown as ConstructorParameters<typeof AccountsFile>)),
  "PlatformConstruct.fromPlatformName": (_, ...args: never[]) =>
    PlatformConstruct.fromPlatformName(...(args as unknown as Parameters<typeof PlatformConstruct.fromPlatformName>)),
  "AppConstruct.fromAppName": (_, ...args) =>
    AppConstruct.fromAppName(...(args as unknown as Parameters<typeof AppConstruct.fromAppName>)),
  "Stream.fromStreamName": (_, ...args) =>
    Stream.fromStreamName(...(args as unknown as Parameters<typeof Stream.fromStreamName>)),
  "Credentials.bcrypt": ({ convex }, ...args) =>
    withCredentials(convex, Credentials.bcrypt(...(args as unknown as [string]))),
  "Credentials.nkey": ({ convex }, ...args) =>
    withCredentials(convex, Credentials.nkey(...(args as unknown as [string]))),
  "Credentials.variable": ({ convex }, ...args) =>
    withCredentials(convex, Credentials.variable(...(args as unknown as [string]))),
  "Findings.of": (_, ...args) => Findings.of(...(args as unknown as [Construct])).acknowledge("NP002", "because"),
  "Findings.acknowledge": ({ convex }, ...args) =>
    Findings.of(convex).acknowledge(...(args as unknown as [string, string])),
  "StackSummary.textOf": (_, ...args) => StackSummary.textOf(...(args as unknown as [TerraformStack])),
  "AppNaming.of": (_, ...args) => AppNaming.of(...(args as unknown as [string, string])),
  "PlatformNaming.of": (_, ...args) => PlatformNaming.of(...(args as unknown as [string])),
  "SubjectName.parse": (_, ...args) => SubjectName.parse(...(args as unknown as [string])),
};

const withCredentials = (convex: AppConstruct, credentials: Credentials) =>
  new AppConstruct(convex.node.scope as PlatformConstruct, "other", { credentials });

/** A call of a method of the scene's app, platform, or of the names of one. */
function callOf(name: string): Call | undefined {
  if (CALLS[name]) return CALLS[name];
  const [type, method = ""] = name.split(".");
  const on = {
    AppConstruct: ({ convex }: Scene) => convex,
    PlatformConstruct: ({ prod }: Scene) => prod,
    AppNaming: ({ convex }: Scene) => convex.naming,
    PlatformNaming: ({ prod }: Scene) => prod.naming,
  }[type ?? ""] as ((scene: Scene) => { readonly [method: string]: (...args: never[]) => unknown }) | undefined;
  return on && ((scene, ...args) => on(scene)[method]?.(...args));
}

/** A right value for a parameter or option, by its name or else by its type. */
function rightValue(name: string, type: SignatureType, scene: Scene): unknown {
  const byName: { readonly [name: string]: () => unknown } = {
    scope: () => scene.stack,
    construct: () => scene.convex,
    stack: () => scene.stack,
    id: () => "another",
    platformName: () => "another",
    platform: () => (type === "string" ? "prod" : scene.prod),
    appName: () => "another",
    streamName: () => "prod_other",
    publicKey: () => "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4",
    hash: () => `$2a$11$${"a".repeat(53)}`,
    app: () => (type === "string" ? "convex" : scene.cache),
    stream: () => scene.convex.addStream("log"),
    objectStore: () => scene.convex.snapshots ?? scene.convex.addObjectStore("files"),
    component: () => "lock",
    text: () => "prod.convex.lock.x",
    databasePath: () => "/data/app.db",
    destination: () => "prod.convex.again.>",
    apiNames: () => "query",
  };
  const given = byName[name]?.();
  if (given !== undefined) return given;
  if (type === "string") return "right";
  if (type === "number") return 1;
  if (type === "boolean") return true;
  if (type === "any") return "any";
  if ("list" in type) return [rightValue(name, type.list, scene)];
  if ("map" in type) return { "node-1": rightValue(name, type.map, scene) };
  if ("enum" in type) return signatures().enums[type.enum]?.[0];
  if ("struct" in type) return requiredOf(type.struct, scene);
  if (type.object === "Credentials") return Credentials.variable("RIGHT");
  return new jetstream.JetstreamProvider(scene.stack, "right", { servers: "nats://nats:4222", alias: "right" });
}

const requiredOf = (struct: string, scene: Scene): { [option: string]: unknown } =>
  Object.fromEntries(
    Object.entries(signatures().structs[struct] ?? {})
      .filter(([, { optional }]) => !optional)
      .map(([option, { type }]) => [option, rightValue(option, type, scene)]),
  );

const WRONG: readonly (readonly [string, unknown])[] = [
  ["undefined", undefined],
  ["null", null],
  ["NaN", Number.NaN],
  ["a number", 17],
  ["a text", "?"],
  ["a boolean", true],
  ["an empty list", []],
  ["a list", ["?"]],
  ["a list of nothing", [undefined]],
  ["an object", { wrong: 1 }],
  ["a function", () => "?"],
];

const circular: { self?: object } = {};
circular.self = circular;

class WithField {
  public readonly wrong = 1;
}

/** Classes of somebody else that are called as those of which an object belongs somewhere. */
const LOOKALIKES = {
  Credentials: class Credentials extends WithField {},
  JetstreamProvider: class JetstreamProvider extends WithField {},
  TerraformStack: class TerraformStack extends WithField {},
};

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

class WithGetter {
  public get wrong(): never {
    throw new Error("the getter throws");
  }
}

/** What no option and no parameter takes, made for a scene. */
const STRANGE: readonly (readonly [string, (scene: Scene) => unknown])[] = [
  ["a BigInt", () => 1024n],
  ["a symbol", () => Symbol("x")],
  ["a circular object", () => circular],
  ["a construct of another kind", ({ stack }) => new Construct(stack, "strange")],
  ["an object without a prototype", () => Object.assign(Object.create(null), { wrong: 1 })],
  ["an object that is no text", () => ({ toString: null, wrong: 1 })],
  ["an object with a getter that throws", () => Object.defineProperty({}, "wrong", { enumerable: true, get: fail })],
  ["an object with an unknown property of its prototype", () => Object.create({ wrong: 1 })],
  ["a list of a symbol", () => [Symbol("x")]],
  ["a Map", () => new Map([["wrong", 1]])],
  ["a Set", () => new Set(["?"])],
  ["a Promise", () => Promise.resolve({})],
  ["a Date", () => new Date(0)],
  ["a RegExp", () => /x/],
  ["a boxed number", () => new Number(1)],
  ["a boxed text", () => new String("?")],
  ["a class", () => WithGetter],
  ["an object of a class with an unknown field", () => new WithField()],
  ["an object of a class that is called Credentials", () => new LOOKALIKES.Credentials()],
  ["an object of a class that is called JetstreamProvider", () => new LOOKALIKES.JetstreamProvider()],
  ["an object of a class that is called TerraformStack", () => new LOOKALIKES.TerraformStack()],
  [
    "an object with the prototype of Credentials",
    () => Object.assign(Object.create(Credentials.prototype), { wrong: 1 }),
  ],
  ["a Proxy that is revoked", () => revoked({})],
  ["a Proxy of a list that is revoked", () => revoked([])],
  ["a list with an element that throws", () => Object.defineProperty(["?"], 0, { enumerable: true, get: fail })],
  ...(["get", "getPrototypeOf"] as const).map(
    (trap) => [`a Proxy whose trap ${trap} throws`, () => new Proxy({ wrong: 1 }, { [trap]: fail })] as const,
  ),
];

/** What the library makes, and the type under which it may be right; made for a scene. */
const MADE: readonly (readonly [string, (scene: Scene) => unknown])[] = [
  ["IApp", ({ convex }) => convex],
  ["IPlatform", ({ prod }) => prod],
  ["IStream", ({ convex }) => convex.addStream("other")],
  ["IKeyValueStore", ({ convex }) => convex.keyValueStore],
  ["IObjectStore", ({ convex }) => convex.addObjectStore("other")],
  [
    "Litestream",
    ({ convex }) => convex.addLitestream({ databasePath: "/o.db", objectStore: convex.addObjectStore("other") }),
  ],
  ["TerraformStack", ({ stack }) => stack],
  ["Credentials", () => Credentials.variable("OTHER")],
];

function fail(): never {
  throw new Error("the getter throws");
}

/** Values that Terraform knows only at apply. */
const TOKENS: readonly (readonly [string, (variable: TerraformVariable) => unknown])[] = [
  ["a text of Terraform", (variable) => variable.stringValue],
  ["a text with one of Terraform in it", (variable) => `a-${variable.stringValue}`],
  ["a number of Terraform", (variable) => variable.numberValue],
  ["a list of Terraform", (variable) => variable.listValue],
  ["a list of numbers of Terraform", (variable) => Token.asNumberList(variable.value)],
  ["a boolean of Terraform", (variable) => variable.booleanValue],
  ["any value of Terraform", (variable) => variable.value],
  ["a map of Terraform", (variable) => Token.asStringMap(variable.value)],
  ["a lazy text", () => Lazy.stringValue({ produce: () => "later" })],
  ["a lazy value", () => Lazy.anyValue({ produce: () => ({}) })],
];

/** Whether a type takes what is known only at apply, where an option is marked so. */
const takesTokens = ({ type, atApply }: Signature) =>
  atApply === true && (typeof type === "string" || "list" in type || "map" in type || "enum" in type);

/** Whether a value has the type that it should have, so that it may be right. */
function mayBeRight(value: unknown, { type, optional }: Signature): boolean {
  if (value === undefined) return optional === true;
  if (type === "any") return value !== null;
  if (typeof type === "string") return typeof value === type && !Number.isNaN(value);
  if ("list" in type) return Array.isArray(value) && value.every((each) => mayBeRight(each, { type: type.list }));
  if ("map" in type) return false;
  return "enum" in type && (signatures().enums[type.enum] ?? []).includes(value as string);
}

/** One thing that is given in a wrong way. */
interface Trial {
  readonly what: string;
  readonly call: string;
  /** What a message must name. */
  readonly names: string;
  readonly mayBeRight: boolean;
  readonly args: (scene: Scene) => unknown[];
}

/** The arguments of a call of which one is another. */
const argsWith =
  (call: string, parameters: readonly Parameter[], at: number, value: (scene: Scene) => unknown) => (scene: Scene) =>
    parameters.map(({ name, type }, index) => {
      if (index === at) return value(scene);
      if (typeof type === "object" && "struct" in type) return requiredOf(type.struct, scene);
      return call === "AppConstruct" && name === "scope" ? scene.prod : rightValue(name, type, scene);
    });

const misspelt = (option: string) => `${option.slice(0, -1)}${option.endsWith("x") ? "y" : "x"}`;

/** The options of a struct, and of those inside of it, each with how to give it alone. */
function* optionsOf(
  struct: string,
  inside: (scene: Scene, options: object) => object = (_, options) => options,
): Generator<{
  readonly struct: string;
  readonly option: string;
  readonly signature: Signature;
  readonly inside: typeof inside;
}> {
  for (const [option, signature] of Object.entries(signatures().structs[struct] ?? {})) {
    yield { struct, option, signature, inside };
    const { type } = signature;
    const inner = typeof type === "object" && "list" in type ? type.list : type;
    if (typeof inner !== "object" || !("struct" in inner)) continue;
    yield* optionsOf(inner.struct, (scene, options) =>
      inside(scene, {
        ...requiredOf(struct, scene),
        [option]: inner === type ? options : [options],
      }),
    );
  }
}

const variableOf = ({ stack }: Scene) => new TerraformVariable(stack, "variable", {});

/** What is strange or known only at apply in place of a parameter or option. */
function* strangeTrialsOf(
  call: string,
  name: string,
  signature: Signature,
  args: (value: (scene: Scene) => unknown) => Trial["args"],
): Generator<Trial> {
  const { type } = signature;
  const isMap = typeof type === "object" && "map" in type;
  const isAnyConstruct = typeof type === "object" && "object" in type && /^I?Construct$/.test(type.object);
  const isTarget = /^\w+Naming\.\w*[sS]ubject$/.test(call) && name === "target";
  for (const [text, value] of STRANGE) {
    yield {
      what: `${call}: ${name} is ${text}`,
      call,
      names: "",
      mayBeRight: isAnyConstruct,
      args: args(value),
    };
  }
  for (const [made, value] of MADE) {
    yield {
      what: `${call}: ${name} is of the library's ${made}`,
      call,
      names: "",
      mayBeRight: isAnyConstruct || (typeof type === "object" && "object" in type && type.object === made),
      args: args(value),
    };
  }
  for (const [text, value] of TOKENS) {
    yield {
      what: `${call}: ${name} is ${text}`,
      call,
      names: "",
      mayBeRight: takesTokens(signature) || isMap || isTarget,
      args: args((scene) => value(variableOf(scene))),
    };
  }
}

function* trialsOf(call: string, parameters: readonly Parameter[]): Generator<Trial> {
  for (const [at, parameter] of parameters.entries()) {
    const { name, type } = parameter;
    for (const [text, value] of WRONG) {
      const right =
        mayBeRight(value, parameter) || (typeof type === "object" && "struct" in type && value === undefined);
      yield {
        what: `${call}: ${name} is ${text}`,
        call,
        names: "",
        mayBeRight: right,
        args: argsWith(call, parameters, at, () => value),
      };
    }
    yield* strangeTrialsOf(call, name, parameter, (value) => argsWith(call, parameters, at, value));
    if (typeof type !== "object" || !("struct" in type)) continue;
    for (const { struct, option, signature, inside } of optionsOf(type.struct)) {
      const give = (key: string, value: unknown) =>
        argsWith(call, parameters, at, (scene) => inside(scene, { ...requiredOf(struct, scene), [key]: value }));
      for (const [text, value] of WRONG) {
        yield {
          what: `${call}: ${struct}.${option} is ${text}`,
          call,
          names: option,
          mayBeRight: mayBeRight(value, signature),
          args: give(option, value),
        };
      }
      yield* strangeTrialsOf(call, `${struct}.${option}`, signature, (value) =>
        argsWith(call, parameters, at, (scene) =>
          inside(scene, { ...requiredOf(struct, scene), [option]: value(scene) }),
        ),
      );
      const wrong = misspelt(option);
      yield { what: `${call}: ${struct}.${wrong}`, call, names: wrong, mayBeRight: false, args: give(wrong, "?") };
    }
  }
}

/** What came of a trial: the message, or nothing where it was taken. */
function outcomeOf({ call, args }: Trial): { readonly error?: Error } {
  const scene = sceneOf(call);
  try {
    callOf(call)?.(scene, ...(args(scene) as never[]));
    Testing.synth(scene.stack);
    return {};
  } catch (error) {
    return { error: error as Error };
  }
}

function complaintOf(trial: Trial): string | undefined {
  const { error } = outcomeOf(trial);
  if (!error) return trial.mayBeRight ? undefined : "was taken";
  if (error.constructor !== Error) return `${error.constructor.name}: ${error.message}`;
  const { message } = error;
  const isRefusal = problemsIn(message).length > 0 || / Allowed: /.test(message);
  if (!isRefusal) return `no refusal: ${message}`;
  if (!trial.mayBeRight && !message.includes(trial.names)) return `does not name ${trial.names}: ${message}`;
  return undefined;
}

const calls = Object.entries(signatures().calls).filter(([, parameters]) => parameters.length > 0);

test("every public constructor and method with parameters is tried", () => {
  expect(calls.map(([call]) => call).filter((call) => callOf(call) === undefined)).toEqual([]);
});

test.each(calls.map(([call, parameters]) => [call, sample([...trialsOf(call, parameters)], 30)] as const))(
  "what is given to %s in a wrong way is refused in words",
  (_, trials) => {
    const complaints = trials.flatMap((trial) => {
      const complaint = complaintOf(trial);
      return complaint === undefined ? [] : [`${trial.what}: ${complaint.split("\n").slice(0, 3).join(" ")}`];
    });
    tried += trials.length;
    expect(complaints).toEqual([]);
  },
  60_000,
);

/** The methods that report at a construct, by their names in the table. */
const methods = Object.keys(signatures().calls).filter((call) =>
  /^(AppConstruct|PlatformConstruct|Stream|Findings)\.(?!of$)/.test(call),
);

const rightArguments = (call: string, scene: Scene) =>
  argsWith(call, signatures().calls[call] ?? [], -1, () => undefined)(scene);

/** What a program is told of one call. */
function messageOf(call: string, args: (scene: Scene) => readonly unknown[]): string {
  const scene = sceneOf(call);
  try {
    callOf(call)?.(scene, ...(args(scene) as never[]));
    Testing.synth(scene.stack);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

const nameOf = (call: string) => call.split(".").at(-1) ?? "";

/** The calls that take as many arguments as they name. */
const counted = Object.entries(signatures().calls).flatMap(([call, parameters]) =>
  parameters.some(({ variadic }) => variadic) || !callOf(call) ? [] : [call],
);

test.each(counted)("%s refuses more arguments than it takes", (call) => {
  const method = nameOf(call);
  const message = messageOf(call, (scene) => [...rightArguments(call, scene), "surplus"]);
  const count = (signatures().calls[call] ?? []).length;
  expect(message).toContain(`${method}(`);
  expect(message).toContain(`) is given more arguments than it takes: ${count + 1}`);
  expect(message.toLowerCase()).toContain(count === 0 ? "allowed: none" : `allowed: at most ${count}`);
  const padded = messageOf(call, (scene) => [...rightArguments(call, scene), undefined]);
  expect(padded).not.toContain("more arguments");
});

test.each(methods.filter((call) => signatures().calls[call]?.some(({ optional }) => !optional)))(
  "%s without arguments is refused by its name, and no name is shown that nobody gave",
  (call) => {
    const [, method] = call.split(".");
    const given = nameOf(call).startsWith("from") ? ({ prod }: Scene) => [prod, "other"] : () => [];
    const problems = problemsIn(messageOf(call, given));
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) {
      expect(problem).toContain(`] ${method}(`);
      expect(problem).not.toMatch(/without-name|unnamed|undefined|unknown/);
    }
  },
);

/** The exported classes that programs do not construct. */
const closed = types.filter(({ kind, initializer }) => kind === "class" && !initializer);

test.each(closed.map(({ name }) => name))("new %s is refused with what makes one", (name) => {
  const type = new Map<string, unknown>(Object.entries(library)).get(name) as new (...given: unknown[]) => object;
  const { stack, convex } = sceneOf("");
  for (const given of [
    [],
    [stack, "x"],
    [stack, "x", {}],
    [convex, "x", {}],
    [undefined, "x"],
    [null],
    [{}],
    ["a"],
    ["a", "b"],
  ]) {
    if (name === "Findings" && given[0] instanceof Construct) continue;
    const path = given[0] instanceof Construct && type.prototype instanceof Construct;
    expect(() => new type(...given)).toThrow(
      new RegExp(
        `^${path ? "\\[stack(/prod/convex)?\\] " : ""}${name} is made by its constructor, which only the library calls. Allowed: .*\\w\\(.*\\. Call that in place of new\\.$`,
      ),
    );
  }
});

test("every class that programs do not construct is tried", () => {
  expect(closed.map(({ name }) => name).sort()).toEqual(Object.keys(MADE_BY).sort());
});

let tried = 0;
afterAll(() => console.log(`${tried} wrong inputs`));
