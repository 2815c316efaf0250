import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Annotations, App, Aspects, TerraformElement, TerraformOutput, TerraformStack, Testing } from "cdktf";
import { addCustomSynthesis } from "cdktf/lib/synthesize/synthesizer";
import { Construct, type IConstruct } from "constructs";
import { AccountsFile, AppConstruct, jetstream, PlatformConstruct, RetiredData, Stream } from "../../../lib";
import { ProgramAccounts } from "../../../lib/program/program-accounts";
import { prodOf } from "../../support/prod";
import { declared, type Program, refusal, synthFiles } from "../../support/synth";

/** An Aspect that does something the first time that it is called. */
function once(act: () => unknown) {
  let done = false;
  return {
    visit: () => {
      if (!done) act();
      done = true;
    },
  };
}

describe("a stack that an Aspect makes is refused, since cdktf does not write it", () => {
  const cases: [string, (late: TerraformStack, scene: { readonly platform: PlatformConstruct }) => unknown][] = [
    ["with an app", (late, { platform }) => new AppConstruct(late, "late", { platform })],
    ["with a platform", (late) => new PlatformConstruct(late, "dev", { servers: ["nats://host:4222"] })],
    ["with nothing", () => undefined],
  ];

  test.each(cases.flatMap(([name, make]) => ["stack", "between", "last"].map((from) => [name, from, make] as const)))(
    "%s, of the stack %s",
    (_, from, make) => {
      const { message, written } = refusal((stack, app) => {
        const platform = prodOf(stack);
        for (const id of ["between", "last"]) new TerraformStack(app, id);
        const late = () => make(new TerraformStack(app, "made"), { platform });
        Aspects.of(app.node.findChild(from)).add(once(late));
      });
      expect(message).toContain('[made] stack is made by an Aspect: "made"');
      expect(written.filter((file) => !file.endsWith("cdk.tf.json"))).toEqual([]);
    },
  );
});

describe("the text of the accounts file in a stack", () => {
  const program =
    (file: "one" | "two", late: "one" | "two" | "last"): Program =>
    (stack, app) => {
      const [one, two, last] = ["one", "two", "last"].map((id) => new TerraformStack(app, id));
      const accounts = new AccountsFile(stack, "accounts", { helmValues: true });
      const owner = file === "one" ? one : two;
      const { content, helmValues } = accounts;
      new TerraformOutput(owner as TerraformStack, "text", { value: content });
      new TerraformOutput(owner as TerraformStack, "helm", { value: helmValues });
      const options = { servers: ["nats://host:4222"], accessEntries: false };
      const convex = new AppConstruct(new PlatformConstruct(stack, "prod", options), "convex");
      const by = { one, two, last }[late] as TerraformStack;
      Aspects.of(by).add(once(() => convex.publishEvents("late.>")));
    };

  test.each([
    ["one", "two"],
    ["one", "last"],
    ["two", "last"],
  ] as const)("is refused in %s, if an Aspect of %s changes it later", (file, late) => {
    const { message } = refusal(program(file, late));
    for (const name of ["accounts.conf", "accounts.helm.yaml"]) {
      expect(message).toContain(
        `already has ${name} as it was before an Aspect of a later stack changed it: "${file}"`,
      );
    }
  });

  test.each([
    ["one", "one"],
    ["two", "one"],
    ["two", "two"],
  ] as const)("is in %s as in the file, if an Aspect of %s changes it before", (file, late) => {
    const files = synthFiles(program(file, late));
    const { output } = JSON.parse(files[`${file}/cdk.tf.json`] ?? "");
    expect(output.text.value).toContain("prod._.events.late.>");
    expect(output.text.value.replaceAll("$${", "${")).toBe(files["stack/accounts.conf"]);
    expect(output.helm.value.replaceAll("$${", "${")).toBe(files["stack/accounts.helm.yaml"]);
  });
});

test("the text of the accounts file is not late in a stack with the last one in it, which is written after that", () => {
  const files = synthFiles((stack) => {
    const platform = new PlatformConstruct(stack, "prod", { servers: ["nats://host:4222"], accessEntries: false });
    const convex = new AppConstruct(new TerraformStack(stack, "inner"), "convex", { platform });
    new TerraformOutput(stack, "text", { value: new AccountsFile(stack, "accounts").content });
    Aspects.of(stack).add(once(() => convex.publishEvents("late.>")));
  });
  const { output } = JSON.parse(files["stack/cdk.tf.json"] ?? "");
  expect(output.text.value).toContain("prod._.events.late.>");
  expect(output.text.value).toBe(files["stack/accounts.conf"]);
});

describe("a synth that is refused in a later stack", () => {
  const refuse: [string, (convex: AppConstruct) => unknown][] = [
    ["by a fault of an option", (convex) => convex.publishEvents("a b")],
    ["by a fault on a resource", ({ wal }) => Object.assign((wal as Stream).resource, { subjects: ["other.>"] })],
  ];

  test.each(refuse.flatMap(([name, act]) => [true, false].map((hasApp) => [name, hasApp, act] as const)))(
    "leaves the files of the synth before: %s (an app in the last stack: %s)",
    (_, hasApp, act) => {
      const outdir = mkdtempSync(join(tmpdir(), "round-"));
      const synth = (isRefused: boolean) => {
        const app = new App({ outdir });
        const [one, last] = [new TerraformStack(app, "one"), new TerraformStack(app, "last")];
        const prod = prodOf(one);
        const convex = new AppConstruct(
          hasApp ? last : prod,
          "convex",
          hasApp ? { platform: prod, wal: {} } : { wal: {} },
        );
        if (isRefused) new AppConstruct(prod, "other");
        if (isRefused) Aspects.of(last).add(once(() => act(convex)));
        app.synth();
      };
      const files = () =>
        readdirSync(outdir, { recursive: true, encoding: "utf8", withFileTypes: true })
          .filter((each) => each.isFile() && !each.name.endsWith("cdk.tf.json"))
          .map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), "utf8")]);
      try {
        synth(false);
        const before = files();
        expect(before.length).toBeGreaterThan(3);
        expect(() => synth(true)).toThrow("must not be applied: one");
        expect(files()).toEqual(before);
      } finally {
        rmSync(outdir, { recursive: true });
      }
    },
  );
});

describe("a program is read once", () => {
  const programs: [string, Program][] = [
    ["of one stack", (stack) => new AppConstruct(prodOf(stack), "a", { wal: {} })],
    [
      "of three stacks",
      (stack, app) => {
        const prod = prodOf(stack);
        for (const id of ["two", "three"])
          new AppConstruct(new TerraformStack(app, id), id, { platform: prod, wal: {} });
      },
    ],
    [
      "whose last stack has nothing of it",
      (stack, app) => {
        prodOf(stack);
        new TerraformOutput(new TerraformStack(app, "last"), "o", { value: "x" });
      },
    ],
    [
      "with a stack in a stack",
      (stack) => {
        new AppConstruct(new TerraformStack(stack, "inner"), "a", { platform: prodOf(stack) });
      },
    ],
  ];

  test.each(programs)("%s", (_, program) => {
    const readings = declared(program, (app) => {
      app.synth();
      return ProgramAccounts.of(app).reading;
    });
    expect(readings).toBe(1);
  });

  test("and again, if an Aspect changes a stream", () => {
    const readings = declared(
      (stack, app) => {
        const prod = prodOf(stack);
        const last = new TerraformStack(app, "last");
        const { wal } = new AppConstruct(last, "a", { platform: prod, wal: {} });
        Aspects.of(last).add({ visit: () => Object.assign((wal as Stream).resource, { replicas: 3 }) });
      },
      (app) => {
        app.synth();
        return ProgramAccounts.of(app).reading;
      },
    );
    expect(readings).toBe(2);
  });
});

test("a stack with nothing of the library is written by itself after a synth, whatever was changed since", () => {
  declared(
    (stack, app) => {
      prodOf(stack);
      new TerraformOutput(new TerraformStack(app, "last"), "o", { value: "x" });
    },
    (app, stack) => {
      app.synth();
      const { resource } = (stack.node.findChild("prod") as PlatformConstruct).events;
      Object.assign(resource, { replicas: 3 });
      const folder = Testing.fullSynth(app.node.findChild("last") as TerraformStack);
      expect(readdirSync(join(folder, "stacks", "last"))).toEqual(["cdk.tf.json"]);
      expect(() => Testing.fullSynth(stack)).not.toThrow();
    },
  );
});

test("what a synth wrote is said once, also where a stack in another one changes the files after that", () => {
  const said = jest.spyOn(console, "error").mockImplementation(() => undefined);
  const { JEST_WORKER_ID: _, NODE_TEST_CONTEXT: __, CDKTF_OUTDIR: ___, NODE_ENV: ____, ...env } = process.env;
  const variables = jest.replaceProperty(process, "env", env);
  try {
    let calls = 0;
    const files = synthFiles((stack) => {
      const inner = new TerraformStack(stack, "inner");
      const convex = new AppConstruct(inner, "convex", { platform: prodOf(stack, { accessEntries: false }) });
      Aspects.of(inner).add({
        visit: (node) => {
          if (node === inner && calls++ === 1) convex.publishEvents("late.>");
        },
      });
    });
    expect(calls).toBe(2);
    expect(files["stack/accounts.conf"]).toContain("prod._.events.late.>");
    expect(said.mock.calls.map(([text]) => String(text).split(":")[0])).toEqual(["NATS platform"]);
  } finally {
    variables.restore();
    said.mockRestore();
  }
});

describe("what the library made and somebody removes is refused", () => {
  const scene = (stack: TerraformStack) => {
    const prod = prodOf(stack);
    const cache = new AppConstruct(prod, "cache", {
      wal: { retired: RetiredData.KEEP },
      keyValueStore: { adopt: true },
    });
    return { prod, cache };
  };

  const paths = declared(scene as Program, (app) => app.node.findAll().map(({ node }) => node.path)).filter((path) =>
    /AccessEntry-|NatsPlatformRemoved$|Import$|TerraformPassword$/.test(path),
  );

  test("of all kinds", () => {
    for (const kind of ["AccessEntry-", "NatsPlatformRemoved", "Import", "TerraformPassword"]) {
      expect(paths.join(" ")).toContain(kind);
    }
  });

  const remove = (construct: IConstruct | undefined) => construct?.node.scope?.node.tryRemoveChild(construct.node.id);

  test.each(paths)("%s, at once and by an Aspect", (path) => {
    const at = (stack: TerraformStack) => stack.node.findAll().find(({ node }) => node.path === path);
    for (const byAspect of [false, true]) {
      const { message } = refusal((stack) => {
        scene(stack);
        if (byAspect) Aspects.of(stack).add(once(() => remove(at(stack))));
        else remove(at(stack));
      });
      expect(message).toContain(`[${path}] construct is removed from the tree`);
    }
  });

  const values = [null, {}, "", { 0: { lifecycle: { destroy: true } } }];

  test.each(["removed", "import"].flatMap((blocks) => values.map((value) => [blocks, value] as const)))(
    "by an override of %s of the stack: %j",
    (blocks, value) => {
      const { message } = refusal((stack) => {
        scene(stack);
        stack.addOverride(blocks, value);
      });
      expect(message).toContain(`an override of the stack changes its ${blocks} blocks`);
    },
  );

  test.each([
    ["variable", null],
    ["variable.prod_terraform_password", null],
    ["variable.prod_terraform_password.default", "x"],
  ])("by an override of %s of the stack: %j", (path, value) => {
    const { message } = refusal((stack) => {
      scene(stack);
      stack.addOverride(path, value);
    });
    expect(message).toContain(
      "[stack/nats-prod/Provider] the variable with the password of the platform's Terraform user",
    );
  });
});

test("the files are written, whatever an Aspect of the last stack takes out of it", () => {
  const files = synthFiles((stack, app) => {
    prodOf(stack);
    const last = new TerraformStack(app, "last");
    Aspects.of(last).add({
      visit: ({ node }) => {
        for (const child of node.children) node.tryRemoveChild(child.node.id);
      },
    });
  });
  expect(Object.keys(files)).toContain("stack/accounts.conf");
});

test("an entry in a stack with nothing else of the library is read again, if an Aspect changes it", () => {
  const files = synthFiles((stack, app) => {
    const { bucketName: bucket } = new AppConstruct(prodOf(stack, { accessEntries: false }), "a").keyValueStore;
    const last = new TerraformStack(app, "last");
    const provider = new jetstream.JetstreamProvider(last, "own", { servers: "nats://host:4222" });
    const entry = new jetstream.KvEntry(last, "entry", { bucket, key: "before", value: "v", provider });
    Aspects.of(last).add(once(() => Object.assign(entry, { key: "after" })));
  });
  expect(files["last/cdk.tf.json"]).toContain('"after"');
  expect(files["stack/accounts.conf"]).toContain("$KV.prod_a.after");
  expect(files["stack/accounts.conf"]).not.toContain("$KV.prod_a.before");
});

test("a text of the accounts file that is used no more is not compared in the next synth", () => {
  declared(
    (stack, app) => {
      const convex = new AppConstruct(prodOf(stack), "convex");
      new TerraformOutput(stack, "text", { value: new AccountsFile(stack, "accounts").content });
      new TerraformStack(app, "last");
      app.synth();
      stack.node.tryRemoveChild("text");
      convex.publishEvents("more.>");
    },
    (app) => expect(() => app.synth()).not.toThrow(),
  );
});

describe("with a stack in another one as the last", () => {
  const nested = (isPlatformWithin: boolean): { readonly program: Program; readonly late: Program } => {
    const program: Program = (stack) => {
      const within = new TerraformStack(stack, "within");
      const prod = prodOf(isPlatformWithin ? within : stack);
      new AppConstruct(within, "convex", { platform: prod, wal: {} });
    };
    return {
      program,
      late: (stack, app) => {
        program(stack, app);
        const within = stack.node.findChild("within");
        const { wal } = within.node.findChild("convex") as AppConstruct;
        const change = once(() => Object.assign((wal as Stream).resource, { subjects: ["evil.>"] }));
        Aspects.of(within).add(once(() => Aspects.of(within).add(change)));
      },
    };
  };

  test.each([true, false])("the files are written once nothing can be refused (its platform in it: %s)", (isWithin) => {
    const { program, late } = nested(isWithin);
    expect(Object.keys(synthFiles(program)).join()).toContain("accounts.conf");
    const { message, written } = refusal(late);
    expect(message).toContain("evil.>");
    expect(written.filter((file) => !file.endsWith("cdk.tf.json"))).toEqual([]);
  });

  test("the files are written, if it has nothing of the library", () => {
    const files = synthFiles((stack) => {
      new TerraformStack(stack, "within");
      prodOf(stack);
    });
    expect(Object.keys(files)).toContain("stack/accounts.conf");
  });
});

describe("what is changed when the files of the program are made already is refused", () => {
  type Change = (scene: { readonly app: AppConstruct; readonly jobs: Stream }) => unknown;

  const changes: [string, Change][] = [
    ["the subjects of a stream", ({ jobs }) => Object.assign(jobs.resource, { subjects: ["prod.convex.more.>"] })],
    ["an override", ({ jobs }) => jobs.resource.addOverride("max_msgs", 7)],
    ["what an app declares", ({ app }) => app.serveApi("more")],
    ["another stream", ({ app }) => app.addStream("more")],
    ["another app", ({ app }) => new AppConstruct(app.node.scope as PlatformConstruct, "more")],
  ];

  /** An element that does something when it is asked after custom synthesis. */
  function asked(method: "toMetadata" | "toTerraform", stack: TerraformStack, act: () => void): void {
    let isSynthesized = false;
    const ask = () => {
      if (isSynthesized) act();
      return {};
    };
    Object.assign(new TerraformElement(stack, "late"), { [method]: ask });
    addCustomSynthesis(stack as never, {
      onSynthesize: () => {
        isSynthesized = true;
      },
    });
  }

  const times: [string, (stack: TerraformStack, act: () => void) => void][] = [
    ["custom synthesis", (stack, act) => addCustomSynthesis(stack as never, { onSynthesize: act })],
    ["an element that is asked for its metadata", (stack, act) => asked("toMetadata", stack, act)],
    ["an element that is asked for its JSON", (stack, act) => asked("toTerraform", stack, act)],
  ];

  const cases = times.flatMap(([time, at]) => changes.map(([change, make]) => [change, time, at, make] as const));

  test.each(cases)("%s, by %s", (_, __, at, make) => {
    let done = false;
    const { message } = refusal((stack) => {
      let scene: Parameters<Change>[0] | undefined;
      const act = () => {
        if (!done && scene) make(scene);
        done = true;
      };
      at(stack, act);
      const app = new AppConstruct(prodOf(stack), "convex");
      scene = { app, jobs: app.addStream("jobs") };
    });
    expect(message).toContain("[stack] the program is changed by custom synthesis or by an element");
  });
});

describe("an Aspect that removes what has the checks of a stack in it is refused", () => {
  const first: [string, (stack: TerraformStack, platform: PlatformConstruct) => IConstruct][] = [
    ["an app", (stack, platform) => new AppConstruct(stack, "first", { platform })],
    ["a reference", (stack) => Stream.fromStreamName(stack, "first", "prod_orders")],
    ["an accounts file", (stack) => new AccountsFile(stack, "first")],
  ];

  test.each(first.flatMap(([name, make]) => [true, false].map((only) => [name, only, make] as const)))(
    "%s, the last one of its stack: %p",
    (_, only, make) => {
      const { message } = refusal((stack, app) => {
        const platform = prodOf(stack);
        const other = new TerraformStack(app, "other");
        make(other, platform);
        if (!only) new AppConstruct(other, "second", { platform });
        Aspects.of(other).add(once(() => other.node.tryRemoveChild("first")));
      });
      expect(message).toMatch(/construct is removed from the tree after it was declared/);
    },
  );

  test("also the guard itself, and what a program has as custom synthesis of its stack goes on", () => {
    let count = 0;
    const { message } = refusal((stack) => {
      addCustomSynthesis(stack as never, { onSynthesize: () => count++ });
      const prod = prodOf(stack);
      Aspects.of(stack).add(once(() => prod.node.tryRemoveChild("NatsPlatformGuard")));
    });
    expect(message).toMatch(/construct is removed from the tree after it was declared/);
    expect(count).toBe(1);
  });
});

describe("a synth that ends before the last stack is written leaves the files of the one before", () => {
  const ends: [string, (stack: TerraformStack) => unknown][] = [
    ["an annotation", (stack) => Annotations.of(stack).addError("not so")],
    [
      "custom synthesis",
      (stack) =>
        addCustomSynthesis(new Construct(stack, "later") as never, {
          onSynthesize: () => {
            throw new Error("not so");
          },
        }),
    ],
  ];

  test.each(ends.flatMap(([name, end]) => [false, true].map((nested) => [name, nested, end] as const)))(
    "%s, in a nested stack: %p",
    (_, nested, end) => {
      const outdir = mkdtempSync(join(tmpdir(), "synth-round-"));
      try {
        const synth = (app: string, late: (stack: TerraformStack) => unknown) => {
          const root = new App({ outdir });
          const stack = new TerraformStack(root, "stack");
          new AppConstruct(prodOf(stack), app);
          late(nested ? new TerraformStack(stack, "inner") : stack);
          root.synth();
        };
        const accounts = () => readFileSync(join(outdir, "stacks/stack/accounts.conf"), "utf8");
        synth("before", () => undefined);
        const before = accounts();
        expect(() => synth("refused", end)).toThrow("not so");
        expect(accounts()).toBe(before);
        synth("after", () => undefined);
        expect(accounts()).toContain("prod-after");
      } finally {
        rmSync(outdir, { recursive: true });
      }
    },
  );
});
