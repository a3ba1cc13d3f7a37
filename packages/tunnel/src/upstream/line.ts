import { Buffer } from "node:buffer";
import { type Dialled, RedoubtError } from "@redoubt/client";
import { Vigil } from "../bytes/vigil.ts";
import { ReplyScanner } from "../resp/reply-scanner.ts";
import { type Taker, Turns } from "./turns.ts";
import { Writer } from "./writer.ts";

const PUSH = ">".charCodeAt(0);
const ERROR = "-".charCodeAt(0);

/** Where the bytes of a shared line land: as much as TLS gives at once, bytes. */
const landingBytes = 16 * 1024;
/** The longest reply that is looked into as a whole, and the longest push, bytes: twice what Redis holds for a subscriber. */
const wholeBytes = 64 * 1024 * 1024;

/** What a line tells whoever keeps it. */
export interface LineKeeper {
  /** An error reply has come; what it gives goes to the taker in its place. */
  readonly onErrorReply?: (line: Line, reply: Buffer, taker: Taker) => Buffer;
  /** The line has ended. */
  readonly onClose: (line: Line, error: RedoubtError) => void;
}

/** Takes what comes without being asked for: pushes, messages, MONITOR's lines. */
export interface UnaskedTaker {
  /**
   * @param bytes are only lent, where it is no push
   * @param isPush whether it is one whole push of RESP3; else it is anything, and may be cut anywhere
   * @returns whether the bytes are still needed after the call
   */
  takeUnasked(bytes: Buffer, isPush: boolean): boolean;
  /** The line has ended; what was due is told by `lost`. */
  lineEnded(error: RedoubtError): void;
}

/**
 * One connection to Redis, dialled and logged in, for whoever has commands: all that is given in one turn of the event loop
 * leaves in one write, and each reply goes to the one whose turn it is. Values are neither copied twice nor looked into.
 */
export class Line {
  readonly address: string;
  readonly login: Dialled["login"];
  /** RESP version spoken at the moment. */
  protocol: 2 | 3;
  /** No new commands: it ends when what is due has come. */
  isRetired = false;
  /** ms on the monotonic clock. */
  readonly openedAt: number = performance.now();
  /** It was shared, and belongs to one client now: no new commands of others. */
  isPrivate = false;
  /** Since when nothing has been read, or nothing was due before, ms on the monotonic clock. */
  heardAt: number = performance.now();
  /** Takes pushes and other things unasked for; null: they are dropped. */
  unasked: UnaskedTaker | null = null;
  /** From now on no replies are told apart: all bytes go to {@link Line.unasked} (replication, MONITOR). */
  isRaw = false;
  /** Replaces the connection where it cannot be logged in anew: what it is in takes no AUTH. Null: it takes one. */
  replace: ((because: RedoubtError) => void) | null = null;
  readonly #dialled: Dialled;
  readonly #keeper: LineKeeper;
  readonly #writer: Writer;
  readonly #turns = new Turns();
  readonly #scanner = new ReplyScanner();
  /** Beginning of a reply that is wanted whole. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** To whom the reply belongs of which the beginning has come. */
  #current: Taker | null = null;
  /** Whether the reply under way is kept until it is whole. */
  #isWhole = false;
  #isCut = false;
  #isPaused = false;
  readonly #nextReply = new Vigil();
  readonly #nextCommand = new Vigil();
  /** Who gave the last commands. */
  #lastTaker: Taker | null = null;
  /** Whether the last commands left alone: then one at a time is waited for, the program or the server. */
  #isDuet = false;
  /** What is read lands here, and is lent to takers; null: elsewhere, and is copied. */
  #landing: Buffer | null = null;
  #isMidCommand = false;
  #isHeldUp = false;
  #later: (() => void)[] = [];
  #error: RedoubtError | null = null;

  constructor(dialled: Dialled, keeper: LineKeeper) {
    this.#dialled = dialled;
    this.#keeper = keeper;
    this.address = dialled.report.address;
    this.protocol = dialled.report.protocol;
    this.login = dialled.login;
    const { wire, socket } = dialled;
    socket.on("error", (cause) => this.#lost(cause));
    socket.on("close", () => this.#lost(null));
    this.#writer = new Writer(socket);
    wire.read(
      (chunk, length) => this.#read(chunk, length),
      () => this.#place(),
    );
    if (socket.destroyed) queueMicrotask(() => this.#lost(socket.errored));
  }

  /** The IP address that it leads to; empty for a Unix socket. */
  get ip(): string {
    return this.#dialled.socket.remoteAddress ?? "";
  }

  /** Replies due. */
  get due(): number {
    return this.#turns.due;
  }

  get isOpen(): boolean {
    return this.#error === null;
  }

  /** Whether so much waits to be written that no more should be given; see {@link Line.whenRoom}. */
  get isFull(): boolean {
    return this.#writer.isFull;
  }

  /** What a command may be given between: not in the middle of another one. */
  get isMidCommand(): boolean {
    return this.#isMidCommand;
  }

  /** Calls back once there is room again, or the line has ended. */
  whenRoom(callback: () => void): void {
    this.#writer.whenRoom(callback);
  }

  /**
   * Gives whole commands.
   * @param bytes must not be changed afterwards
   * @param count how many replies they will have
   */
  send(bytes: Buffer, count: number, taker: Taker): void {
    if (this.#error !== null) {
      queueMicrotask(() => taker.lost(this.#ended, count, false));
      return;
    }
    if (count > 0) {
      if (this.#turns.due === 0) this.heardAt = performance.now();
      this.#turns.add(taker, count);
    }
    const isOfOne = taker === this.#lastTaker;
    this.#lastTaker = taker;
    this.#put(bytes, count, isOfOne);
  }

  /** Gives part of a command; its turn was taken with the first part. Nothing else is sent until it has ended. */
  sendPart(bytes: Buffer, isLast: boolean): void {
    this.#isMidCommand = !isLast;
    if (this.#error === null) this.#put(bytes, 1, true);
    if (isLast) this.#catchUp();
  }

  /**
   * Slips in a command of the tunnel's own, as soon as it may stand there.
   * @returns its reply, as bytes
   * @throws RedoubtError when the line ends before
   */
  call(command: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const take = (reply: Buffer): boolean => {
        resolve(reply);
        return true;
      };
      const taker: Taker = { wantsWhole: true, take, lost: reject };
      const go = (): void => this.send(command, 1, taker);
      if (this.#isHeldUp || this.#isMidCommand) this.#later.push(go);
      else go();
    });
  }

  /** Whether commands of the tunnel's own have to wait: in a transaction. */
  set isHeldUp(held: boolean) {
    this.#isHeldUp = held;
    if (!held) this.#catchUp();
  }

  /** Whether a command of the tunnel's own can be slipped in now. */
  get takesCalls(): boolean {
    return !this.#isHeldUp && !this.#isMidCommand && !this.isRaw;
  }

  /** Whether somebody else than this taker waits for a reply. */
  hasOthers(taker: Taker): boolean {
    return this.#turns.hasOthers(taker);
  }

  /** Reads no more until {@link Line.resume}: the server waits. */
  pause(): void {
    this.#isPaused = true;
    this.#dialled.socket.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.heardAt = performance.now();
    if (this.#error === null) this.#dialled.socket.resume();
  }

  /** Whether nothing is read at the moment: then the server's silence says nothing about the server. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** No new commands; it ends by itself when nothing is due any more. */
  retire(): void {
    this.isRetired = true;
    if (this.due === 0) this.close();
  }

  /** Ends it at once, on purpose. What is due is lost. @param error default `CLOSED_CLIENT` */
  close(error?: RedoubtError): void {
    this.#error ??=
      error ??
      new RedoubtError("CLOSED_CLIENT", `The connection to ${this.address} was given up`, {
        address: this.address,
      });
    this.#dialled.close();
    this.#settle();
  }

  #catchUp(): void {
    if (this.#isHeldUp || this.#isMidCommand) return;
    const later = this.#later;
    this.#later = [];
    for (const go of later) go();
  }

  #put(bytes: Buffer, count: number, isOfOne: boolean): void {
    this.#isDuet = this.#writer.put(bytes, count, this.#turns.due, isOfOne);
    if (!this.#isDuet) return;
    const now = performance.now();
    this.#nextCommand.end(now);
    this.#nextReply.begin(now);
  }

  /** Only shared lines, which are few and busy, have a place of their own to read to. */
  #place(): Buffer | null {
    if (this.unasked !== null) this.#landing = null;
    else this.#landing ??= Buffer.allocUnsafeSlow(landingBytes);
    return this.#landing;
  }

  #read(chunk: Buffer, length: number): void {
    if (this.#error !== null) return;
    const now = performance.now();
    this.heardAt = now;
    this.#nextReply.end(now);
    const isFew = this.#isDuet || this.#turns.due <= 1;
    let bytes = chunk.subarray(0, length);
    // All other lines read into one block: what is kept until a socket takes it needs memory of its own.
    if (chunk !== this.#landing) {
      bytes = Buffer.allocUnsafeSlow(length);
      chunk.copy(bytes, 0, 0, length);
    }
    try {
      this.#divide(bytes);
    } catch (cause) {
      const message = `${this.address} sent what is no reply: ${(cause as Error).message}`;
      this.close(new RedoubtError("REPLY_PROTOCOL", message, { address: this.address }));
      return;
    }
    if (isFew) (this.#turns.due === 0 ? this.#nextCommand : this.#nextReply).begin(now);
    if (this.isRetired && this.due === 0 && !this.#scanner.isWithin) this.close();
  }

  #divide(chunk: Buffer): void {
    const scanner = this.#scanner;
    const turns = this.#turns;
    const end = chunk.length;
    let at = 0;
    /** Replies of {@link Line.#current} that are not given yet: from where on, how many. */
    let from = 0;
    let ended = 0;
    while (at < end) {
      if (this.isRaw) {
        this.#give(chunk, from, at, ended);
        return this.#tell(chunk.subarray(at));
      }
      if (!scanner.isWithin) {
        const type = chunk[at] as number;
        const taker = type === PUSH ? null : turns.next;
        const isWhole = type === PUSH || (taker !== null && (type === ERROR || taker.wantsWhole === true));
        if (taker !== this.#current || isWhole) {
          this.#give(chunk, from, at, ended);
          // Whoever took it may have closed the line: then all others have been told that it is lost.
          if (this.#error !== null) return;
          from = at;
          ended = 0;
          this.#current = taker;
          this.#isWhole = isWhole;
        }
      }
      let after: number;
      try {
        after = scanner.next(chunk, at, end);
      } catch (cause) {
        // What ended before has nothing wrong with it, and its turn is over.
        if (ended > 0) this.#give(chunk, from, at, ended);
        throw cause;
      }
      if (after < 0) {
        at = end;
        break;
      }
      at = after;
      this.#isCut = false;
      if (this.#current !== null) {
        turns.shift();
        ended++;
      }
      if (!this.#isWhole) continue;
      this.#giveWhole(chunk.subarray(from, at));
      if (this.#error !== null) return;
      from = at;
      ended = 0;
      this.#isWhole = false;
      this.#current = null;
    }
    if (this.#isWhole) this.#hold(chunk.subarray(from, at));
    else this.#give(chunk, from, at, ended);
    // What was given ended with the chunk: the next reply has a taker of its own.
    if (!scanner.isWithin) this.#current = null;
    this.#isCut = scanner.isWithin && !this.#isWhole;
  }

  #give(chunk: Buffer, from: number, to: number, ended: number): void {
    if (from === to) return;
    const bytes = from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to);
    if (this.#current === null) this.#tell(bytes);
    else if (this.#current.take(bytes, ended)) this.#landing = null;
  }

  #tell(bytes: Buffer): void {
    if (this.unasked?.takeUnasked(bytes, false) === true) this.#landing = null;
  }

  #hold(part: Buffer): void {
    this.#held.push(Buffer.from(part));
    this.#heldBytes += part.length;
    if (this.#heldBytes > wholeBytes) throw new Error("too long a reply");
  }

  #giveWhole(last: Buffer): void {
    let reply: Buffer = Buffer.concat([...this.#held, last]);
    this.#held = [];
    this.#heldBytes = 0;
    if (this.#current === null) {
      this.unasked?.takeUnasked(reply, true);
      return;
    }
    const taker = this.#current;
    if (reply[0] === ERROR && taker.wantsWhole !== true && this.#keeper.onErrorReply !== undefined)
      reply = this.#keeper.onErrorReply(this, reply, taker);
    taker.take(reply, 1);
  }

  get #ended(): RedoubtError {
    return this.#error as RedoubtError;
  }

  #lost(cause: Error | null): void {
    if (this.#error === null) {
      const why =
        cause === null
          ? "was closed"
          : `was lost (${(cause as NodeJS.ErrnoException).code ?? cause.message})`;
      this.#error = new RedoubtError("CLOSED_CONNECTION", `The connection to ${this.address} ${why}`, {
        address: this.address,
        ...(cause !== null && { cause }),
      });
    }
    this.#settle();
  }

  #settled = false;
  #settle(): void {
    if (this.#settled) return;
    this.#settled = true;
    const error = this.#ended;
    this.#keeper.onClose(this, error);
    let isCut = this.#isCut;
    for (const { taker, count } of this.#turns.drain()) {
      taker.lost(error, count, isCut);
      isCut = false;
    }
    this.#later = [];
    this.unasked?.lineEnded(error);
    this.#writer.close();
  }
}
