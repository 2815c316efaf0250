import type { IPostProcessor, IResolvable, IResolveContext, TerraformElement } from "cdktf";
import { stackOverridesOf } from "./overrides";
import { isOwn } from "./own-elements";

/** Text that cdktf may take for a token, or for a number, list or map that stands for one. */
const MAY_BE_TOKEN = /TfToken|\de\+\d|Token Value/;

/** Deeper than any value that Terraform takes; a circular one ends here, and cdktf refuses it. */
const MAX_DEPTH = 50;

/** How deep the JSON of a resource has its block: `resource`, the type, the name. */
const BLOCK_DEPTH = 3;

/**
 * The JSON of an element without tokens as cdktf would resolve it, in one step; any other JSON as it is.
 *
 * cdktf resolves every element of a stack four times in a synth, and looks for tokens of four kinds in each text and
 * key. Most resources have none. What a post-processor returns is taken as resolved, so such an element is looked
 * through once, by one pattern. The fourth time is when its JSON is part of that of the stack. The blocks of what the library
 * makes, which no other element may add to, stand there as what is resolved already, unless overrides of the stack change them.
 */
export function literal(element: TerraformElement, json: object): object {
  if (!isLiteral(json)) return json;
  return new Literal(json, isOwn(element) && stackOverridesOf(element).resource === undefined);
}

class Literal implements IResolvable, IPostProcessor {
  public readonly creationStack: string[] = [];

  public constructor(
    private readonly json: object,
    private readonly inBlocks: boolean,
  ) {}

  public resolve(context: IResolveContext): undefined {
    context.registerPostProcessor(this);
  }

  public postProcess(_: unknown, context: IResolveContext): unknown {
    if (context.preparing) return undefined;
    const json = withoutUndefined(this.json);
    return this.inBlocks ? blocksOf(json) : json;
  }

  public toJSON(): unknown {
    return this.json;
  }
}

/** A block that is resolved already: an object of its attributes, which cdktf takes for a token that comes to the same. */
class Block implements IResolvable {
  public static of(attributes: object): Block {
    return Object.assign(new Block(), attributes);
  }

  public get creationStack(): string[] {
    return [];
  }

  public resolve(context: IResolveContext): undefined {
    context.registerPostProcessor({ postProcess: () => ({ ...this }) });
  }
}

/** The JSON of an element, of which each block is resolved already. */
function blocksOf(json: unknown, depth = 0): unknown {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return depth < BLOCK_DEPTH ? json.map((each) => blocksOf(each, BLOCK_DEPTH)) : json;
  if (depth === BLOCK_DEPTH) return Block.of(json);
  return Object.fromEntries(Object.entries(json).map(([key, each]) => [key, blocksOf(each, depth + 1)]));
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
