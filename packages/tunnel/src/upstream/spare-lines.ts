import type { Line } from "./line.ts";

/** How long a line waits for the next one who needs a connection of its own, ms. */
const idleTime = 30_000;
/** How many wait at most. */
const most = 32;

/** Lines that were lent out, came back in the state in which they were opened, and wait to be lent again. */
export class SpareLines {
  #idle: { readonly line: Line; readonly since: number }[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => this.#reap(), idleTime / 2);
    this.#timer.unref();
  }

  /** A line, the one that came back last; null when there is none. */
  take(): Line | null {
    for (;;) {
      const spare = this.#idle.pop();
      if (spare === undefined) return null;
      if (spare.line.isOpen && !spare.line.isRetired) return spare.line;
    }
  }

  /** Takes a line back, on which nothing is due and nothing was changed. */
  give(line: Line): void {
    if (!line.isOpen || line.isRetired) return;
    if (this.#idle.length >= most) line.close();
    else this.#idle.push({ line, since: performance.now() });
  }

  close(): void {
    clearInterval(this.#timer);
    for (const { line } of this.#idle) line.close();
    this.#idle = [];
  }

  #reap(): void {
    const before = performance.now() - idleTime;
    this.#idle = this.#idle.filter(({ line, since }) => {
      if (since > before && line.isOpen) return true;
      line.close();
      return false;
    });
  }
}
