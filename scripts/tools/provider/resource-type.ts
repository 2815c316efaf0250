import type { ServerApi } from "./server-api";
import type { Attributes } from "./stream-config";

/** One resource type carried out on the server. What it throws becomes Terraform's error. */
export interface ResourceType {
  /** Makes the resource and returns its id. */
  create(api: ServerApi, planned: Attributes): Promise<string>;
  /**
   * The resource's attributes as the server has them, or undefined where it has no such resource. An attribute that is
   * left out keeps the value that it has in the state.
   */
  read(api: ServerApi, id: string): Promise<Attributes | undefined>;
  /** Gives the resource other attributes. */
  update(api: ServerApi, planned: Attributes): Promise<void>;
  /** Removes the resource. */
  delete(api: ServerApi, prior: Attributes): Promise<void>;
}

/** The parts of an id, or an error that says that it is none. */
export function idParts(id: string, pattern: RegExp, what: string): string[] {
  const match = pattern.exec(id);
  if (!match) throw new Error(`invalid ${what} id "${id}"`);
  return match.slice(1);
}

/** A duration of the server in the provider's seconds. */
export function seconds(nanos: number | undefined): number {
  return (nanos ?? 0) / 1_000_000_000;
}
