import type { Buffer } from "node:buffer";

/** What can be sent as an argument. Numbers are written as JavaScript prints them. */
export type RedisArgument = string | Buffer | number;

/** What the encoder needs to know of a command. */
export interface Outgoing {
  readonly spec: {
    readonly name: string;
    /** The name's words as RESP bulk strings, encoded once. */
    readonly head: Buffer;
    /** How many bulk strings `head` holds. */
    readonly words: number;
  };
  /** Arguments after the name. */
  readonly args: readonly RedisArgument[];
}
