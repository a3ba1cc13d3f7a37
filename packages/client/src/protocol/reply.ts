import type { ReplyError } from "../errors.ts";

/** How the next reply is to be built: a sum of {@link asBuffers} and {@link asObject}, or {@link asSent}, or this. */
export const asStrings = 0;
/** Bulk strings as Buffers with memory of their own; status replies like `OK` stay strings. */
export const asBuffers = 1;
/** Pairs of the outermost array or map as the entries of a plain object without prototype. */
export const asObject = 2;
/** Every value with the type that it was sent with, for those who show it: see `TypedReply`. Contains {@link asBuffers}. */
export const asSent = 5;

/** Who is told what was decoded. */
export interface ReplySink {
  /** Asked when a reply begins: how to build it. */
  replyMode(): number;
  /** How to build pushes. Default: {@link asStrings}. */
  readonly pushMode?: number;
  /** A whole reply. Error replies inside of arrays are {@link ReplyError} values among the elements. */
  onReply(value: unknown): void;
  onReplyError(error: ReplyError): void;
  /** A RESP3 push: its kind, then its values. Never in the middle of a reply. */
  onPush(values: unknown[]): void;
}
