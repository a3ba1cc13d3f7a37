import type { Dialled } from "@redoubt/client/net";

const ping = Buffer.from("*1\r\n$4\r\nPING\r\n");

/** Sends `PING` over a connection that was dialled, and waits for whatever comes back. */
export class Pinger {
  readonly #dialled: Dialled;
  /** When it was closed by the other side, `performance.now()`; `null` while it is open. */
  closedAt: number | null = null;
  /** How it ended: `FIN` or the system's word. */
  closedBy: string | null = null;
  #answered: (() => void) | null = null;

  constructor(dialled: Dialled) {
    this.#dialled = dialled;
    dialled.wire.read(() => this.#answered?.());
    dialled.socket.on("end", () => this.#ended("FIN"));
    dialled.socket.on("error", ({ code = "error" }: NodeJS.ErrnoException) => this.#ended(code));
    dialled.socket.on("close", () => this.#ended("FIN"));
  }

  /** Milliseconds until the reply; `null` without one in time. */
  ask(timeout: number): Promise<number | null> {
    if (this.closedAt !== null) return Promise.resolve(null);
    const start = performance.now();
    return new Promise((resolve) => {
      const done = (ms: number | null): void => {
        clearTimeout(timer);
        this.#answered = null;
        resolve(ms);
      };
      const timer = setTimeout(() => done(null), timeout);
      this.#answered = () => done(this.closedAt === null ? performance.now() - start : null);
      this.#dialled.socket.write(ping);
    });
  }

  /** Lets the kernel send nothing on its own either, so that the connection is as silent as it can be. */
  beSilent(): void {
    this.#dialled.socket.setKeepAlive(false);
  }

  close(): void {
    this.#dialled.close();
  }

  #ended(how: string): void {
    this.closedAt ??= performance.now();
    this.closedBy ??= how;
    this.#answered?.();
  }
}
