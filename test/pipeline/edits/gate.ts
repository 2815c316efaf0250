import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Terraform } from "../../../scripts/tools/terraform";
import { commandAtOnce } from "../../support/command";
import type { AllowedLoss } from "./contents";

/** A plan of a stack in a file, which the gate can be asked about and which can be applied. */
export interface PlannedStack {
  readonly stack: string;
  readonly terraform: Terraform;
  readonly json: string;
  /** Whether there is anything to apply. */
  readonly isEmpty: boolean;
}

/** What the command says to a plan. */
export interface Verdict {
  readonly status: number;
  readonly text: string;
  /** The names that it wants to be allowed. */
  readonly names: readonly string[];
  /** What is lost, whether it is allowed or not. */
  readonly losses: readonly AllowedLoss[];
  /** Keys that get another value, which is no loss to it. */
  readonly written: readonly AllowedLoss[];
  /** Whether it says that the server will refuse the plan. */
  readonly isRefused: boolean;
}

interface Change {
  readonly address: string;
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Record<string, unknown> | null;
    readonly after: Record<string, unknown> | null;
  };
}

interface SaidLoss {
  readonly loss?: AllowedLoss["kind"] | "refused" | "refusedByOld";
  readonly address: string;
  readonly text: string;
}

const PLAN_FILE = "edit.tfplan";

/** Plans what a stack is to become; throws what Terraform refuses. */
export async function planned(stack: string, terraform: Terraform): Promise<PlannedStack> {
  await terraform.run("plan", "-input=false", `-out=${PLAN_FILE}`);
  const json = await terraform.run("show", "-json", PLAN_FILE);
  return { stack, terraform, json, isEmpty: JSON.parse(json).applyable === false };
}

/** Applies a plan, and nothing else. */
export const applied = ({ terraform }: PlannedStack): Promise<string> =>
  terraform.run("apply", "-input=false", PLAN_FILE);

const file = join(tmpdir(), `edit-${process.pid}.json`);

const command = (...options: string[]) => commandAtOnce(tmpdir(), "check-plan", file, ...options);

/** What a loss is about on the server. */
function lossOf({ loss, address }: SaidLoss, changes: readonly Change[]): AllowedLoss[] {
  const { type, change } = changes.find((each) => each.address === address) ?? {};
  if (loss === undefined || loss === "refused" || loss === "refusedByOld" || !change?.before) return [];
  const { name, stream_id: id, durable_name: consumer, bucket, key } = change.before;
  switch (type) {
    case "jetstream_kv_bucket":
      return [{ kind: loss, stream: `KV_${name}` }];
    case "jetstream_obj_bucket":
      return [{ kind: loss, stream: `OBJ_${name}` }];
    case "jetstream_consumer":
      return [{ kind: loss, stream: String(id).replace(/^JETSTREAM_STREAM_/, ""), consumer: String(consumer) }];
    case "jetstream_kv_entry":
      return [{ kind: loss, stream: `KV_${bucket}`, subject: `$KV.${bucket}.${key}` }];
    default:
      return [{ kind: loss, stream: String(name) }];
  }
}

/** A key that the program writes loses the value that it had, also where Terraform makes it: it may be there already. */
function writtenBy({ type, change: { actions, before, after } }: Change): AllowedLoss[] {
  const { bucket, key } = after ?? before ?? {};
  if (type !== "jetstream_kv_entry" || !["update", "create"].includes(actions.join())) return [];
  return [{ kind: "emptied", stream: `KV_${bucket}`, subject: `$KV.${bucket}.${key}` }];
}

/** Asks the command about a plan, with names that are allowed. */
export function checked({ json }: PlannedStack, allowed: readonly string[] = []): Verdict {
  writeFileSync(file, json);
  const options = allowed.flatMap((name) => ["--allow", name]);
  const { status, out, err } = command(...options);
  if (status !== 0 && status !== 4) throw new Error(`check-plan ended with ${status}: ${err}`);
  const report = JSON.parse(command(...options, "--format", "json").out) as Record<string, SaidLoss[]>;
  const said = Object.values(report).flatMap((part) => (Array.isArray(part) ? part : []));
  const names = [...out.matchAll(/to allow it: --allow (?:'([^']+)'|(\S+))/g)].map(
    ([, one, other]) => one ?? other ?? "",
  );
  const { resource_changes: changes = [] } = JSON.parse(readFileSync(file, "utf8")) as { resource_changes?: Change[] };
  return {
    status,
    text: out,
    names: [...new Set(names)],
    losses: said.flatMap((each) => lossOf(each, changes)),
    written: changes.flatMap(writtenBy),
    isRefused: said.some(({ loss }) => loss === "refused"),
  };
}
