import { marked } from "../attempt";
import type { Family } from "../family";
import { LOOT } from "../stored-names";

/** Messages that are published, with the subject of another account as that of the answer. */
export const publishing: Family = {
  name: "publish with a reply",
  attempts: (field) => field.crossed(),
  run: async ({ client }, attempts) => {
    for (const each of attempts) client.publish(each.target, each.data, { reply: each.stored, headers: marked(each) });
  },
};

/** Requests to subjects of other accounts, JetStream's API in all domains and the server's own among them. */
export const asking: Family = {
  name: "ask under others' names",
  attempts: ({ names }) => names.map(({ subject, data }) => ({ target: subject, stored: "", data })),
  run: async ({ client }, attempts) => {
    for (const each of attempts) client.publish(each.target, each.data, { reply: LOOT, headers: marked(each) });
  },
};

/** Answers of the JetStream API of the attacker's own account, led elsewhere. */
export const ownAnswers: Family = {
  name: "answer of the own API",
  attempts: ({ targets, names, account, belongings }) => {
    const [stream = "none"] = Object.keys(belongings.state.get(account.name) ?? {});
    const requests = [
      ["INFO", ""],
      ["STREAM.NAMES", ""],
      [`STREAM.INFO.${stream}`, ""],
      [`STREAM.MSG.GET.${stream}`, '{"seq":1}'],
      [`CONSUMER.LIST.${stream}`, ""],
      [`STREAM.INFO.none`, ""],
    ] as const;
    const subjects = [...targets.map(({ subject }) => subject), ...names.map(({ subject }) => subject)];
    return [...new Set(subjects)].flatMap((target, index) =>
      requests
        .filter((_, request) => index < targets.length || request === index % requests.length)
        .map(([call, data]) => ({ target, stored: "", data, via: `$JS.API.${call}` })),
    );
  },
  run: async ({ client }, attempts) => {
    for (const each of attempts) {
      client.publish(each.via ?? "", each.data, { reply: each.target, headers: marked(each) });
    }
  },
};

/** Whatever the account's mappings make of a subject, wildcards and names of others in it. */
export const mapping: Family = {
  name: "mappings",
  attempts: ({ account, names }) => {
    const tails = [">", "*", "a.>", "{{wildcard(1)}}", "$1", ...names.map(({ subject }) => subject)];
    return Object.keys(account.mappings).flatMap((source) =>
      tails.map((tail) => ({ target: source.replace(/[*>]/g, tail), stored: "", data: "forged" })),
    );
  },
  run: async ({ client }, attempts) => {
    for (const each of attempts) client.publish(each.target, each.data, { reply: LOOT, headers: marked(each) });
  },
};
