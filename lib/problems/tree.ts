import type { IConstruct } from "constructs";

/**
 * Whether a construct, and each that it is in, is still a child of its scope.
 *
 * @param known those that are found to be; it gets those that are found now
 */
export function isInTree(construct: IConstruct, known: Set<IConstruct>): boolean {
  const { scope, id } = construct.node;
  if (!scope || known.has(construct)) return true;
  if (scope.node.tryFindChild(id)?.node !== construct.node || !isInTree(scope, known)) return false;
  known.add(construct);
  return true;
}
