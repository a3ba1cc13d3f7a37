/** A simple string, `+OK`. */
export function simple(text: string): Buffer {
  return Buffer.from(`+${text}\r\n`);
}

/** An error reply on one line; the first word is its code. What would break the line is replaced. */
export function failure(text: string): Buffer {
  return Buffer.from(`-${text.replace(/[\r\n]+/g, " ")}\r\n`);
}

/** A string of any bytes; null in the words of the protocol. */
export function bulk(value: string | Buffer | null, protocol: 2 | 3): Buffer {
  if (value === null) return Buffer.from(protocol === 3 ? "_\r\n" : "$-1\r\n");
  const bytes = typeof value === "string" ? Buffer.from(value) : value;
  return Buffer.concat([Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from("\r\n")]);
}

/** A map of strings, numbers and empty lists: what the reply to HELLO is made of. */
export function map(
  entries: readonly (readonly [key: string, value: string | number | readonly never[]])[],
  protocol: 2 | 3,
): Buffer {
  const head = protocol === 3 ? `%${entries.length}\r\n` : `*${entries.length * 2}\r\n`;
  const parts: Buffer[] = [Buffer.from(head)];
  for (const [key, value] of entries) {
    parts.push(bulk(key, protocol));
    if (typeof value === "number") parts.push(Buffer.from(`:${value}\r\n`));
    else parts.push(typeof value === "string" ? bulk(value, protocol) : Buffer.from("*0\r\n"));
  }
  return Buffer.concat(parts);
}

/** `+OK` */
export const ok: Buffer = simple("OK");
