/** A value of a JSON document. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Text as a literal inside an expression: in quotes, with quotes in it doubled. */
export function armQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Text as a JSON value. ARM reads `[…]` as an expression, and `[[…]` as the text `[…]`. */
export function armLiteral(text: string): string {
  return text.startsWith("[") && text.endsWith("]") ? `[${text}` : text;
}

/** Text as a piece of `format`'s first argument, where braces stand for arguments. */
export function armFormatted(text: string): string {
  return text.replaceAll("{", "{{").replaceAll("}", "}}");
}
