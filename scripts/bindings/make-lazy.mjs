const EXPECTED_MEMBERS = ["stream.ts: mirror", "stream.ts: source", "stream.ts: subjectTransform"];
const EXPECTED_CLASSES = ["consumer.ts", "kv-bucket.ts", "kv-entry.ts", "obj-bucket.ts", "stream.ts"];

const RESOURCE_CLASS = /^export class \w+ extends cdktf\.TerraformResource \{\n[\s\S]*?^\}$/gm;
const COMPLEX_MEMBER = /^ {2}private _(\w+) = new (\w+)\((this, .+)\);$/gm;
const SYNTHESIZE =
  /^( {2}protected synthesizeAttributes\(\): \{ \[name: string\]: any \} \{\n) {4}return (\{\n[\s\S]*?^ {4}\};\n)( {2}\})$/m;

const ADVICE =
  "The provider's schema or the generator has changed: adapt scripts/bindings/make-lazy.mjs to the new text " +
  "and see that test/unit/bindings passes.";

const DROP_UNDEFINED = `\
    const present: { [name: string]: any } = {};
    for (const name in attrs) {
      if (attrs[name] !== undefined) {
        present[name] = attrs[name];
      }
    }
    return present;
`;

const IMPORT_LITERAL = 'import { literal } from "../tokens/literal";\n';
const IMPORT_HCL = 'import { hcl } from "../tokens/hcl-text";\n';

const PROVIDER_CLASS = /^export class \w+ extends cdktf\.TerraformProvider \{\n[\s\S]*?^\}$/gm;

const TO_HCL = `\

  /** @jsii ignore */
  public toHclTerraform(): any {
    return hcl(this, super.toHclTerraform());
  }
`;

const TO_TERRAFORM = `\

  /** @jsii ignore */
  public toTerraform(): any {
    return literal(this, super.toTerraform());
  }
`;

/**
 * Rewrites generated bindings (a map from file name to text) so that resources cost less, and returns the new map.
 *
 * The generator's resource classes create an object for every nested block when they are constructed, and hand cdktf
 * every attribute, set or not, at synthesis. A `Stream` has three nested blocks and 43 attributes and seldom uses more
 * than a few. In the rewritten classes the object of a nested block comes into being when it is first asked for,
 * `synthesizeAttributes` leaves out what is undefined, as the generator's `synthesizeHclAttributes` already does, and
 * cdktf looks for tokens only where there may be some (`lib/tokens/literal.ts`). What is synthesized stays the same, but
 * for texts that cdktf cannot write in Terraform's own language (`lib/tokens/hcl-text.ts`), which those of the provider's
 * class are, too.
 *
 * This works by pattern on the generator's text, so it refuses text in which it does not find exactly the members and
 * classes it is known to be right for.
 */
export function makeLazy(files) {
  const members = [];
  const classes = [];
  const result = new Map();
  for (const [file, text] of files) {
    const rewritten = text.replace(RESOURCE_CLASS, (resourceClass) => {
      const lazy = deferMembers(resourceClass, (member) => members.push(`${file}: ${member}`));
      return dropUndefined(lazy, () => classes.push(file));
    });
    const written = rewritten === text ? text : IMPORT_HCL + IMPORT_LITERAL + rewritten;
    const provider = written.replace(PROVIDER_CLASS, (found) => found.replace(/\}$/, `${TO_HCL}}`));
    result.set(file, provider === written ? written : IMPORT_HCL + provider);
  }
  expectChanged("nested blocks created on first use", EXPECTED_MEMBERS, members);
  expectChanged("resource classes that leave out undefined attributes", EXPECTED_CLASSES, classes);
  return result;
}

function deferMembers(resourceClass, onMember) {
  let result = resourceClass;
  for (const [declaration, member, type, args] of resourceClass.matchAll(COMPLEX_MEMBER)) {
    const write = `    this._${member}.internalValue = config.${member};\n`;
    const read = new RegExp(`this\\._${member}\\.internalValue\\b(?! =)`, "g");
    result = replaceExactly(1, result, declaration, lazyMember(member, type, args));
    result = replaceExactly(1, result, write, `    if (config.${member} !== undefined) {\n  ${write}    }\n`);
    result = replaceExactly(3, result, read, `this._${member}Ref?.internalValue`);
    onMember(member);
  }
  return result;
}

function lazyMember(member, type, args) {
  return `\
  private _${member}Ref?: ${type};
  private get _${member}(): ${type} {
    return this._${member}Ref ??= new ${type}(${args});
  }`;
}

function dropUndefined(resourceClass, onClass) {
  return resourceClass.replace(SYNTHESIZE, (_, head, attributes, tail) => {
    onClass();
    return `${head}    const attrs: { [name: string]: any } = ${attributes}${DROP_UNDEFINED}${tail}${TO_TERRAFORM}${TO_HCL}`;
  });
}

function replaceExactly(times, text, pattern, replacement) {
  const parts = text.split(pattern);
  if (parts.length - 1 !== times) {
    throw new Error(
      `Lazy bindings: expected ${times} of ${pattern} in a resource class, found ${parts.length - 1}. ${ADVICE}`,
    );
  }
  return parts.join(replacement);
}

function expectChanged(what, expected, actual) {
  if (expected.join() !== actual.join()) {
    throw new Error(
      `Lazy bindings: expected ${expected.length} ${what} (${expected.join(", ")}), ` +
        `found ${actual.length} (${actual.join(", ")}). ${ADVICE}`,
    );
  }
}
