/**
 * The entry of a table by a name that comes from a program, a person or a file. `table[name]` finds what all objects
 * have, too: `constructor`, `valueOf`.
 */
export function ownEntry<T>(table: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
