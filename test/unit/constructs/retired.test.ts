import { AppConstruct, Isolation, PlatformConstruct, RetiredData } from "../../../lib";
import { addresses, synthStacks } from "../../support/synth";

describe.each([
  ["in the account of the platform", Isolation.PERMISSIONS],
  ["in an account of its own", Isolation.ACCOUNT],
])("an app %s", (_, isolation) => {
  test.each([RetiredData.KEEP, RetiredData.DELETE])(
    "is retired with all that it declares (%s), since what it has leads to nothing that stays",
    (retired) => {
      const { stack } = synthStacks((scope) => {
        const prod = new PlatformConstruct(scope, "prod", { servers: ["nats://nats:4222"] });
        const convex = new AppConstruct(prod, "convex", { isolation, retired, wal: {}, snapshots: {} });
        const jobs = convex.addStream("jobs");
        convex.addStream("copy", { sources: [{ stream: jobs }] });
        convex.addStream("again", { mirror: { stream: jobs } });
        convex.addConsumer("worker", { stream: jobs });
        convex.addLitestream({ databasePath: "/data/app.db" });
      });
      expect(addresses(stack ?? {}).filter((address) => address.includes("convex_"))).toEqual([]);
    },
  );
});
