/** Whether Terraform makes something of a text: an expression (`${…}`) or a template (`%{…}`). */
export const isExpression = (value: unknown): boolean => typeof value === "string" && /[$%]\{/.test(value);

/** An expression that stands for a value which nobody knows yet, where what is known is checked. */
export const UNKNOWN = `\${${"unknown"}}`;
