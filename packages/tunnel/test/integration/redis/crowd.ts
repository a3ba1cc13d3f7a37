import type { Socket } from "node:net";
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { bulk } from "../../../src/resp/reply-text.ts";
import { commandOf } from "../../../src/resp/words.ts";

/** How long a byte that is due may take on a machine that is busy, ms. */
const deadline = 60_000;
/** What one round may bring at most, bytes. */
const mostBytes = 5 * 1024 * 1024;

/** Numbers from 0 up to a bound that look random and are the same in every run. */
export type Numbers = (below: number) => number;

export function numbers(seed: number): Numbers {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const poolBytes = 4 * 1024 * 1024;
const pool = Buffer.alloc(poolBytes);
const next = numbers(7);
for (let at = 0; at < poolBytes; at += 4) pool.writeUInt32LE(next(2 ** 32), at);

/** Bytes that nobody else has: where they are from is in front of bytes that repeat nowhere. */
export function unique(random: Numbers, who: string): Buffer {
  const kind = random(100);
  const size =
    kind < 10
      ? 0
      : kind < 65
        ? random(120)
        : kind < 93
          ? random(20_000)
          : kind < 99
            ? random(300_000)
            : random(2 ** 21);
  if (size === 0) return Buffer.alloc(0);
  return Buffer.concat([Buffer.from(`${who}:`), pool.subarray(random(poolBytes - size)).subarray(0, size)]);
}

/** Commands, and exactly the bytes that are to come back. */
export interface Round {
  readonly commands: Buffer[];
  readonly replies: Buffer[];
}

/** Makes the rounds of one client, who has its keys for itself and knows what is in them. */
export class Rounds {
  readonly #random: Numbers;
  readonly #who: string;
  readonly #protocol: 2 | 3;
  readonly #values = new Map<string, Buffer>();
  #count = 0;
  #hasHash = false;

  constructor(random: Numbers, who: string, protocol: 2 | 3) {
    this.#random = random;
    this.#who = who;
    this.#protocol = protocol;
  }

  next(): Round {
    const round: Round = { commands: [], replies: [] };
    let bytes = 0;
    for (let left = 1 + this.#random(30); left > 0 && bytes < mostBytes; left--) {
      const before = round.replies.length;
      this.#add(round);
      for (const reply of round.replies.slice(before)) bytes += reply.length;
    }
    return round;
  }

  #add({ commands, replies }: Round): void {
    const random = this.#random;
    const ask = (words: (string | Buffer)[], ...parts: (string | Buffer)[]): void => {
      commands.push(commandOf(words));
      replies.push(Buffer.concat(parts.map((part) => Buffer.from(part))));
    };
    const key = `${this.#who}:${random(5)}`;
    const text = (value: Buffer | null | undefined): Buffer => bulk(value ?? null, this.#protocol);
    const value = (): Buffer => unique(random, `${this.#who}/${this.#count++}`);
    switch (random(12)) {
      case 0:
      case 1: {
        const written = value();
        this.#values.set(key, written);
        return ask(["SET", key, written], "+OK\r\n");
      }
      case 2:
        return ask(
          ["ECHO", `${this.#who}/${this.#count}`],
          text(Buffer.from(`${this.#who}/${this.#count++}`)),
        );
      case 3: {
        const said = value();
        return ask(["ECHO", said], text(said));
      }
      case 4:
        return ask(
          ["MGET", key, `${this.#who}:0`, `${this.#who}:none`],
          "*3\r\n",
          text(this.#values.get(key)),
          text(this.#values.get(`${this.#who}:0`)),
          text(null),
        );
      case 5: {
        const [one, list] = [value(), `${this.#who}:list`];
        ask(["RPUSH", list, one], ":1\r\n");
        return ask(["BLPOP", list, "30"], "*2\r\n", text(Buffer.from(list)), text(one));
      }
      case 6: {
        const [one, hash] = [value(), `${this.#who}:hash`];
        ask(["DEL", hash], this.#hasHash ? ":1\r\n" : ":0\r\n");
        this.#hasHash = true;
        ask(["HSET", hash, "field", one], ":1\r\n");
        return ask(
          ["HGETALL", hash],
          this.#protocol === 3 ? "%1\r\n" : "*2\r\n",
          "$5\r\nfield\r\n",
          text(one),
        );
      }
      case 7: {
        const written = value();
        this.#values.set(key, written);
        ask(["MULTI"], "+OK\r\n");
        ask(["SET", key, written], "+QUEUED\r\n");
        ask(["GET", key], "+QUEUED\r\n");
        return ask(["EXEC"], "*2\r\n+OK\r\n", text(written));
      }
      case 8:
        return ask(["INCRBY", key, `no-${this.#who}`], "-ERR value is not an integer or out of range\r\n");
      case 9:
        return ask(["PING"], "+PONG\r\n");
      default:
        return ask(["GET", key], text(this.#values.get(key)));
    }
  }
}

/** Holds what comes from a socket against what is to come, byte by byte, and reads as slowly as it likes. */
export class Witness {
  readonly socket: Socket;
  readonly #random: Numbers;
  readonly #isSlow: boolean;
  #expected: Buffer[] = [];
  #at = 0;
  #wrong: Error | null = null;
  #told: () => void = () => {};
  hasEnded = false;
  /** Bytes that came, and were right. */
  seen = 0;

  constructor(socket: Socket, random: Numbers, isSlow: boolean) {
    this.socket = socket;
    this.#random = random;
    this.#isSlow = isSlow;
    socket.on("data", (chunk: Buffer) => this.#check(chunk));
    socket.on("end", () => {
      this.hasEnded = true;
      this.#told();
    });
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#told());
  }

  /** Sends a round in pieces of any size. */
  async send({ commands, replies }: Round): Promise<void> {
    this.#expected.push(...replies);
    const bytes = Buffer.concat(commands);
    for (let at = 0; at < bytes.length && !this.socket.destroyed; ) {
      const size = this.#random(4) === 0 ? 1 + this.#random(400) : bytes.length;
      const goesOn = this.socket.write(bytes.subarray(at, at + size));
      at += size;
      if (!goesOn && !this.socket.destroyed) await this.#room();
      else if (this.#random(3) === 0) await turn();
    }
  }

  /** Waits until all has come that is due, or so many bytes of it. */
  async wait(bytes = Number.POSITIVE_INFINITY): Promise<void> {
    const upTo = this.seen + bytes;
    await this.#until(() => this.#expected.length === 0 || this.seen >= upTo, "replies");
  }

  /** Waits until the other side has ended, in order. */
  async end(): Promise<void> {
    await this.#until(() => this.hasEnded, "the end");
  }

  #room(): Promise<void> {
    const { socket } = this;
    return new Promise((resolve) => {
      const done = (): void => {
        socket.off("drain", done);
        socket.off("close", done);
        resolve();
      };
      socket.on("drain", done);
      socket.on("close", done);
    });
  }

  async #until(holds: () => boolean, what: string): Promise<void> {
    const over = performance.now() + deadline;
    while (!holds()) {
      if (this.#wrong !== null) throw this.#wrong;
      if (this.socket.destroyed) throw new Error(`the connection is gone, and ${what} had to come`);
      if (performance.now() > over) throw new Error(`${what} did not come; ${this.seen} bytes did`);
      const come = new Promise<void>((resolve) => {
        this.#told = resolve;
      });
      await Promise.race([come, sleep(1000, undefined, { ref: false })]);
    }
    if (this.#wrong !== null) throw this.#wrong;
  }

  #check(chunk: Buffer): void {
    let from = 0;
    while (from < chunk.length) {
      const due = this.#expected[0];
      if (due === undefined) return this.#fail(new Error(`nothing was due: ${excerpt(chunk, from)}`));
      const size = Math.min(due.length - this.#at, chunk.length - from);
      if (chunk.compare(due, this.#at, this.#at + size, from, from + size) !== 0)
        return this.#fail(
          new Error(
            `after ${this.seen} bytes ${excerpt(due, this.#at)} was due, and came ${excerpt(chunk, from)}`,
          ),
        );
      from += size;
      this.#at += size;
      this.seen += size;
      if (this.#at < due.length) continue;
      this.#expected.shift();
      this.#at = 0;
    }
    this.#told();
    if (this.#random(this.#isSlow ? 2 : 40) > 0) return;
    this.socket.pause();
    setTimeout(() => this.socket.resume(), 1 + this.#random(this.#isSlow ? 25 : 5));
  }

  #fail(error: Error): void {
    this.#wrong ??= error;
    this.#told();
  }
}

function excerpt(bytes: Buffer, at: number): string {
  return JSON.stringify(bytes.toString("latin1", at, at + 60));
}
