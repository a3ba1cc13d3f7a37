import { Buffer } from "node:buffer";
import { RedoubtError } from "../errors.ts";
import { allocate, type NativeBuffer } from "./native.ts";
import type { Outgoing, RedisArgument } from "./outgoing.ts";

const slabSize = 64 * 1024;
/** In a command larger than a slab, arguments of this size and more are handed on as they are: a copy costs more than a write of its own. */
const largeBytes = 16 * 1024;
/** Up to this length JavaScript's own loop beats a call into C++. */
const loopLength = 48;
/** Room for `*N\r\n`, or `$N\r\n` and the closing CR LF. */
const frame = 24;

/**
 * Commands to bytes, in a slab: one block of memory that commands are written into one behind the other, so that all
 * that waits leaves as one view and one write.
 *
 * Use: {@link Encoder.add} commands, {@link Encoder.take} the waiting bytes and write them, and call
 * {@link Encoder.reuse} once the socket holds none of them any more.
 */
export class Encoder {
  #slab: NativeBuffer = allocate(slabSize);
  /** What waits in the slab: from here … */
  #from = 0;
  /** … to here. */
  #to = 0;
  /** Full slabs and large arguments that wait before what is in the slab. */
  #ready: Buffer[] = [];
  #readyBytes = 0;

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
    if (bound > slabSize) this.#addLarge(command);
    else {
      if (bound > slabSize - this.#to) this.#newSlab();
      this.#head(command);
      for (let i = 0; i < args.length; i++) this.#argument(args[i] as RedisArgument);
    }
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

  /** The waiting bytes, in order; they count as written from now on. */
  take(): Buffer[] {
    this.#closeSlab();
    const ready = this.#ready;
    this.#ready = [];
    this.#readyBytes = 0;
    return ready;
  }

  /** The waiting bytes as one view when they are all in the slab (the usual case), else null: then {@link Encoder.take} them. */
  takeView(): Buffer | null {
    if (this.#ready.length > 0) return null;
    const view = this.#slab.subarray(this.#from, this.#to);
    this.#from = this.#to;
    return view;
  }

  /** Says that nobody looks at bytes taken earlier any more, so that the slab can be written from its beginning. */
  reuse(): void {
    if (this.#from === this.#to && this.#ready.length === 0) this.#from = this.#to = 0;
  }

  #head({ spec, args }: Outgoing): void {
    const slab = this.#slab;
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
    const slab = this.#slab;
    const start = this.#to;
    const length = text.length;
    slab[this.#to++] = 0x24;
    if (length <= loopLength) {
      this.#number(length);
      let to = this.#to;
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
      this.#to = start + 1;
    }
    const bytes = Buffer.byteLength(text);
    this.#number(bytes);
    if (bytes === length) slab.latin1Write(text, this.#to, bytes);
    else slab.utf8Write(text, this.#to, bytes);
    this.#to += bytes;
    this.#lineEnd();
  }

  #bytes(bytes: Uint8Array): void {
    this.#slab[this.#to++] = 0x24;
    this.#number(bytes.length);
    this.#slab.set(bytes, this.#to);
    this.#to += bytes.length;
    this.#lineEnd();
  }

  /** Digits of a length, and CR LF. */
  #number(value: number): void {
    const slab = this.#slab;
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
    this.#slab[this.#to++] = 13;
    this.#slab[this.#to++] = 10;
  }

  /** A command that does not fit into one slab: piece by piece, long arguments beside the slab. */
  #addLarge(command: Outgoing): void {
    // Memory for long strings may be refused, so it is taken before the first byte is added.
    const args = command.args.map((arg) =>
      typeof arg === "string" && arg.length * 3 >= largeBytes ? Buffer.from(arg) : arg,
    );
    this.#room(frame + command.spec.head.length);
    this.#head(command);
    for (const arg of args) {
      if (typeof arg === "object" && arg.length >= largeBytes) this.#beside(arg);
      else {
        this.#room(typeof arg === "number" ? frame * 2 : arg.length * 3 + frame);
        this.#argument(arg);
      }
    }
  }

  /** A long argument: its frame goes into the slab, its bytes are handed on as they are. */
  #beside(bytes: Buffer): void {
    this.#room(frame);
    this.#slab[this.#to++] = 0x24;
    this.#number(bytes.length);
    this.#closeSlab();
    this.#ready.push(bytes);
    this.#readyBytes += bytes.length;
    this.#room(2);
    this.#lineEnd();
  }

  #room(bytes: number): void {
    if (bytes > slabSize - this.#to) this.#newSlab();
  }

  #newSlab(): void {
    this.#closeSlab();
    this.#slab = allocate(slabSize);
    this.#from = this.#to = 0;
  }

  #closeSlab(): void {
    if (this.#from === this.#to) return;
    this.#ready.push(this.#slab.subarray(this.#from, this.#to));
    this.#readyBytes += this.#to - this.#from;
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
