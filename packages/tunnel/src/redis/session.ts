import type { Socket } from "node:net";
import type { RedoubtError } from "@redoubt/client";
import { land } from "../bytes/landing.ts";
import { ProtocolError } from "../resp/protocol-error.ts";
import { failure } from "../resp/reply-text.ts";
import { wordsOf } from "../resp/words.ts";
import type { Line } from "../upstream/line.ts";
import { noAuth, upstreamFailure } from "./answers.ts";
import type { Client } from "./client.ts";
import { type Batch, CommandReader } from "./command-reader.ts";
import { LocalCommands } from "./local-commands.ts";
import { OwnLine } from "./own-line.ts";
import type { Service, SessionEnd, SessionNews } from "./service.ts";

/** Replies that a client may have due on a shared line: at first, and when they have shown to be small. */
const firstWindow = 4;
const widestWindow = 1024;
/** So much may wait for a client to read it before its next commands wait, bytes. */
const slowBytes = 64 * 1024;
/** So much is the sign of a client that needs a line of its own, bytes: waiting for it, or in one piece. */
const heavyBytes = 1024 * 1024;
/** So much may wait for a client while others wait behind it, bytes. */
const mostBytes = 32 * 1024 * 1024;
/** For how long others wait behind a client that does not read, ms; then it is cut off. */
const patience = 1000;
/** How long a client that has said its last words may take to read what it asked for, ms: as long as a relay gives it. */
const lastReading = 60_000;

/** One local connection: what it sends is carried out on a shared line as long as that may be, else on one of its own. */
export class Session implements Client {
  /** RESP version that the client has chosen. */
  protocol: 2 | 3 = 2;
  database: number;
  /** By CLIENT SETNAME; null: none. */
  name: string | null = null;
  isAdmitted: boolean;
  readonly id: number;
  readonly service: Service;
  readonly own: OwnLine;
  readonly #socket: Socket;
  readonly #news: SessionNews;
  readonly #reader = new CommandReader();
  readonly #local: LocalCommands;
  /** Replies that are not here yet. */
  #due = 0;
  /** The shared line on which they are due, or were last. */
  #line: Line | null = null;
  /** Taken from the reader, and to be carried out as soon as that can be. */
  #held: Batch | null = null;
  #window = firstWindow;
  /** Whether replies have shown to be so large that a shared line is not the place for them. */
  #isHeavy = false;
  #isPumping = false;
  #isPaused = false;
  #hasEnded = false;
  #isClosing = false;
  #end: { readonly reason: SessionEnd; readonly error: Error | null } | null = null;
  /** Why nothing more of the client can be carried out. */
  #fault: Error | null = null;
  /** Bytes that have come of the reply under way. */
  #replyBytes = 0;
  #stalled: Line | null = null;
  #patience: NodeJS.Timeout | undefined;
  #leaving: NodeJS.Timeout | undefined;

  constructor(socket: Socket, service: Service, id: number, news: SessionNews) {
    this.#socket = socket;
    this.service = service;
    this.id = id;
    this.#news = news;
    this.database = service.upstream.database;
    this.isAdmitted = service.gate === null;
    this.#reader.isTrusted = this.isAdmitted;
    this.own = new OwnLine(this, !service.multiplexes);
    this.#local = new LocalCommands(this, this.own);
    socket.setNoDelay(true);
    const take = (chunk: Buffer): void => {
      if (this.#isClosing) return;
      this.#reader.feed(chunk);
      this.pump();
    };
    land(socket, take);
    socket.on("data", take);
    socket.on("drain", this.#drained);
    socket.on("end", () => {
      this.#hasEnded = true;
      this.pump();
    });
    socket.on("error", (error) => this.#note("client-reset", error));
    socket.on("close", () => this.#closed());
  }

  /** Under which host it reaches this tunnel. */
  get toldHost(): string {
    const { localAddress = "127.0.0.1" } = this.#socket;
    return localAddress.startsWith("::ffff:") ? localAddress.slice(7) : localAddress;
  }

  /** Replies that are not here yet. */
  get due(): number {
    return this.#due;
  }

  /** The shared line on which the last commands were carried out. */
  get lastLine(): Line | null {
    return this.#line;
  }

  get isClosed(): boolean {
    return this.#socket.destroyed;
  }

  /** Whether nothing is under way. */
  get isIdle(): boolean {
    return this.#due === 0 && this.#held === null && !this.#reader.hasInput && !this.#reader.isWithin;
  }

  /** Logged in, as far as the tunnel's own gate is concerned. */
  admit(): void {
    this.isAdmitted = true;
    this.#reader.isTrusted = true;
  }

  /** Logged out again. */
  expel(): void {
    this.isAdmitted = this.#reader.isTrusted = this.service.gate === null;
  }

  /** Writes a reply of the tunnel's own. */
  answer(bytes: Buffer): void {
    if (!this.#socket.destroyed && !this.#isClosing) this.#socket.write(bytes);
  }

  /** Answers the command that waits, and goes on. */
  answerHeld(bytes: Buffer): void {
    const count = this.#held?.count ?? 0;
    this.#held = null;
    for (let i = 0; i < count; i++) this.answer(bytes);
    this.pump();
  }

  /** Writes what is left and ends the connection. */
  finish(reason: SessionEnd, error: Error | null = null): void {
    this.#note(reason, error);
    this.#isClosing = true;
    this.#socket.end();
    // What still comes is thrown away: unread, it would make the system reset the connection, and that overtake our words.
    this.#socket.resume();
    // Whoever does not read is not waited for.
    const longest = reason === "client-closed" ? lastReading : patience;
    this.#leaving ??= setTimeout(() => this.#socket.destroy(), longest).unref();
  }

  /** Ends once what is under way has been answered. */
  drain(): void {
    this.#hasEnded = true;
    this.#socket.pause();
    if (this.own.isStreaming) this.finish("stopped");
    else this.pump();
  }

  destroy(reason: SessionEnd, error: Error | null = null): void {
    this.#note(reason, error);
    this.#socket.destroy();
  }

  /** Carries out what has come, as far as that can be at the moment. */
  readonly pump = (): void => {
    if (this.#isPumping || this.#isClosing) return;
    this.#isPumping = true;
    try {
      this.#carryOut();
    } catch (error) {
      this.#fault = error as Error;
      this.#tellFault();
    } finally {
      this.#isPumping = false;
    }
  };

  /** Nothing more is read of a client whose bytes cannot be told apart; what is due comes before it is told so. */
  #tellFault(): void {
    this.#held = null;
    if (this.#due > 0) return this.#pauseInput();
    const error = this.#fault as Error;
    const isTheirs = error instanceof ProtocolError;
    this.answer(failure(isTheirs ? `ERR ${error.message}` : "ERR the tunnel failed; the connection ends"));
    this.finish(isTheirs ? "protocol-error" : "tunnel-failed", error);
  }

  #carryOut(): void {
    for (;;) {
      if (this.#isClosing || this.#socket.destroyed) return;
      if (this.#fault !== null) return this.#tellFault();
      if (this.#socket.writableLength > slowBytes) return this.#pauseInput();
      const room = this.#room;
      if (room <= 0) return this.#pauseInput();
      const batch = this.#held ?? this.#reader.next(room);
      if (batch === null) break;
      this.#held = batch;
      if (!this.#handle(batch)) return this.#pauseInput();
      this.#held = null;
    }
    if (this.#due === 0) this.own.giveBack();
    if (this.#hasEnded && this.#due === 0 && !this.#isClosing) return this.finish("client-closed");
    if (this.#isPaused) {
      this.#isPaused = false;
      this.#socket.resume();
    }
  }

  /** How many commands may be taken at once. */
  get #room(): number {
    // What a subscriber may say is looked at one by one.
    if (this.own.isStreaming) return 1;
    return (this.own.isTaken ? widestWindow : this.#window) - this.#due;
  }

  #pauseInput(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#socket.pause();
  }

  /** @returns false: it has to wait; whoever is waited for calls {@link Session.pump} */
  #handle(batch: Batch): boolean {
    const { row } = batch;
    if (!this.isAdmitted && row.need !== "local") {
      for (let i = 0; i < batch.count; i++) this.answer(noAuth);
      return true;
    }
    if (batch.part === "more" || batch.part === "last") return this.own.flow(batch);
    if (row.need === "refused") {
      this.destroy("refused");
      return true;
    }
    if (row.need === "local" && batch.part === "first") throw new ProtocolError("too long a command");
    if (row.need === "local") return this.#local.carryOut(wordsOf(batch.bytes), batch);
    return row.need === "shared" ? this.share(batch) : this.own.carryOut(batch, row.need);
  }

  /** Gives commands to a shared line, or to the client's own where it has one. */
  share(batch: Batch): boolean {
    if (this.own.isTaken || this.#isHeavy || batch.part === "first" || !this.service.multiplexes)
      return this.own.carryOut(batch, this.#isHeavy ? "own" : "once");
    let line = this.#line;
    if (this.#due === 0) {
      const { shared } = this.service.group(this);
      line = shared.pick();
      if (line === null) {
        shared.whenOpen(this.#opened);
        return false;
      }
      this.#line = line;
    } else if (line === null || line.isRetired || line.isPrivate || !line.isOpen) return false;
    if (line.isFull) {
      line.whenRoom(this.pump);
      return false;
    }
    this.give(line, batch);
    return true;
  }

  /** Gives commands to a line; their replies are due here. */
  give(line: Line, { bytes, count }: Batch): void {
    this.#due += count;
    line.send(bytes, count, this);
  }

  /** Replies that others take, and hand over. */
  expect(count: number): void {
    this.#due += count;
  }

  readonly #opened = (error: RedoubtError | null): void => {
    if (error === null) this.pump();
    else this.answerHeld(upstreamFailure(error));
  };

  take(bytes: Buffer, ended: number): boolean {
    this.#due -= ended;
    const socket = this.#socket;
    if (socket.destroyed || this.#isClosing) return false;
    // Of a socket that is busy nobody knows when it takes the bytes, and they are lent.
    const isBusy = socket.writableLength > 0;
    const isTaken = socket.write(isBusy ? Buffer.from(bytes) : bytes);
    const isKept = !isBusy && socket.writableLength > 0;
    this.#replyBytes = ended > 0 ? 0 : this.#replyBytes + bytes.length;
    if (this.#replyBytes > heavyBytes) this.#isHeavy = true;
    if (!isTaken && socket.writableLength > heavyBytes) this.#stall();
    if (this.#due === 0) {
      if (this.#window < widestWindow) this.#window *= 2;
      this.pump();
    } else if (this.#isPaused && this.#due < this.#window / 2) this.pump();
    return isKept;
  }

  lost(error: RedoubtError, due: number, isCut: boolean): void {
    this.#due -= due;
    if (isCut) return this.destroy("server-lost", error);
    const told = upstreamFailure(error);
    for (let i = 0; i < due; i++) this.answer(told);
    // Whoever keeps the line learns of its end in this turn as well.
    queueMicrotask(this.pump);
  }

  /** More waits for the client than it reads: the server is made to wait as well. */
  #stall(): void {
    const line = this.own.line ?? this.#line;
    if (line === null || this.#stalled !== null) return;
    if (line !== this.own.line) {
      this.#isHeavy = true;
      // Nobody else comes to stand behind it.
      line.isRetired = true;
      const hasOthers = line.hasOthers(this);
      if (hasOthers && this.#socket.writableLength < mostBytes) return;
      if (hasOthers) this.#patience = setTimeout(() => this.destroy("slow-reader"), patience).unref();
    }
    this.#stalled = line;
    line.pause();
  }

  readonly #drained = (): void => {
    this.#flowAgain();
    this.pump();
  };

  #flowAgain(): void {
    clearTimeout(this.#patience);
    const line = this.#stalled;
    this.#stalled = null;
    line?.resume();
  }

  #note(reason: SessionEnd, error: Error | null): void {
    this.#end ??= { reason, error };
  }

  #closed(): void {
    this.#isClosing = true;
    this.#held = null;
    clearTimeout(this.#leaving);
    this.#flowAgain();
    this.own.release();
    const { reason, error } = this.#end ?? { reason: "client-closed", error: null };
    this.#news.ended(reason, error);
  }
}
