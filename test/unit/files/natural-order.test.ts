import { AccountsFile, AppConstruct, Isolation, PlatformConstruct } from "../../../lib";
import { SERVERS } from "../../support/prod";
import { type Program, synthFiles } from "../../support/synth";

/** A program in which everything that can have a name has one that ends in 2 and one that ends in 10. */
const program =
  (isolation: Isolation, [first, second]: readonly [number, number]): Program =>
  (stack) => {
    const numbers = [first, second];
    for (const p of numbers) {
      const platform = new PlatformConstruct(stack, `p${p}`, {
        servers: SERVERS,
        isolation,
        nodes: ["n2", "n10"],
      });
      const apps = numbers.map((each) => new AppConstruct(platform, `x${each}`, { wal: {} }));
      for (const app of apps) {
        app.serveApi(...numbers.map((each) => `q${each}`));
        app.publishEvents(...numbers.map((each) => `e${each}`));
        for (const each of numbers) {
          app.readPlatformConfig(`c${each}`);
          app.addKeyValueStore(`k${each}`);
          app.addObjectStore(`o${each}`);
          app.addConsumer(`w${each}`, { stream: app.addStream(`s${each}`) });
          app.consumeEvents({ name: `d${each}` });
        }
      }
      for (const app of apps) {
        for (const other of apps) if (other !== app) app.callApi(other, ...numbers.map((each) => `q${each}`));
      }
    }
    new AccountsFile(stack, "accounts", { helmValues: true });
  };

/** How many pieces apart two may be that are lines of one list. */
const NEAR = 2;

/** A piece of a file that names something with 10, before one that is the same with 2. */
function plainOrders(text: string): string[] {
  const pieces = text
    .split(/\n|<br>|(?<=>)(?=<)|","/)
    .map((piece) => piece.trim())
    .filter((piece) => !piece.startsWith("<td>"));
  const shape = (piece: string) => piece.replace(/([a-z])(?:10|2)(?!\d)/gi, "$1#");
  return pieces.flatMap((piece, index) =>
    pieces
      .slice(index + 1, index + 1 + NEAR)
      .filter((next) => isPlain(piece, next) && shape(piece) === shape(next))
      .map((next) => `${piece} | ${next}`),
  );
}

/** Whether the first number in which two pieces differ is 10 and then 2. */
function isPlain(one: string, other: string): boolean {
  const [ours = [], theirs = []] = [one, other].map((each) => each.match(/\d+/g) ?? []);
  const index = ours.findIndex((each, at) => each !== theirs[at]);
  return ours[index] === "10" && theirs[index] === "2";
}

test.each([
  [Isolation.PERMISSIONS, 2, 10],
  [Isolation.PERMISSIONS, 10, 2],
  [Isolation.ACCOUNT, 2, 10],
  [Isolation.ACCOUNT, 10, 2],
])(
  "with isolation by %s, declared as %i and %i, 2 is before 10 in every list that is written",
  (isolation, ...numbers) => {
    const files = synthFiles(program(isolation, numbers));
    const { removed = [] } = JSON.parse(files["stack/cdk.tf.json"] ?? "{}");
    const lists = { ...files, "stack/cdk.tf.json": removed.map(({ from }: { from: string }) => from).join("\n") };
    const found = Object.entries(lists).flatMap(([file, text]) => plainOrders(text).map((each) => `${file}: ${each}`));
    expect(found.map((each) => each.slice(0, 200))).toEqual([]);
  },
);
