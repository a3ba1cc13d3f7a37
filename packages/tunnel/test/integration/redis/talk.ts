import { connect, type Socket } from "node:net";
import { ReplyScanner } from "../../../src/resp/reply-scanner.ts";
import { commandOf } from "../../../src/resp/words.ts";

/** How long a reply may take on a machine that is busy, ms. */
const deadline = 60_000;

/** A client that sends bytes and sees the bytes of each reply. */
export class Talk implements Disposable {
  readonly #socket: Socket;
  readonly #scanner = new ReplyScanner();
  #received = Buffer.alloc(0);
  #replies: string[] = [];
  #waiting: { count: number; resolve: (replies: string[]) => void; reject: (error: Error) => void } | null =
    null;
  readonly #ended: Promise<void>;
  #isOver = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("error", () => {});
    this.#ended = new Promise((resolve) =>
      socket.once("close", () => {
        this.#isOver = true;
        this.#waiting?.reject(new Error(`the tunnel hung up; not taken: ${JSON.stringify(this.#replies)}`));
        resolve();
      }),
    );
  }

  /** @param address `host:port` or `unix:/path`, as a tunnel tells it */
  static open(address: string): Promise<Talk> {
    const colon = address.lastIndexOf(":");
    const socket = /^(?:unix:|\/)/.test(address)
      ? connect(address.replace(/^unix:/, ""))
      : connect({ host: address.slice(0, colon), port: Number(address.slice(colon + 1)) });
    return new Promise((resolve, reject) => {
      socket.once("error", reject);
      socket.once("connect", () => resolve(new Talk(socket)));
    });
  }

  get socket(): Socket {
    return this.#socket;
  }

  /** Sends commands, words apart, in one write, and takes as many replies. */
  async say(...commands: readonly string[]): Promise<string[]> {
    this.send(...commands);
    return this.take(commands.length);
  }

  send(...commands: readonly string[]): void {
    this.#socket.write(Buffer.concat(commands.map((command) => commandOf(command.split(" ")))));
  }

  /** Takes the next replies: their bytes as text, without line ends at their ends. */
  take(count: number): Promise<string[]> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${count} replies are due, and these came: ${JSON.stringify(this.#replies)}`)),
        deadline,
      );
      this.#waiting = {
        count,
        resolve: (replies) => {
          clearTimeout(timer);
          resolve(replies);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      this.#deliver();
      if (this.#isOver) this.#waiting?.reject(new Error("the tunnel hung up"));
    });
  }

  /** Resolves when the tunnel has hung up. */
  hungUp(): Promise<void> {
    return this.#ended;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    // The scanner has walked what is kept already: it goes on with what is new.
    const before = this.#received.length;
    this.#received = Buffer.concat([this.#received, chunk]);
    let from = 0;
    let at = before;
    for (;;) {
      const end = this.#scanner.next(this.#received, at, this.#received.length);
      if (end < 0) break;
      this.#replies.push(this.#received.toString("latin1", from, end).replace(/\r\n$/, ""));
      from = at = end;
      if (at === this.#received.length) break;
    }
    this.#received = this.#received.subarray(from);
    this.#deliver();
  }

  #deliver(): void {
    const waiting = this.#waiting;
    if (waiting === null || this.#replies.length < waiting.count) return;
    this.#waiting = null;
    waiting.resolve(this.#replies.splice(0, waiting.count));
  }
}

/** Waits for a condition, with a deadline that a busy machine keeps. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + deadline;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
