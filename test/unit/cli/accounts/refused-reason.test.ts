import { reasonOf } from "../../../../lib/cli/accounts/refused-reason";

const file = {
  path: "/etc/nats/accounts.conf",
  secrets: 'PROD_PASSWORD: "s3cr3t \\"quoted\\""\nOTHER = plain',
  content: "accounts: {\n  A: { users: [{ user: a, password: $PROD_PASSWORD }] }\n}\n",
};

test.each([
  [
    "the line is told, counted from where the accounts begin",
    '/etc/nats/accounts.conf:4:2: unknown field "usrs"',
    '/etc/nats/accounts.conf:4:2: unknown field "usrs" (line 2 of the accounts: A: { users: [{ user: a, password: $PROD_PASSWORD }] })',
  ],
  [
    "also where the file cannot be parsed",
    "error parsing include file 'accounts.conf', Parse error on line 3: 'Expected'",
    "error parsing include file 'accounts.conf', Parse error on line 3: 'Expected' (line 1 of the accounts: accounts: {)",
  ],
  [
    "a line of another file is not looked for in this one",
    "/etc/nats/nats.conf:3:0: unknown field",
    "/etc/nats/nats.conf:3:0: unknown field",
  ],
  [
    "of a file that this one includes neither",
    "error parsing include file 'accounts.conf', error parsing include file 'more.conf', Parse error on line 3: 'Expected'",
    "error parsing include file 'accounts.conf', error parsing include file 'more.conf', Parse error on line 3: 'Expected'",
  ],
  [
    "of a line with secrets nothing is said",
    "error parsing include file 'accounts.conf', Parse error on line 1: 'Expected, but got 's''",
    "line 1 of the secrets is not one that the server can read",
  ],
  [
    "but whether its variable is used",
    '/etc/nats/accounts.conf:2:0: unknown field "OTHER"',
    "line 2 of the secrets is a variable that nothing uses",
  ],
  [
    "the value of a secret is masked wherever it is",
    'integer \'plain\' is out of the range, also s3cr3t "quoted" and s3cr3t \\"quoted\\"',
    "integer '***' is out of the range, also *** and ***",
  ],
])("%s", (_, refusal, reason) => {
  expect(reasonOf(refusal, file)).toBe(reason);
});

test("without secrets nothing is masked", () => {
  const { path, content } = file;
  expect(reasonOf("config reload not supported for SystemAccount", { path, content })).toBe(
    "config reload not supported for SystemAccount",
  );
});
