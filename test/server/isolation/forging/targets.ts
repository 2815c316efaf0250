import type { Account, Import } from "../../../../lib/access/accounts";
import { SubjectMapping } from "../../../../lib/subjects/subject-mapping";
import { intersection, isLiteral } from "../../../../lib/subjects/subject-pattern";
import { filled } from "./belongings";
import { filtersOf } from "./expected";
import type { State } from "./state";

/** A subject of the attacker's account to which something may be led. */
export interface Target {
  readonly subject: string;
  /** Whether the accounts' configuration leads on from there; from elsewhere nothing is expected to. */
  readonly leads: boolean;
}

/** The subject under which an account sees what it imports. */
export const localOf = ({ subject, to = subject }: Import): string => to;

/** The JetStream domains that an attacker may try: those that imports look like, and the names of the accounts. */
export function domainsOf(accounts: readonly Account[]): string[] {
  const imported = accounts.flatMap(({ imports }) => imports.map(localOf));
  const domains = imported.flatMap((subject) => /^\$JS\.([^.]+)\.API\./.exec(subject)?.[1] ?? []);
  return [...new Set([...domains, ...accounts.map(({ name }) => name.toLowerCase())])];
}

/** Subjects that a pattern matches: a plain one, numbers, wildcards as literals, and those that matter elsewhere. */
function probesOf(pattern: string, matter: readonly string[]): string[] {
  if (isLiteral(pattern)) return [pattern];
  const numbers = pattern.startsWith("$JS.ACK.") ? [pattern.replace(/>$/, "1.1.1.1.0")] : [];
  const common = matter.flatMap((subject) => intersection(pattern, subject) ?? []);
  return [filled(pattern), ...numbers, pattern, ...common.slice(0, 3).map((each) => filled(each))];
}

/** Every subject of an attacker's account to which it may lead messages, following from the accounts alone. */
export function targetsOf(attacker: Account, accounts: readonly Account[], state: State): Target[] {
  const others = accounts.filter(({ name }) => name !== attacker.name);
  const streams = [...state].flatMap(([, held]) => Object.values(held));
  const filters = streams.flatMap(({ consumers }) => Object.values(consumers).flatMap(filtersOf));
  const matterTo = (each: Import) => filters.flatMap((filter) => unmapped(each, filter));
  const leading = [
    ...attacker.imports.flatMap((each) => probesOf(localOf(each), matterTo(each))),
    ...attacker.exports.flatMap(({ subject }) => probesOf(subject, [])),
    ...Object.entries(attacker.mappings).flatMap(([from, to]) => [...probesOf(from, filters), mappedName(to)]),
  ];
  const domains = domainsOf(accounts);
  const elsewhere = [
    "$JS.API.INFO",
    "$JS.API.STREAM.NAMES",
    ...domains.slice(0, 4).map((domain) => `$JS.${domain}.API.INFO`),
    ...attacker.imports.map(({ subject }) => filled(subject)),
    "_R_.probe",
    ...others.flatMap(({ users }) => users.map(({ inboxPrefix }) => `${inboxPrefix}.probe`)),
    "$SYS.REQ.SERVER.PING.VARZ",
    "$SYS.REQ.ACCOUNT.PING.CONNZ",
  ];
  const target = (leads: boolean) => (subject: string) => ({ subject, leads });
  const all = [...leading.map(target(true)), ...elsewhere.map(target(false))];
  return [...new Map(all.reverse().map((each) => [each.subject, each])).values()].reverse();
}

const mappedName = (destination: string) => filled(destination.replace(/\{\{.*?\}\}|\$\d+/g, "*"));

/** The local names by which an import leads to subjects of a pattern. */
function unmapped({ kind, subject, to = subject }: Import, pattern: string): string[] {
  const local = kind === "service" ? SubjectMapping.ofServiceImport(subject, to).unapply(pattern) : undefined;
  return local === undefined ? [] : [local];
}
