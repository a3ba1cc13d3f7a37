/** A reply of RESP2, decoded: text, number, nothing, a list of these, or the error that stands in a list. */
export type Reply = string | number | null | Error | Reply[];

/** Where decoding stands. */
interface Cursor {
  readonly buffer: Buffer;
  at: number;
}

/**
 * Decodes the first reply in the buffer. It understands what a server sends to its own operator, not everything that the
 * protocol allows.
 *
 * @returns the reply and how many bytes it took, or undefined while it is not complete
 * @throws Error when the bytes are not RESP2
 */
export function decodeReply(buffer: Buffer): { reply: Reply; length: number } | undefined {
  const cursor = { buffer, at: 0 };
  const reply = next(cursor);
  return reply === undefined ? undefined : { reply, length: cursor.at };
}

function next(cursor: Cursor): Reply | undefined {
  const end = cursor.buffer.indexOf("\r\n", cursor.at);
  if (end === -1) return undefined;
  const type = String.fromCharCode(cursor.buffer[cursor.at] ?? 0);
  const line = cursor.buffer.toString("utf8", cursor.at + 1, end);
  cursor.at = end + 2;
  switch (type) {
    case "+":
      return line;
    case "-":
      return new Error(line);
    case ":":
      return Number(line);
    case "$":
      return bulk(cursor, Number(line));
    case "*":
      return list(cursor, Number(line));
    default:
      throw new Error("the peer does not speak the Redis protocol");
  }
}

function bulk(cursor: Cursor, length: number): Reply | undefined {
  if (length < 0) return null;
  const start = cursor.at;
  if (cursor.buffer.length < start + length + 2) return undefined;
  cursor.at = start + length + 2;
  return cursor.buffer.toString("utf8", start, start + length);
}

function list(cursor: Cursor, length: number): Reply | undefined {
  if (length < 0) return null;
  const items: Reply[] = [];
  for (let index = 0; index < length; index++) {
    const item = next(cursor);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}
