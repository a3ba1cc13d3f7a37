import { Buffer } from "node:buffer";
import { RedoubtError } from "../errors.ts";
import type { NativeBuffer } from "./native.ts";
import type { Outgoing, RedisArgument } from "./outgoing.ts";
import { borrowSlab, largeSlab, returnSlab, smallSlab } from "./slabs.ts";

/** An argument of this size and more that fits into no slab is handed on as it is, bytes. */
const besideBytes = 16 * 1024;
/** Up to this length JavaScript's own loop beats a call into C++. */
const loopLength = 48;
/** Room for `*N\r\n`, or `$N\r\n` and the closing CR LF. */
const frame = 24;

/** Bytes that wait. */
interface Piece {
  readonly bytes: Buffer;
  /** The slab that is free once they are written. */
  readonly slab: NativeBuffer | null;
}

/**
 * Commands to bytes, in a slab: one block of memory that commands are written into one behind the other, so that all
 * that waits leaves as one view and one write.
 *
 * Use: {@link Encoder.add} commands, {@link Encoder.take} the waiting bytes view by view, and call {@link Encoder.written}
 * once the socket holds none of what was taken any more. While nothing waits, an encoder holds no memory.
 */
export class Encoder {
  #slab: NativeBuffer | null = null;
  /** What waits in the slab: from here … */
  #from = 0;
  /** … to here. */
  #to = 0;
  /** What waits before that: full slabs and arguments beside them. */
  #ready: Piece[] = [];
  #readyBytes = 0;
  /** Slabs of which the last bytes are taken, and not yet written. */
  #leaving: NativeBuffer[] = [];

  /** Bytes added and not taken. */
  get waiting(): number {
    return this.#readyBytes + this.#to - this.#from;
  }

  /**
   * Adds one command, wholly or not at all.
   * @throws RedoubtError `CONFIG_INVALID_VALUE` for an argument that is not a string, a Buffer or a number.
   */
  add(command: Outgoing): void {
    const { spec, args } = command;
    let bound = frame + spec.head.length;
    for (let i = 0; i < args.length; i++) {
      const arg = args[i] as RedisArgument;
      if (typeof arg === "string") bound += arg.length * 3 + frame;
      else if (typeof arg === "number" && arg === arg) bound += frame * 2;
      else if (arg instanceof Uint8Array) bound += arg.length + frame;
      else this.#refuse(command, i);
    }
    if (bound > largeSlab) return this.#addInPieces(command);
    const slab = this.#room(bound);
    let to = putHead(slab, this.#to, command);
    for (let i = 0; i < args.length; i++) to = putArgument(slab, to, args[i] as RedisArgument);
    this.#to = to;
  }

  /**
   * Looks at a command before it is added, for those that add several or none.
   * @throws what {@link Encoder.add} would
   */
  check(command: Outgoing): void {
    const { args } = command;
    for (let i = 0; i < args.length; i++) {
      const arg = args[i] as RedisArgument;
      const isNumber = typeof arg === "number" && arg === arg;
      if (typeof arg !== "string" && !isNumber && !(arg instanceof Uint8Array)) this.#refuse(command, i);
    }
  }

  /** The next of the waiting bytes, in one view; null when nothing waits. */
  take(): Buffer | null {
    if (this.#ready.length > 0) return this.#takeReady();
    if (this.#from === this.#to) return null;
    const view = (this.#slab as NativeBuffer).subarray(this.#from, this.#to);
    this.#from = this.#to;
    return view;
  }

  /** Says that nobody looks at what was taken any more: its memory is used again. */
  written(): void {
    while (this.#leaving.length > 0) returnSlab(this.#leaving.pop() as NativeBuffer);
    if (this.#slab === null || this.waiting > 0) return;
    returnSlab(this.#slab);
    this.#slab = null;
    this.#from = this.#to = 0;
  }

  #takeReady(): Buffer {
    const { bytes, slab } = this.#ready.shift() as Piece;
    this.#readyBytes -= bytes.length;
    if (slab !== null) this.#leaving.push(slab);
    return bytes;
  }

  /** A command that fits into no slab: piece by piece, long arguments beside the slabs. */
  #addInPieces(command: Outgoing): void {
    // Memory for long strings may be refused, so it is taken before the first byte is added.
    const args = command.args.map((arg) =>
      typeof arg === "string" && arg.length * 3 >= besideBytes ? Buffer.from(arg) : arg,
    );
    this.#to = putHead(this.#room(frame + command.spec.head.length), this.#to, command);
    for (const arg of args) {
      if (typeof arg === "object" && arg.length >= besideBytes) this.#beside(arg);
      else {
        const slab = this.#room(typeof arg === "number" ? frame * 2 : arg.length * 3 + frame);
        this.#to = putArgument(slab, this.#to, arg);
      }
    }
  }

  /** A long argument: its frame goes into the slab, its bytes are handed on as they are. */
  #beside(bytes: Buffer): void {
    this.#to = putLength(this.#room(frame), this.#to, 0x24, bytes.length);
    this.#closeView(null);
    this.#ready.push({ bytes, slab: null });
    this.#readyBytes += bytes.length;
    this.#to = putLineEnd(this.#room(2), this.#to);
  }

  /** A slab into which so many bytes fit from `#to` on. */
  #room(bytes: number): NativeBuffer {
    if (this.#slab !== null) {
      if (bytes <= this.#slab.length - this.#to) return this.#slab;
      this.#closeView(this.#slab);
    }
    this.#from = this.#to = 0;
    return (this.#slab = borrowSlab(bytes <= smallSlab ? smallSlab : largeSlab));
  }

  /** @param slab the present one, when nothing more will be written into it */
  #closeView(slab: NativeBuffer | null): void {
    if (this.#from === this.#to) {
      // All that was in it is on its way; unless some of it still waits, then the collector has to find out.
      if (slab !== null && this.#ready.length === 0) this.#leaving.push(slab);
      return;
    }
    const bytes = (this.#slab as NativeBuffer).subarray(this.#from, this.#to);
    this.#ready.push({ bytes, slab });
    this.#readyBytes += bytes.length;
    this.#from = this.#to;
  }

  #refuse(command: Outgoing, index: number): never {
    const arg: unknown = command.args[index];
    const found = arg === null ? "null" : Number.isNaN(arg) ? "NaN" : typeof arg;
    throw new RedoubtError(
      "CONFIG_INVALID_VALUE",
      `Argument ${index + 1} of ${command.spec.name} is ${found}; it must be a string, a Buffer or a number`,
      { command: command.spec.name },
    );
  }
}

// What follows writes into a slab that has room for it, and says where it ended: a position in a variable costs half of
// one in a field.

function putHead(slab: NativeBuffer, at: number, { spec, args }: Outgoing): number {
  let to = putLength(slab, at, 0x2a, spec.words + args.length);
  const { head } = spec;
  // A loop is faster than copy() for the few bytes of a name.
  for (let i = 0; i < head.length; i++) slab[to++] = head[i] as number;
  return to;
}

function putArgument(slab: NativeBuffer, at: number, arg: RedisArgument): number {
  if (typeof arg === "string") return putString(slab, at, arg);
  if (typeof arg === "number") return putString(slab, at, String(arg));
  const start = putLength(slab, at, 0x24, arg.length);
  slab.set(arg, start);
  return putLineEnd(slab, start + arg.length);
}

function putString(slab: NativeBuffer, at: number, text: string): number {
  const { length } = text;
  const start = putLength(slab, at, 0x24, length);
  if (length <= loopLength) {
    let i = 0;
    for (; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) break;
      slab[start + i] = code;
    }
    if (i === length) return putLineEnd(slab, start + length);
  }
  const bytes = slab.utf8Write(text, start, length * 3);
  if (bytes === length) return putLineEnd(slab, start + length);
  // Counting the bytes beforehand would cost more than writing them; mostly there are as many as characters.
  const moved = putLength(slab, at, 0x24, bytes);
  if (moved !== start) slab.utf8Write(text, moved, bytes);
  return putLineEnd(slab, moved + bytes);
}

/** A type's byte, a number, CR LF. */
function putLength(slab: NativeBuffer, at: number, type: number, value: number): number {
  slab[at] = type;
  if (value < 10) {
    slab[at + 1] = 0x30 + value;
    return putLineEnd(slab, at + 2);
  }
  if (value < 100) {
    const tens = (value / 10) | 0;
    slab[at + 1] = 0x30 + tens;
    slab[at + 2] = 0x30 + value - tens * 10;
    return putLineEnd(slab, at + 3);
  }
  const digits = String(value);
  for (let i = 0; i < digits.length; i++) slab[at + 1 + i] = digits.charCodeAt(i);
  return putLineEnd(slab, at + 1 + digits.length);
}

function putLineEnd(slab: NativeBuffer, at: number): number {
  slab[at] = 13;
  slab[at + 1] = 10;
  return at + 2;
}
