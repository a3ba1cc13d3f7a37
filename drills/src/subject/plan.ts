import type { PlainCredentials } from "@redoubt/client";

/** What the subject of a drill is: the clients of one process, and what they are kept busy with. */
export interface Plan {
  readonly kind: "client" | "sentinel" | "cluster";
  /** With all secrets in it: it goes through a pipe between two processes, never onto a command line. */
  readonly url: string;
  /** How many clients share the load. */
  readonly clients: number;
  /** Callers, each with one command at a time. */
  readonly workers: number;
  /** Keys of each worker; all in one slot. */
  readonly keys: number;
  /** Size of each value. */
  readonly valueBytes: number;
  /** How long a worker rests after each command, ms. */
  readonly pauseMs: number;
  /** Option `socket.socketTimeout` of the clients, ms. Default: theirs. */
  readonly socketTimeout?: number;
  /** Whether clients log in with tokens that the stage issues. */
  readonly tokens?: boolean;
  /** Whether others listen to what the workers publish, one over each protocol. */
  readonly audience?: boolean;
}

/** A token as it goes through the pipe. */
export type Token = PlainCredentials & { readonly expiresAt: number };

/** What a process holds when nothing is going on. */
export interface Resources {
  /** Heap in use and memory outside of it, after garbage collection, bytes. */
  readonly memory: number;
  /** Open files and sockets; null where the system does not tell. */
  readonly descriptors: number | null;
}

/** What one listener heard. */
export interface Heard {
  readonly protocol: 2 | 3;
  /** How many messages the server took while it was subscribed, and how many of them came. */
  readonly published: number;
  readonly received: number;
  /** Messages that came more than once, out of order, or from another channel. */
  readonly wrong: number;
}

/** What the callers saw, from the beginning of the load to its end. */
export interface Account {
  /** Length of the load, ms. */
  readonly ms: number;
  readonly asked: number;
  readonly answered: number;
  /** How many commands were rejected, by the code of the error; what is no error of the library, by its text. */
  readonly failed: Readonly<Record<string, number>>;
  /** Promises that were neither answered nor rejected when their time was long over. */
  readonly pending: number;
  /** Promises that somebody tried to settle once more; null where Node does not tell. */
  readonly settledTwice: number | null;
  /** Replies that belong to another key, another command, or to nobody. */
  readonly misdelivered: number;
  /** Writes that were confirmed and that a later read did not find. */
  readonly lost: number;
  /** The longest time that a worker was without an answer, from the fault on, ms. */
  readonly recoverMs: number;
  readonly heard: readonly Heard[];
  readonly begin: Resources;
  readonly end: Resources;
}
