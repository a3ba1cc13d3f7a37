import { ProtocolError } from "./protocol-error.ts";

/** One value of a reply: its type, and either the bytes behind the type or the values in it. */
export interface ReplyTree {
  /** `$`, `*`, `%`, … */
  readonly type: string;
  /** Of a string, number or error: its text. null: nothing (`$-1`, `*-1`, `_`). */
  text: string | null;
  /** Of an array, set, push or map (keys and values in turn); else null. */
  readonly items: readonly ReplyTree[] | null;
}

/** No reply that is looked into is deeper. */
const deepest = 16;

/**
 * Reads one whole reply. For replies that tell addresses, which are few and small; all others are only walked.
 * @throws ProtocolError
 */
export function readTree(reply: Buffer): ReplyTree {
  let at = 0;
  const line = (): string => {
    const end = reply.indexOf("\r\n", at);
    if (end < 0) throw new ProtocolError("a reply that is cut");
    const text = reply.toString("latin1", at, end);
    at = end + 2;
    return text;
  };
  const next = (depth: number): ReplyTree => {
    if (depth > deepest) throw new ProtocolError("too deep a reply");
    const head = line();
    const type = head[0] as string;
    const rest = head.slice(1);
    if ("*%~>".includes(type)) {
      const size = Number(rest) * (type === "%" ? 2 : 1);
      if (!(size >= 0)) return { type, text: null, items: null };
      const items: ReplyTree[] = [];
      for (let i = 0; i < size; i++) items.push(next(depth + 1));
      return { type, text: null, items };
    }
    if (!"$=!".includes(type)) return { type, text: type === "_" ? null : rest, items: null };
    const length = Number(rest);
    if (!(length >= 0)) return { type, text: null, items: null };
    const text = reply.toString("latin1", at, at + length);
    at += length + 2;
    return { type, text, items: null };
  };
  return next(0);
}

/** The bytes of a reply. */
export function writeTree(tree: ReplyTree): Buffer {
  const parts: string[] = [];
  const write = ({ type, text, items }: ReplyTree): void => {
    if (items !== null) {
      parts.push(`${type}${type === "%" ? items.length / 2 : items.length}\r\n`);
      items.forEach(write);
    } else if (type === "_") parts.push("_\r\n");
    else if (text === null) parts.push(`${type}-1\r\n`);
    else if ("$=!".includes(type)) parts.push(`${type}${text.length}\r\n${text}\r\n`);
    else parts.push(`${type}${text}\r\n`);
  };
  write(tree);
  return Buffer.from(parts.join(""), "latin1");
}
