import { RedoubtError } from "@redoubt/client";

/** Counts how commands end. */
export class Tally {
  asked = 0;
  answered = 0;
  /** Replies that belong to another key, another command, or to nobody. */
  misdelivered = 0;
  /** Confirmed writes that a later read did not find. */
  lost = 0;
  /** Rejections by the code of the error; what is no error of the library, by its text. */
  readonly failed: Record<string, number> = {};

  reject(error: unknown): void {
    const code = error instanceof RedoubtError ? error.code : String(error);
    this.failed[code] = (this.failed[code] ?? 0) + 1;
  }

  /** Promises that are not settled yet. */
  get pending(): number {
    return this.asked - this.answered - Object.values(this.failed).reduce((sum, count) => sum + count, 0);
  }
}
