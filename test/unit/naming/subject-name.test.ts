import { SubjectName } from "../../../lib";

test("a platform's own subject has no app", () => {
  expect(SubjectName.parse("prod._.config.flags").app).toBeUndefined();
});

test.each<[name: string, text: string, message: RegExp]>([
  ["an empty string", "", /fewer than four tokens/],
  ["three tokens", "prod.convex.wal", /fewer than four tokens.*"prod\.convex\.wal".*Add the missing tokens/],
  ["an empty platform", ".convex.wal.frames", /platform name is missing/],
  ["an empty app", "prod..wal.frames", /app name is missing/],
  ["an empty component", "prod.convex..frames", /component name is missing/],
  ["an empty target", "prod.convex.wal.", /target of a subject is empty/],
  ["an empty token in the target", "prod.convex.wal.a..b", /target of a subject has an empty token/],
  ["`_` for the platform", "_.convex.wal.frames", /platform name.*"_"/],
  ["`_` for the component", "prod.convex._.frames", /component name.*"_"/],
  ["a wildcard for the app", "prod.*.health.x", /app name.*"\*"/],
  ["a wildcard in the target", "prod.convex.wal.>", /target of a subject contains a wildcard/],
  ["white space in the target", "prod.convex.wal.a b", /target of a subject contains white space/],
  ["a name in upper case", "Prod.convex.wal.frames", /"Prod".*Did you mean "prod"\?/],
  ["a reserved app name", "prod.platform.wal.frames", /app name is reserved/],
  ["an inbox", "_INBOX.a.b.c", /platform name/],
  ["a subject of the JetStream API", "$JS.API.STREAM.INFO", /platform name/],
])("refuses %s", (_name, text, message) => {
  expect(() => SubjectName.parse(text)).toThrow(message);
});

test("refuses all faults of a subject in one error", () => {
  expect(() => SubjectName.parse("Prod.Convex.Wal.*")).toThrow(/"Prod"[\s\S]*"Convex"[\s\S]*"Wal"[\s\S]*wildcard/);
});
