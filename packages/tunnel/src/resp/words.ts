import { ProtocolError } from "./protocol-error.ts";

/**
 * The arguments of one whole command, as views. For the few commands that a tunnel looks into; all others are only walked.
 * @param bytes exactly one command, which a `CommandScanner` has walked
 * @throws ProtocolError for an inline command with quotes that do not close
 */
export function wordsOf(bytes: Buffer): Buffer[] {
  return bytes[0] === 42 ? multibulkWords(bytes) : inlineWords(bytes.toString("latin1"));
}

/** A command as Redis reads it, from its words. */
export function commandOf(words: readonly (Buffer | string)[]): Buffer {
  const parts: Buffer[] = [Buffer.from(`*${words.length}\r\n`)];
  for (const word of words) {
    const bytes = typeof word === "string" ? Buffer.from(word) : word;
    parts.push(Buffer.from(`$${bytes.length}\r\n`), bytes, lineEnd);
  }
  return Buffer.concat(parts);
}

const lineEnd = Buffer.from("\r\n");

function multibulkWords(bytes: Buffer): Buffer[] {
  const words: Buffer[] = [];
  let at = bytes.indexOf(10) + 1;
  while (at < bytes.length) {
    const start = bytes.indexOf(10, at) + 1;
    const length = Number(bytes.toString("latin1", at + 1, start - 2));
    words.push(bytes.subarray(start, start + length));
    at = start + length + 2;
  }
  return words;
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", a: "\u0007" };

/** Words of a line as Redis's `sdssplitargs` reads them; latin1, so that every byte stays what it is. */
function inlineWords(line: string): Buffer[] {
  const words: Buffer[] = [];
  const text = line.replace(/\r?\n$/, "");
  let at = 0;
  for (;;) {
    while (at < text.length && /\s/.test(text[at] as string)) at++;
    if (at >= text.length) return words;
    const [word, end] = oneWord(text, at);
    words.push(Buffer.from(word, "latin1"));
    at = end;
  }
}

function oneWord(text: string, start: number): [word: string, end: number] {
  let word = "";
  let at = start;
  while (at < text.length && !/\s/.test(text[at] as string)) {
    const quote = text[at];
    if (quote !== '"' && quote !== "'") {
      word += text[at++];
      continue;
    }
    const [inside, end] = quoted(text, at + 1, quote);
    if (end < text.length && !/\s/.test(text[end] as string)) throw unbalanced();
    return [word + inside, end];
  }
  return [word, at];
}

function quoted(text: string, start: number, quote: string): [inside: string, end: number] {
  let inside = "";
  for (let at = start; at < text.length; at++) {
    const character = text[at] as string;
    if (character === quote) return [inside, at + 1];
    if (character !== "\\" || at + 1 >= text.length) {
      inside += character;
      continue;
    }
    const next = text[at + 1] as string;
    if (quote === "'") {
      if (next === "'") at++;
      inside += next === "'" ? "'" : "\\";
      continue;
    }
    const hex = /^x([0-9a-f]{2})/i.exec(text.slice(at + 1, at + 4))?.[1];
    inside += hex === undefined ? (escapes[next] ?? next) : String.fromCharCode(Number.parseInt(hex, 16));
    at += hex === undefined ? 1 : 3;
  }
  throw unbalanced();
}

function unbalanced(): ProtocolError {
  return new ProtocolError("unbalanced quotes in request");
}
