import { isDeepStrictEqual } from "node:util";
import type { TerraformProvider, TerraformResource } from "cdktf";
import type { ConsumerModel, ResourceModel } from "../access/models";
import { isLiteral } from "../tokens/literal";
import { overridesOf, stackOverridesOf } from "../tokens/overrides";
import { givenTo } from "./managed-resource";
import { metaFaults } from "./meta-faults";
import { settingsOf } from "./resource-attributes";
import { placeFaults } from "./unseen-faults";

/**
 * A reader of the model of a resource, which gives the last one where the resource is as it was then. A program is read
 * for the plan of its stacks, and again with each stack that is written, since an Aspect may have changed it; most are not
 * changed.
 *
 * @param provider the provider that the library gives to the resource
 */
export function reader<M extends ResourceModel | ConsumerModel>(
  resource: TerraformResource,
  provider: TerraformProvider | undefined,
  read: () => M,
): () => M {
  let last: M | undefined;
  const isAsRead = ({ faults, settings }: M) =>
    faults.length === 0 && hasOnlyAttributes(resource, provider) && isDeepStrictEqual(settingsOf(resource), settings);
  return () => {
    if (!last || !isAsRead(last)) last = read();
    return last;
  };
}

const isEmpty = (object: object) => Object.keys(object).length === 0;

/** Whether nothing is set on a resource but attributes and its protection, and nothing of it is known only late. */
function hasOnlyAttributes(resource: TerraformResource, provider: TerraformProvider | undefined): boolean {
  const { provisioners, count, forEach, lifecycle } = resource;
  return (
    [provisioners, count, forEach].every((each) => each === undefined) &&
    Object.keys(lifecycle ?? {}).every((name) => name === "preventDestroy") &&
    isEmpty(overridesOf(resource)) &&
    isEmpty(stackOverridesOf(resource)) &&
    placeFaults(resource, {}, provider).length === 0 &&
    metaFaults(resource).length === 0 &&
    isLiteral(givenTo(resource))
  );
}
