import { App, TerraformStack } from "cdktf";
import { AppConstruct, Isolation, PlatformConstruct, RetiredData } from "../lib";

const app = new App({ outdir: "/tmp/zz" });
const stack = new TerraformStack(app, "s");
const prod = new PlatformConstruct(stack, "prod", { nodes: ["n"], servers: ["nats://h:4222"] });
const a = new AppConstruct(prod, "a", { wal: {}, snapshots: {}, retired: RetiredData.DELETE });
a.addConsumer("w", { stream: a.addStream("jobs") });
a.consumeEvents();
a.serveApi("q");
const b = new AppConstruct(prod, "b", { isolation: Isolation.ACCOUNT, retired: RetiredData.KEEP });
b.consumeEvents();
b.publishAudit();
new AppConstruct(prod, "c").addStream("old", { retired: RetiredData.KEEP });
app.synth();
