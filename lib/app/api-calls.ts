import { subjectsOf, type UserModel } from "../access/models";
import type { Fault, Faults } from "../problems/fault";
import { covers } from "../subjects/subject-pattern";
import type { IApp } from "./app";

/**
 * What is wrong with a call of one app's API by another, once the program is complete.
 *
 * @param samePlatform whether the two apps are of one platform
 * @param server the user that answers
 */
export function apiCallFaults(samePlatform: boolean, server: UserModel, called: string): Faults {
  const served = subjectsOf(server, "service.serve");
  return [
    !samePlatform && {
      what: `app calls [${server.source}], which is in the account of another platform`,
      value: called,
      allowed: "apps of the same platform",
      fix: "Move one of the two apps",
    },
    !served.some((pattern) => covers(pattern, called)) && {
      what: `app calls what [${server.source}] does not serve`,
      value: called,
      allowed: served.length > 0 ? served.join(", ") : "nothing: it serves no API",
      fix: "Call serveApi on the other app, or correct the name",
    },
  ];
}

/** What is wrong with a call of something that is no app of this library. */
export function foreignAppFault(app: IApp | undefined): Fault {
  return {
    what: "app calls something that is no app",
    value: app?.appName,
    allowed: "an AppConstruct of the same platform",
    fix: "Give the AppConstruct that serves the API",
  };
}

/** What is wrong with a call of an app that is to go. */
export const retiredAppFault = ({ node, appName }: IApp, called: string): Fault => ({
  what: `app calls ${appName} [${node.path}], which is retired`,
  value: called,
  allowed: "apps that stay",
  fix: "Remove the call first",
});
