import { TerraformProvider, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { kindOf } from "./kinds";
import { ownEntry } from "./own-entry";

/** Whether a type is an interface: who takes such an object knows which it can be. */
export const isInterface = (name: string) => /^I[A-Z]/.test(name);

/** How an object of a class is known: by what its constructor marks it with, since other classes may be called alike. */
const CLASSES: { readonly [name: string]: (value: unknown) => boolean } = {
  Construct: Construct.isConstruct,
  Credentials: (value) => kindOf(value) === "Credentials",
  JetstreamProvider: (value) =>
    TerraformProvider.isTerraformProvider(value) && value.terraformResourceType === "jetstream",
  TerraformStack: TerraformStack.isStack,
};

/** Whether a value is an object of a class. */
export const isObject = (value: unknown, name: string) =>
  typeof value === "object" && value !== null && ownEntry(CLASSES, name)?.(value) === true;
