import fc from "fast-check";
import { AppNaming, PlatformNaming, SubjectName } from "../../../lib";

const RESERVED = ["platform", "events", "audit", "terraform", "monitor", "sys"];

/** Short names over few characters, so that two of them are often alike. */
const name = fc.stringMatching(/^[a-c][a-c0-1-]{0,3}$/).filter((text) => !RESERVED.includes(text));
const target = fc.stringMatching(/^[!-)+-/-=?-~]{1,4}(\.[!-)+-/-=?-~]{1,3}){0,2}$/);
const validTarget = target.filter(
  (text) => !text.split(".").includes("") && !/[*>\s"`\\{}#<]|(^|\.)\$[+-]?\d/.test(text),
);
const keyToken = fc.constantFrom("a", "b", "users/1", "lock", "election", "config", "access");
const key = fc.array(keyToken, { minLength: 1, maxLength: 3 }).map((tokens) => tokens.join("."));

const resultOf = <T>(call: () => T): T | undefined => {
  try {
    return call();
  } catch {
    return undefined;
  }
};

test("an app's subject is taken apart into what it was made of", () => {
  fc.assert(
    fc.property(name, name, name, validTarget, (platform, app, component, rest) => {
      const subject = AppNaming.of(platform, app).subject(component, rest);
      const parsed = SubjectName.parse(subject);
      expect(parsed.toString()).toBe(subject);
      expect({ ...parsed }).toEqual({ platform, app, component, target: rest });
    }),
  );
});

test("a platform's subject is taken apart into what it was made of", () => {
  fc.assert(
    fc.property(name, name, validTarget, (platform, component, rest) => {
      const subject = PlatformNaming.of(platform).subject(component, rest);
      const parsed = SubjectName.parse(subject);
      expect(parsed.toString()).toBe(subject);
      expect({ ...parsed }).toEqual({ platform, app: undefined, component, target: rest });
    }),
  );
});

test("whatever text can be taken apart is put together again as it was", () => {
  const other = fc.oneof(fc.constantFrom("", "_", "*", ">", "A", "a b"), fc.string({ maxLength: 3 }));
  const token = fc.oneof({ weight: 9, arbitrary: name }, { weight: 1, arbitrary: other });
  fc.assert(
    fc.property(fc.array(token, { minLength: 2, maxLength: 6 }), (tokens) => {
      const text = tokens.join(".");
      expect(resultOf(() => SubjectName.parse(text).toString()) ?? text).toBe(text);
    }),
    { numRuns: 500 },
  );
});

test("different platforms, apps and resources have different names", () => {
  const place = fc.record({ platform: name, app: name, resource: fc.option(name) });
  const resourceName = ({ platform, app, resource }: { platform: string; app: string; resource: string | null }) => {
    const naming = AppNaming.of(platform, app);
    return resource === null ? naming.keyValueStore : naming.resource(resource);
  };
  fc.assert(
    fc.property(place, place, (one, other) => {
      const alike = one.platform === other.platform && one.app === other.app && one.resource === other.resource;
      expect(resourceName(one) === resourceName(other)).toBe(alike);
    }),
    { numRuns: 500 },
  );
});

test("no app takes the name of a resource that every platform has", () => {
  fc.assert(
    fc.property(name, name, (platform, app) => {
      const { keyValueStore, eventsStream, auditStream } = PlatformNaming.of(platform);
      expect([keyValueStore, eventsStream, auditStream]).not.toContain(AppNaming.of(platform, app).keyValueStore);
    }),
  );
});

test("different apps have different inboxes and consumers", () => {
  fc.assert(
    fc.property(fc.tuple(name, name, name), fc.tuple(name, name, name), (one, other) => {
      const [first, second] = [AppNaming.of(one[0], one[1]), AppNaming.of(other[0], other[1])];
      const sameApp = one[0] === other[0] && one[1] === other[1];
      expect(first.inboxPrefix === second.inboxPrefix).toBe(sameApp);
      expect(first.consumer(one[2]) === second.consumer(other[2])).toBe(one[1] === other[1] && one[2] === other[2]);
    }),
    { numRuns: 500 },
  );
});

test.each([
  [
    "an app",
    ["kv", "lock", "election"],
    (component: string, rest: string) => AppNaming.of("p", "a").key(component, rest),
  ],
  ["a platform", ["lock", "config"], (component: string, rest: string) => PlatformNaming.of("p").key(component, rest)],
])("keys of different components of %s never meet", (_owner, components, keyOf) => {
  const component = fc.constantFrom(...components);
  fc.assert(
    fc.property(component, key, component, key, (one, target, other, otherTarget) => {
      const key = resultOf(() => keyOf(one, target));
      const otherKey = resultOf(() => keyOf(other, otherTarget));
      fc.pre(key !== undefined && otherKey !== undefined);
      expect(key === otherKey).toBe(one === other && target === otherTarget);
    }),
    { numRuns: 500 },
  );
});
