import { availableParallelism } from "node:os";

/** How long something is waited for without falling asleep, ms: about what falling asleep and being woken cost together. */
const longest = 0.1;
/** So many hits in a row make up for as many misses. */
const mostHope = 8;
/**
 * Who comes so late was either far away, or the machine is busy, and this process was put aside because it had used up its
 * time: sleepers are not. ms.
 */
const veryLate = 1;
/** So many hits in a row are needed after that. */
const leastHope = -64;
/** Where there is one core, whoever is waited for needs it. */
const isPossible = availableParallelism() > 1;

/** Until when the event loop stays awake, ms on the monotonic clock. */
let until = 0;
let isAwake = false;

function look(): void {
  if (performance.now() < until) setImmediate(look);
  else isAwake = false;
}

/**
 * Waits for what is about to come with open eyes: a process that sleeps takes its time to wake, more than Redis takes for a
 * command. What has not come in time lately (a server far away, a program that takes its time) is not waited for; whether
 * it would have come in time is noted nevertheless.
 */
export class Vigil {
  #hope = mostHope / 2;
  /** Since when it is waited for, ms on the monotonic clock; 0: it is not. */
  #since = 0;

  /** Something is due to come next. @param now ms on the monotonic clock */
  begin(now: number): void {
    this.#since = now;
    if (this.#hope <= 0 || !isPossible) return;
    until = now + longest;
    if (isAwake) return;
    isAwake = true;
    setImmediate(look);
  }

  /** It has come. @param now ms on the monotonic clock */
  end(now: number): void {
    if (this.#since === 0) return;
    const took = now - this.#since;
    if (took > veryLate) this.#hope = leastHope;
    else if (took > longest) this.#hope = Math.max(leastHope, this.#hope - 1);
    else if (this.#hope < mostHope) this.#hope++;
    this.#since = 0;
  }
}
