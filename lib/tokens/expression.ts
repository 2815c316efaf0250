/** Whether Terraform makes something of a text: an expression (`${…}`) or a template (`%{…}`). */
export const isExpression = (value: unknown): boolean => typeof value === "string" && /[$%]\{/.test(value);
