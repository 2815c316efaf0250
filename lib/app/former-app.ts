import type { Fault, Faults } from "../problems/fault";
import type { IApp } from "./app";

/** What is wrong with the app that another one was before. */
export function formerAppFaults(app: IApp, formerly: IApp, isOwn: boolean): Faults {
  if (!isOwn) return [foreignFault(formerly)];
  return [app.accountName !== formerly.accountName && otherAccountFault(app, formerly)];
}

const foreignFault = ({ appName }: IApp): Fault => ({
  what: "formerly is no app of this program",
  value: appName,
  allowed: "an AppConstruct of the same program",
  fix: "Declare the app under its former name too, until its data is copied",
});

const otherAccountFault = ({ accountName }: IApp, formerly: IApp): Fault => ({
  what: `formerly is an app whose data is in another account [${formerly.node.path}]`,
  value: formerly.accountName,
  allowed: `apps whose data is in ${accountName}: no stream of one account can copy one of another by itself`,
  fix: 'Leave formerly out, and copy the data as "To move an app to another platform" in the README says',
});
