import { subjectsOf, type UserModel } from "../access/models";
import type { Fault, Faults } from "../problems/fault";
import { covers } from "../subjects/subject-pattern";
import type { IApp } from "./app";

/**
 * What is wrong with a call of one app's API by another of its platform, once the program is complete.
 *
 * @param server the user that answers
 */
export function apiCallFaults(server: UserModel, called: string): Faults {
  const served = subjectsOf(server, "service.serve");
  return [
    !served.some((pattern) => covers(pattern, called)) && {
      what: `app calls what [${server.source}] does not serve`,
      value: called,
      allowed: served.length > 0 ? served.join(", ") : "nothing: it serves no API",
      fix: "Call serveApi on the other app, or correct the name",
    },
  ];
}

/** What is wrong with a call of an app of another platform. */
export const otherPlatformFault = ({ node }: IApp, called: string): Fault => ({
  what: `app calls [${node.path}], which is in the account of another platform`,
  value: called,
  allowed: "apps of the same platform",
  fix: "Move one of the two apps",
});

/** What is wrong with a call by an isolated app of one that another program declares. */
export const closedCallFault = ({ node, appName }: IApp, called: string): Fault => ({
  what: `app has an account of its own and calls ${appName} [${node.path}], which another program declares`,
  value: called,
  allowed: "apps of this program: the platform's account must export what is called to the account of the app",
  fix: "Declare both apps in one program, or let the calling app be in the platform's account",
});

/** What is wrong with a call of something that is no app of this library. */
export function foreignAppFault(app: IApp | undefined): Fault {
  return {
    what: "app calls something that is no app",
    value: app?.appName,
    allowed: "an AppConstruct of the same platform, or AppConstruct.fromAppName",
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
