import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { withoutMarks } from "../../wording/code-marks";
import { EFFECTS, UNKNOWN, type Values } from "../attribute-effects";
import { Refusal } from "../refusal";
import type { Existing } from "./existing";

/** What a plan does with one resource of the provider. */
export interface PlannedChange {
  readonly address: string;
  /** The module that the address begins with: `module.a["x"]`; nothing for that which is applied. */
  readonly module: string;
  readonly type: string;
  /** `create`, `update`, `delete`, `forget`, `read`, `no-op`; two of them where it is replaced. */
  readonly actions: readonly string[];
  /** Its attributes; none where it is not there. */
  readonly before: Values;
  /** What is known only at apply is `UNKNOWN`. */
  readonly after: Values;
  /** The attributes for which it is replaced. */
  readonly replacedFor: readonly string[];
  /** Why, if Terraform says it: `replace_because_tainted`. */
  readonly reason?: string;
  /** Whether the plan takes in what is on the server already. */
  readonly isImported: boolean;
  /** Whether the state has it, and the provider does not find it where it looks for it now. */
  readonly isMissing: boolean;
  /** Its attributes as the last apply left them, where the server has others now. */
  readonly recorded?: Values;
  /** Whether the plan does nothing but record what was changed on the server: `terraform plan -refresh-only`. */
  readonly isOnlyRecorded?: boolean;
  /** The user as whom its provider connects: `prod-terraform`; left out where the plan does not say it. */
  readonly user?: string;
  /** What the server has of it; null where it has nothing, and left out where nobody asked. */
  readonly existing?: Existing | null;
  /** What the account that was asked has under its name, where it is itself in another account. */
  readonly namesake?: Existing;
}

/** What Terraform would do. */
export interface Plan {
  /** Whether Terraform could not finish it. */
  readonly errored: boolean;
  /** What it does with resources of the provider, and those with which it does nothing, also since nobody asked for them. */
  readonly changes: readonly PlannedChange[];
}

const SHOW =
  "Give what `terraform show -json FILE` or `tofu show -json FILE` prints, where FILE is of `terraform plan -out=FILE`.";

const MAJOR = "1";

interface Json {
  readonly [member: string]: unknown;
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const objectOf = (value: unknown): Json => (isObject(value) ? value : {});

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Whether any part of a value is known only at apply. */
const isUnknown = (mark: unknown): boolean =>
  mark === true || (typeof mark === "object" && mark !== null && Object.values(mark).some(isUnknown));

function afterOf({ after, after_unknown: marks }: Json): Values {
  const unknown = Object.entries(objectOf(marks)).filter(([, mark]) => isUnknown(mark));
  return { ...objectOf(after), ...Object.fromEntries(unknown.map(([name]) => [name, UNKNOWN])) };
}

const ACTIONS: readonly unknown[] = ["no-op", "create", "read", "update", "delete", "forget"];

const unknown = (what: string, path: string) =>
  new Refusal(`a plan with ${what}, of which this command does not know what is lost: ${path}`, [
    "Use a newer version of this command.",
  ]);

/** What is on the server otherwise than the state has it, in one way. */
const driftOf = (drift: unknown, action: "update" | "delete"): Json[] =>
  listOf(drift)
    .map(objectOf)
    .filter(({ change }) => listOf(objectOf(change).actions).includes(action));

/** The attributes that the state has of what was changed on the server since the last apply, by addresses. */
const recordedIn = (drift: unknown): ReadonlyMap<unknown, Json> =>
  new Map(driftOf(drift, "update").map(({ address, change }) => [address, objectOf(objectOf(change).before)]));

/** What Terraform forgets without a word in its plan, since the provider does not find it. */
function forgotten(gone: readonly Json[], path: string, changed: ReadonlySet<unknown>): PlannedChange[] {
  return gone
    .filter(({ address, deposed }) => deposed === undefined && !changed.has(address))
    .flatMap((entry) => changeOf(entry, path, new Set([entry.address])) ?? [])
    .map((change) => ({ ...change, actions: ["forget"] }));
}

/** What a plan that only refreshes records of what was changed on the server. */
function recordedOnly(drift: unknown, path: string, changed: ReadonlySet<unknown>): PlannedChange[] {
  return driftOf(drift, "update")
    .filter(({ address }) => !changed.has(address))
    .flatMap((entry) => changeOf(entry, path, new Set()) ?? [])
    .map((change) => ({ ...change, actions: ["no-op"], isOnlyRecorded: true }));
}

const moduleOf = (address: unknown): string => (typeof address === "string" ? address : "");

function changeOf(entry: unknown, path: string, missing: ReadonlySet<unknown>): PlannedChange | undefined {
  const { address, module_address: module, type, mode, change, action_reason: reason } = objectOf(entry);
  const { actions, before, importing, replace_paths: paths } = objectOf(change);
  if (typeof address !== "string" || typeof type !== "string" || !Array.isArray(actions)) {
    throw new Refusal(`not a plan, since it has a change without an address, a type or actions: ${path}`, [SHOW]);
  }
  if (mode === "data" || !type.startsWith("jetstream_")) return undefined;
  if (!Object.hasOwn(EFFECTS, type)) throw unknown(`a resource of the type ${type}`, path);
  const odd = actions.find((action) => !ACTIONS.includes(action));
  if (odd !== undefined) throw unknown(`the action ${odd} for ${address}`, path);
  return {
    address,
    module: moduleOf(module),
    type,
    actions: actions.map(String),
    before: objectOf(before),
    after: afterOf(objectOf(change)),
    replacedFor: [...new Set(listOf(paths).map((each) => String(listOf(each)[0])))],
    ...(typeof reason === "string" && { reason }),
    isImported: isObject(importing),
    isMissing: missing.has(address),
  };
}

/** The users as whom the providers of resources connect, by the addresses of those that are in no module. */
function usersIn(configuration: unknown): ReadonlyMap<unknown, string> {
  const { provider_config: providers, root_module: root } = objectOf(configuration);
  const users = listOf(objectOf(root).resources).flatMap((resource) => {
    const { address, provider_config_key: key } = objectOf(resource);
    const { expressions } = objectOf(objectOf(providers)[String(key)]);
    const { constant_value: user } = objectOf(objectOf(expressions).user);
    return typeof user === "string" ? [[address, user] as const] : [];
  });
  return new Map(users);
}

/** What the state has in a module and in those inside of it, as a plan that does nothing with it. */
function unchangedIn(module: Json, missing: ReadonlySet<unknown>): PlannedChange[] {
  const { address: within, resources, child_modules: inner } = module;
  const own = listOf(resources).flatMap((each): PlannedChange[] => {
    const { address, type, mode, values } = objectOf(each);
    if (mode === "data" || typeof address !== "string" || !Object.hasOwn(EFFECTS, String(type))) return [];
    const [before, named] = [objectOf(values), { address, type: String(type) }];
    const isMissing = missing.has(address);
    return [
      {
        ...named,
        module: moduleOf(within),
        actions: ["no-op"],
        before,
        after: before,
        replacedFor: [],
        isImported: false,
        isMissing,
      },
    ];
  });
  return [...own, ...listOf(inner).flatMap((each) => unchangedIn(objectOf(each), missing))];
}

function parsed(bytes: Buffer, path: string): unknown {
  if (bytes.subarray(0, 2).toString("latin1") === "PK") {
    throw new Refusal(`a plan in the form that Terraform applies, which only Terraform reads: ${path}`, [SHOW]);
  }
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new Refusal(`not a plan, since it is not JSON: ${path}`, [SHOW]);
  }
}

/** The plan in a file. */
export function readPlan(path: string, cwd: string): Plan {
  const file = resolve(cwd, path);
  if (!existsSync(file)) throw new Refusal(`no such file: ${path}`, [SHOW]);
  if (statSync(file).isDirectory()) throw new Refusal(`not a plan, since it is a folder: ${path}`, [SHOW]);
  const value = withoutMarks(parsed(readFileSync(file), path));
  const { format_version: version, resource_changes: entries, planned_values: values, errored } = objectOf(value);
  const { deferred_changes: deferred, resource_drift: drift, prior_state: prior, configuration } = objectOf(value);
  if (typeof version !== "string" || (entries === undefined && values === undefined && errored !== true)) {
    throw new Refusal(`not a plan: ${path}`, [SHOW]);
  }
  if (version.split(".")[0] !== MAJOR) {
    throw new Refusal(`a plan of format ${version}, which this command does not know: ${path}`, [
      `It reads format ${MAJOR}. Use a newer version of this command.`,
    ]);
  }
  if (entries !== undefined && !Array.isArray(entries)) throw new Refusal(`not a plan: ${path}`, [SHOW]);
  const gone = driftOf(drift, "delete");
  const missing = new Set(gone.map(({ address }) => address));
  const planned = listOf(entries).flatMap((entry) => changeOf(entry, path, missing) ?? []);
  const addresses = new Set(planned.map(({ address }) => address));
  const changes = [...planned, ...forgotten(gone, path, addresses), ...recordedOnly(drift, path, addresses)];
  const changed = new Set(changes.map(({ address }) => address));
  const state = unchangedIn(objectOf(objectOf(objectOf(prior).values).root_module), missing);
  const users = usersIn(configuration);
  const recorded = recordedIn(drift);
  const withMore = (change: PlannedChange): PlannedChange => {
    const [user, values] = [users.get(change.address), recorded.get(change.address)];
    return { ...change, ...(user !== undefined && { user }), ...(values && { recorded: values }) };
  };
  return {
    errored: errored === true || listOf(deferred).length > 0,
    changes: [...changes, ...state.filter(({ address }) => !changed.has(address))].map(withMore),
  };
}
