import type { Attempt, Draft } from "./attempt";
import type { Field } from "./field";

/** One way in which messages come from somewhere to where the attacker wants them. */
export interface Family {
  readonly name: string;
  /** Whether it takes JetStream in the attacker's account. */
  readonly jetStream?: boolean;
  /** Whether it takes streams of the attacker's own making, which only whoever may do everything has. */
  readonly ownStreams?: boolean;
  /** The first version of the server that has what it uses. */
  readonly since?: readonly [major: number, minor: number];
  /** The part of the attempts that are made of other families, where each takes long. */
  readonly share?: number;
  /** What there is to try. */
  attempts(field: Field): Draft[];
  /** What attempts must have in common to be tried at once, where nothing tells which of them had an effect. */
  together?(attempt: Attempt): string;
  /** Tries so many things at once. */
  run(field: Field, attempts: readonly Attempt[]): Promise<void>;
}

/** Attempts by what they have in common. */
export function groupedBy<K>(attempts: readonly Attempt[], keyOf: (attempt: Attempt) => K): Map<K, Attempt[]> {
  const groups = new Map<K, Attempt[]>();
  for (const attempt of attempts) {
    const group = groups.get(keyOf(attempt));
    if (group) group.push(attempt);
    else groups.set(keyOf(attempt), [attempt]);
  }
  return groups;
}
