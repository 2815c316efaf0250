import { providerErrors, withServer } from "./connection";
import { consumerResource } from "./consumer-resource";
import { kvBucketResource } from "./kv-bucket-resource";
import { kvEntryResource } from "./kv-entry-resource";
import { objBucketResource } from "./obj-bucket-resource";
import { normalized, planChange } from "./plan";
import type { ResourceType } from "./resource-type";
import { protocolSchema, providerSchema, resourceSchema } from "./schema";
import type { ServerApi } from "./server-api";
import type { Attributes } from "./stream-config";
import { streamResource } from "./stream-resource";
import { configurationErrors } from "./validate";
import { type DynamicValue, fromWire, type State, toWire, UNKNOWN } from "./values";

const RESOURCE_TYPES: { readonly [type: string]: ResourceType } = {
  jetstream_stream: streamResource,
  jetstream_consumer: consumerResource,
  jetstream_kv_bucket: kvBucketResource,
  jetstream_kv_entry: kvEntryResource,
  jetstream_obj_bucket: objBucketResource,
};

/** A request of any method; which fields it has depends on the method. */
export interface Request {
  readonly type_name: string;
  readonly id: string;
  readonly config: DynamicValue;
  readonly current_state: DynamicValue;
  readonly prior_state: DynamicValue;
  readonly planned_state: DynamicValue;
  readonly proposed_new_state: DynamicValue;
  readonly raw_state: { readonly json: Uint8Array };
}

/** The methods of the protocol that there are. */
export const METHODS = [
  "GetSchema",
  "PrepareProviderConfig",
  "Configure",
  "ValidateResourceTypeConfig",
  "UpgradeResourceState",
  "ImportResourceState",
  "ReadResource",
  "PlanResourceChange",
  "ApplyResourceChange",
  "Stop",
] as const;

/** The name of a method of the protocol. */
export type MethodName = (typeof METHODS)[number];

/** What the methods do with a request. */
export type Methods = Readonly<Record<MethodName, (request: Request) => object | Promise<object>>>;

function resourceType(type: string): ResourceType {
  const found = RESOURCE_TYPES[type];
  if (!found) throw new Error(`the provider has no ${type}`);
  return found;
}

const diagnostics = (errors: readonly string[]) => errors.map((summary) => ({ severity: "ERROR", summary }));

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** The state of a resource as the server has it now; null where it is gone. */
async function readState(api: ServerApi, type: string, state: Attributes): Promise<State> {
  const found = await resourceType(type).read(api, String(state.id));
  return found ? normalized(type, { ...state, ...found }) : null;
}

/** The state after a change, with the server's values for all that was planned. */
async function changedState(api: ServerApi, type: string, prior: State, planned: State): Promise<State> {
  const resource = resourceType(type);
  if (planned === null) {
    if (prior) await resource.delete(api, prior);
    return null;
  }
  const settled = normalized(type, withoutUnknowns(planned));
  if (prior) {
    await resource.update(api, settled);
    return readState(api, type, { ...settled, id: prior.id });
  }
  const id = await resource.create(api, settled);
  return readState(api, type, { ...settled, id });
}

function withoutUnknowns(values: Attributes): Attributes {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== UNKNOWN));
}

/** The methods for one provider block, which Terraform configures anew with every command. */
export function providerMethods(): Methods {
  let provider: State = null;
  return {
    GetSchema: () => ({
      provider: protocolSchema(providerSchema.provider),
      resource_schemas: Object.fromEntries(
        Object.entries(providerSchema.resource_schemas).map(([type, schema]) => [type, protocolSchema(schema)]),
      ),
    }),
    PrepareProviderConfig: ({ config }) => ({
      prepared_config: config,
      diagnostics: diagnostics(providerErrors(fromWire(config))),
    }),
    Configure: ({ config }) => {
      provider = fromWire(config);
      return {};
    },
    ValidateResourceTypeConfig: ({ type_name: type, config }) => ({
      diagnostics: diagnostics(configurationErrors(type, fromWire(config))),
    }),
    UpgradeResourceState: ({ type_name: type, raw_state: { json } }) => ({
      upgraded_state: toWire(JSON.parse(Buffer.from(json).toString()), resourceSchema(type)),
    }),
    ImportResourceState: ({ type_name: type, id }) => ({
      imported_resources: [{ type_name: type, state: toWire({ id }, resourceSchema(type)) }],
    }),
    ReadResource: async ({ type_name: type, current_state }) => {
      const state = fromWire(current_state);
      if (state === null) return { new_state: toWire(null) };
      try {
        const read = await withServer(provider, (api) => readState(api, type, state));
        return { new_state: toWire(read, resourceSchema(type)) };
      } catch (error) {
        return { new_state: current_state, diagnostics: diagnostics([messageOf(error)]) };
      }
    },
    PlanResourceChange: ({ type_name: type, prior_state, proposed_new_state }) => {
      const { planned, replacing } = planChange(type, fromWire(prior_state), fromWire(proposed_new_state));
      return {
        planned_state: toWire(planned, resourceSchema(type)),
        requires_replace: replacing.map((name) => ({ steps: [{ attribute_name: name }] })),
        legacy_type_system: true,
      };
    },
    ApplyResourceChange: async ({ type_name: type, prior_state, planned_state }) => {
      const [prior, planned] = [fromWire(prior_state), fromWire(planned_state)];
      try {
        const changed = await withServer(provider, (api) => changedState(api, type, prior, planned));
        const created = prior === null && planned !== null;
        return {
          new_state: toWire(changed, resourceSchema(type)),
          legacy_type_system: !(created && changed === null),
        };
      } catch (error) {
        return { new_state: prior_state, diagnostics: diagnostics([messageOf(error)]), legacy_type_system: true };
      }
    },
    Stop: () => ({}),
  };
}
