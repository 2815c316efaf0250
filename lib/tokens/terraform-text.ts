import { Token } from "cdktf";

/** What Terraform would take for an expression or a directive; cdktf's own tokens are some. */
const TEMPLATE = /\$\{(?!TfToken\[)|%\{/g;

/** A text that means itself to Terraform, whatever it holds; cdktf's tokens stay. */
export function terraformText<T extends string | undefined>(text: T): T {
  if (typeof text !== "string") return text;
  return text.replace(TEMPLATE, (opening) => `${opening[0]}${opening}`) as T;
}

/** Texts by name that mean themselves to Terraform. */
export function terraformTexts<T extends { readonly [name: string]: string } | undefined>(texts: T): T {
  if (texts === undefined || Token.isUnresolved(texts)) return texts;
  const entries = Object.entries(texts).map(([name, text]) => [terraformText(name), terraformText(text)]);
  return Object.fromEntries(entries) as T;
}
