import { Buffer } from "node:buffer";

// Arguments and replies are bytes. Where they are worked on as text, one character stands for one byte ("byte text"), so that
// nothing is lost whatever the bytes are.

/** A text of JavaScript as byte text of its UTF-8. */
export function toByteText(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** Byte text as bytes. */
export function toBytes(byteText: string): Buffer {
  return Buffer.from(byteText, "latin1");
}

/** Byte text as a text to show; what is no UTF-8 becomes the replacement character. */
export function toText(byteText: string): string {
  return toBytes(byteText).toString("utf8");
}
