import type { Account } from "../../../../../lib/access/accounts";
import { covers } from "../../../../../lib/subjects/subject-pattern";
import { type Attempt, marked } from "../attempt";
import type { Family } from "../family";
import type { Field } from "../field";
import { KEEPER_INBOX } from "../place";
import { localOf } from "../targets";
import { consumerOf, forged, UNACKNOWLEDGED } from "./fetch";

/** What may be asked of an import: nothing, or the names of all subjects. */
const REQUESTS = ["", '{"subjects_filter":">"}'];

/** What may be asked of a consumer; nothing that waits on, since a later message would answer it. */
const FETCHES = ['{"batch":1,"no_wait":true}', '{"batch":1,"expires":50000000}', '+NXT {"batch":1,"no_wait":true}'];

/** The subjects of the account that lead to others and answer. */
const asked = ({ account, targets }: Field): string[] => {
  const services = account.imports.filter(({ kind }) => kind === "service").map(localOf);
  return targets
    .filter(({ subject, leads }) => leads && services.some((service) => covers(service, subject)))
    .map(({ subject }) => subject);
};

function ask({ client }: Field, attempt: Attempt, reply: string): void {
  const requests = /CONSUMER\.MSG\.NEXT|^\$JS\.ACK/.test(attempt.via ?? "") ? FETCHES : REQUESTS;
  for (const request of requests) client.publish(attempt.via ?? "", request, { reply, headers: marked(attempt) });
}

/** Requests to each import, the answer led into each other one. */
export const crossing: Family = {
  name: "answer of an import",
  attempts: (field) =>
    asked(field).flatMap((via) =>
      field.targets
        .filter(({ subject, leads }) => leads || !subject.startsWith("$SYS"))
        .map(({ subject: target }) => ({ target, stored: "", data: "", via })),
    ),
  together: ({ via = "" }) => via,
  run: async (field, attempts) => {
    await field.replenish(2 * FETCHES.length * attempts.length);
    for (const each of attempts) ask(field, each, each.target);
  },
};

/** What an account answers by itself; JetStream answers for its own. */
const servedBy = ({ exports }: Account) =>
  exports.filter(({ kind, subject }) => kind === "service" && !subject.startsWith("$"));

/** Lets every account that may call an API of the attacker's do so, once for each attempt. */
async function called(field: Field, attempts: readonly Attempt[], answer: (reply: string, call: number) => void) {
  const { account, client, victims, place } = field;
  const served = servedBy(account);
  const replies: { unsubscribe(): void }[] = [];
  let call = 0;
  const ears = served.map(({ subject }) =>
    client.subscribe(subject, ({ reply }) => {
      if (!reply?.startsWith("_R_")) return;
      replies.push(client.subscribe(reply, () => undefined));
      answer(reply, call++);
    }),
  );
  await client.flush();
  const callers = victims.flatMap((caller) =>
    caller.imports
      .filter((each) => each.kind === "service" && each.account === account.name && !each.subject.startsWith("$"))
      .map((each) => ({ caller, each })),
  );
  for (const [index] of attempts.entries()) {
    const from = callers[index % callers.length];
    if (!from) break;
    const reply = `${KEEPER_INBOX}.victim.${index}`;
    place.keeper(from.caller.name).publish(localOf(from.each).replace(/[*>]/g, "probe"), "", { reply });
  }
  await field.settle();
  for (const ear of [...ears, ...replies]) ear.unsubscribe();
}

/** Calls of the attacker's API by others, which it answers with messages that it has stored. */
export const answering: Family = {
  name: "stored answer to a call",
  share: 0.2,
  jetStream: true,
  attempts: (field) =>
    servedBy(field.account).length > 0
      ? field.names.map(({ subject: stored, data }) => ({ target: "_R_", stored, data }))
      : [],
  run: (field, attempts) =>
    forged(field, attempts, async (_, hoard) => {
      await called(field, attempts, (reply, call) => {
        const start = { deliver_policy: "by_start_sequence", opt_start_seq: call + 1 };
        void consumerOf(field, hoard, { ...start, deliver_subject: reply, ...UNACKNOWLEDGED });
      });
    }),
};

/** Calls of the attacker's API by others, which it has its imports answer. */
export const answeringByImport: Family = {
  name: "import's answer to a call",
  attempts: (field) =>
    servedBy(field.account).length > 0 ? asked(field).map((via) => ({ target: "_R_", stored: "", data: "", via })) : [],
  run: async (field, attempts) => {
    await field.replenish(2 * FETCHES.length * attempts.length);
    await called(field, attempts, (reply, call) => ask(field, attempts[call % attempts.length] as Attempt, reply));
  },
};
