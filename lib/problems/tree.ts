import type { IConstruct } from "constructs";

/** Whether a construct, and each that it is in, is still a child of its scope. */
export function isInTree(construct: IConstruct): boolean {
  for (let each = construct; each.node.scope; each = each.node.scope) {
    if (each.node.scope.node.tryFindChild(each.node.id)?.node !== each.node) return false;
  }
  return true;
}
