import type { IPostProcessor, IResolvable, IResolveContext } from "cdktf";

/** Text that cdktf may take for a token, or for a number, list or map that stands for one. */
const MAY_BE_TOKEN = /TfToken|\de\+\d|Token Value/;

/** Deeper than any value that Terraform takes; a circular one ends here, and cdktf refuses it. */
const MAX_DEPTH = 50;

/**
 * A value without tokens as cdktf would resolve it, in one step; any other value as it is.
 *
 * cdktf resolves every element of a stack three times in a synth, and looks for tokens of four kinds in each text and
 * key. Most resources have none. What a post-processor returns is taken as resolved, so such a resource is looked
 * through once, by one pattern.
 */
export function literal(value: object): object {
  return isLiteral(value) ? new Literal(value) : value;
}

class Literal implements IResolvable, IPostProcessor {
  public readonly creationStack: string[] = [];

  public constructor(private readonly value: object) {}

  public resolve(context: IResolveContext): undefined {
    context.registerPostProcessor(this);
  }

  public postProcess(_: unknown, context: IResolveContext): unknown {
    return context.preparing ? undefined : withoutUndefined(this.value);
  }

  public toJSON(): unknown {
    return this.value;
  }
}

/** Whether a value holds nothing that cdktf may take for a token. */
export function isLiteral(value: unknown, depth = 0): boolean {
  switch (typeof value) {
    case "string":
      return !MAY_BE_TOKEN.test(value);
    case "number":
      return value >= 0;
    case "boolean":
    case "undefined":
      return true;
    case "object":
      break;
    default:
      return false;
  }
  if (value === null) return true;
  if (depth > MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((each) => isLiteral(each, depth + 1));
  return Object.getPrototypeOf(value) === Object.prototype && isLiteralObject(value as Fields, depth + 1);
}

interface Fields {
  readonly [key: string]: unknown;
}

function isLiteralObject(object: Fields, depth: number): boolean {
  for (const key in object) if (MAY_BE_TOKEN.test(key) || !isLiteral(object[key], depth)) return false;
  return true;
}

/** A value without what is undefined in it, as cdktf makes it; the value itself where it has nothing of the kind. */
function withoutUndefined(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.filter((each) => each !== undefined).map(withoutUndefined);
  const result: { [key: string]: unknown } = {};
  let same = true;
  for (const key in value) {
    const each = (value as Fields)[key];
    const kept = withoutUndefined(each);
    same &&= kept === each && each !== undefined;
    if (kept !== undefined) result[key] = kept;
  }
  return same ? value : result;
}
