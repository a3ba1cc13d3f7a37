const named: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\u0007": "\\a",
  "\b": "\\b",
};

/**
 * Bytes between quotation marks, in redis-cli's way: what is not printable ASCII becomes an escape.
 * @param bytes one character for each byte
 */
export function repr(bytes: string): string {
  return `"${bytes.replace(/[\\"\n\r\t\u0007\b]|[^ -~]/g, escaped)}"`;
}

function escaped(character: string): string {
  return named[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
