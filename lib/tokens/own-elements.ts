import type { TerraformElement } from "cdktf";

const OWN = Symbol.for("cdktf-nats-platform/own");

/** Says of an element that the library makes it. */
export function own<T extends TerraformElement>(element: T): T {
  return Object.defineProperty(element, OWN, { value: true });
}

/** Whether the library makes an element. */
export const isOwn = (element: TerraformElement): boolean => OWN in element;
