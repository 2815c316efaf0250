import * as fc from "fast-check";
import { AccessModel, type Member } from "../../../lib/analysis/access-model";
import { canPublish, reach, whoCanPublish, whoCanSubscribe } from "../../../lib/analysis/reach";
import { covers, isLiteral } from "../../../lib/subjects/subject-pattern";
import { scene } from "../../server/agreement/draw";
import { pattern } from "../../server/agreement/draw-subjects";
import { SUBJECTS } from "../subjects/model";

/** The subjects of an account's subscribers that a user can publish, each with what it publishes for it. */
function published(model: AccessModel, member: Member): Map<string, Set<string>> {
  const { traffic } = model;
  const found = new Map<string, Set<string>>();
  for (const subject of SUBJECTS) {
    if (canPublish(model, member, subject).extent === "none") continue;
    for (const arrival of traffic.sent(member.account, subject).flatMap((course) => traffic.arrivals(course))) {
      const key = `${arrival.account} ${arrival.subject}`;
      found.set(key, (found.get(key) ?? new Set()).add(subject));
    }
  }
  return found;
}

test("who can publish a subject is found backwards as it is forwards", () => {
  fc.assert(
    fc.property(scene, fc.constantFrom(...SUBJECTS), ({ accounts }, subject) => {
      const model = new AccessModel(accounts);
      for (const into of model.accountNames) {
        const said = whoCanPublish(model, subject, into);
        for (const member of model.members) {
          const is = [...(published(model, member).get(`${into} ${subject}`) ?? [])];
          const publishes = said.filter((each) => each.member === member).map((each) => each.publishes);
          expect(is.filter((each) => !publishes.some((some) => covers(some, each)))).toEqual([]);
          expect(publishes.filter((each) => SUBJECTS.includes(each) && !is.includes(each))).toEqual([]);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test("a pattern is answered with everybody that is the answer to one of its subjects", () => {
  fc.assert(
    fc.property(scene, pattern, ({ accounts }, wanted) => {
      const model = new AccessModel(accounts);
      const missing = (name: string, all: Set<Member>, some: Member[]) =>
        expect([name, some.filter((member) => !all.has(member))]).toEqual([name, []]);
      for (const account of model.accountNames) {
        const publishers = new Set(whoCanPublish(model, wanted, account).map(({ member }) => member));
        const subscribers = new Set(whoCanSubscribe(model, wanted, account).map(({ member }) => member));
        for (const subject of SUBJECTS.filter((each) => covers(wanted, each))) {
          const members = (found: readonly { member: Member }[]) => found.map(({ member }) => member);
          missing(subject, publishers, members(whoCanPublish(model, subject, account)));
          missing(subject, subscribers, members(whoCanSubscribe(model, subject, account)));
        }
      }
    }),
    { numRuns: 30 },
  );
});

test("how much of a pattern may be published is what its subjects say", () => {
  fc.assert(
    fc.property(scene, pattern, ({ accounts }, wanted) => {
      const model = new AccessModel(accounts);
      for (const member of model.members) {
        const { extent } = canPublish(model, member, wanted);
        const subjects = SUBJECTS.filter((each) => covers(wanted, each));
        const extents = new Set(subjects.map((each) => canPublish(model, member, each).extent));
        if (extent !== "some") expect([...extents]).toEqual(subjects.length > 0 ? [extent] : []);
        const receivers = new Set(reach(model, member, wanted).receivers.map((each) => each.member));
        for (const subject of subjects.slice(0, 8)) {
          const some = reach(model, member, subject).receivers.filter((each) => isLiteral(each.pattern));
          expect(some.filter((each) => !receivers.has(each.member))).toEqual([]);
        }
      }
    }),
    { numRuns: 100 },
  );
});
