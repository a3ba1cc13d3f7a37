import { Buffer } from "node:buffer";
import { ChunkImage } from "./chunk-image.ts";
import { KeyCache } from "./key-cache.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { LongString, tooLong } from "./long-string.ts";
import { allocate, type NativeBuffer } from "./native.ts";
import { array, attribute, emptyHolder, kindIn, map, Nest, object, push, set } from "./nest.ts";
import { judgeStranger, malformed, refuse } from "./refusal.ts";
import { asBuffers, asObject, asSent, asStrings, type ReplySink } from "./reply.ts";
import { replyError } from "./reply-error.ts";
import { commonLine, simpleValue } from "./simple-values.ts";
import { markedValue, typedLine } from "./typed.ts";

/** Instead of a value: more bytes are needed. */
const incomplete: unique symbol = Symbol("incomplete");
/** Instead of a value: what was read has been dealt with. */
const nothing: unique symbol = Symbol("nothing");

/** From this length on a string gets its own memory at once and is filled from later chunks; shorter ones wait in the tail. */
const assembleFrom = 8 * 1024;
/** Longest line of a simple type, bytes: Redis's own error and status lines are far below. */
const lineBytes = 64 * 1024;

const CR = 13;
const LF = 10;
const bulkString = 0x24;
const verbatimString = 0x3d;
const bulkError = 0x21;

/** In place of a chunk while there is none: what has been decoded shall not be kept alive. */
const noChunk = allocate(0);

/**
 * RESP2 and RESP3, from chunks of any size to JavaScript values.
 *
 * Strings → string (or Buffer), integers → number (bigint beyond 2^53), doubles → number, big numbers → bigint,
 * booleans → boolean, nulls → null, arrays and sets → array, maps → Map, verbatim strings → their text; attributes are
 * dropped. The streamed types of the RESP3 specification are refused: no server sends them.
 *
 * Open aggregates wait on a small stack: nothing is parsed twice, and depth cannot exhaust the call stack.
 */
export class Decoder {
  readonly #sink: ReplySink;
  readonly #limits: Limits;
  readonly #keys = new KeyCache();

  #chunk: NativeBuffer = noChunk;
  #pos = 0;
  #end = 0;
  readonly #image = new ChunkImage();

  #mode = asStrings;
  #begun = false;
  #replyBytes = 0;

  /** The beginning of a short value that the last chunk ended in. */
  #tail: Buffer | null = null;
  /** The long string that the last chunk ended in. */
  #long: LongString | null = null;
  /** What `place` gave last. */
  #place: Buffer | null = null;

  readonly #nest = new Nest();
  /** Where the text of the string found by `#wholeString` begins, and what comes after it. */
  #start = 0;
  #after = 0;

  constructor(sink: ReplySink, limits: Limits = defaultLimits) {
    this.#sink = sink;
    this.#limits = limits;
  }

  /** Whether the bytes so far end in the middle of a reply. */
  get midReply(): boolean {
    return this.#begun || this.#nest.depth > 0 || this.#tail !== null || this.#long !== null;
  }

  /** Where the next bytes may land to be spared a copy, and are then given to {@link Decoder.write} as this very Buffer; null: anywhere. */
  get place(): Buffer | null {
    this.#place = this.#long === null ? null : this.#long.place;
    return this.#place;
  }

  /**
   * Takes the next bytes. The chunk's memory may be reused by the caller afterwards.
   * @throws RedoubtError `REPLY_PROTOCOL`, `REPLY_NOT_REDIS`, `REPLY_LIMIT` or `TLS_PEER_REQUIRES_TLS`: the connection is of no more use.
   */
  write(chunk: Buffer, length: number = chunk.length): void {
    this.#replyBytes += length;
    if (chunk === this.#place && this.#long !== null) {
      this.#long.landed(length);
      this.#completed(this.#long);
      return this.#checkLength();
    }
    this.#chunk = chunk as NativeBuffer;
    this.#end = length;
    this.#pos = 0;
    if (this.#tail !== null) {
      const bytes = length === chunk.length ? chunk : chunk.subarray(0, length);
      this.#chunk = Buffer.concat([this.#tail, bytes]) as NativeBuffer;
      this.#end = this.#chunk.length;
      this.#tail = null;
    }
    if (this.#long === null || this.#fill(this.#long)) this.#run();
    this.#chunk = noChunk;
    this.#image.forget();
    this.#checkLength();
  }

  #checkLength(): void {
    if (this.#replyBytes > this.#limits.replyBytes)
      refuse("REPLY_LIMIT", `A reply is longer than ${this.#limits.replyBytes} bytes`);
  }

  #run(): void {
    while (this.#pos < this.#end) {
      if (this.#nest.depth > 0 && this.#chunk[this.#pos] === bulkString && this.#strings()) continue;
      const start = this.#pos;
      const value = this.#value();
      if (value === incomplete) {
        if (this.#long === null) this.#tail = Buffer.from(this.#chunk.subarray(start, this.#end));
        return;
      }
      if (value !== nothing) this.#deliver(value);
    }
  }

  /**
   * The strings of an array or an object, as many as lie whole in the chunk: nearly all of most large replies, hence a
   * loop of its own. Whatever is not a whole, well-formed string is left to the general way.
   * @returns whether any was read
   */
  #strings(): boolean {
    const nest = this.#nest;
    const top = nest.depth - 1;
    const kind = nest.kinds[top];
    if ((kind !== array && kind !== object) || (this.#mode & asBuffers) !== 0) return false;
    const first = nest.filled[top] as number;
    const count = nest.counts[top] as number;
    const holder = nest.holders[top];
    let index = first;
    while (index < count && this.#wholeString()) {
      const start = this.#start;
      const length = this.#after - 2 - start;
      if (kind === array)
        (holder as unknown[])[index] = this.#image.text(this.#chunk, this.#end, start, length);
      else if (index % 2 === 0) nest.keys[top] = this.#keys.text(this.#chunk, start, length);
      else
        (holder as Record<string, unknown>)[nest.keys[top] as string] = this.#image.text(
          this.#chunk,
          this.#end,
          start,
          length,
        );
      this.#pos = this.#after;
      index++;
    }
    if (index === first) return false;
    nest.filled[top] = index;
    nest.expectsKey = kind === object && index % 2 === 0;
    if (index === count) this.#deliver(nest.close());
    return true;
  }

  /** Whether a whole, well-formed string begins here; if so, `#start` and `#after` say where its text begins and what comes after it. */
  #wholeString(): boolean {
    const chunk = this.#chunk;
    const end = this.#end;
    let at = this.#pos;
    if (at + 5 > end || chunk[at] !== bulkString) return false;
    let length = 0;
    for (;;) {
      const byte = chunk[++at] as number;
      if (byte === CR) break;
      const digit = byte - 0x30;
      // Five digits hold whatever fits into a chunk; at the chunk's end there is no digit either.
      if (!(digit >= 0 && digit <= 9) || at - this.#pos > 5) return false;
      length = length * 10 + digit;
    }
    const start = at + 2;
    const after = start + length + 2;
    if (at === this.#pos + 1 || after > end || length > this.#limits.bulkBytes) return false;
    if (chunk[at + 1] !== LF || chunk[after - 2] !== CR || chunk[after - 1] !== LF) return false;
    this.#start = start;
    this.#after = after;
    return true;
  }

  /** Reads one value, or the head of an aggregate, and moves behind it. */
  #value(): unknown {
    const type = this.#chunk[this.#pos] as number;
    if (!this.#begun && this.#nest.depth === 0) this.#begin(type);
    switch (type) {
      case bulkString:
      case verbatimString:
      case bulkError:
        return this.#bulkValue(type);
      case 0x3a: // : integer
        return this.#integer();
      case 0x2a: // * array
        return this.#open(array, 1);
      case 0x7e: // ~ set
        return this.#open(set, 1);
      case 0x25: // % map
        return this.#open(map, 2);
      case 0x3e: // > push
        return this.#open(push, 1);
      case 0x7c: // | attribute
        return this.#open(attribute, 2);
      default:
        return this.#line(type);
    }
  }

  /** Chooses how to build what begins here. A push is no reply, and what an attribute belongs to comes after it. */
  #begin(type: number): void {
    this.#begun = type !== 0x3e && type !== 0x7c;
    this.#mode = this.#begun ? this.#sink.replyMode() : (this.#sink.pushMode ?? asStrings);
  }

  /** The number in a length line, moving behind it; -1 for null, -2 when more bytes are needed. */
  #count(): number {
    const chunk = this.#chunk;
    const end = this.#end;
    const first = this.#pos + 1;
    let at = first;
    let count = 0;
    while (at < end) {
      const byte = chunk[at] as number;
      if (byte === CR) break;
      const digit = byte - 0x30;
      if (digit < 0 || digit > 9) return this.#oddCount(first);
      count = count * 10 + digit;
      at++;
    }
    if (at - first > 15) malformed("a length");
    if (at + 1 >= end) return -2;
    if (at === first || chunk[at + 1] !== LF) malformed("a length");
    this.#pos = at + 2;
    return count;
  }

  #oddCount(first: number): number {
    if (this.#chunk[first] === 0x3f)
      refuse("REPLY_PROTOCOL", "The peer sent a streamed value, which is not supported");
    const type = this.#chunk[first - 1];
    const rest = this.#chunk.latin1Slice(first, Math.min(first + 4, this.#end));
    // RESP2's null string and null array; RESP3 has a type of its own for null.
    if ((type !== bulkString && type !== 0x2a) || !"-1\r\n".startsWith(rest)) malformed("a length");
    if (rest.length < 4) return -2;
    this.#pos = first + 4;
    return -1;
  }

  #bulkValue(type: number): unknown {
    const length = this.#count();
    if (length < 0) return length === -1 ? null : incomplete;
    if (length > this.#limits.bulkBytes) tooLong(length, this.#limits.bulkBytes);
    const start = this.#pos;
    const after = start + length + 2;
    if (after > this.#end) {
      if (length >= assembleFrom) {
        const asText = (this.#mode & asBuffers) === 0 || this.#nest.expectsKey;
        this.#long = new LongString(type, length, asText && type === bulkString);
        this.#fill(this.#long);
      }
      return incomplete;
    }
    if (this.#chunk[after - 2] !== CR || this.#chunk[after - 1] !== LF) malformed("the end of a string");
    this.#pos = after;
    if (type !== bulkString) return this.#marked(type, this.#chunk, start, start + length);
    if (this.#nest.expectsKey) return this.#keys.text(this.#chunk, start, length);
    if ((this.#mode & asBuffers) !== 0) return Buffer.from(this.#chunk.subarray(start, start + length));
    return this.#image.text(this.#chunk, this.#end, start, length);
  }

  /** Verbatim strings carry their format in front of the text, bulk errors are errors. */
  #marked(type: number, bytes: NativeBuffer, start: number, end: number): unknown {
    if (type === bulkError && this.#mode !== asSent) return this.#error(bytes.utf8Slice(start, end));
    return markedValue(this.#mode, type, bytes, start, end);
  }

  /** Moves bytes of the chunk into the long string; true when that completed it. */
  #fill(long: LongString): boolean {
    this.#pos = long.take(this.#chunk, this.#pos, this.#end);
    return this.#completed(long);
  }

  #completed(long: LongString): boolean {
    if (long.missing > 0) return false;
    this.#long = null;
    const whole = long.finish();
    const value =
      typeof whole === "string" || long.type === bulkString
        ? whole
        : this.#marked(long.type, whole, 0, whole.length);
    if (value !== nothing) this.#deliver(value);
    return true;
  }

  #integer(): unknown {
    const chunk = this.#chunk;
    const end = this.#end;
    let at = this.#pos + 1;
    const negative = chunk[at] === 0x2d;
    if (negative || chunk[at] === 0x2b) at++;
    const first = at;
    let value = 0;
    while (at < end) {
      const byte = chunk[at] as number;
      if (byte === CR) break;
      const digit = byte - 0x30;
      if (digit < 0 || digit > 9 || at - first > 20) malformed("an integer");
      value = value * 10 + digit;
      at++;
    }
    if (at + 1 >= end) return incomplete;
    if (at === first || chunk[at + 1] !== LF) malformed("an integer");
    this.#pos = at + 2;
    if (value > Number.MAX_SAFE_INTEGER) return BigInt(chunk.latin1Slice(negative ? first - 1 : first, at));
    return negative ? 0 - value : value;
  }

  /** The types that are one line of text. */
  #line(type: number): unknown {
    if (type === 0x2b) {
      const common = commonLine(this.#chunk, this.#pos, this.#end);
      if (common !== null) {
        this.#pos += common.length + 3;
        return common;
      }
    }
    if (!"+-,(#_".includes(String.fromCharCode(type))) {
      judgeStranger(this.#chunk.subarray(this.#pos, this.#end));
      return incomplete;
    }
    const chunk = this.#chunk;
    const start = this.#pos + 1;
    const lineEnd = chunk.indexOf(CR, start);
    const whole = lineEnd !== -1 && lineEnd + 1 < this.#end;
    if ((whole ? lineEnd : this.#end) - start > lineBytes)
      refuse("REPLY_LIMIT", `The peer sent a line of more than ${lineBytes} bytes`);
    if (!whole) return incomplete;
    if (chunk[lineEnd + 1] !== LF) malformed("the end of a line");
    this.#pos = lineEnd + 2;
    const typed = typedLine(this.#mode, type, chunk, start, lineEnd);
    if (typed !== undefined) return typed;
    const text = chunk.utf8Slice(start, lineEnd);
    if (type === 0x2b) return text;
    return type === 0x2d ? this.#error(text) : simpleValue(type, text);
  }

  #error(text: string): unknown {
    const error = replyError(text);
    if (this.#nest.depth > 0) return error;
    this.#begun = false;
    this.#replyBytes = 0;
    this.#sink.onReplyError(error);
    return nothing;
  }

  /** Begins an aggregate of `count` times `width` values. */
  #open(kindOnWire: number, width: number): unknown {
    const count = this.#count();
    if (count < 0) return count === -1 ? null : incomplete;
    const total = count * width;
    const outermost = this.#nest.depth === 0;
    let kind = kindIn(this.#mode, kindOnWire);
    if (kind === push && !outermost) malformed("a push inside of a reply");
    if (outermost && (this.#mode & asObject) !== 0 && (kind === map || (kind === array && total % 2 === 0)))
      kind = object;
    if (total === 0) {
      if (kind === push) malformed("an empty push");
      return kind === attribute ? nothing : emptyHolder(kind, 0);
    }
    if (this.#nest.depth >= this.#limits.depth)
      refuse("REPLY_LIMIT", `The reply is nested deeper than ${this.#limits.depth}`);
    this.#nest.open(kind, total);
    return nothing;
  }

  /** Puts a value where it belongs, closing the aggregates that it completes. */
  #deliver(finished: unknown): void {
    const nest = this.#nest;
    let value = finished;
    while (nest.depth > 0) {
      if (!nest.put(value)) return;
      const kind = nest.kinds[nest.depth - 1];
      value = nest.close();
      if (kind === attribute) return;
      if (kind === push) {
        this.#replyBytes = 0;
        return this.#sink.onPush(value as unknown[]);
      }
    }
    this.#begun = false;
    this.#replyBytes = 0;
    this.#sink.onReply(value);
  }
}
