import { existsSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { withoutMarks } from "../../wording/code-marks";
import { EFFECTS, UNKNOWN, type Values } from "../attribute-effects";
import { Refusal } from "../refusal";

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

/** The addresses of what the state has and the provider does not find. */
function missingIn(drift: unknown): Set<unknown> {
  const gone = listOf(drift)
    .map(objectOf)
    .filter(({ change }) => listOf(objectOf(change).actions).includes("delete"));
  return new Set(gone.map(({ address }) => address));
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
  const { format_version: version, resource_changes: entries, planned_values: planned, errored } = objectOf(value);
  const { deferred_changes: deferred, resource_drift: drift, prior_state: prior } = objectOf(value);
  if (typeof version !== "string" || (entries === undefined && planned === undefined && errored !== true)) {
    throw new Refusal(`not a plan: ${path}`, [SHOW]);
  }
  if (version.split(".")[0] !== MAJOR) {
    throw new Refusal(`a plan of format ${version}, which this command does not know: ${path}`, [
      `It reads format ${MAJOR}. Use a newer version of this command.`,
    ]);
  }
  if (entries !== undefined && !Array.isArray(entries)) throw new Refusal(`not a plan: ${path}`, [SHOW]);
  const missing = missingIn(drift);
  const changes = listOf(entries).flatMap((entry) => changeOf(entry, path, missing) ?? []);
  const changed = new Set(changes.map(({ address }) => address));
  const state = unchangedIn(objectOf(objectOf(objectOf(prior).values).root_module), missing);
  return {
    errored: errored === true || listOf(deferred).length > 0,
    changes: [...changes, ...state.filter(({ address }) => !changed.has(address))],
  };
}
