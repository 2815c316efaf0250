interface Node<T> {
  readonly children: Map<string, Node<T>>;
  readonly values: T[];
}

const newNode = <T>(): Node<T> => ({ children: new Map(), values: [] });

/** Patterns in a tree of their tokens, so that those that overlap with one are found without looking at all. */
export class SubjectIndex<T> {
  private readonly root = newNode<T>();

  /** Adds a valid pattern with a value. */
  public add(pattern: string, value: T): void {
    let node = this.root;
    for (const token of pattern.split(".")) {
      const child: Node<T> = node.children.get(token) ?? newNode<T>();
      node.children.set(token, child);
      node = child;
    }
    node.values.push(value);
  }

  /** The values of all patterns that have a subject in common with this one. */
  public overlapping(pattern: string): T[] {
    const found: T[] = [];
    collect(this.root, pattern.split("."), 0, found);
    return found;
  }
}

function collect<T>(node: Node<T>, tokens: readonly string[], index: number, found: T[]): void {
  const token = tokens[index];
  if (token === undefined) {
    found.push(...node.values);
    return;
  }
  if (token === ">") {
    for (const child of node.children.values()) collectAll(child, found);
    return;
  }
  found.push(...(node.children.get(">")?.values ?? []));
  const children =
    token === "*"
      ? [...node.children].filter(([name]) => name !== ">").map(([, child]) => child)
      : [node.children.get(token), node.children.get("*")];
  for (const child of children) if (child) collect(child, tokens, index + 1, found);
}

function collectAll<T>(node: Node<T>, found: T[]): void {
  found.push(...node.values);
  for (const child of node.children.values()) collectAll(child, found);
}
