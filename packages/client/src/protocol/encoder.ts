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
    this.#room(bound);
    this.#head(command);
    for (let i = 0; i < args.length; i++) this.#argument(args[i] as RedisArgument);
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
    const piece = this.#ready.shift();
    if (piece !== undefined) {
      this.#readyBytes -= piece.bytes.length;
      if (piece.slab !== null) this.#leaving.push(piece.slab);
      return piece.bytes;
    }
    if (this.#from === this.#to) return null;
    const view = (this.#slab as NativeBuffer).subarray(this.#from, this.#to);
    this.#from = this.#to;
    return view;
  }

  /** Says that nobody looks at what was taken any more: its memory is used again. */
  written(): void {
    for (let slab = this.#leaving.pop(); slab !== undefined; slab = this.#leaving.pop()) returnSlab(slab);
    if (this.#slab === null || this.waiting > 0) return;
    returnSlab(this.#slab);
    this.#slab = null;
    this.#from = this.#to = 0;
  }

  #head({ spec, args }: Outgoing): void {
    const slab = this.#slab as NativeBuffer;
    slab[this.#to++] = 0x2a;
    this.#number(spec.words + args.length);
    const head = spec.head;
    // A loop is faster than copy() for the few bytes of a name.
    let to = this.#to;
    for (let i = 0; i < head.length; i++) slab[to++] = head[i] as number;
    this.#to = to;
  }

  /** Writes one argument into the slab, where there is room for it. */
  #argument(arg: RedisArgument): void {
    if (typeof arg !== "string") {
      if (typeof arg === "number") this.#string(String(arg));
      else this.#bytes(arg);
    } else this.#string(arg);
  }

  #string(text: string): void {
    const slab = this.#slab as NativeBuffer;
    const { length } = text;
    slab[this.#to++] = 0x24;
    const afterType = this.#to;
    this.#number(length);
    const start = this.#to;
    if (length <= loopLength) {
      let to = start;
      let i = 0;
      for (; i < length; i++) {
        const code = text.charCodeAt(i);
        if (code > 127) break;
        slab[to++] = code;
      }
      if (i === length) {
        slab[to] = 13;
        slab[to + 1] = 10;
        this.#to = to + 2;
        return;
      }
    }
    const bytes = slab.utf8Write(text, start, length * 3);
    // Counting the bytes beforehand would cost more than writing them; mostly there are as many as characters.
    if (bytes !== length) {
      this.#to = afterType;
      this.#number(bytes);
      if (this.#to !== start) slab.utf8Write(text, this.#to, bytes);
    }
    this.#to += bytes;
    this.#lineEnd();
  }

  #bytes(bytes: Uint8Array): void {
    const slab = this.#slab as NativeBuffer;
    slab[this.#to++] = 0x24;
    this.#number(bytes.length);
    slab.set(bytes, this.#to);
    this.#to += bytes.length;
    this.#lineEnd();
  }

  /** Digits of a length, and CR LF. */
  #number(value: number): void {
    const slab = this.#slab as NativeBuffer;
    if (value < 10) slab[this.#to++] = 0x30 + value;
    else if (value < 100) {
      const tens = (value / 10) | 0;
      slab[this.#to++] = 0x30 + tens;
      slab[this.#to++] = 0x30 + value - tens * 10;
    } else {
      const digits = String(value);
      for (let i = 0; i < digits.length; i++) slab[this.#to++] = digits.charCodeAt(i);
    }
    this.#lineEnd();
  }

  #lineEnd(): void {
    const slab = this.#slab as NativeBuffer;
    slab[this.#to++] = 13;
    slab[this.#to++] = 10;
  }

  /** A command that fits into no slab: piece by piece, long arguments beside the slabs. */
  #addInPieces(command: Outgoing): void {
    // Memory for long strings may be refused, so it is taken before the first byte is added.
    const args = command.args.map((arg) =>
      typeof arg === "string" && arg.length * 3 >= besideBytes ? Buffer.from(arg) : arg,
    );
    this.#room(frame + command.spec.head.length);
    this.#head(command);
    for (const arg of args) {
      if (typeof arg === "object" && arg.length >= besideBytes) this.#beside(arg);
      else {
        this.#room(typeof arg === "number" ? frame * 2 : arg.length * 3 + frame);
        this.#argument(arg);
      }
    }
  }

  /** A long argument: its frame goes into the slab, its bytes are handed on as they are. */
  #beside(bytes: Buffer): void {
    this.#room(frame);
    (this.#slab as NativeBuffer)[this.#to++] = 0x24;
    this.#number(bytes.length);
    this.#closeView(null);
    this.#ready.push({ bytes, slab: null });
    this.#readyBytes += bytes.length;
    this.#room(2);
    this.#lineEnd();
  }

  /** Sees to it that so many bytes fit into the slab. */
  #room(bytes: number): void {
    if (this.#slab !== null) {
      if (bytes <= this.#slab.length - this.#to) return;
      this.#closeView(this.#slab);
    }
    this.#slab = borrowSlab(bytes <= smallSlab ? smallSlab : largeSlab);
    this.#from = this.#to = 0;
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
