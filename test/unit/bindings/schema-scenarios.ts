import type { TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import {
  type Block,
  type Config,
  FALSY,
  fullConfig,
  ORDINARY,
  PROVIDER,
  RESOURCES,
  requiredConfig,
} from "./schema-samples";
import type { Bindings, Scenario } from "./support";

type ResourceClass = new (scope: Construct, id: string, config: Config) => TerraformResource;

/** Scenarios that follow from the schema alone, so that they cover attributes of later versions by themselves. */
export const SCHEMA_SCENARIOS: Record<string, Scenario> = Object.fromEntries([
  ...RESOURCES.flatMap(({ className, block }) => resourceScenarios(className, block)),
  ...providerScenarios(),
]);

function resourceScenarios(className: keyof Bindings, block: Block): [string, Scenario][] {
  const required = requiredConfig(block, ORDINARY);
  const full = fullConfig(block, ORDINARY);
  const falsy = fullConfig(block, FALSY);
  const classOf = (bindings: Bindings) => bindings[className] as unknown as ResourceClass;

  return [
    [
      `${className}: required attributes only`,
      (bindings, stack) => {
        new (classOf(bindings))(stack, "it", required);
      },
    ],
    [
      `${className}: everything set`,
      (bindings, stack) => {
        new (classOf(bindings))(stack, "it", full);
      },
    ],
    [
      `${className}: everything set to a falsy value`,
      (bindings, stack) => {
        new (classOf(bindings))(stack, "it", falsy);
      },
    ],
    [
      `${className}: each attribute alone, ordinary, falsy and null`,
      (bindings, stack) => {
        for (const name of Object.keys(full)) {
          new (classOf(bindings))(stack, `${name}-ordinary`, { ...required, [name]: full[name] });
          new (classOf(bindings))(stack, `${name}-falsy`, { ...required, [name]: falsy[name] });
        }
        for (const name of nullableAttributes(block)) {
          new (classOf(bindings))(stack, `${name}-null`, { ...required, [name]: null });
        }
      },
    ],
    [
      `${className}: everything set, then reset`,
      (bindings, stack) => {
        const it = new (classOf(bindings))(stack, "it", full);
        for (const name of Object.keys(full)) {
          call(it, "reset", name);
        }
      },
    ],
    [
      `${className}: everything assigned after construction`,
      (bindings, stack) => {
        const it = new (classOf(bindings))(stack, "it", required);
        for (const [name, value] of Object.entries(full)) {
          if (!call(it, "put", name, value)) {
            Object.assign(it, { [name]: value });
          }
        }
      },
    ],
    [
      `${className}: every attribute overridden, set and unset`,
      (bindings, stack) => {
        const set = new (classOf(bindings))(stack, "set", full);
        const unset = new (classOf(bindings))(stack, "unset", required);
        for (const name of Object.keys(block.attributes ?? {})) {
          set.addOverride(name, "overridden");
          unset.addOverride(name, "overridden");
        }
      },
    ],
  ];
}

function providerScenarios(): [string, Scenario][] {
  return [ORDINARY, FALSY].map((samples, index) => [
    `JetstreamProvider: everything set (${index === 0 ? "ordinary" : "falsy"})`,
    (bindings, stack) => {
      const config = { ...fullConfig(PROVIDER, samples), servers: "nats://elsewhere:4222", alias: "elsewhere" };
      new bindings.JetstreamProvider(stack, "elsewhere", config);
    },
  ]);
}

/** Names the attributes that may be null: cdktf's HCL renderer fails on a map that is, with any bindings. */
function nullableAttributes(block: Block): string[] {
  const attributes = Object.entries(block.attributes ?? {}).filter(([, { type }]) => type[0] !== "map");
  return Object.keys(fullConfig({ attributes: Object.fromEntries(attributes) }, ORDINARY));
}

/** Calls the method that a generated class has for an attribute, such as `resetMaxAge`, if it has it. */
function call(resource: TerraformResource, verb: "put" | "reset", attribute: string, ...args: unknown[]): boolean {
  const name = `${verb}${attribute.charAt(0).toUpperCase()}${attribute.slice(1)}`;
  const method: unknown = Reflect.get(resource, name);
  if (typeof method !== "function") {
    return false;
  }
  method.apply(resource, args);
  return true;
}
