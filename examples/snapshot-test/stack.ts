import { TerraformStack } from "cdktf";
import { AppConstruct, NatsClient, PlatformConstruct } from "cdktf-nats-platform";
import type { Construct } from "constructs";

/** The stack of a small shop: what the test beside this file is about. */
export class ShopStack extends TerraformStack {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const shop = new PlatformConstruct(this, "shop", {
      nodes: ["node-1"],
      servers: ["nats://nats.example.com:4222"],
      replicas: 3,
    });
    const clients = [NatsClient.NATS_GO];
    const orders = new AppConstruct(shop, "orders", { clients });
    const mail = new AppConstruct(shop, "mail", { clients });
    orders.publishEvents("order.>");
    mail.consumeEvents({ subjects: ["order.paid"] });
  }
}
