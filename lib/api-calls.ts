import type { UserModel } from "./access/models";
import type { Fault } from "./problems/fault";
import { covers } from "./subjects/subject-pattern";

/** What is wrong with a call of one app's API by another, once the program is complete. */
export function apiCallFaults(caller: UserModel, server: UserModel, called: string): (Fault | undefined)[] {
  const served = server.grants
    .filter(({ capability }) => capability === "service.serve")
    .map(({ values }) => values.subjects ?? "");
  const platform = (user: UserModel) =>
    user.grants.find(({ capability }) => capability === "events.live")?.values.subjects;
  return [
    platform(caller) === platform(server)
      ? undefined
      : {
          what: `app calls [${server.source}], which is in the account of another platform`,
          value: called,
          allowed: "apps of the same platform",
          fix: "Move one of the two apps",
        },
    served.some((pattern) => covers(pattern, called))
      ? undefined
      : {
          what: `app calls what [${server.source}] does not serve`,
          value: called,
          allowed: served.length > 0 ? served.join(", ") : "nothing: it serves no API",
          fix: "Call serveApi on the other app, or correct the name",
        },
  ];
}
