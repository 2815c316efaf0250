import { Testing } from "cdktf";
import { StackSummary } from "cdktf-nats-platform";
import { ShopStack } from "./stack";

const summary = () => StackSummary.textOf(new ShopStack(Testing.app(), "shop"));

test("the stack is what was reviewed", () => {
  expect(summary()).toMatchSnapshot();
});

test("mail can fetch paid orders, and publish none", () => {
  const [, mail = ""] = /access_users_shop-mail\n((?: {2}.*\n)*)/.exec(summary()) ?? [];
  expect(mail).toContain("publish $JS.API.CONSUMER.MSG.NEXT.shop_events.mail");
  expect(mail).not.toContain("publish shop._.events");
});
