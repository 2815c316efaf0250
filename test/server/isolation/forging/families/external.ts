import { setTimeout as sleep } from "node:timers/promises";
import type { Attempt } from "../attempt";
import { type Family, groupedBy } from "../family";
import type { Field } from "../field";
import { Forge } from "../forge";
import { domainsOf, localOf } from "../targets";

/** How long the server takes until it asks an external API, in milliseconds. */
const SETUP = 400;

let count = 0;

/** Prefixes that make a subject of an import out of whatever token the server appends. */
const deliverPrefixes = ({ account, targets }: Field): string[] => {
  const patterns = [...account.imports.map(localOf), ...account.exports.map(({ subject }) => subject)];
  const open = patterns.filter((pattern) => pattern.endsWith(".>")).map((pattern) => pattern.slice(0, -2));
  const parents = targets.filter(({ leads }) => leads).map(({ subject }) => subject.replace(/\.[^.]+$/, ""));
  return [...new Set([...open, ...Object.keys(account.mappings).map((each) => each.replace(/\.>$/, "")), ...parents])];
};

/** The APIs that imports, or the names of accounts, look like. */
const apis = ({ place, account }: Field): string[] => {
  const imported = account.imports.flatMap(
    (each) => /^(\$JS\..*?)\.(?:CONSUMER|STREAM)\./.exec(localOf(each))?.[1] ?? [],
  );
  return [...new Set([...imported, ...domainsOf(place.accounts).map((domain) => `$JS.${domain}.API`)])];
};

async function made(field: Field, use: (create: (config: object) => Promise<void>) => Promise<void>): Promise<void> {
  const names: string[] = [];
  await use(async (config) => {
    const name = `EXTERNAL_${count++}`;
    names.push(name);
    await field.client.ask(`$JS.API.STREAM.CREATE.${name}`, { storage: "memory", name, ...config });
  });
  await sleep(names.length > 0 ? SETUP : 0);
  await field.settle();
  await Promise.all(names.map((name) => field.client.ask(`$JS.API.STREAM.DELETE.${name}`)));
}

/** A stream that takes the attacker's own messages by an "external" subject which is that of an import. */
export const externalDelivery: Family = {
  name: "external, own messages",
  jetStream: true,
  ownStreams: true,
  share: 0.2,
  attempts: (field) =>
    deliverPrefixes(field).flatMap((target) =>
      field.names.map(({ subject: stored, data }) => ({ target, stored, data })),
    ),
  run: (field, attempts) =>
    made(field, async (create) => {
      const forge = new Forge(field);
      for (const { target, stream } of await forge.store(attempts)) {
        for (const api of ["$JS.API", ...apis(field)]) {
          await create({ sources: [{ name: stream, external: { api, deliver: target } }] });
        }
      }
      await field.settle();
      await forge.remove();
    }),
};

/** A stream that takes the messages of another account's stream by the "external" API that an import looks like. */
export const externalSource: Family = {
  name: "external, others' messages",
  jetStream: true,
  ownStreams: true,
  share: 0.3,
  attempts: (field) => {
    const streams = field.victims.flatMap(({ name }) => Object.keys(field.belongings.state.get(name) ?? {}));
    return apis(field).flatMap((target) =>
      streams.flatMap((stored) =>
        ["external.deliver", ...deliverPrefixes(field).slice(0, 3)].flatMap((via) =>
          ["source", "mirror"].map((data) => ({ target, stored, data, via })),
        ),
      ),
    );
  },
  run: (field, attempts) =>
    made(field, async (create) => {
      const kinds = groupedBy<string>(attempts, ({ data }) => data);
      const taken = ({ stored: name, target: api, via: deliver }: Attempt) => ({ name, external: { api, deliver } });
      await Promise.all([
        ...(kinds.get("source") ?? []).map((each) => create({ sources: [taken(each)] })),
        ...(kinds.get("mirror") ?? []).map((each) => create({ mirror: taken(each) })),
      ]);
    }),
};
