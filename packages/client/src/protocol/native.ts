import { Buffer, isAscii } from "node:buffer";

/**
 * The methods behind `buf.toString(encoding, …)` and `buf.write(text, …, encoding)`. They are not documented, are on every
 * Buffer since Node 0.x, and spare the parsing of the encoding's name, which costs more than a short string itself.
 */
export interface NativeBuffer extends Buffer {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
  latin1Write(text: string, offset: number, length: number): number;
  utf8Write(text: string, offset: number, length: number): number;
}

/** A buffer of its own memory (not of Node's pool), contents undefined. */
export function allocate(size: number): NativeBuffer {
  return Buffer.allocUnsafeSlow(size) as NativeBuffer;
}

/** From this length on it pays to look whether all is ASCII, which is read at twice the speed of UTF-8, bytes. */
const worthLooking = 1024;

/** Text in UTF-8. */
export function longText(bytes: NativeBuffer, start: number, end: number): string {
  const ascii = end - start >= worthLooking && isAscii(bytes.subarray(start, end));
  return ascii ? bytes.latin1Slice(start, end) : bytes.utf8Slice(start, end);
}
