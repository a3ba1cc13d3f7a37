import type { RedoubtError } from "@redoubt/client";
import type { Line } from "./line.ts";

/** So many replies due on a line are a reason to take another one. */
const busy = 1024;
/** For how long nobody tries again after a failure, ms: whoever asks meanwhile gets the same answer at once. */
const pause = 250;

/** A few lines on which the commands of many local connections take their turns. All have the same protocol and database. */
export class SharedLines {
  readonly #open: () => Promise<Line>;
  readonly #most: number;
  #lines: Line[] = [];
  #opening = 0;
  #waiting: ((error: RedoubtError | null) => void)[] = [];
  #failure: { readonly error: RedoubtError; readonly at: number } | null = null;

  /**
   * @param open opens a line
   * @param most lines at a time
   */
  constructor(open: () => Promise<Line>, most: number) {
    this.#open = open;
    this.#most = most;
  }

  /**
   * The first line that is not busy, else the one with the least to do: commands that leave together cost less than those that
   * are spread over several lines. Null when none is open: see {@link SharedLines.whenOpen}.
   */
  pick(): Line | null {
    let best: Line | null = null;
    let isStale = false;
    for (const line of this.#lines) {
      if (line.isRetired || !line.isOpen) isStale = true;
      else if (best === null || line.due < best.due) best = line;
      if (best !== null && best.due <= busy) break;
    }
    if (isStale) this.#lines = this.#lines.filter((line) => line.isOpen && !line.isRetired);
    if (best !== null && best.due > busy && this.#lines.length + this.#opening < this.#most) this.#openOne();
    return best;
  }

  /** Calls back when there is a line, or with why there is none. */
  whenOpen(callback: (error: RedoubtError | null) => void): void {
    const failure = this.#failure;
    if (failure !== null && performance.now() - failure.at < pause) {
      queueMicrotask(() => callback(failure.error));
      return;
    }
    this.#waiting.push(callback);
    if (this.#opening === 0) this.#openOne();
  }

  /** Gives a line away: nobody is sent there any more. */
  release(line: Line): void {
    this.#lines = this.#lines.filter((one) => one !== line);
  }

  #openOne(): void {
    this.#opening++;
    this.#open().then(
      (line) => {
        this.#opening--;
        this.#failure = null;
        this.#lines.push(line);
        this.#tell(null);
      },
      (error: RedoubtError) => {
        this.#opening--;
        this.#failure = { error, at: performance.now() };
        // A second line that cannot be opened is no reason to fail those whom the first one serves.
        this.#tell(this.#lines.some((line) => line.isOpen) ? null : error);
      },
    );
  }

  #tell(error: RedoubtError | null): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const callback of waiting) callback(error);
  }
}
