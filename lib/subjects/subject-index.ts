interface Node<T> {
  readonly children: Map<string, Node<T>>;
  readonly values: T[];
}

const newNode = <T>(): Node<T> => ({ children: new Map(), values: [] });

/** Patterns in a tree of their tokens, so that those that overlap with one are found without looking at all. */
export class SubjectIndex<T> {
  private root: Node<T> | undefined;

  /** Adds a valid pattern with a value. */
  public add(pattern: string, value: T): void {
    this.root ??= newNode<T>();
    let node = this.root;
    for (const token of pattern.split(".")) {
      const child: Node<T> = node.children.get(token) ?? newNode<T>();
      node.children.set(token, child);
      node = child;
    }
    node.values.push(value);
  }

  /**
   * The values of all patterns that match a subject. A wildcard in the subject is a token like any other, which `*` and
   * `>` match: so the server looks up a subscription in a list of permissions (`matchLevel` in its sublist.go).
   */
  public matching(subject: string): T[] {
    const found: T[] = [];
    if (this.root) collectMatching(this.root, subject.split("."), 0, found);
    return found;
  }

  /** The values of all patterns that match every subject that this one matches. */
  public covering(pattern: string): T[] {
    if (!pattern.endsWith(">")) return this.matching(pattern);
    const tokens = pattern.split(".");
    const found: T[] = [];
    if (this.root) collectOpen(this.root, tokens, 0, found);
    return found;
  }

  /** The values of all patterns that have a subject in common with this one. */
  public overlapping(pattern: string): T[] {
    const found: T[] = [];
    if (this.root && canMeet(this.root, pattern)) collect(this.root, pattern.split("."), 0, found);
    return found;
  }
}

/** Whether anything in a tree begins as a pattern does; mostly nothing does, and this is found without taking it apart. */
function canMeet<T>({ children }: Node<T>, pattern: string): boolean {
  const end = pattern.indexOf(".");
  const first = end < 0 ? pattern : pattern.slice(0, end);
  return first === "*" || first === ">" || children.has(first) || children.has("*") || children.has(">");
}

function take<T>(node: Node<T> | undefined, found: T[]): void {
  if (node) for (const value of node.values) found.push(value);
}

function collect<T>(node: Node<T>, tokens: readonly string[], index: number, found: T[]): void {
  const token = tokens[index];
  if (token === undefined) {
    take(node, found);
    return;
  }
  const { children } = node;
  if (token === ">") {
    for (const child of children.values()) collectAll(child, found);
    return;
  }
  take(children.get(">"), found);
  if (token === "*") {
    for (const [name, child] of children) if (name !== ">") collect(child, tokens, index + 1, found);
    return;
  }
  collectNext(children.get(token), children.get("*"), tokens, index, found, collect);
}

function collectMatching<T>(node: Node<T>, tokens: readonly string[], index: number, found: T[]): void {
  const token = tokens[index];
  if (token === undefined) {
    take(node, found);
    return;
  }
  const { children } = node;
  take(children.get(">"), found);
  const literal = token === "*" || token === ">" ? undefined : children.get(token);
  collectNext(literal, children.get("*"), tokens, index, found, collectMatching);
}

/** As `collectMatching`, for a pattern that ends with `>`: only another `>` covers it. */
function collectOpen<T>(node: Node<T>, tokens: readonly string[], index: number, found: T[]): void {
  const { children } = node;
  take(children.get(">"), found);
  const token = tokens[index];
  if (token === undefined || token === ">") return;
  const literal = token === "*" ? undefined : children.get(token);
  collectNext(literal, children.get("*"), tokens, index, found, collectOpen);
}

function collectNext<T>(
  literal: Node<T> | undefined,
  star: Node<T> | undefined,
  tokens: readonly string[],
  index: number,
  found: T[],
  further: typeof collect<T>,
): void {
  if (literal) further(literal, tokens, index + 1, found);
  if (star) further(star, tokens, index + 1, found);
}

function collectAll<T>(node: Node<T>, found: T[]): void {
  take(node, found);
  for (const child of node.children.values()) collectAll(child, found);
}
